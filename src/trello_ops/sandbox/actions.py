"""The action log: what is written to it, and how it is filtered and paged."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

from trello_ops.sandbox import limits
from trello_ops.sandbox.params import Params, is_object_id
from trello_ops.sandbox.records import Action, Board, Card, Json, List, Member
from trello_ops.sandbox.shapes import ACTION, MEMBER, MEMBER_IN_ACTION, project
from trello_ops.sandbox.state import World, trello_time

WEBHOOK_ONLY = frozenset({
    "addLabelToCard", "removeLabelFromCard", "createCheckItem", "updateCheckItem", "deleteCheckItem",
    "createLabel", "updateLabel", "deleteLabel",
})  # fmt: skip
"""Types that are written, but never listed under /actions."""
QUIET = frozenset({
    "updateCheckItemStateOnCard", "createCheckItem", "updateCheckItem", "deleteCheckItem", "commentCard",
})  # fmt: skip
"""Types of which it is not known whether they move a board's `dateLastActivity`."""
CARD_DEFAULT = "commentCard,updateCard:idList"
NESTED_CAP = 300


class Log:
    """Writes actions in one member's name. `by_app`: through our key's app, not in Trello itself."""

    def __init__(self, world: World, author: Member, *, by_app: bool) -> None:
        self.world = world
        self.author = author
        self.by_app = by_app

    def board(self, kind: str, board: Board, data: Json | None = None) -> Action:
        """An action on a board itself; `data` adds to what is said of it."""
        data = data or {}
        return self._write(kind, board, "", {**data, "board": {**board_ref(board), **data.get("board", {})}})

    def card(
        self, kind: str, card: Card, data: Json | None = None, *, in_list: bool = True, date: str = ""
    ) -> Action:
        """An action on a card, which moves its last activity; `data` adds to what is said of it."""
        data = data or {}
        board = self.world.boards[card.id_board]
        refs: Json = {"board": board_ref(board)}
        if in_list:
            refs["list"] = list_ref(self.world.lists[card.id_list])
        merged = {**refs, **data, "card": {**card_ref(card), **data.get("card", {})}}
        card.date_last_activity = self.world.now()
        return self._write(kind, board, card.id, merged, date)

    def updated(self, card: Card, name: str, new: Any, old: Any) -> Action:
        """One field of a card was changed."""
        return self.card("updateCard", card, {"card": {name: new}, "old": {name: old}})

    def _write(self, kind: str, board: Board, card_id: str, data: Json, date: str = "") -> Action:
        now = self.world.now()
        if kind not in QUIET or self.world.switches.ticks_move_board:
            board.date_last_activity = now
        action = Action(
            id=self.world.new_id(),
            type=kind,
            date=date or now,
            id_member_creator=self.author.id,
            id_board=board.id,
            id_card=card_id,
            by_app=self.by_app,
            data=data,
            id_member=data.get("idMember"),
        )
        return self.world.actions.add(action)


def board_ref(board: Board) -> Json:
    return {"id": board.id, "name": board.name, "shortLink": board.short_link}


def list_ref(each: List) -> Json:
    return {"id": each.id, "name": each.name}


def card_ref(card: Card) -> Json:
    return {"id": card.id, "name": card.name, "idShort": card.id_short, "shortLink": card.short_link}


# ---- reading


def listing(world: World, source: dict[str, Action], params: Params, default: str = "all") -> Any:
    """Actions newest first, as `filter`, `since`, `before`, `limit` and `page` ask; or their count."""
    wanted = _selected(world, source, params, params.names("filter", default) or ("all",))
    if params.get("format") == "count":
        return {"_value": sum(1 for _ in wanted)}
    limit = params.whole("limit", 50, 0, limits.COLLECTION)
    first = params.whole("page", 0, 0, 19) * limit
    return [shown(world, action, params) for action in islice(wanted, first, first + limit)]


def _selected(
    world: World, source: dict[str, Action], params: Params, kinds: tuple[str, ...]
) -> Iterator[Action]:
    since, before = _bound(params, "since"), _bound(params, "before")
    models = set(params.names("idModels"))
    for action in reversed(source.values()):
        if since and is_object_id(since) and action.id <= since:
            return
        if (
            _within(action, since, before)
            and _asked_for(world, action, kinds)
            and (not models or _concerns(action, models))
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


def _concerns(action: Action, models: Iterable[str]) -> bool:
    refs = (action.data.get(kind, {}).get("id") for kind in ("board", "list", "card", "checklist"))
    return any(ref in models for ref in refs)


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


def shown(world: World, action: Action, params: Params, *, display: bool = False) -> Json:
    """One action, with its author and the member it concerns unless told otherwise."""
    shape = project(ACTION, world, action, params.names("fields") or ("all",))
    if display or params.flag("display"):
        shape["display"] = {"translationKey": f"action_{action.type}", "entities": {}}
    if params.flag("memberCreator", default=True):
        shape["memberCreator"] = _person(
            world, action.id_member_creator, params.names("memberCreator_fields")
        )
    if action.id_member and params.flag("member", default=True):
        shape["member"] = _person(world, action.id_member, params.names("member_fields"))
    return shape


def _person(world: World, member_id: str, fields: tuple[str, ...]) -> Json:
    return project(MEMBER, world, world.members[member_id], fields or MEMBER_IN_ACTION)
