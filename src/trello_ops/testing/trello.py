"""A Trello in memory, at the level of core values: people act on it, and it fails on demand."""

import datetime as dt
import itertools
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from functools import singledispatchmethod
from typing import Any, NamedTuple

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.declared import TODO, Checklist
from trello_ops.core.objectid import created_at
from trello_ops.core.planning.changes import (
    AddCheckItem,
    AddChecklist,
    AddMember,
    ArchiveCard,
    ArchiveTemplateCard,
    Change,
    CreateBoard,
    CreateCard,
    CreateLabel,
    CreateList,
    CreateTemplateCard,
    EditBoard,
    EditLabel,
    EditList,
    EditTemplateCard,
    MoveCard,
)
from trello_ops.core.trello import (
    Action,
    BoardSummary,
    Card,
    CheckedItem,
    FieldChange,
    Limit,
    Member,
    Snapshot,
    TrelloCheckItem,
    TrelloChecklist,
    TrelloLabel,
    TrelloList,
    Webhook,
)
from trello_ops.errors import NotFound, NotSent, OutcomeUnknown, TrelloError
from trello_ops.ports import Clock, Made

ROBOT = "robot"
GAP = 16384.0

Call = Change | str
"""A change, or the name of a reading method."""


def any_change(call: Call) -> bool:
    return isinstance(call, Change)


class _Fault(NamedTuple):
    error: TrelloError
    when: Callable[[Call], bool]
    after_effect: bool
    lands_after: dt.timedelta | None


@dataclass(frozen=True, slots=True)
class _Landing:
    """A write that is on its way."""

    at: dt.datetime
    change: Change
    bindings: Bindings


