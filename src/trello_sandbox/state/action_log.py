"""The action log: what is written to it, and how it is filtered and paged."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import Any

from trello_sandbox import limits
from trello_sandbox.clock import trello_time
from trello_sandbox.params import Params, is_object_id
from trello_sandbox.serialisers.display import displayed
from trello_sandbox.serialisers.fields import ACTION, MEMBER, MEMBER_IN_ACTION, project
from trello_sandbox.state.records import Action, Board, Card, Json, List, Member, Organization
from trello_sandbox.state.world import World

WEBHOOK_ONLY = frozenset({
    "addLabelToCard", "removeLabelFromCard", "createCheckItem", "updateCheckItem", "deleteCheckItem",
    "createLabel", "updateLabel", "deleteLabel", "updateComment", "deleteComment", "voteOnCard",
})  # fmt: skip
"""Types that are written, but never listed under /actions."""
QUIET = frozenset({
    "updateCheckItemStateOnCard", "createCheckItem", "updateCheckItem", "deleteCheckItem", "commentCard",
})  # fmt: skip
"""Types of which it is not known whether they move a board's `dateLastActivity`; nor whether ticks do."""
FORMATS = frozenset({"count", "list", "minimal"})
_MODELS = ("organization", "board", "list", "listBefore", "listAfter", "card", "checklist")
CARD_DEFAULT = "commentCard,updateCard:idList"
NESTED_CAP = 300


class Log:
    """Writes actions in one member's name. `by_app`: through our key's app, not in Trello itself.

    `client` is the identifier that is echoed to webhooks.
    """

    def __init__(self, world: World, author: Member, *, by_app: bool, client: str = "") -> None:
        self.world = world
        self.author = author
        self.by_app = by_app
        self.client = client

    def organization(self, kind: str, organization: Organization, data: Json | None = None) -> Action:
        """An action on a Workspace."""
        ref = {"id": organization.id, "name": organization.display_name}
        said = {**(data or {}), "organization": {**ref, **(data or {}).get("organization", {})}}
        return self._write(kind, None, "", said, self.world.now())

    def board(self, kind: str, board: Board, data: Json | None = None) -> Action:
        """An action on a board itself; `data` adds to what is said of it."""
        data = data or {}
        said = {**data, "board": {**board_ref(board), **data.get("board", {})}}
        return self._write(kind, board, "", said, self.world.now())

    def card(
        self,
        kind: str,
        card: Card,
        data: Json | None = None,
        *,
        in_list: bool = True,
        named: bool = True,
        date: str = "",
    ) -> Action:
        """An action on a card, which moves its last activity; `data` adds to what is said of it.

        The list is said unless not `in_list`, the card's name unless not `named`.
        """
        data = data or {}
        board = self.world.boards[card.id_board]
        refs: Json = {"board": board_ref(board)}
        if in_list:
            refs["list"] = list_ref(self.world.lists[card.id_list])
        ref = card_ref(card)
        if not named:
            del ref["name"]
        merged = {**refs, **data, "card": {**ref, **data["card"]} if "card" in data else ref}
        card.date_last_activity = self.world.now()
        return self._write(kind, board, card.id, merged, date or card.date_last_activity)

    def updated(self, card: Card, name: str, new: Any, old: Any) -> Action:
        """One field of a card was changed."""
        return self.card("updateCard", card, {"card": {name: new}, "old": {name: old}})

    def _write(self, kind: str, board: Board | None, card_id: str, data: Json, date: str) -> Action:
        if board and (self.world.switches.ticks_move_board or not _is_quiet(kind, data)):
            board.date_last_activity = self.world.now()
        action = Action(
            id=self.world.new_id(),
            type=kind,
            date=date,
            id_member_creator=self.author.id,
            id_board=board.id if board else "",
            id_card=card_id,
            by_app=self.by_app,
            data=data,
            id_member=data.get("idMember"),
        )
        self.world.actions.add(action)
        self.world.told(action, self.client)
        return action


def _is_quiet(kind: str, data: Json) -> bool:
    return kind in QUIET or (kind == "updateCard" and "dueComplete" in data["old"])


def board_ref(board: Board) -> Json:
    return _board_ref(board.id, board.name, board.short_link)


def list_ref(each: List) -> Json:
    return _list_ref(each.id, each.name)


