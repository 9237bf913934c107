"""Nags: which overdue cards get a comment that reminds their people of them (`nag`).

The first comes some time after everything that was ever promised as the due: the latest one, what the card
itself shows, and when the card came. Each further one counts from the one before as it was written, so that a
robot that was away never sends several at once. What falls on a day off, in a pause, or on a day on which
nobody of the card is there, waits for the next day that is none of these, at its time of day.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.calendar.week import IsoWeek, instant
from trello_ops.core.declared import DONE, Board, Nag, Task, Workspace
from trello_ops.core.ledger import EventKind, LedgerEntry, OccurrenceKey
from trello_ops.core.people import Person
from trello_ops.core.tracking.card_state import shows_done
from trello_ops.core.tracking.events import is_done, is_excused, withdrawal
from trello_ops.core.trello import Card, Member, Snapshot

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mention:
    """Whom a nag names: a Trello username, and the locale of what is said to them."""

    username: str
    locale: str


@dataclass(frozen=True, slots=True)
class DueNag:
    """The nag of an occurrence that is to be written now, its `number`th from 1; `whom` is never empty."""

    key: OccurrenceKey
    number: int
    card: Card
    whom: tuple[Mention, ...]


@dataclass(frozen=True, slots=True)
class Nagger:
    """Decides card by card, by what one read of a board showed at `now`."""

    workspace: Workspace
    board: Board
    bindings: Bindings
    snapshot: Snapshot
    now: dt.datetime

    def due(self, entry: LedgerEntry) -> DueNag | None:
        """The nag that an entry's card gets now. `None` also where the entry's task does not nag."""
        task = self._task(entry)
        if not (task and task.nag and entry.card):
            return None
        card = self.snapshot.card(entry.card.id)
        if not (card and self._is_open(entry, card)):
            return None
        times = _Times(task.nag, self.workspace, self.board, task, entry, card)
        whom = tuple(self._whom(card, times.day_of(self.now)))
        if not whom or not times.comes(self.now):
            return None
        return DueNag(entry.occurrence.key, times.number, card, whom)

    def _task(self, entry: LedgerEntry) -> Task | None:
        key = entry.occurrence.key
        found = self.workspace.task_of(key.board, key.task, key.date)
        return found[1] if found and found[0].key == self.board.key else None

    def _is_open(self, entry: LedgerEntry, card: Card) -> bool:
        """Whether somebody still has to do it, by ledger and card alike."""
        zone, closes = self.workspace.timezone, self.workspace.report.closes_at
        # Up to the last that is known: it may have been done while the board was being read.
        events, at = entry.events, max([self.now, *(event.at for event in entry.events)])
        settled = is_done(events, at) or is_excused(events, at) or withdrawal(events, at)
        done_list = self.bindings.id(Kind.LIST, self.board.key, DONE)
        shown = shows_done(card, entry.occurrence.complete_when, {done_list} if done_list else (), at)
        in_time = self.now < IsoWeek.at(entry.occurrence.due, zone).closes_at(zone, closes)
        return in_time and not (settled or shown or card.closed)

    def _whom(self, card: Card, day: dt.date) -> Iterator[Mention]:
        """The members of the card who are there on a day. A comment without a mention would reach nobody."""
        members = {member.id: member for member in self.snapshot.members}
        for member_id in card.member_ids:
            member = members.get(member_id)
            person = self._person(member) if member else None
            if member and not (person and person.absence_on(day)):
                language = person.language if person else ""
                yield Mention(member.username, language or self.workspace.locale)

    def _person(self, member: Member) -> Person | None:
        """The declared person whose account this is."""
        bound = (
            b.key for b in self.bindings.of_board(Kind.PERSON, self.board.key) if b.trello_id == member.id
        )
        keys = {person.key for person in map(self.workspace.person, bound) if person}
        name = member.username.lower()
        return next((p for p in self.workspace.people if p.key in keys or p.username.lower() == name), None)


@dataclass(frozen=True, slots=True)
class _Times:
    """When the nags of one card come."""

    nag: Nag
    workspace: Workspace
    board: Board
    task: Task
    entry: LedgerEntry
    card: Card

    @property
    def written(self) -> list[dt.datetime]:
        """When those before were written."""
        return sorted(event.at for event in self.entry.events if event.kind is EventKind.NAGGED)

    @property
    def number(self) -> int:
        """Which one is next, from 1."""
        return len(self.written) + 1

    def comes(self, now: dt.datetime) -> bool:
        """Whether the next one comes now."""
        planned, today = self._planned(), self.day_of(now)
        if planned is None or now < planned or self._rests(today):
            return False
        # What waited comes at its time of day, not at midnight.
        zone = self.task.cadence.timezone
        return now >= instant(today, planned.astimezone(zone).time(), zone)

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The local day of an instant."""
        return moment.astimezone(self.task.cadence.timezone).date()

    def _planned(self) -> dt.datetime | None:
        """When the next one is due; `None` where there is none any more."""
        written = self.written
        if len(written) >= self.nag.most:
            return None
        if not written:
            return self._first()
        if self.nag.every:
            return written[-1] + dt.timedelta(minutes=self.nag.every)
        return self._on_working_day(self.day_of(written[-1])) if self.nag.working_days else None

    def _first(self) -> dt.datetime:
        promised = [self.entry.promised_due, self.card.due or self.entry.promised_due, self.card.created_at]
        return max(promised) + dt.timedelta(minutes=self.nag.after)

    def _on_working_day(self, day: dt.date) -> dt.datetime | None:
        """So many working days after a day, at the time of day of the first."""
        days_off, found = self.workspace.days_off(self.board), day
        for _ in range(self.nag.working_days):
            following = days_off.nearest(found + _DAY, 1)
            if following is None:
                return None
            found = following
        zone = self.task.cadence.timezone
        return instant(found, self._first().astimezone(zone).time(), zone)

    def _rests(self, day: dt.date) -> bool:
        """Whether nobody is to be reminded on a day."""
        paused = any(pause.covers(day) for pause in self.task.pauses)
        return paused or self.workspace.days_off(self.board).why(day) is not None
