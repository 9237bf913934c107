"""Nested reads: what `GET /boards/{id}?cards=all&lists=open…` and its like collect.

Every function takes the parameters without their prefix, so that `card_fields` of a board and `fields` of
`/boards/{id}/cards` are read by the same code. `viewer` is the member who asks, None without a token.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from trello_sandbox import errors, limits
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers import actions
from trello_sandbox.serialisers.boards import BOARD, BOARD_DEFAULT, LABEL, LABEL_DEFAULT, LIST_IN_BOARD
from trello_sandbox.serialisers.cards import (
    CHECK_ITEM,
    CHECKLIST,
    card_fields,
    check_item_states,
    plain_names,
)
from trello_sandbox.serialisers.fields import serialise
from trello_sandbox.serialisers.people import BOARD_STAR, MEMBER, ORGANIZATION
from trello_sandbox.state import access
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
    Token,
)
from trello_sandbox.state.world import World

MEMBER_DEFAULT = "avatarHash,avatarUrl,fullName,initials,username"
OPEN_CLOSED = frozenset({"all", "closed", "none", "open"})
CARD_FILTERS = OPEN_CLOSED | {"visible", "complete", "incomplete"}
ORGANIZATION_DEFAULT = (
    "name,displayName,desc,descData,url,website,teamType,logoHash,logoUrl,products,powerUps"
)
_MEMBERSHIP_TYPES = {"admins": "admin", "admin": "admin", "owners": "admin", "normal": "normal"}
_OFF = (None, "", False, "false", "none")


def asks(params: Params, name: str) -> bool:
    """Whether a nested part is asked for, by `true`, `all` or any other filter."""
    return params.get(name) not in _OFF


# ---- cards


def cards(world: World, found: Iterable[Card], params: Params, kind: str, since: str = "") -> list[Json]:
    """Cards that pass the filter `kind`, by position: the newest 1,000, or `limit`, of them.

    `since` is a `cards_modifiedSince`, as Trello writes instants.
    """
    passes = _card_filter(world, kind)
    kept = [card for card in found if passes(card) and card.date_last_activity >= since]
    # `since` and `before` are about creation: a card that was edited since is not meant.
    first, last = _as_id(params, "since"), _as_id(params, "before")
    if first or last:
        kept = [card for card in kept if (not first or card.id > first) and (not last or card.id < last)]
    most = params.whole("limit", limits.COLLECTION, 0, limits.COLLECTION)
    if len(kept) > most:
        # The cut goes by age but the order by position: the next page is before the smallest id of this one.
        kept = sorted(kept, key=lambda card: card.id)[len(kept) - most :]
    kept.sort(key=lambda card: card.pos)
    names = card_names(world, params)
    return [card_in_collection(world, card, params, names) for card in kept]


def card_names(world: World, params: Params) -> tuple[str, ...]:
    """The card fields asked for, or those sent by default."""
    return params.names("fields") if params.get("fields") is not None else plain_names(world)


def _card_filter(world: World, kind: str) -> Callable[[Card], bool]:
    filters: dict[str, Callable[[Card], bool]] = {
        "all": lambda _: True,
        "none": lambda _: False,
        "closed": lambda card: card.closed,
        # Documented: `open` includes the cards of archived lists, `visible` does not.
        "open": lambda card: not card.closed,
        "visible": lambda card: not card.closed and not world.lists[card.id_list].closed,
        "complete": lambda card: not card.closed and card.due_complete,
        "incomplete": lambda card: not card.closed and not card.due_complete,
    }
    return filters[kind]


def _as_id(params: Params, name: str) -> str:
    """`since` or `before` as an id: an instant is the smallest id of its second."""
    if not params.filled(name):
        return ""
    if is_object_id(params[name]):
        return str(params[name]).lower()
    return f"{int(params.instant(name).timestamp()):08x}" + "0" * 16


def card_in_collection(world: World, card: Card, params: Params, names: tuple[str, ...]) -> Json:
    """One card with the parts asked for by `members`, `attachments`, `checklists`, `actions` and others."""
    answer = serialise(card_fields(world), world, card, names)
    if asks(params, "attachments"):
        answer["attachments"] = attachments(card, params.nested("attachment_"), params.text("attachments"))
    if asks(params, "members"):
        people = (world.members[each] for each in card.id_members)
        answer["members"] = members(world, people, params.nested("member_"))
    if asks(params, "checklists"):
        answer["checklists"] = checklists(world, world.checklists_of(card), params)
    if asks(params, "actions"):
        log = actions.on_card(world, card)
        answer["actions"] = nested_actions(world, log, params, params.text("actions"))
    if asks(params, "membersVoted"):
        voters = (world.members[each] for each in card.id_voters)
        answer["membersVoted"] = members(world, voters, params.nested("memberVoted_"))
    for empty in ("customFieldItems", "stickers", "pluginData"):
        if asks(params, empty):
            answer[empty] = []
    return answer


def attachments(card: Card, params: Params, kind: str = "all") -> list[Json]:
    """A card's attachments; of kind `cover` the one that is its cover."""
    cover = (card.cover or {}).get("idAttachment")
    kept = [each for each in card.attachments if kind != "cover" or each["id"] == cover]
    return [selected(each, params.names("fields", "all")) for each in kept]