@lru_cache(maxsize=512)
def _board_ref(board_id: str, name: str, short_link: str) -> Json:
    """One object for all the actions that say the same, for there are many."""
    return {"id": board_id, "name": name, "shortLink": short_link}


@lru_cache(maxsize=2048)
def _list_ref(list_id: str, name: str) -> Json:
    return {"id": list_id, "name": name}


def card_ref(card: Card) -> Json:
    return {"id": card.id, "name": card.name, "idShort": card.id_short, "shortLink": card.short_link}


# ---- reading


def listing(world: World, newest: Iterable[Action], params: Params, default: str = "all") -> Any:
    """Actions newest first, as `filter`, `since`, `before`, `limit` and `page` ask; or their count."""
    wanted = _selected(world, newest, params, params.names("filter", default) or ("all",))
    form = params.choice("format", FORMATS, "list")
    if form == "count":
        return {"_value": sum(1 for _ in wanted)}
    limit = params.whole("limit", 50, 0, limits.COLLECTION)
    first = params.whole("page", 0, 0, 19) * limit
    return [
        shown(world, each, params, minimal=form == "minimal") for each in islice(wanted, first, first + limit)
    ]


def on_board(world: World, board: Board) -> Iterable[Action]:
    """A board's actions, newest first."""
    return reversed(world.actions.of("id_board", board.id).values())


def on_card(world: World, card: Card) -> Iterable[Action]:
    return reversed(world.actions.of("id_card", card.id).values())


def _selected(
    world: World, newest: Iterable[Action], params: Params, kinds: tuple[str, ...]
) -> Iterator[Action]:
    since, before = _bound(params, "since"), _bound(params, "before")
    models = set(params.names("idModels"))
    for action in newest:
        if since and is_object_id(since) and action.id <= since:
            return
        if (
            _within(action, since, before)
            and _asked_for(world, action, kinds)
            and (not models or not models.isdisjoint(models_of(action)))
        ):
            yield action


def _bound(params: Params, name: str) -> str:
    """`since` or `before`: an action's id, or an instant in Trello's writing."""
    if not params.filled(name) or params[name] == "lastView":
        return ""
    value = str(params[name])
    return value.lower() if is_object_id(value) else trello_time(params.instant(name))


def _within(action: Action, since: str, before: str) -> bool:
    return (not since or _moment(action, since) >= since) and (not before or _moment(action, before) < before)


def _moment(action: Action, bound: str) -> str:
    """What of an action is compared with a bound: its id with an id, its date with an instant."""
    return action.id if is_object_id(bound) else action.date


def models_of(action: Action) -> Iterator[str]:
    """The ids of everything that an action is about, who did it included."""
    yield action.id_member_creator
    if action.id_member:
        yield action.id_member
    for part in _MODELS:
        ref = action.data.get(part)
        if ref and "id" in ref:
            yield ref["id"]


def _asked_for(world: World, action: Action, kinds: tuple[str, ...]) -> bool:
    if action.type in WEBHOOK_ONLY:
        return False
    return "all" in kinds or any(_is_kind(world, action, kind) for kind in kinds)


def _is_kind(world: World, action: Action, kind: str) -> bool:
    """`updateCard`, or `updateCard:idList` for those that changed that field."""
    name, _, part = kind.partition(":")
    if action.type != name or not part:
        return action.type == name
    if part in ("due", "dueComplete") and not world.switches.due_subfilters:
        return False
    return part in action.data.get("old", {})


def shown(
    world: World, action: Action, params: Params, *, display: bool = False, minimal: bool = False
) -> Json:
    """One action, with its author and the member it concerns unless told otherwise.

    `display` says it in Trello's words. What `minimal` leaves out is not recorded: the people, we guess.
    """
    shape = project(ACTION, world, action, params.names("fields") or ("all",))
    if display or params.flag("display"):
        shape["display"] = displayed(world, action)
    if params.flag("memberCreator", default=not minimal):
        shape["memberCreator"] = person(world, action.id_member_creator, params.names("memberCreator_fields"))
    if action.id_member and params.flag("member", default=not minimal):
        shape["member"] = person(world, action.id_member, params.names("member_fields"))
    return shape


def person(world: World, member_id: str, fields: tuple[str, ...]) -> Json:
    """A member as an action shows them."""
    return project(MEMBER, world, world.members[member_id], fields or MEMBER_IN_ACTION)
