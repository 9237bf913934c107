"""Nested reads: what `GET /boards/{id}?cards=all&lists=open…` and its kin collect and shape.

Every function takes the parameters without their prefix, so that `card_fields` of a board and `fields`
of `/boards/{id}/cards` are read by the same code.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from trello_sandbox import errors, limits
from trello_sandbox.api.call import Call
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers.fields import (
    BOARD,
    BOARD_DEFAULT,
    BOARD_STAR,
    CHECK_ITEM,
    CHECKLIST,
    LABEL,
    LABEL_DEFAULT,
    LIST_IN_BOARD,
    MEMBER,
    ORGANIZATION,
    card_shape,
    check_item_states,
    checklists_of,
    items_of,
    project,
)
from trello_sandbox.state import action_log
from trello_sandbox.state.records import (
    Action,
    Board,
    Card,
    Checklist,
    Json,
    Label,
    List,
    Member,
    Organization,
)
from trello_sandbox.state.world import World

MEMBER_DEFAULT = "avatarHash,avatarUrl,fullName,initials,username"
OPEN_CLOSED = frozenset({"all", "closed", "none", "open"})
CARD_FILTERS = OPEN_CLOSED | {"visible", "complete", "incomplete"}
ORGANIZATION_DEFAULT = (
    "name,displayName,desc,descData,url,website,teamType,logoHash,logoUrl,products,powerUps"
)
_MEMBERSHIP_TYPES = {"admins": "admin", "admin": "admin", "owners": "admin", "normal": "normal"}
_NOBODY = ("none", "deactivated")
_OFF = (None, "", False, "false", "none")


def asks(params: Params, name: str) -> bool:
    """Whether a nested part is asked for: `true`, `all` or any other filter."""
    return params.get(name) not in _OFF


# ---- cards


def cards(call: Call, found: Iterable[Card], params: Params, kind: str, since: str = "") -> list[Json]:
    """Cards through a filter, cut to the newest 1,000 or `limit`, in order of position.

    `since` is a `cards_modifiedSince`, in Trello's writing.
    """
    passes = _card_filter(call.world, kind)
    kept = [card for card in found if passes(card) and card.date_last_activity >= since]
    first, last = _created(params, "since"), _created(params, "before")
    if first or last:
        kept = [card for card in kept if (not first or card.id > first) and (not last or card.id < last)]
    most = params.whole("limit", limits.COLLECTION, 0, limits.COLLECTION)
    if len(kept) > most:
        kept = sorted(kept, key=lambda card: card.id)[len(kept) - most :]
    kept.sort(key=lambda card: card.pos)
    names = card_names(call.world, params)
    return [card_in_collection(call, card, params, names) for card in kept]


def card_names(world: World, params: Params) -> tuple[str, ...]:
    """The fields asked for. By default all but `limits`."""
    if params.get("fields") is not None:
        return params.names("fields")
    return tuple(name for name in card_shape(world) if name != "limits")


def _card_filter(world: World, kind: str) -> Callable[[Card], bool]:
    filters: dict[str, Callable[[Card], bool]] = {
        "all": lambda _: True,
        "none": lambda _: False,
        "closed": lambda card: card.closed,
        "open": lambda card: not card.closed,
        "visible": lambda card: not card.closed and not world.lists[card.id_list].closed,
        "complete": lambda card: not card.closed and card.due_complete,
        "incomplete": lambda card: not card.closed and not card.due_complete,
    }
    return filters[kind]


def _created(params: Params, name: str) -> str:
    """`since` or `before` as an id: they are about creation, and an instant counts by its second."""
    if not params.filled(name):
        return ""
    if is_object_id(params[name]):
        return str(params[name]).lower()
    return f"{int(params.instant(name).timestamp()):08x}" + "0" * 16


def card_in_collection(call: Call, card: Card, params: Params, names: tuple[str, ...]) -> Json:
    """One card with the parts asked for by `members`, `attachments`, `checklists`, `actions` and others."""
    world = call.world
    shape = project(card_shape(world), world, card, names)
    if asks(params, "attachments"):
        shape["attachments"] = attachments(card, params.nested("attachment_"), params.text("attachments"))
    if asks(params, "members"):
        people = (world.members[each] for each in card.id_members)
        shape["members"] = members(world, people, params.nested("member_"))
    if asks(params, "checklists"):
        shape["checklists"] = checklists(world, checklists_of(world, card), params)
    if asks(params, "actions"):
        log = action_log.on_card(world, card)
        shape["actions"] = nested_actions(world, log, params, params.text("actions"))
    if asks(params, "membersVoted"):
        voters = (world.members[each] for each in card.id_voters)
        shape["membersVoted"] = members(world, voters, params.nested("memberVoted_"))
    for empty in ("customFieldItems", "stickers", "pluginData"):
        if asks(params, empty):
            shape[empty] = []
    return shape


def attachments(card: Card, params: Params, kind: str = "all") -> list[Json]:
    """A card's attachments; `cover` is the one that is its cover."""
    cover = (card.cover or {}).get("idAttachment")
    kept = [each for each in card.attachments if kind != "cover" or each["id"] == cover]
    return [selected(each, params.names("fields", "all")) for each in kept]


