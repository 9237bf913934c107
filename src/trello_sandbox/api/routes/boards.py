"""/boards: creating, copying, reading with everything nested, editing. Their people: `board_members`."""

from typing import Any

from trello_sandbox import errors
from trello_sandbox.api.call import NOTHING, Call, Route
from trello_sandbox.api.routes import fields
from trello_sandbox.params import Params
from trello_sandbox.serialisers import actions, nested_reads
from trello_sandbox.serialisers.boards import BOARD, BOARD_DEFAULT, LABEL, LABEL_DEFAULT
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.state import factories
from trello_sandbox.state.colours import BACKGROUNDS
from trello_sandbox.state.records import Board, Json, membership

_LEVELS = frozenset({"org", "private", "public"})
_BOOLEAN_PREFS = frozenset(
    {"selfJoin", "cardCovers", "hideVotes", "calendarFeedEnabled", "showCompleteStatus"}
)
_FIELDS = frozenset({"name", "desc", "closed", "idOrganization"})

# ---- creating


def create(call: Call) -> Json:
    """`POST /boards`: a new board, or with `idBoardSource` a copy of one."""
    world, params = call.world, call.params
    name = _name(params)
    organization_id = _organization(call) or _default_organization(call)
    # Preferences have an underscore when a board is made, and a slash when it is edited.
    prefs = {**factories.DEFAULT_PREFS, **_prefs(params, "prefs_")}
    source_id = params.object_id("idBoardSource")
    source = call.known_board(source_id) if source_id else None
    board = world.boards.add(
        Board(
            id=world.new_id(),
            short_link=world.new_short_link(),
            name=name,
            desc="",
            id_organization=organization_id,
            prefs=prefs,
            date_last_activity=world.now(),
            memberships={call.me.id: membership(world.new_id(), call.me, "admin")},
        )
    )
    if source:
        _copy_content(call, source, board)
        call.log.board("copyBoard", board, {"boardSource": {"id": source.id}})
    else:
        board.desc = params.text("desc")
        _add_defaults(call, board)
        call.log.board("createBoard", board)
    return {**_board(call, board), "limits": {}}


def _board(call: Call, board: Board) -> Json:
    """A board as writing answers it, whatever `fields` says."""
    return serialise(BOARD, call.world, board, BOARD_DEFAULT.split(","))


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
    # Clients with strict schemas accept no board without a Workspace.
    if not call.world.switches.default_workspace:
        return None
    found = (each.id for each in call.world.organizations.all() if call.me.id in each.memberships)
    return next(found, None)


def _prefs(params: Params, prefix: str) -> Json:
    """The preferences that were sent, read and checked. Unknown ones are kept as they are."""
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
    board.desc = source.desc  # recorded: a `desc` that was sent is ignored, though documented
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
    if "cards" not in call.params.names("keepFromSource", default):
        return
    # Open cards of open lists, with all they hold except members and comments.
    for card in list(world.cards_of(source)):
        if not card.closed and card.id_list in lists:
            draft = factories.draft_of(card, frozenset({"checklists", "attachments"}))
            draft.labels = tuple(labels[each] for each in card.id_labels)
            factories.new_card(call.log, world.lists[lists[card.id_list]], draft, card.pos)


# ---- reading


def read(call: Call) -> Json:
    return nested_reads.board(call.world, call.caller.member, call.board(), call.params)


def read_lists(call: Call) -> list[Json]:
    board = call.board()
    asked = Params({"filter": call.path.get("filter", "open"), **call.params})
    kind = asked.choice("filter", nested_reads.OPEN_CLOSED, "open")
    return nested_reads.lists(call.world, board, kind, call.params)


def read_labels(call: Call) -> list[Json]:
    return nested_reads.labels(call.world, call.board(), call.params)


def read_label(call: Call) -> Json:
    board, label_id = call.board(), call.path["label"]
    label = call.world.labels.of("id_board", board.id).get(label_id)
    if label is None:
        raise errors.not_found()
    return serialise(LABEL, call.world, label, call.params.names("fields") or LABEL_DEFAULT)


def read_cards(call: Call) -> Any:
    """The board's cards. In place of a filter the path may name one of them, as py-trello does."""
    board, world = call.board(), call.world
    asked = Params({"filter": call.path.get("filter", "visible"), **call.params})
    if asked["filter"] not in nested_reads.CARD_FILTERS:
        card = world.cards.named(str(asked["filter"])) or world.cards.get(str(asked["filter"]))
        if card and card.id_board == board.id:
            return nested_reads.single_card(world, card, call.params)
    kind = asked.choice("filter", nested_reads.CARD_FILTERS, "visible")
    return nested_reads.cards(world, world.cards_of(board), call.params, kind)


def read_actions(call: Call) -> Any:
    return actions.listing(call.world, actions.on_board(call.world, call.board()), call.params)


def read_stars(call: Call) -> list[Json]:
    """The caller's own star on the board, or none."""
    return nested_reads.stars(call.world, call.caller.member, call.board())


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
    for name, value in changes.items():
        old = board.id_organization if name == "idOrganization" else getattr(board, name)
        if old == value:
            continue
        if name == "idOrganization":
            factories.put_in_organization(call.world, board, value)
        else:
            setattr(board, name, value)
        call.log.board("updateBoard", board, {"board": {name: value}, "old": {name: old}})
    _set_prefs(call, board, prefs)
    return _board(call, board)


def _set_prefs(call: Call, board: Board, prefs: Json) -> None:
    """Set preferences. Those that change are one action together."""
    old = {name: board.prefs.get(name) for name, value in prefs.items() if board.prefs.get(name) != value}
    board.prefs = {**board.prefs, **prefs}
    if old:
        new = {name: prefs[name] for name in old}
        call.log.board("updateBoard", board, {"board": {"prefs": new}, "old": {"prefs": old}})


def update_field(call: Call) -> Json:
    return update(call.as_edit(_FIELDS))


def update_pref(call: Call) -> Json:
    """`PUT /boards/{id}/prefs/{name}?value=`."""
    # An error names `value`, though the preference is checked under its own name.
    if "value" not in call.params:
        raise call.params.invalid("value")
    board, name = call.board(), f"prefs/{call.path['pref']}"
    _set_prefs(call, board, _prefs(Params({name: call.params["value"]}, {name: "value"}), "prefs/"))
    return _board(call, board)


def mark_as_viewed(call: Call) -> Json:
    return _board(call, call.board())


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
