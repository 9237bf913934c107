"""/boards: creating, copying, reading with everything nested, editing. Their people: `board_members`."""

from typing import Any

from trello_sandbox import errors
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params
from trello_sandbox.serialisers import nested_reads
from trello_sandbox.serialisers.fields import BACKGROUNDS, BOARD, BOARD_DEFAULT, LABEL, LABEL_DEFAULT, project
from trello_sandbox.state import action_log, factories
from trello_sandbox.state.records import Board, Json
from trello_sandbox.state.world import membership

_LEVELS = frozenset({"org", "private", "public"})
_BOOLEAN_PREFS = frozenset(
    {"selfJoin", "cardCovers", "hideVotes", "calendarFeedEnabled", "showCompleteStatus"}
)
_FIELDS = frozenset({"name", "desc", "closed", "idOrganization"})


def create(call: Call) -> Json:
    name = _name(call.params)
    organization_id = _organization(call) or _default_organization(call)
    prefs = {**factories.DEFAULT_PREFS, **_prefs(call.params, "prefs_")}
    source = _source(call)
    board = _new_board(call, name, organization_id, prefs)
    if source:
        _copy_content(call, source, board)
        call.log.board("copyBoard", board, {"boardSource": {"id": source.id}})
    else:
        board.desc = call.params.text("desc")
        _add_defaults(call, board)
        call.log.board("createBoard", board)
    return {**project(BOARD, call.world, board, BOARD_DEFAULT.split(",")), "limits": {}}


def _name(params: Params) -> str:
    """A board's title, trimmed."""
    name = params.text("name").strip()
    if not name:
        raise errors.invalid_board_name()
    return name


def _organization(call: Call) -> str | None:
    """The Workspace that `idOrganization` names, of which the caller must be a member."""
    organization_id = call.params.object_id("idOrganization")
    if organization_id is None:
        return None
    organization = call.found(call.world.organizations, organization_id)
    if call.me.id not in organization.memberships:
        raise errors.no_board_permission()
    return organization.id


def _default_organization(call: Call) -> str | None:
    """Clients with strict schemas know no board without a Workspace."""
    if not call.world.switches.default_workspace:
        return None
    found = (each.id for each in call.world.organizations.all() if call.me.id in each.memberships)
    return next(found, None)


def _prefs(params: Params, prefix: str) -> Json:
    """Preferences that were sent, read and checked. Unknown ones are kept as they are."""
    prefs: Json = {}
    for name in (each for each in params if each.startswith(prefix)):
        key = name.removeprefix(prefix)
        if key == "permissionLevel":
            prefs[key] = params.choice(name, _LEVELS, "private")
        elif key in _BOOLEAN_PREFS:
            prefs[key] = params.flag(name)
        else:
            prefs[key] = params.text(name)
    if "background" in prefs:
        prefs["backgroundColor"] = BACKGROUNDS.get(prefs["background"])
    return prefs


def _source(call: Call) -> Board | None:
    source_id = call.params.object_id("idBoardSource")
    if source_id is None:
        return None
    return call.permitted(call.found(call.world.boards, source_id), errors.no_board_permission)


def _new_board(call: Call, name: str, organization_id: str | None, prefs: Json) -> Board:
    world = call.world
    board_id = world.new_id()
    return world.boards.add(
        Board(
            id=board_id,
            short_link=world.new_short_link(),
            name=name,
            desc="",
            id_organization=organization_id,
            prefs=prefs,
            date_last_activity=world.now(),
            memberships={call.me.id: membership(world.new_id(), call.me, "admin")},
        )
    )


def _add_defaults(call: Call, board: Board) -> None:
    world, params = call.world, call.params
    if params.flag("defaultLabels", default=True):
        for color in factories.DEFAULT_LABELS:
            factories.new_label(world, board, "", color)
    if params.flag("defaultLists", default=True):
        for name in factories.DEFAULT_LISTS:
            factories.new_list(world, board, name, Params({"pos": "bottom"}))


def _copy_content(call: Call, source: Board, board: Board) -> None:
    """Take over description, labels and open lists; the cards where `keepFromSource` says so."""
    world = call.world
    board.desc = source.desc
    labels = {
        old.id: factories.new_label(world, board, old.name, old.color).id
        for old in list(world.labels.of("id_board", source.id).values())
    }
    lists = {
        old.id: factories.new_list(world, board, old.name, Params({"pos": old.pos})).id
        for old in list(world.lists.of("id_board", source.id).values())
        if not old.closed
    }
    default = "cards" if world.switches.board_copy_keeps_cards else "none"
    if "cards" in call.params.names("keepFromSource", default):
        _copy_cards(call, source, labels, lists)


def _copy_cards(call: Call, source: Board, labels: dict[str, str], lists: dict[str, str]) -> None:
    """Copy the open cards of open lists, with all they hold except members and comments."""
    world = call.world
    kept = frozenset({"checklists", "attachments"})
    for old in list(world.cards.of("id_board", source.id).values()):
        if old.closed or old.id_list not in lists:
            continue
        draft = factories.draft_of(old, kept)
        draft.labels = tuple(labels[each] for each in old.id_labels)
        factories.new_card(call.log, world.lists[lists[old.id_list]], draft, old.pos)


# ---- reading


def read(call: Call) -> Json:
    return nested_reads.board(call, call.board(), call.params)


