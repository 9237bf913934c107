"""Amendments: cards that are out follow the edits of their task, its board or its template.

Only what was edited follows, and only while the card is undone, and its dues lie ahead. What a person has
changed on a card stays as they have it. All else that is not as the files would have it today (time zone data
above all) is no edit: the card keeps what it was given.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TypeVar

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.cadence import Cadence, OnDayOff
from trello_ops.core.calendar.occurrences import occurrence_named
from trello_ops.core.calendar.recurrence import ONCE, period_of
from trello_ops.core.card_text import CardText, Checklist
from trello_ops.core.declared import DONE, Board, Task, Workspace
from trello_ops.core.ledger import Edition, Given, LedgerEntry, Occurrence, OccurrenceKey
from trello_ops.core.marker import comparable
from trello_ops.core.planning.card_parts import Edit, Part
from trello_ops.core.planning.changes import AmendCard
from trello_ops.core.planning.checklists import fingerprint, missing_items, pair_checklists
from trello_ops.core.planning.inheritance import comes_once
from trello_ops.core.tracking.card_state import shows_done
from trello_ops.core.tracking.events import is_done, withdrawal
from trello_ops.core.trello import Card

T = TypeVar("T")

_UNKNOWN = ""
"""In an edition: nobody knows what the files said, so that it differs from all that they say."""


# ---- what a card was given --------------------------------------------------------------------------


def edition_of(board: Board, task: Task, sources: str) -> Edition:
    """What the files say of a task; `sources` stand for its card template and what that includes."""
    cadence = task.cadence
    dates = [cadence.frequency, cadence.on, cadence.due.time.isoformat(), cadence.due.offset_days]
    others = _other_dates(cadence)
    return Edition(
        period=period_of(cadence),
        words=_hash(board.title, task.title, task.description, task.template, sources),
        dates=_hash(*dates, cadence.timezone.key, *([others] if others else [])),
        people=_hash(*task.assignees),
    )


def _other_dates(cadence: Cadence) -> dict[str, object]:
    """What else a cadence says of days and dues, where it says anything.

    Older versions knew none of it: what is not said changes no edition of theirs. Days off are no part of an
    edition: a card that is out keeps its due, whichever day turns out to be a holiday.
    """
    said: dict[str, object] = {
        "nth": [(each.nth, each.weekday) for each in cadence.nth],
        "month": cadence.month,
        "dates": [day.isoformat() for day in cadence.dates],
        "rule": cadence.rule,
        "on_day_off": "" if cadence.on_day_off is OnDayOff.KEEP else str(cadence.on_day_off),
        "working_days": cadence.due.working_days,
    }
    return {name: value for name, value in said.items() if value}


def given(
    edition: Edition, declared: Occurrence | None, made: Occurrence, text: CardText, members: Iterable[str]
) -> Given:
    """What a card is given that is made of an occurrence with this text and these members (Trello ids).

    `declared` is what the files make of that occurrence now.
    """
    # An occurrence that was recorded before an edit, and issued after it, is of both editions: it follows.
    if declared and declared.title != made.title:
        edition = replace(edition, words=_UNKNOWN)
    if declared and declared.assignees != made.assignees:
        edition = replace(edition, people=_UNKNOWN)
    # Elsewhere another day may come of a holiday; one that counts from a named date moves by edits alone.
    if declared and declared.nominal_day != made.nominal_day and edition.period == ONCE:
        edition = replace(edition, dates=_UNKNOWN)
    return Given(
        edition,
        title=_hash(text.title),
        text=_text(text.description),
        checklists=_hash(fingerprint(text.checklists)),
        people=_people(members),
    )


def _text(description: str) -> str:
    # The marker is no part of what people read: that it names the workspace now is no edit.
    return _hash(comparable(description))


def _people(members: Iterable[str]) -> str:
    return _hash(*sorted(set(members)))


def _hash(*values: object) -> str:
    # Eight digits are enough: only the few editions of one card are ever compared.
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:8]


def member_ids(bindings: Bindings, board: str, people: Iterable[str]) -> tuple[str, ...]:
    """The Trello ids of these people as far as they are members of the board, each once."""
    ids = (bindings.id(Kind.PERSON, board, person) for person in people)
    return tuple(dict.fromkeys(each for each in ids if each))


# ---- what is amended --------------------------------------------------------------------------------


class Reason(StrEnum):
    """Why a card stays as it was given, though its task was edited."""

    PAST_DUE = "past_due"
    DAY_OVER = "day_over"
    DONE = "done"
    BY_HAND = "changed_by_hand"
    RETIMED = "retimed"
    UNKNOWN = "made_by_an_earlier_version"


@dataclass(frozen=True, slots=True)
class FrozenCard:
    """A card that stays as it was given, though its task was edited. `board` is the key of where it lies."""

    board: str
    key: OccurrenceKey
    reason: Reason


@dataclass(frozen=True, slots=True)
class Amended:
    """What is to be done about one card: the change of the card, and what the ledger is to hold then."""

    change: AmendCard
    occurrence: Occurrence
    given: Given


Render = Callable[[Occurrence], CardText]


@dataclass(frozen=True, slots=True)
class OpenCard:
    """A card on its own board, as it is now, and what the files say of its task now.

    `done_lists` are ids; `now` is by Trello's clock.
    """

    workspace: Workspace
    board: Board
    task: Task
    bindings: Bindings
    edition: Edition
    entry: LedgerEntry
    card: Card
    now: dt.datetime

    def amended(self, render: Render) -> Amended | FrozenCard | None:
        """What becomes of it; `None` where there is nothing to do or to say."""
        base, held = self.entry.written
        period = held.edition.period if held else period_of(self.task.cadence)
        if comes_once(self.task, base):
            period = ONCE
        declared = occurrence_named(self.workspace, self.board, self.task, base, period)
        if withdrawal(self.entry.events, self.now) or not self._edited(held, declared):
            return None
        reason = self._frozen_by(held)
        if reason or declared is None:
            return self.frozen(reason or Reason.RETIMED)
        comparison = _Comparison(self, declared)
        target = comparison.target(render)
        if target.due <= self.now:
            return self.frozen(Reason.DAY_OVER)
        return comparison.result(target, render(target))

    def frozen(self, reason: Reason) -> FrozenCard:
        """That it stays as it was given."""
        return FrozenCard(self.board.key, self.entry.occurrence.key, reason)

    def _edited(self, held: Given | None, declared: Occurrence | None) -> bool:
        if held is None:  # from before cards had it written down: only what the ledger froze can be compared
            base = self.entry.occurrence
            return declared is None or (declared.title, declared.assignees) != (base.title, base.assignees)
        mine, base = self.edition, self.entry.written[0]
        if self.keys_now(base.assignees) == self.task.assignees:  # a person's new key is no edit of the card
            mine = replace(mine, people=held.edition.people)
        return held.edition != mine or bool(self.entry.unwritten)

    def keys_now(self, people: Iterable[str]) -> tuple[str, ...]:
        """The keys that these people have now."""
        found = ((key, self.workspace.person(key)) for key in people)
        return tuple(person.key if person else key for key, person in found)

    def _frozen_by(self, held: Given | None) -> Reason | None:
        done_list = self.bindings.id(Kind.LIST, self.board.key, DONE)
        rule, lists = self.entry.occurrence.complete_when, (done_list,) if done_list else ()
        if is_done(self.entry.events, self.now) or shows_done(self.card, rule, lists, self.now):
            return Reason.DONE
        # A last amendment may or may not have reached the card: the earlier of the two dues counts.
        if min(self.entry.written[0].due, self.entry.occurrence.due) <= self.now:
            return Reason.PAST_DUE
        return Reason.UNKNOWN if held is None else None


@dataclass(frozen=True, slots=True)
class _Comparison:
    """One card compared part by part with what the files make of it."""

    seen: OpenCard
    declared: Occurrence

    @property
    def base(self) -> Occurrence:
        """The occurrence as the card is known to have held it, its people by the keys that they have now."""
        base = self.seen.entry.written[0]
        return replace(base, assignees=self.seen.keys_now(base.assignees))

    @property
    def givens(self) -> list[Given]:
        """What the card may show untouched: what it was given last, and what was perhaps written since."""
        _, held = self.seen.entry.written
        return [*filter(None, [held]), *(each.given for each in self.seen.entry.unwritten)]

    # ---- what a person has changed by hand

    def _title_is_ours(self, expected: str) -> bool:
        title = self.seen.card.title
        return title == expected or _hash(title) in {each.title for each in self.givens}

    def _text_is_ours(self, expected: str) -> bool:
        text = _text(self.seen.card.description)
        return text in {_text(expected), *(each.text for each in self.givens)}

    def _due_is_ours(self) -> bool:
        known = {self.base.due, self.declared.due, *(each.due for each in self.seen.entry.unwritten)}
        return self.seen.card.due in known

    def _people_are_ours(self) -> bool:
        on_card = set(self.seen.card.member_ids)
        whole = (set(self._ids(each.assignees)) for each in (self.base, self.declared))
        return on_card in whole or _people(on_card) in {each.people for each in self.givens}

    def _ids(self, people: Iterable[str]) -> tuple[str, ...]:
        return member_ids(self.seen.bindings, self.seen.board.key, people)

    # ---- what was edited

    def _edited(self, part: Part) -> bool:
        """Whether the files say something else of a part, as far as that can be told before rendering."""
        held, now = self.givens[0].edition, self.seen.edition
        # An amendment whose answer got lost may have written any part.
        if self.seen.entry.unwritten:
            return True
        return held.dates != now.dates if part is Part.DUE else held.people != now.people

    def target(self, render: Render) -> Occurrence:
        """The occurrence as edited, but for what a person has changed on its card."""
        target = self.base
        if self._edited(Part.DUE) and self._due_is_ours():
            declared = self.declared
            target = replace(
                target,
                day=declared.day,
                due=declared.due,
                nominal=declared.nominal,
                moved=declared.moved,
                start=declared.start,
            )
        if self._edited(Part.PEOPLE) and self._people_are_ours():
            declared = self.declared
            target = replace(target, assignees=declared.assignees, turn=declared.turn, absent=declared.absent)
        declared = self.declared
        renamed = replace(target, board_title=declared.board_title, title=declared.title)
        return renamed if self._title_is_ours(render(renamed).title) else target

    # ---- what is to be done

    def result(self, target: Occurrence, text: CardText) -> Amended | FrozenCard | None:
        """The amendment that leads to `target`, whose card has this text."""
        base, held, by_hand = self.base, self.givens[0], tuple(self._by_hand(text))
        nothing = AmendCard(
            board=self.seen.board.key, key=base.key, card_id=self.seen.card.id, url=self.seen.card.url
        )
        change = self._parts(nothing, target, text)
        if change == nothing and not self.seen.entry.unwritten:
            return self.seen.frozen(Reason.BY_HAND) if by_hand else None
        given_now = Given(
            self.seen.edition,
            # A part that stays keeps what it was given: else the next plan would take it for ours.
            title=held.title if Part.TITLE in by_hand else _hash(text.title),
            text=held.text if Part.TEXT in by_hand else _text(text.description),
            checklists=_hash(fingerprint(text.checklists)),
            people=_people(self._ids(target.assignees)) if change.people else held.people,
        )
        return Amended(replace(change, by_hand=by_hand), target, given_now)

    def _parts(self, nothing: AmendCard, target: Occurrence, text: CardText) -> AmendCard:
        """The change with every part that is to become another."""
        card, base = self.seen.card, self.base
        title = _edit(card.title, text.title) if self._title_is_ours(text.title) else None
        same_text = _text(card.description) == _text(text.description)
        rewritten = not same_text and self._text_is_ours(text.description)
        due, people = _edit(base.due, target.due), _edit(base.assignees, target.assignees)
        # What an amendment that got lost half way may have left on the card.
        if self.seen.entry.unwritten and self._due_is_ours() and card.due:
            due = due or _edit(card.due, target.due)
        others = set(card.member_ids) != set(self._ids(target.assignees))
        if self.seen.entry.unwritten and self._people_are_ours() and others:
            people = people or Edit(
                self.seen.keys_now(self.seen.entry.occurrence.assignees), target.assignees
            )
        lacking = self._lacking(text.checklists)
        return replace(
            nothing,
            name=_edit(base.title, target.title),
            title=title,
            text=Edit(card.description, text.description) if rewritten else None,
            due=due,
            start=self._start(target),
            people=people,
            checklists=tuple(checklist for checklist, _ in lacking),
            items=tuple(item for _, items in lacking for item in items),
        )

    def _start(self, target: Occurrence) -> Edit[dt.datetime] | None:
        """Where its slot begins, once that is edited; a start that a person has set stays."""
        base, shown = self.base, self.seen.card.start
        starts = [base.start, *(each.start for each in self.seen.entry.unwritten)]
        if shown is None or not any((target.start, *starts)):
            return None
        ours = {start or base.release for start in starts}
        return _edit(shown, target.start or target.release) if shown in ours else None

    def _lacking(self, declared: tuple[Checklist, ...]) -> list[tuple[Checklist, tuple[str, ...]]]:
        """The checklists that the card lacks items of, and those; none where they were not edited."""
        # Else what people removed from a card would come back with every edit of its text.
        if not self.seen.entry.unwritten and self.givens[0].checklists == _hash(fingerprint(declared)):
            return []
        pairs = (
            (wanted, tuple(item for _, item in missing_items(wanted, found)))
            for wanted, found in pair_checklists(declared, self.seen.card)
        )
        return [(wanted, items) for wanted, items in pairs if items]

    def _by_hand(self, text: CardText) -> Iterator[Part]:
        """The parts that the edit would change, and a person has changed."""
        held, declared, base = self.givens[0], self.declared, self.base
        renamed = declared.title != base.title or _hash(text.title) != held.title
        if renamed and not self._title_is_ours(text.title):
            yield Part.TITLE
        rewritten = _text(text.description) != held.text
        if rewritten and not self._text_is_ours(text.description):
            yield Part.TEXT
        if declared.due != base.due and self._edited(Part.DUE) and not self._due_is_ours():
            yield Part.DUE
        reassigned = declared.assignees != base.assignees and self._edited(Part.PEOPLE)
        if reassigned and not self._people_are_ours():
            yield Part.PEOPLE


def _edit(before: T, after: T) -> Edit[T] | None:
    return Edit(before, after) if before != after else None
