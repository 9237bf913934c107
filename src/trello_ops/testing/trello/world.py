"""What the fake Trello holds, and how every change of it reaches the log."""

import datetime as dt
import itertools
import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from trello_ops.core.trello import (
    Action,
    Card,
    Comment,
    FieldChange,
    Member,
    Snapshot,
    TrelloCheckItem,
    TrelloChecklist,
    TrelloLabel,
    TrelloList,
    Webhook,
)
from trello_ops.errors import NotFound
from trello_ops.ports import Clock

ROBOT = "robot"
"""The username of the account whose token we use."""

GAP = 16384.0
"""The distance between positions that Trello gives to new things at an end."""


class World:
    """Boards, cards and their log, in memory. Its time is the clock's; its account is `robot`."""

    def __init__(self, clock: Clock, people: Iterable[str] = (), workspace: str = "zina") -> None:
        self.ahead = dt.timedelta(0)
        self.tells_activity = True
        self._clock = clock
        self._moment: dt.datetime | None = None
        self._numbers = itertools.count(1)
        self._short_name = workspace
        self._workspaces = {workspace, "5f" * 12}  # the only one, by short name and by id
        self.address = "https://trello.example"
        self.world = ""
        self._workspace = workspace
        self.people = {name: Member(self._id(), name, name.capitalize()) for name in (ROBOT, *people)}
        self._boards: dict[str, Snapshot] = {}
        self._memberships: dict[str, dict[str, str]] = {}
        self._cards: dict[str, Card] = {}
        self._actions: dict[str, list[Action]] = {}
        self._comments: dict[str, list[Comment]] = {}
        self._webhooks: dict[str, Webhook] = {}
        self._places: dict[str, float] = {}

    def cards(self, board_id: str) -> tuple[Card, ...]:
        """Every card of a board, archived ones too, oldest first."""
        self._land()
        there = tuple(self._cards.values())  # at once: another thread may be making one
        return tuple(card for card in there if card.board_id == board_id)

    def lying(self, list_id: str) -> tuple[Card, ...]:
        """The open cards of a list from top to bottom, as they were made."""
        cards = [card for card in tuple(self._cards.values()) if card.list_id == list_id and not card.closed]
        return tuple(sorted(cards, key=lambda card: self._places.get(card.id, math.inf)))

    def _land(self) -> None:
        """Let late writes take effect whose time has come: before anything is looked at."""

    def _add(self, card: Card, action: str, by: str) -> Card:
        self._cards[card.id] = card
        self._log(card, action, by, moved=FieldChange(None, card.list_id))
        return card

    def _update(
        self,
        card_id: str,
        by: str,
        at: dt.datetime | None,
        *,
        ticked: bool | None = None,
        list_id: str | None = None,
        closed: bool | None = None,
        automated: bool = False,
    ) -> None:
        """Change a card, and log what changed. No-op when nothing does."""
        with self._at(at):
            old = self._card(card_id)
            new = replace(
                old,
                ticked=old.ticked if ticked is None else ticked,
                list_id=old.list_id if list_id is None else list_id,
                closed=old.closed if closed is None else closed,
            )
            if new != old:
                self._cards[card_id] = new
                self._log(
                    new,
                    "updateCard",
                    by,
                    ticked=_was(old.ticked, new.ticked),
                    moved=_was(old.list_id, new.list_id),
                    archived=_was(old.closed, new.closed),
                    automated=automated,
                )

    def _log(self, card: Card, action: str, by: str, **told: Any) -> Action:
        """Append to the board's log, and return it; `told` are fields of the action."""
        told["automated"] = told.get("automated", False) or by == ROBOT  # its app is told of all that it does
        entry = Action(self._id(), self._now(), action, card.id, self.people[by], **told)
        self._actions[card.board_id].append(entry)
        if self.tells_activity:
            seen = self._board(card.board_id)
            self._boards[card.board_id] = replace(seen, active_at=entry.at)
        return entry

    def _set_checklists(self, card: Card, checklists: tuple[TrelloChecklist, ...]) -> None:
        ordered = tuple(sorted(checklists, key=lambda each: each.position))
        items = [item for each in ordered for item in each.items]
        checked = sum(item.complete for item in items)
        self._cards[card.id] = replace(card, checklists=ordered, item_count=len(items), checked_count=checked)

    def _comment(self, card_id: str, text: str, by: str) -> Comment:
        card = self._card(card_id)
        told = self._log(card, "commentCard", by)
        made = Comment(told.id, told.at, text)
        self._comments.setdefault(card_id, []).append(made)
        self._cards[card_id] = replace(card, comment_count=card.comment_count + 1)
        return made

    def _edit_items(self, card: Card, item_id: str, new: TrelloCheckItem | None) -> None:
        """Replace a check item, or remove it."""
        kept = (new,) if new else ()
        checklists = (
            replace(
                each,
                items=tuple(one for i in each.items for one in ((i,) if i.id != item_id else kept)),
            )
            for each in card.checklists or ()
        )
        self._set_checklists(card, tuple(checklists))

    def _edit_board(
        self,
        board_id: str,
        *,
        title: str | None = None,
        description: str | None = None,
        closed: bool | None = None,
    ) -> None:
        seen = self._board(board_id)
        board = replace(
            seen.board,
            title=title or seen.board.title,
            description=seen.board.description if description is None else description,
            closed=seen.board.closed if closed is None else closed,
        )
        self._boards[board_id] = replace(seen, board=board)
        if board.closed != seen.board.closed:
            by = self.people[ROBOT]
            self._actions[board_id].append(
                Action(self._id(), self._now(), "updateBoard", None, by, board_closed=board.closed)
            )

    def _edit_list(
        self,
        list_id: str,
        *,
        title: str | None = None,
        position: float | None = None,
        closed: bool | None = None,
    ) -> None:
        seen = self._board_with(list_id)
        old = next(each for each in seen.lists if each.id == list_id)
        new = TrelloList(
            list_id,
            title or old.title,
            old.closed if closed is None else closed,
            old.position if position is None else position,
        )
        lists = tuple(new if each is old else each for each in seen.lists)
        self._boards[seen.board.id] = replace(seen, lists=lists)

    def _edit_label(self, label_id: str, *, colour: str | None, title: str | None = None) -> None:
        seen = self._board_with(label_id)
        labels = (
            TrelloLabel(label_id, title or each.title, colour) if each.id == label_id else each
            for each in seen.labels
        )
        self._boards[seen.board.id] = replace(seen, labels=tuple(labels))

    def _require_workspace(self, workspace: str) -> None:
        if workspace not in self._workspaces:
            raise NotFound(f"There is no Trello Workspace {workspace}.")

    def _board(self, board_id: str) -> Snapshot:
        """The board of an id or short link."""
        linked = (seen for seen in self._boards.values() if seen.board.url.endswith(f"/b/{board_id}"))
        found = self._boards.get(board_id) or next(linked, None)
        if found is None:
            raise NotFound(f"There is no board {board_id}.")
        return found

    def _board_with(self, thing_id: str) -> Snapshot:
        """The board that has this list or label."""
        for seen in self._boards.values():
            if thing_id in {each.id for each in seen.lists} | {each.id for each in seen.labels}:
                return seen
        raise NotFound(f"There is no list or label {thing_id}.")

    def _card(self, card_id: str) -> Card:
        self._land()
        if card_id not in self._cards:
            raise NotFound(f"There is no card {card_id}.")
        return self._cards[card_id]

    @contextmanager
    def _at(self, moment: dt.datetime | None) -> Iterator[None]:
        """Date what happens within; `None` is now."""
        before, self._moment = self._moment, moment or self._moment
        try:
            yield
        finally:
            self._moment = before

    def _now(self) -> dt.datetime:
        """To the millisecond, like Trello's dates."""
        moment = self._moment or self._clock.now() + self.ahead
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def _id(self) -> str:
        # As Trello's: the first eight digits are the second of creation (trello-behaviour.md#ids).
        return f"{int(self._now().timestamp()):08x}{next(self._numbers):016x}"


def _was(before: bool | str, after: bool | str) -> FieldChange | None:
    return FieldChange(before, after) if before != after else None


def card_url(trello_id: str) -> str:
    """The address of a card of this id."""
    return f"https://trello.com/c/{trello_id[-8:]}"