def read_lists(call: Call) -> list[Json]:
    board = call.board()
    asked = Params({"filter": call.path.get("filter", "open"), **call.params})
    return nested_reads.lists(
        call, board, asked.choice("filter", nested_reads.OPEN_CLOSED, "open"), call.params
    )


def read_labels(call: Call) -> list[Json]:
    return nested_reads.labels(call.world, call.board(), call.params)


def read_label(call: Call) -> Json:
    board, label_id = call.board(), call.path["label"]
    label = call.world.labels.of("id_board", board.id).get(label_id)
    if label is None:
        raise errors.not_found()
    return project(LABEL, call.world, label, call.params.names("fields") or LABEL_DEFAULT)


def read_cards(call: Call) -> Any:
    """The board's cards. In place of a filter the path may name one of them, as py-trello does."""
    board = call.board()
    asked = Params({"filter": call.path.get("filter", "visible"), **call.params})
    if asked["filter"] not in nested_reads.CARD_FILTERS:
        card = call.world.cards.named(str(asked["filter"])) or call.world.cards.get(str(asked["filter"]))
        if card and card.id_board == board.id:
            return nested_reads.single_card(call, card, call.params)
    kind = asked.choice("filter", nested_reads.CARD_FILTERS, "visible")
    return nested_reads.cards(call, nested_reads.cards_of(call.world, board), call.params, kind)


def read_actions(call: Call) -> Any:
    return action_log.listing(call.world, action_log.on_board(call.world, call.board()), call.params)


def read_stars(call: Call) -> list[Json]:
    """The caller's own star on the board, or none."""
    return nested_reads.stars(call, call.board())


def none(call: Call) -> list[Json]:
    """Plugins and their data: a sandbox's board has none."""
    call.board()
    return []


def read_checklists(call: Call) -> list[Json]:
    board, params = call.board(), call.params
    asked = Params({**params, "checklist_fields": params.get("fields", "all")})
    return nested_reads.checklists(call.world, call.world.checklists.of("id_board", board.id).values(), asked)


# ---- editing


def update(call: Call) -> Json:
    board, params = call.board(), call.params
    changes: Json = {}
    if "name" in params:
        changes["name"] = _name(params)
    if "desc" in params:
        changes["desc"] = params.text("desc")
    if "closed" in params:
        changes["closed"] = params.flag("closed")
    if "idOrganization" in params:
        changes["idOrganization"] = _organization(call)
    prefs = _prefs(params, "prefs/")
    _apply(call, board, changes)
    _apply_prefs(call, board, prefs)
    return project(BOARD, call.world, board, BOARD_DEFAULT.split(","))


def _apply(call: Call, board: Board, changes: Json) -> None:
    for name, value in changes.items():
        old = board.id_organization if name == "idOrganization" else getattr(board, name)
        if old != value:
            if name == "idOrganization":
                factories.put_in_organization(call.world, board, value)
            else:
                setattr(board, name, value)
            call.log.board("updateBoard", board, {"board": {name: value}, "old": {name: old}})


def _apply_prefs(call: Call, board: Board, prefs: Json) -> None:
    old = {name: board.prefs.get(name) for name, value in prefs.items() if board.prefs.get(name) != value}
    board.prefs = {**board.prefs, **prefs}
    if old:
        new = {name: prefs[name] for name in old}
        call.log.board("updateBoard", board, {"board": {"prefs": new}, "old": {"prefs": old}})


def update_field(call: Call) -> Json:
    return update(call.as_edit(_FIELDS))


def update_pref(call: Call) -> Json:
    """`PUT /boards/{id}/prefs/{name}?value=`."""
    if "value" not in call.params:
        raise call.params.invalid("value")
    board, name = call.board(), f"prefs/{call.path['pref']}"
    _apply_prefs(call, board, _prefs(Params({name: call.params["value"]}, {name: "value"}), "prefs/"))
    return project(BOARD, call.world, board, BOARD_DEFAULT.split(","))


def mark_as_viewed(call: Call) -> Json:
    return project(BOARD, call.world, call.board(), BOARD_DEFAULT.split(","))


def delete(call: Call) -> Json:
    """Delete a board with all that it holds."""
    call.world.delete_board(call.board())
    return NOTHING


ROUTES = (
    Route("POST", "/boards", create),
    Route("GET", "/boards/{board}", read),
    Route("PUT", "/boards/{board}", update),
    Route("DELETE", "/boards/{board}", delete),
    Route("GET", "/boards/{board}/lists", read_lists),
    Route("GET", "/boards/{board}/lists/{filter}", read_lists),
    Route("GET", "/boards/{board}/labels", read_labels),
    Route("GET", "/boards/{board}/labels/{label}", read_label),
    Route("GET", "/boards/{board}/cards", read_cards),
    Route("GET", "/boards/{board}/cards/{filter}", read_cards),
    Route("GET", "/boards/{board}/actions", read_actions),
    Route("GET", "/boards/{board}/checklists", read_checklists),
    Route("GET", "/boards/{board}/boardStars", read_stars),
    Route("GET", "/boards/{board}/plugins", none),
    Route("GET", "/boards/{board}/boardPlugins", none),
    Route("GET", "/boards/{board}/pluginData", none),
    Route("POST", "/boards/{board}/markedAsViewed", mark_as_viewed),
    Route("PUT", "/boards/{board}/prefs/{pref}", update_pref),
    Route("GET", "/boards/{board}/{field}", fields.reader(Call.board, BOARD)),
    Route("PUT", "/boards/{board}/{field}", update_field),
)