def selected(answer: Json, names: tuple[str, ...]) -> Json:
    """The `id` and the named fields of what is kept as Trello's JSON."""
    return (
        answer if "all" in names else {name: answer[name] for name in answer if name == "id" or name in names}
    )


def single_card(world: World, card: Card, params: Params) -> Json:
    """A card on its own, which may have its board and list with it."""
    answer = card_in_collection(world, card, params, card_names(world, params))
    # Whatever the switch says of collections: here the states were always a list.
    if "checkItemStates" in answer or asks(params, "checkItemStates"):
        answer["checkItemStates"] = check_item_states(world, card)
    if asks(params, "board"):
        names = params.nested("board_").names("fields", BOARD_DEFAULT)
        answer["board"] = serialise(BOARD, world, world.boards[card.id_board], names)
    if asks(params, "list"):
        names = params.nested("list_").names("fields", "all")
        answer["list"] = serialise(LIST_IN_BOARD, world, world.lists[card.id_list], names)
    return answer


# ---- checklists, labels, lists


def checklists(world: World, found: Iterable[Checklist], params: Params) -> list[Json]:
    """Checklists and items, narrowed by `checklist_fields`, `checkItems=none` and `checkItem_fields`."""
    return [checklist(world, each, params.names("checklist_fields", "all"), params) for each in found]


def checklist(world: World, each: Checklist, names: tuple[str, ...], params: Params) -> Json:
    """A checklist with the named fields. Its items are sent unless `checkItems=none`, named or not."""
    answer = serialise(CHECKLIST, world, each, (name for name in names if name != "checkItems"))
    answer.pop("checkItems", None)
    if params.get("checkItems", "all") != "none":
        fields = params.names("checkItem_fields", "all")
        answer["checkItems"] = [serialise(CHECK_ITEM, world, item, fields) for item in world.items_of(each)]
    return answer


def labels(world: World, board: Board, params: Params) -> list[Json]:
    """A board's labels, oldest first. Unless `limit` is sent, 50 of them."""
    found: list[Label] = list(world.labels.of("id_board", board.id).values())
    # The trap: a board may have 1,000 labels, and whoever sends no limit misses most of them.
    most = params.whole("limit", 50, 0, limits.COLLECTION)
    names = params.names("fields") or LABEL_DEFAULT
    return [serialise(LABEL, world, label, names) for label in found[:most]]


def lists(world: World, board: Board, kind: str, params: Params) -> list[Json]:
    """A board's lists by position, each with its cards when `cards` asks for them."""
    if kind == "none":
        return []
    found: Iterable[List] = world.lists.of("id_board", board.id).values()
    kept = [each for each in found if kind == "all" or each.closed == (kind == "closed")]
    answers = []
    for each in sorted(kept, key=lambda each: each.pos):
        answer = serialise(LIST_IN_BOARD, world, each, params.names("fields", "all"))
        if asks(params, "cards"):
            card_kind = params.choice("cards", CARD_FILTERS, "none")
            answer["cards"] = cards(world, world.cards_of(each), params.nested("card_"), card_kind)
        answers.append(answer)
    return answers


# ---- people


def members(world: World, found: Iterable[Member], params: Params) -> list[Json]:
    """Members as they are nested in other objects: five fields by default."""
    names = params.names("fields", MEMBER_DEFAULT)
    return [serialise(MEMBER, world, member, names) for member in found]


def member(world: World, found: Member, names: tuple[str, ...], token: Token | None) -> Json:
    """A member on their own, with the address if it is they who ask, by a token with the scope `account`."""
    answer = serialise(MEMBER, world, found, names)
    if "email" in answer and token and token.id_member == found.id and "account" in token.scopes:
        answer["email"] = f"{found.username}@example.org"
    return answer


def people(world: World, memberships: Mapping[str, Json], kind: str) -> list[Member]:
    """Members of a board or Workspace: none, all, or those of one type of membership."""
    return [world.members[each["idMember"]] for each in _of_type(memberships, kind)]


def _of_type(memberships: Mapping[str, Json], kind: str) -> list[Json]:
    if kind in ("none", "deactivated"):
        return []
    wanted = _MEMBERSHIP_TYPES.get(kind)
    return [each for each in memberships.values() if wanted in (None, each["memberType"])]


def memberships(world: World, viewer: Member | None, found: Mapping[str, Json], params: Params) -> list[Json]:
    """Memberships by `filter` (all, none, admins, normal, me), each with its `member` where asked for."""
    kind = params.text("filter", "all")
    kept = _of_type(found, kind)
    if kind == "me":
        kept = [each for each in kept if viewer and each["idMember"] == viewer.id]
    return [_membership(world, each, params) for each in kept]