class FakeTrello:
    """Implements the TrelloGateway port. Its time is the clock's; its account is `robot`.

    `ahead` is how far its clock is ahead of ours. `performed` lists the changes that took effect.
    `workspace` is the short name of the one Trello Workspace there is, and `people` are the usernames of
    its members. A board takes `most_open_cards`, says so from four fifths on, and refuses none. Unless it
    `tells_activity`, what happens does not move the instant at which a board was last active.
    """

    def __init__(self, clock: Clock, people: Iterable[str] = (), workspace: str = "zina") -> None:
        self.performed: list[Change] = []
        self.ahead = dt.timedelta(0)
        self.most_open_cards = 5000
        self.tells_activity = True
        self._clock = clock
        self._moment: dt.datetime | None = None
        self._numbers = itertools.count(1)
        self._workspaces = {workspace, "5f" * 12}
        self.people = {name: Member(self._id(), name, name.capitalize()) for name in (ROBOT, *people)}
        self._boards: dict[str, Snapshot] = {}
        self._cards: dict[str, Card] = {}
        self._actions: dict[str, list[Action]] = {}
        self._faults: list[_Fault] = []
        self._landings: list[_Landing] = []
        self._webhooks: dict[str, Webhook] = {}

    # ---- faults

    def fail_next(
        self, error: TrelloError, when: Callable[[Call], bool] = any_change, *, after_effect: bool = False
    ) -> None:
        """Raise `error` once, at the next call that fits; `after_effect`: when the change has been done."""
        self._faults.append(_Fault(error, when, after_effect, None))

    def land_late(self, after: dt.timedelta, when: Callable[[Call], bool] = any_change) -> None:
        """Lose the answer to the next change that fits, and let it take effect only so much later."""
        lost = OutcomeUnknown("the answer was lost (on demand)")
        self._faults.append(_Fault(lost, when, after_effect=False, lands_after=after))

    # ---- the port

    def time(self, *, fresh: bool = False) -> dt.datetime:
        if fresh:
            self._read("time")
        return self._clock.now() + self.ahead

    def boards(self, workspace: str) -> tuple[BoardSummary, ...]:
        self._read("boards")
        if workspace not in self._workspaces:
            raise NotFound(f"There is no Trello Workspace {workspace}.")
        return tuple(seen.board for seen in self._boards.values() if not seen.board.closed)

    def last_active(self, workspace: str) -> dict[str, dt.datetime | None]:
        self._read("last_active")
        if workspace not in self._workspaces:
            raise NotFound(f"There is no Trello Workspace {workspace}.")
        return {key: seen.active_at for key, seen in self._boards.items() if not seen.board.closed}

    def snapshot(self, board_id: str, *, checklists: bool = False) -> Snapshot:
        self._read("snapshot")
        seen = self._board(board_id)
        shown = {one.id for one in seen.lists if not one.closed}
        cards = (card for card in self.cards(board_id) if not card.closed and card.list_id in shown)
        lists = sorted(seen.lists, key=lambda one: one.position)
        return replace(
            seen,
            lists=tuple(lists),
            cards=tuple(card if checklists else replace(card, checklists=None) for card in cards),
            limits=(self._open_cards(board_id),),
        )

    def card(self, card_id: str) -> Card:
        self._read("card")
        return self._card(card_id)

    def cards_since(self, board_id: str, since: dt.datetime) -> tuple[Card, ...]:
        self._read("cards_since")
        self._board(board_id)
        second = since.replace(microsecond=0)
        found = (card for card in self.cards(board_id) if card.created_at >= second)
        return tuple(replace(card, checklists=None) for card in found)

    def activity(self, board_id: str, since: dt.datetime) -> tuple[Action, ...]:
        self._read("activity")
        self._board(board_id)
        found = (action for action in self._actions[board_id] if action.at >= since)
        return tuple(sorted(found, key=lambda action: (action.at, action.id)))

    def perform(self, change: Change, bindings: Bindings, send_before: float | None = None) -> Made:
        self._land()
        if send_before is not None and self._clock.monotonic() >= send_before:
            raise NotSent("The request was held back.")
        fault = self._fault(change)
        if fault and not fault.after_effect:
            if fault.lands_after is not None:
                at = self._clock.now() + fault.lands_after
                self._landings.append(_Landing(at, change, bindings))
            raise fault.error
        made = self._effect(change, bindings)
        if fault:
            raise fault.error
        return made

    def webhooks(self) -> tuple[Webhook, ...]:
        self._read("webhooks")
        return tuple(self._webhooks.values())

    def ensure_webhook(self, board_id: str, callback: str, webhook_id: str = "") -> Webhook:
        with self._perhaps_failing("ensure_webhook"):
            return self.hook(board_id, callback, webhook_id)

    def remove_webhook(self, webhook_id: str) -> None:
        with self._perhaps_failing("remove_webhook"):
            self._webhooks.pop(webhook_id, None)

    @contextmanager
    def _perhaps_failing(self, method: str) -> Iterator[None]:
        fault = self._fault(method)
        if fault and not fault.after_effect:
            raise fault.error
        yield
        if fault:
            raise fault.error

    def _open_cards(self, board_id: str) -> Limit:
        """The count is told near the limit only, as Trello seems to do."""
        name, most = "cards.openPerBoard", self.most_open_cards
        count = sum(not card.closed for card in self.cards(board_id))
        near = count * 5 >= most * 4
        return Limit(name, "warning", most, count) if near else Limit(name, "ok", most)

    # ---- what people do

    def tick(self, card_id: str, by: str, at: dt.datetime | None = None) -> None:
        self._update(card_id, by, at, ticked=True)

    def untick(self, card_id: str, by: str, at: dt.datetime | None = None) -> None:
        self._update(card_id, by, at, ticked=False)

    def move(self, card_id: str, list_id: str, by: str, at: dt.datetime | None = None) -> None:
        self._update(card_id, by, at, list_id=list_id)

    def archive(self, card_id: str, by: str, at: dt.datetime | None = None) -> None:
        self._update(card_id, by, at, closed=True)

    def unarchive(self, card_id: str, by: str, at: dt.datetime | None = None) -> None:
        self._update(card_id, by, at, closed=False)

    def check(self, card_id: str, title: str, by: str, *, complete: bool = True) -> None:
        """Tick the check item of this title, or untick it."""
        card = self._card(card_id)
        item = next(i for each in card.checklists or () for i in each.items if i.title == title)
        if item.complete != complete:
            self._edit_items(card, item.id, replace(item, complete=complete))
            told = CheckedItem(item.id, complete)
            self._log(card, "updateCheckItemStateOnCard", by, item=told)

    def add_item(self, card_id: str, title: str) -> None:
        """To the card's last checklist. No log tells it (trello-behaviour.md#action-log)."""
        card = self._card(card_id)
        *others, last = card.checklists or ()
        made = TrelloCheckItem(self._id(), title, complete=False, position=GAP * (len(last.items) + 1))
        self._set_checklists(card, (*others, replace(last, items=(*last.items, made))))

    def remove_item(self, card_id: str, title: str) -> None:
        card = self._card(card_id)
        item = next(i for each in card.checklists or () for i in each.items if i.title == title)
        self._edit_items(card, item.id, None)

    def comment(self, card_id: str) -> None:
        card = self._card(card_id)
        self._cards[card_id] = replace(card, comment_count=card.comment_count + 1)

    def attach(self, card_id: str) -> None:
        card = self._card(card_id)
        self._cards[card_id] = replace(card, attachment_count=card.attachment_count + 1)

    def move_due(self, card_id: str, due: dt.datetime | None, by: str) -> None:
        card = self._card(card_id)
        self._cards[card_id] = replace(card, due=due)
        self._log(card, "updateCard", by, due=FieldChange(card.due, due))

    def join(self, card_id: str, whom: str, by: str) -> None:
        """Put somebody on a card."""
        card, member = self._card(card_id), self.people[whom]
        self._cards[card_id] = replace(card, member_ids=(*card.member_ids, member.id))
        self._log(card, "addMemberToCard", by, member=member)

    def leave(self, card_id: str, whom: str, by: str) -> None:
        """Take somebody off a card."""
        card, member = self._card(card_id), self.people[whom]
        left = tuple(each for each in card.member_ids if each != member.id)
        self._cards[card_id] = replace(card, member_ids=left)
        self._log(card, "removeMemberFromCard", by, member=member)

    def move_to_board(self, card_id: str, list_id: str, by: str) -> None:
        """To a list of another board, which the logs of both boards tell. Labels stay behind."""
        card, target = self._card(card_id), self._board_with(list_id)
        source = card.board_id
        left, arrived = FieldChange(card.list_id, None), FieldChange(None, list_id)
        self._log(card, "moveCardFromBoard", by, moved=left, other_board=target.board.id)
        card = replace(card, board_id=target.board.id, list_id=list_id, label_ids=())
        self._cards[card_id] = card
        self._log(card, "moveCardToBoard", by, moved=arrived, other_board=source)

    def make_template(self, card_id: str) -> None:
        self._cards[card_id] = replace(self._card(card_id), is_template=True)

    def delete(self, card_id: str, by: str, at: dt.datetime | None = None) -> None:
        with self._at(at):
            card = self._cards.pop(self._card(card_id).id)
            self._log(card, "deleteCard", by)

    def copy(self, card_id: str, by: str, at: dt.datetime | None = None) -> Card:
        """A card with the same text, as a person's "Copy card" makes it."""
        with self._at(at):
            trello_id = self._id()
            card = replace(
                self._card(card_id), id=trello_id, url=_card_url(trello_id), created_at=created_at(trello_id)
            )
            return self._add(card, "copyCard", by)

    def write(self, card_id: str, *, title: str | None = None, description: str | None = None) -> None:
        card = self._card(card_id)
        self._cards[card_id] = replace(
            card, title=title or card.title, description=description or card.description
        )

    def label(self, card_id: str, title: str) -> None:
        """Put the label of this title on a card."""
        card = self._card(card_id)
        label = next(each for each in self._board(card.board_id).labels if each.title == title)
        self._cards[card_id] = replace(card, label_ids=tuple(dict.fromkeys((*card.label_ids, label.id))))

    def unlabel(self, card_id: str, title: str) -> None:
        card = self._card(card_id)
        named = {each.id for each in self._board(card.board_id).labels if each.title == title}
        self._cards[card_id] = replace(card, label_ids=tuple(i for i in card.label_ids if i not in named))

    def edit_checkitem(self, card_id: str, title: str, *, to: str) -> None:
        card = self._card(card_id)
        self._cards[card_id] = replace(
            card,
            checklists=tuple(
                replace(
                    each, items=tuple(replace(i, title=to) if i.title == title else i for i in each.items)
                )
                for each in card.checklists or ()
            ),
        )

    def rename_list(self, list_id: str, title: str) -> None:
        self._edit_list(list_id, title=title)

    def archive_list(self, list_id: str) -> None:
        self._edit_list(list_id, closed=True)

    def recolour_label(self, label_id: str, colour: str | None) -> None:
        self._edit_label(label_id, colour=colour)

    def delete_label(self, label_id: str) -> None:
        seen = self._board_with(label_id)
        self._boards[seen.board.id] = replace(seen, labels=tuple(x for x in seen.labels if x.id != label_id))
        for card in self.cards(seen.board.id):
            self._cards[card.id] = replace(card, label_ids=tuple(i for i in card.label_ids if i != label_id))

    def remove_member(self, board_id: str, username: str) -> None:
        gone, seen = self.people[username], self._board(board_id)
        self._boards[board_id] = replace(seen, members=tuple(m for m in seen.members if m != gone))
        for card in self.cards(board_id):
            self._cards[card.id] = replace(card, member_ids=tuple(i for i in card.member_ids if i != gone.id))

    def rename_board(self, board_id: str, title: str) -> None:
        self._edit_board(board_id, title=title)

    def close_board(self, board_id: str) -> None:
        self._edit_board(board_id, closed=True)

    def hide_board(self, board_id: str) -> None:
        """Make a board private."""
        self._boards[board_id] = replace(self._board(board_id), visibility="private")

    def delete_board(self, board_id: str) -> None:
        del self._boards[self._board(board_id).board.id]
        self._cards = {card.id: card for card in self._cards.values() if card.board_id != board_id}

    def hook(self, board_id: str, callback: str, webhook_id: str = "") -> Webhook:
        """Make a webhook, or set right the one of that id, by whatever program uses the robot's token."""
        self._board(board_id)
        if webhook_id and webhook_id not in self._webhooks:
            raise NotFound(f"There is no webhook {webhook_id}.")
        wanted = Webhook(webhook_id or self._id(), board_id, callback)
        same = (each for each in self._webhooks.values() if each.id != webhook_id)
        if any((each.model_id, each.callback) == (board_id, callback) for each in same):
            raise TrelloError("A webhook with that callback, model, and token already exists")
        self._webhooks[wanted.id] = wanted
        return wanted

    def disable_webhook(self, webhook_id: str) -> None:
        """What Trello does when its calls kept failing for a month."""
        self._webhooks[webhook_id] = replace(self._webhooks[webhook_id], active=False)

    def cards(self, board_id: str) -> tuple[Card, ...]:
        """Every card of a board, archived ones too, the elder first."""
        self._land()
        return tuple(card for card in self._cards.values() if card.board_id == board_id)

    # ---- effects

    def _effect(self, change: Change, bindings: Bindings) -> Made:
        made = self._do(change, bindings)
        self.performed.append(change)
        return made

    @singledispatchmethod
    def _do(self, change: Change, _bindings: Bindings) -> Made:
        raise ValueError(f"{type(change).__name__} is not a change of Trello ({change.subject}).")

    @_do.register
    def _(self, change: CreateBoard, _bindings: Bindings) -> Made:
        if change.workspace not in self._workspaces:
            raise NotFound(f"There is no Trello Workspace {change.workspace}.")
        trello_id = self._id()
        url = f"https://trello.com/b/{trello_id[-8:]}"
        board = BoardSummary(
            trello_id,
            change.title,
            change.description,
            closed=False,
            url=url,
            created_at=created_at(trello_id),
        )
        robot = self.people[ROBOT]
        self._boards[trello_id] = Snapshot(board, "5f" * 12, "org", (), (), (robot,), ())
        self._actions[trello_id] = []
        return Made(trello_id, url)

    @_do.register
    def _(self, change: EditBoard, bindings: Bindings) -> Made:
        seen = self._board(_bound(bindings, Kind.BOARD, change.board))
        if change.title is not None:
            self._edit_board(seen.board.id, title=change.title)
        if change.reopen:
            self._edit_board(seen.board.id, closed=False)
        if change.visible:
            self._boards[seen.board.id] = replace(self._board(seen.board.id), visibility="org")
        return Made(seen.board.id, seen.board.url)

    @_do.register
    def _(self, change: CreateList, bindings: Bindings) -> Made:
        seen = self._board(_bound(bindings, Kind.BOARD, change.board))
        made = TrelloList(self._id(), change.title, closed=False, position=change.position)
        self._boards[seen.board.id] = replace(seen, lists=(*seen.lists, made))
        return Made(made.id)

    @_do.register
    def _(self, change: EditList, bindings: Bindings) -> Made:
        list_id = _bound(bindings, Kind.LIST, change.board, change.key)
        if change.title is not None:
            self._edit_list(list_id, title=change.title)
        if change.position is not None:
            self._edit_list(list_id, position=change.position)
        if change.reopen:
            self._edit_list(list_id, closed=False)
        return Made(list_id)

    @_do.register
    def _(self, change: CreateLabel, bindings: Bindings) -> Made:
        seen = self._board(_bound(bindings, Kind.BOARD, change.board))
        made = TrelloLabel(self._id(), change.title, change.colour)
        self._boards[seen.board.id] = replace(seen, labels=(*seen.labels, made))
        return Made(made.id)

    @_do.register
    def _(self, change: EditLabel, bindings: Bindings) -> Made:
        label_id = _bound(bindings, Kind.LABEL, change.board, change.key)
        self._edit_label(label_id, title=change.title, colour=change.colour)
        return Made(label_id)

    @_do.register
    def _(self, change: AddMember, bindings: Bindings) -> Made:
        seen = self._board(_bound(bindings, Kind.BOARD, change.board))
        member = next(
            (m for m in self.people.values() if m.username.lower() == change.username.lower()), None
        )
        if member is None:
            raise NotFound(f"There is no Trello account @{change.username}.")
        if member not in seen.members:
            self._boards[seen.board.id] = replace(seen, members=(*seen.members, member))
        return Made(member.id)

    @_do.register
    def _(self, change: CreateTemplateCard, bindings: Bindings) -> Made:
        card = self._new_card(change, bindings)
        return _made(self._add(replace(card, is_template=True), "createCard", ROBOT))

    @_do.register
    def _(self, change: EditTemplateCard, bindings: Bindings) -> Made:
        card_id = _bound(bindings, Kind.TEMPLATE, change.board, change.task)
        self._cards[card_id] = replace(self._card(card_id), is_template=True)
        self.write(card_id, title=change.text.title, description=change.text.description)
        return _made(self._cards[card_id])

    @_do.register
    def _(self, change: CreateCard, bindings: Bindings) -> Made:
        people = (bindings.id(Kind.PERSON, change.board, key) for key in change.assignees)
        member_ids = tuple(dict.fromkeys(each for each in people if each))
        card = replace(self._new_card(change, bindings), start=change.start, due=change.due)
        strangers = set(member_ids) - {member.id for member in self._board(card.board_id).members}
        if strangers:
            raise TrelloError("invalid value for idMembers: not a member of the board")
        card = replace(card, member_ids=member_ids)
        if change.copy_checklists:
            source = self._card(_bound(bindings, Kind.TEMPLATE, change.board, change.key.task))
            card = self._with_checklists(card, (_declared(each) for each in source.checklists or ()))
        return _made(self._add(card, "copyCard" if change.copy_checklists else "createCard", ROBOT))

    @_do.register
    def _(self, change: AddChecklist, _bindings: Bindings) -> Made:
        card = self._card(change.card_id)
        made = TrelloChecklist(self._id(), change.title, change.position, ())
        self._set_checklists(card, (*(card.checklists or ()), made))
        return Made(made.id)

    @_do.register
    def _(self, change: AddCheckItem, _bindings: Bindings) -> Made:
        card = self._card(change.card_id)
        made = TrelloCheckItem(self._id(), change.title, complete=False, position=change.position)
        there = next((each for each in card.checklists or () if each.id == change.checklist_id), None)
        if there is None:
            raise NotFound(f"The card {card.id} has no checklist {change.checklist_id}.")
        items = sorted((*there.items, made), key=lambda item: item.position)
        grown = replace(there, items=tuple(items))
        self._set_checklists(card, tuple(grown if each is there else each for each in card.checklists or ()))
        return Made(made.id)

    @_do.register(ArchiveCard)
    @_do.register(ArchiveTemplateCard)
    def _(self, change: ArchiveCard | ArchiveTemplateCard, _bindings: Bindings) -> Made:
        self._update(change.card_id, ROBOT, None, closed=True)
        return _made(self._cards[change.card_id])

    @_do.register
    def _(self, change: MoveCard, bindings: Bindings) -> Made:
        list_id = _bound(bindings, Kind.LIST, change.board, change.to)
        self._update(change.card_id, ROBOT, None, list_id=list_id)
        return _made(self._cards[change.card_id])

    # ---- the pieces

    def _new_card(self, change: CreateCard | CreateTemplateCard, bindings: Bindings) -> Card:
        list_id = _bound(bindings, Kind.LIST, change.board, TODO)
        label_id = _bound(bindings, Kind.LABEL, change.board, change.theme)
        seen = self._board_with(list_id)
        if all(label.id != label_id for label in seen.labels):
            raise TrelloError("invalid value for idLabels: no such label on the board")
        trello_id = self._id()
        return Card(
            id=trello_id,
            url=_card_url(trello_id),
            title=change.text.title,
            description=change.text.description,
            board_id=seen.board.id,
            list_id=list_id,
            label_ids=(label_id,),
            member_ids=(),
            start=None,
            due=None,
            ticked=False,
            closed=False,
            is_template=False,
            item_count=0,
            created_at=created_at(trello_id),
            checklists=(),
        )

    def _with_checklists(self, card: Card, declared: Iterable[Checklist]) -> Card:
        made = []
        for place, each in enumerate(declared, start=1):
            items = (
                TrelloCheckItem(self._id(), title, complete=False, position=GAP * number)
                for number, title in enumerate(each.items, start=1)
            )
            made.append(TrelloChecklist(self._id(), each.title, GAP * place, tuple(items)))
        return replace(card, checklists=tuple(made), item_count=sum(len(each.items) for each in made))

    def _set_checklists(self, card: Card, checklists: tuple[TrelloChecklist, ...]) -> None:
        ordered = tuple(sorted(checklists, key=lambda each: each.position))
        items = [item for each in ordered for item in each.items]
        checked = sum(item.complete for item in items)
        self._cards[card.id] = replace(card, checklists=ordered, item_count=len(items), checked_count=checked)

    def _edit_items(self, card: Card, item_id: str, new: TrelloCheckItem | None) -> None:
        """Put another in the place of an item, or nothing."""
        kept = (new,) if new else ()
        checklists = (
            replace(
                each,
                items=tuple(one for i in each.items for one in ((i,) if i.id != item_id else kept)),
            )
            for each in card.checklists or ()
        )
        self._set_checklists(card, tuple(checklists))

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
    ) -> None:
        """Change one thing of a card, with its entry in the log; nothing when it is so already."""
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
                )

    def _log(self, card: Card, action: str, by: str, **told: Any) -> None:
        """`told` are fields of the action."""
        entry = Action(self._id(), self._now(), action, card.id, self.people[by], **told)
        self._actions[card.board_id].append(entry)
        if self.tells_activity:
            seen = self._board(card.board_id)
            self._boards[card.board_id] = replace(seen, active_at=entry.at)

    def _edit_board(self, board_id: str, *, title: str | None = None, closed: bool | None = None) -> None:
        seen = self._board(board_id)
        board = replace(
            seen.board,
            title=title or seen.board.title,
            closed=seen.board.closed if closed is None else closed,
        )
        self._boards[board_id] = replace(seen, board=board)

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

    def _board(self, board_id: str) -> Snapshot:
        if board_id not in self._boards:
            raise NotFound(f"There is no board {board_id}.")
        return self._boards[board_id]

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

    def _read(self, method: str) -> None:
        self._land()
        fault = self._fault(method)
        if fault:
            raise fault.error

    def _fault(self, call: Call) -> _Fault | None:
        """The first fault that fits, used up."""
        fault = next((each for each in self._faults if each.when(call)), None)
        if fault:
            self._faults.remove(fault)
        return fault

    def _land(self) -> None:
        """Let late writes take effect whose time has come."""
        due = [each for each in self._landings if each.at <= self._clock.now()]
        self._landings = [each for each in self._landings if each not in due]
        for landing in due:
            with self._at(landing.at), suppress(TrelloError):  # nobody is there to hear of a refusal
                self._effect(landing.change, landing.bindings)

    @contextmanager
    def _at(self, moment: dt.datetime | None) -> Iterator[None]:
        """Let what happens within have happened at an instant; `None` is now."""
        before, self._moment = self._moment, moment or self._moment
        try:
            yield
        finally:
            self._moment = before

    def _now(self) -> dt.datetime:
        """Trello's dates have milliseconds."""
        moment = self._moment or self._clock.now() + self.ahead
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)

    def _id(self) -> str:
        return f"{int(self._now().timestamp()):08x}{next(self._numbers):016x}"


def _bound(bindings: Bindings, kind: Kind, board: str, key: str = "") -> str:
    found = bindings.id(kind, board, key)
    if found is None:
        raise NotFound(f"The {kind} {key} of board {board} is not on Trello yet.")
    return found


def _declared(checklist: TrelloChecklist) -> Checklist:
    return Checklist(checklist.title, tuple(item.title for item in checklist.items))


def _made(card: Card) -> Made:
    return Made(card.id, card.url, card.item_count)


def _was(before: bool | str, after: bool | str) -> FieldChange | None:
    return FieldChange(before, after) if before != after else None


def _card_url(trello_id: str) -> str:
    return f"https://trello.com/c/{trello_id[-8:]}"
