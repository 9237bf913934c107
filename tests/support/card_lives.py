"""What cards truly were at every instant, from the sandbox's raw objects, which tell more than Trello does.

Like `oracle`, it shares no code with trello_ops. The sandbox's state holds every action, also those that
Trello never lists and those on boards that are not ours. A change is `told` when the app could have read it.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from oracle import MARKER, Files, Span

Json = dict[str, Any]

_UNTOLD = ("addLabelToCard", "removeLabelFromCard", "createCheckItem", "deleteCheckItem")
_MAKINGS = ("createCard", "copyCard")
_MAKING = dt.timedelta(minutes=1)
"""For so long after its beginning a card is still being made."""


@dataclass(frozen=True)
class State:
    """`board` is "" for one that is not ours; `items` say by id whether they are complete."""

    board: str = ""
    list_id: str = ""
    ticked: bool = False
    archived: bool = False
    labelled: bool = False
    items: Mapping[str, bool] = field(default_factory=dict)


@dataclass(frozen=True)
class Change:
    at: dt.datetime
    by: str
    told: bool
    state: State


@dataclass(frozen=True)
class Life:
    """A card's changes, the first being its making; its deletion, if any, is none."""

    changes: Sequence[Change]
    gone_at: dt.datetime | None = None

    @property
    def made_at(self) -> dt.datetime:
        return self.changes[0].at

    def is_surely_read(self, at: dt.datetime) -> bool:
        """Whether a reading of its board then read it too: one that is done and put away may be left out."""
        state = [change.state for change in self.changes if change.at <= at][-1:]
        return not (self.gone_at and at >= self.gone_at) and not any(each.archived for each in state)

    def spans(self, holds: Callable[[State], bool]) -> list[Span]:
        """When something was true of it."""
        found: list[Span] = []
        for change in self.changes:
            lasting = bool(found) and found[-1].end is None
            if holds(change.state) and not lasting:
                found.append(Span(change.at, change.by))
            if lasting and not holds(change.state):
                found[-1] = replace(found[-1], end=change.at)
        return found

    def untold(self, part: Callable[[State], object]) -> list[dt.datetime]:
        """When a part of it changed, or may have, without the app being told."""
        pairs = zip(self.changes, self.changes[1:], strict=False)
        return [
            now.at
            for before, now in pairs
            if (not now.told and part(before.state) != part(now.state))
            or "" in (before.state.board, now.state.board)
        ]


@dataclass(frozen=True)
class Rule:
    """What counts as done: any of some signs, or `every` one."""

    signs: tuple[str, ...]
    every: bool
    done_lists: frozenset[str]

    def holds(self, state: State) -> bool:
        return (all if self.every else any)(self._shows(state, sign) for sign in self.signs)

    def part(self, state: State) -> tuple[object, ...]:
        """What of a card it looks at."""
        parts = {
            "ticked": state.ticked,
            "in_done_list": state.list_id in self.done_lists,
            "archived": state.archived,
            "checklist_complete": state.items,
        }
        return tuple(parts[sign] for sign in self.signs)

    @property
    def outlives_cards(self) -> bool:
        """Whether the log alone tells of a deleted card: not how many items it had."""
        return "checklist_complete" not in self.signs

    def _shows(self, state: State, sign: str) -> bool:
        if sign == "checklist_complete":
            return bool(state.items) and all(state.items.values())
        return bool({"ticked": state.ticked, "archived": state.archived}.get(sign, False)) or (
            sign == "in_done_list" and state.list_id in self.done_lists
        )