def selected(shape: Json, names: tuple[str, ...]) -> Json:
    """The `id` and the named fields of what is kept in Trello's shape."""
    return shape if "all" in names else {name: shape[name] for name in shape if name == "id" or name in names}


def single_card(call: Call, card: Card, params: Params) -> Json:
    """A card on its own: check item states are filled in, board and list may be asked for."""
    world = call.world
    shape = card_in_collection(call, card, params, card_names(world, params))
    if "checkItemStates" in shape or asks(params, "checkItemStates"):
        shape["checkItemStates"] = check_item_states(world, card)
    if asks(params, "board"):
        names = params.nested("board_").names("fields", BOARD_DEFAULT)
        shape["board"] = project(BOARD, world, world.boards[card.id_board], names)
    if asks(params, "list"):
        names = params.nested("list_").names("fields", "all")
        shape["list"] = project(LIST_IN_BOARD, world, world.lists[card.id_list], names)
    return shape


# ---- checklists, labels, members, lists


def checklists(world: World, found: Iterable[Checklist], params: Params) -> list[Json]:
    """Checklists and items, narrowed by `checklist_fields`, `checkItems=none` and `checkItem_fields`."""
    return [checklist(world, each, params.names("checklist_fields", "all"), params) for each in found]


def checklist(world: World, each: Checklist, names: tuple[str, ...], params: Params) -> Json:
    shape = project(CHECKLIST, world, each, (name for name in names if name != "checkItems"))
    shape.pop("checkItems", None)
    if params.get("checkItems", "all") != "none":
        fields = params.names("checkItem_fields", "all")
        items = [project(CHECK_ITEM, world, item, fields) for item in items_of(world, each)]
        shape["checkItems"] = items
    return shape


def labels(world: World, board: Board, params: Params) -> list[Json]:
    """A board's labels, oldest first; `limit` defaults to 50."""
    found: list[Label] = list(world.labels.of("id_board", board.id).values())
    most = params.whole("limit", 50, 0, limits.COLLECTION)
    names = params.names("fields") or LABEL_DEFAULT
    return [project(LABEL, world, label, names) for label in found[:most]]


def members(world: World, found: Iterable[Member], params: Params) -> list[Json]:
    names = params.names("fields", MEMBER_DEFAULT)
    return [project(MEMBER, world, member, names) for member in found]


def member(call: Call, found: Member, names: tuple[str, ...]) -> Json:
    """A member on their own. The address is for themselves, with the scope `account`."""
    shape = project(MEMBER, call.world, found, names)
    token = call.caller.token
    if "email" in shape and token and token.id_member == found.id and "account" in token.scopes:
        shape["email"] = f"{found.username}@example.org"
    return shape


def people(world: World, memberships: Mapping[str, Json], kind: str) -> list[Member]:
    """Members of a board or Workspace: none, all, or those of one type of membership."""
    return [world.members[each["idMember"]] for each in _of_type(memberships, kind)]


def _of_type(memberships: Mapping[str, Json], kind: str) -> list[Json]:
    if kind in _NOBODY:
        return []
    wanted = _MEMBERSHIP_TYPES.get(kind)
    return [each for each in memberships.values() if wanted in (None, each["memberType"])]


def memberships(call: Call, found: Mapping[str, Json], params: Params) -> list[Json]:
    """Memberships by `filter` (all, none, admins, normal, me), each with its `member` where asked for."""
    kind, me = params.text("filter", "all"), call.caller.member
    kept = _of_type(found, kind)
    if kind == "me":
        kept = [each for each in kept if me and each["idMember"] == me.id]
    return [_membership(call.world, each, params) for each in kept]


def membership(world: World, found: Mapping[str, Json], membership_id: str, params: Params) -> Json:
    """One membership by its id."""
    for each in found.values():
        if each["id"] == membership_id:
            return _membership(world, each, params)
    raise errors.not_found()


def _membership(world: World, each: Json, params: Params) -> Json:
    if not asks(params, "member"):
        return each
    names = params.names("member_fields", "fullName,username")
    return {**each, "member": project(MEMBER, world, world.members[each["idMember"]], names)}


def lists(call: Call, board: Board, kind: str, params: Params) -> list[Json]:
    """A board's lists in order, each with its cards when `cards` asks for them."""
    found: Iterable[List] = call.world.lists.of("id_board", board.id).values()
    kept = [each for each in found if kind == "all" or each.closed == (kind == "closed")]
    if kind == "none":
        return []
    return [_list(call, each, params) for each in sorted(kept, key=lambda each: each.pos)]