def membership(world: World, found: Mapping[str, Json], membership_id: str, params: Params) -> Json:
    """One membership by its id, with its `member` where asked for."""
    for each in found.values():
        if each["id"] == membership_id:
            return _membership(world, each, params)
    raise errors.not_found()


def _membership(world: World, each: Json, params: Params) -> Json:
    if not asks(params, "member"):
        return each
    names = params.names("member_fields", "fullName,username")
    return {**each, "member": serialise(MEMBER, world, world.members[each["idMember"]], names)}


def organizations(world: World, found: Iterable[Organization], params: Params) -> list[Json]:
    """Workspaces with the fields asked for."""
    names = params.names("fields", ORGANIZATION_DEFAULT)
    return [serialise(ORGANIZATION, world, each, names) for each in found]


# ---- actions


def nested_actions(world: World, newest: Iterable[Action], params: Params, kinds: str) -> Any:
    """Actions inside another object, asked for by `actions=<filter>` and `actions_limit`, `action_fields`…"""
    cap = actions.NESTED_CAP if world.switches.nested_actions_300 else limits.COLLECTION
    asked = {**params.nested("actions_"), **params.nested("action_"), "filter": kinds}
    nested = Params(asked, {"limit": "actions_limit"})
    limit = min(nested.whole("limit", 50, 0, limits.COLLECTION), cap)
    return actions.listing(world, newest, Params({**asked, "limit": limit}))


# ---- boards


def board(world: World, viewer: Member | None, found: Board, params: Params) -> Json:
    """A board with every nested part asked for."""
    answer = serialise(BOARD, world, found, params.names("fields", BOARD_DEFAULT))
    if "starred" in answer:
        answer["starred"] = bool(stars(world, viewer, found))
    for name, read in _NESTED.items():
        if asks(params, name):
            answer[name] = read(world, viewer, found, params)
    return answer


def boards(
    world: World, viewer: Member | None, found: Iterable[Board], params: Params, kind: str
) -> list[Json]:
    """Those boards that pass the filter and that the viewer may read, by name."""
    kinds = set(kind.split(","))
    kept = []
    for each in found:
        # As a filter, `members` means the private ones; the other levels have their own names.
        level = {"private": "members", "org": "organization"}.get(each.prefs["permissionLevel"], "public")
        passes = not kinds.isdisjoint({"all", level, "closed" if each.closed else "open"})
        if passes and access.may_read(world, each, viewer):
            kept.append(each)
    asked = Params({"fields": "all", **params})
    return [board(world, viewer, each, asked) for each in sorted(kept, key=lambda each: each.name)]


def stars(world: World, viewer: Member | None, found: Board) -> list[Json]:
    """The stars that the viewer put on a board: nobody sees those of others."""
    return [
        serialise(BOARD_STAR, world, star, ("all",))
        for star in world.stars.of("id_board", found.id).values()
        if viewer and star.id_member == viewer.id
    ]


def _both(params: Params, of_list: str, of_each: str) -> Params:
    """The options of a nested list and of its elements, which Trello takes by two prefixes."""
    return Params({**params.nested(of_list), **params.nested(of_each)})


_NESTED: dict[str, Callable[[World, Member | None, Board, Params], Any]] = {
    "lists": lambda world, _, found, params: lists(
        world, found, params.choice("lists", OPEN_CLOSED, "open"), params.nested("list_")
    ),
    "labels": lambda world, _, found, params: labels(world, found, _both(params, "labels_", "label_")),
    "members": lambda world, _, found, params: members(
        world, people(world, found.memberships, params.text("members")), params.nested("member_")
    ),
    "memberships": lambda world, viewer, found, params: memberships(
        world,
        viewer,
        found.memberships,
        Params({**params.nested("memberships_"), "filter": params.text("memberships")}),
    ),
    "boardStars": lambda world, viewer, found, _: stars(world, viewer, found),
    "pluginData": lambda *_: [],
    "cards": lambda world, _, found, params: cards(
        world,
        world.cards_of(found),
        _both(params, "cards_", "card_"),
        params.choice("cards", CARD_FILTERS, "all"),
        # Documented as nested only: `/boards/{id}/cards` has nothing to find what was edited since.
        params.date("cards_modifiedSince") or "",
    ),
    "checklists": lambda world, _, found, params: checklists(
        world, world.checklists.of("id_board", found.id).values(), params
    ),
    "actions": lambda world, _, found, params: nested_actions(
        world, actions.on_board(world, found), params, params.text("actions")
    ),
    "organization": lambda world, _, found, params: (
        serialise(
            ORGANIZATION,
            world,
            organization,
            params.nested("organization_").names("fields", "name,displayName"),
        )
        if (organization := world.organizations.get(found.id_organization or ""))
        else None
    ),
    "customFields": lambda *_: [],
}