class Lives:
    """Every card's life. `state` also holds deleted cards and their checklists, as they were right before."""

    def __init__(self, state: Json, files: Files) -> None:
        self._files = files
        keys = {board["title"]: key for key, board in files.boards.items()}
        self._boards = {board["id"]: keys.get(board["name"], "") for board in state["boards"]}
        self._usernames = {member["id"]: member["username"] for member in state["members"]}
        self._lists = state["lists"]
        self.done_lists = self._titled(files.done_title)
        self.excused_lists = self._titled(self._excused_title)
        self._labels = {label["id"] for label in state["labels"] if label["name"] == files.excused}
        log: dict[str, list[Json]] = {}
        for action in sorted(state["actions"], key=lambda each: str(each["id"])):
            log.setdefault(action["data"].get("card", {}).get("id", ""), []).append(action)
        self._by_key: dict[str, Life] = {}
        self._items: dict[str, dict[str, bool]] = {}
        for checklist in state["checklists"]:
            items = {each["id"]: each["state"] == "complete" for each in checklist["checkItems"]}
            self._items.setdefault(checklist["idCard"], {}).update(items)
        for card in sorted(state["cards"], key=lambda each: str(each["id"])):
            found = MARKER.search(_first_text(card, log[card["id"]]))
            if found and found[1] not in self._by_key:
                life = self._lived(card, log[card["id"]])
                self._by_key[found[1]] = life
                self._assert_explains(life, card)

    def of(self, key: str) -> Life | None:
        """The life of an occurrence's card: the elder where somebody copied it."""
        return self._by_key.get(key)

    def rule(self, key: str) -> Rule:
        board, task, _ = key.split("/")
        files = {**self._files.boards[board], **self._files.boards[board]["tasks"][task]}
        said = files.get("complete_when", ["ticked", "in_done_list"])
        signs = said["all"] if isinstance(said, dict) else said
        listed = (signs,) if isinstance(signs, str) else tuple(signs)
        return Rule(listed, isinstance(said, dict), self.done_lists)

    def excused(self, state: State) -> bool:
        return state.labelled or state.list_id in self.excused_lists

    def excusing(self, state: State) -> object:
        """What of a card can excuse it."""
        return state.labelled, state.list_id in self.excused_lists

    def _titled(self, title_of: Callable[[str], str]) -> frozenset[str]:
        """Lists of our boards that are called so."""
        ours = [(each, self._boards[each["idBoard"]]) for each in self._lists]
        return frozenset(each["id"] for each, board in ours if board and each["name"] == title_of(board))

    def _excused_title(self, board: str) -> str:
        declared = self._files.boards[board]
        return str(declared.get("lists", {}).get(declared.get("excused_list", ""), ""))

    # ---- the log

    def _lived(self, card: Json, log: Sequence[Json]) -> Life:
        making = next(action for action in log if action["type"] in _MAKINGS)
        born = _date(making)
        state = replace(self._moved(State(), making), items=self._first_items(card, log, born))
        changes, left = [Change(born, "", True, state)], None
        for action in log:
            after = self._after(state, action, settled=_date(action) > born + _MAKING)
            if action["type"] == "moveCardFromBoard":
                left = action
            if after != state:
                changes.append(self._change(action, left, state, after))
                state = after
            if action["type"] == "moveCardToBoard" and state.labelled:
                state = replace(state, labelled=False)
                changes.append(replace(changes[-1], told=False, state=state))
        gone_at = next((_date(action) for action in log if action["type"] == "deleteCard"), None)
        return Life(changes, gone_at)

    def _first_items(self, card: Json, log: Sequence[Json], born: dt.datetime) -> dict[str, bool]:
        """Those that were there at last or that an action names, but for what somebody added later."""
        added = {
            each["data"]["checkItem"]["id"]
            for each in log
            if each["type"] == "createCheckItem" and _date(each) > born + _MAKING
        }
        named = [each["data"]["checkItem"]["id"] for each in log if "checkItem" in each["data"]]
        return {item: False for item in (*self._items.get(card["id"], ()), *named) if item not in added}

    def _change(self, action: Json, left: Json | None, before: State, after: State) -> Change:
        """A card that leaves for a board that is not ours is told of by the board that it left.

        That its labels stay behind, nothing tells.
        """
        leaves = action["type"] == "moveCardToBoard" and left is not None and not after.board
        told = action["type"] not in _UNTOLD and bool(before.board if leaves else after.board)
        at = _date(left) if leaves and left else _date(action)
        return Change(at, self._usernames[action["idMemberCreator"]], told, after)

    def _after(self, state: State, action: Json, *, settled: bool) -> State:
        kind, data = action["type"], action["data"]
        if kind == "moveCardToBoard":
            return self._moved(state, action)
        if kind in ("addLabelToCard", "removeLabelFromCard") and data["label"]["id"] in self._labels:
            return replace(state, labelled=kind == "addLabelToCard")
        if kind in ("createCheckItem", "updateCheckItemStateOnCard") and settled:
            item = data["checkItem"]
            return replace(state, items={**state.items, item["id"]: item["state"] == "complete"})
        if kind == "deleteCheckItem":
            gone = data["checkItem"]["id"]
            return replace(state, items={k: v for k, v in state.items.items() if k != gone})
        return _updated(state, data) if kind == "updateCard" else state

    def _moved(self, state: State, action: Json) -> State:
        data = action["data"]
        return replace(state, board=self._boards[data["board"]["id"]], list_id=data["list"]["id"])

    def _assert_explains(self, life: Life, card: Json) -> None:
        state = life.changes[-1].state
        ends = (state.ticked, state.archived, state.list_id, state.labelled, state.items)
        labelled = not self._labels.isdisjoint(card["idLabels"])
        stands = (card["dueComplete"], card["closed"], card["idList"], labelled)
        assert ends == (*stands, self._items.get(card["id"], {})), "the log does not explain the card"


def _updated(state: State, data: Json) -> State:
    changed = {name: data["card"].get(name) for name in data["old"]}
    return replace(
        state,
        ticked=changed.get("dueComplete", state.ticked),
        archived=changed.get("closed", state.archived),
        list_id=changed.get("idList", state.list_id),
    )


def _first_text(card: Json, log: Sequence[Json]) -> str:
    """The text that a card was made with, whatever people made of it since."""
    texts = [action["data"]["old"]["desc"] for action in log if "desc" in action["data"].get("old", {})]
    return str(next(iter(texts), card["desc"]))


def _date(action: Json) -> dt.datetime:
    return dt.datetime.fromisoformat(action["date"])