def _list(call: Call, each: List, params: Params) -> Json:
    shape = project(LIST_IN_BOARD, call.world, each, params.names("fields", "all"))
    if asks(params, "cards"):
        kind = params.choice("cards", CARD_FILTERS, "none")
        shape["cards"] = cards(call, cards_of(call.world, each), params.nested("card_"), kind)
    return shape


def cards_of(world: World, holder: Board | List) -> Iterable[Card]:
    index = "id_board" if isinstance(holder, Board) else "id_list"
    return world.cards.of(index, holder.id).values()


# ---- actions


def nested_actions(world: World, newest: Iterable[Action], params: Params, kinds: str) -> Any:
    """Actions inside another object, asked for by `actions=<filter>` and `actions_limit`, `action_fields`…"""
    cap = action_log.NESTED_CAP if world.switches.nested_actions_300 else limits.COLLECTION
    asked = {**params.nested("actions_"), **params.nested("action_"), "filter": kinds}
    nested = Params(asked, {"limit": "actions_limit"})
    limit = min(nested.whole("limit", 50, 0, limits.COLLECTION), cap)
    return action_log.listing(world, newest, Params({**asked, "limit": limit}))


# ---- boards


def board(call: Call, found: Board, params: Params) -> Json:
    """A board with every nested part asked for."""
    shape = project(BOARD, call.world, found, params.names("fields", BOARD_DEFAULT))
    if "starred" in shape:
        shape["starred"] = bool(stars(call, found))
    for name, read in _NESTED.items():
        if asks(params, name):
            shape[name] = read(call, found, params)
    return shape


def boards(call: Call, found: Iterable[Board], params: Params, kind: str) -> list[Json]:
    """Those boards that pass the filter and that the caller may read, by name."""
    kept = [each for each in found if _passes(each, set(kind.split(","))) and call.may_read(each)]
    asked = Params({"fields": "all", **params})
    return [board(call, each, asked) for each in sorted(kept, key=lambda each: each.name)]


def _passes(each: Board, kinds: set[str]) -> bool:
    """`members` are the private ones; the names of the levels are those of the filter otherwise."""
    level = {"private": "members", "org": "organization"}.get(each.prefs["permissionLevel"], "public")
    return not kinds.isdisjoint({"all", level, "closed" if each.closed else "open"})


def stars(call: Call, found: Board) -> list[Json]:
    """The stars that the caller put on a board."""
    me = call.caller.member
    all_stars = call.world.stars.of("id_board", found.id).values()
    return [
        project(BOARD_STAR, call.world, star, ("all",))
        for star in all_stars
        if me and star.id_member == me.id
    ]


def organizations(world: World, found: Iterable[Organization], params: Params) -> list[Json]:
    names = params.names("fields", ORGANIZATION_DEFAULT)
    return [project(ORGANIZATION, world, each, names) for each in found]


def _nested_cards(call: Call, found: Board, params: Params) -> list[Json]:
    kind = params.choice("cards", CARD_FILTERS, "all")
    since = params.date("cards_modifiedSince") or ""
    inner = Params({**params.nested("cards_"), **params.nested("card_")})
    return cards(call, cards_of(call.world, found), inner, kind, since)


def _nested_labels(call: Call, found: Board, params: Params) -> list[Json]:
    return labels(call.world, found, Params({**params.nested("labels_"), **params.nested("label_")}))


def _nested_members(call: Call, found: Board, params: Params) -> list[Json]:
    return members(
        call.world, people(call.world, found.memberships, params.text("members")), params.nested("member_")
    )


def _nested_memberships(call: Call, found: Board, params: Params) -> list[Json]:
    asked = {**params.nested("memberships_"), "filter": params.text("memberships")}
    return memberships(call, found.memberships, Params(asked))


def _nested_checklists(call: Call, found: Board, params: Params) -> list[Json]:
    return checklists(call.world, call.world.checklists.of("id_board", found.id).values(), params)


def _nested_organization(call: Call, found: Board, params: Params) -> Json | None:
    organization = call.world.organizations.get(found.id_organization or "")
    names = params.nested("organization_").names("fields", "name,displayName")
    return project(ORGANIZATION, call.world, organization, names) if organization else None


def _nested_lists(call: Call, found: Board, params: Params) -> list[Json]:
    return lists(call, found, params.choice("lists", OPEN_CLOSED, "open"), params.nested("list_"))


def _nested_board_actions(call: Call, found: Board, params: Params) -> Any:
    log = action_log.on_board(call.world, found)
    return nested_actions(call.world, log, params, params.text("actions"))


_NESTED: dict[str, Callable[[Call, Board, Params], Any]] = {
    "lists": _nested_lists,
    "labels": _nested_labels,
    "members": _nested_members,
    "memberships": _nested_memberships,
    "boardStars": lambda call, found, _params: stars(call, found),
    "pluginData": lambda *_: [],
    "cards": _nested_cards,
    "checklists": _nested_checklists,
    "actions": _nested_board_actions,
    "organization": _nested_organization,
    "customFields": lambda *_: [],
}
