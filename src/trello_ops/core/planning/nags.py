"""Nags: which overdue cards get a comment that reminds their people of them (`nag`).

The first comes some time after everything that was ever promised as the due: the latest one, what the card
itself shows, and when the card came. Each further one counts from the one before as it was written, so that a
robot that was away never sends several at once. What falls on a day off, in a pause, or on a day on which
nobody of the card is there, waits for the next day that is none of these, at its time of day.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.calendar.week import IsoWeek, instant
from trello_ops.core.days_off import DaysOff
from trello_ops.core.declared import DONE, Board, Nag, Task, Workspace
from trello_ops.core.ledger import EventKind, IssuedCard, LedgerEntry, OccurrenceKey
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
        times = _times(self.workspace, self.board, entry)
        if times is None or not _is_owed(self.workspace, entry, self.now):
            return None
        card = self.snapshot.card(times.issued.id)
        if card is None or card.closed or self._shows_done(entry, card):
            return None
        whom = tuple(self._whom(card, times.day_of(self.now)))
        if not whom or times.since(self.now, card.due) is None:
            return None
        return DueNag(entry.occurrence.key, times.number, card, whom)

    def _shows_done(self, entry: LedgerEntry, card: Card) -> bool:
        done_list = self.bindings.id(Kind.LIST, self.board.key, DONE)
        rule = entry.occurrence.complete_when
        return shows_done(card, rule, {done_list} if done_list else (), self.now)

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


def awaits_nag(
    workspace: Workspace, board: Board, entries: Iterable[LedgerEntry], read_at: dt.datetime, now: dt.datetime
) -> bool:
    """Whether a nag of the board may have come due since it was last read, for all that the ledger knows."""
    for entry in entries:
        times = _times(workspace, board, entry)
        since = times.since(now, None) if times and _is_owed(workspace, entry, now) else None
        if since and since > read_at:
            return True
    return False


def _is_owed(workspace: Workspace, entry: LedgerEntry, now: dt.datetime) -> bool:
    """Whether somebody still has to do it, by the ledger, and its week has not closed."""
    zone, closes = workspace.timezone, workspace.report.closes_at
    # Up to the last that is known: it may have been done while the board was being read.
    events, at = entry.events, max([now, *(event.at for event in entry.events)])
    settled = is_done(events, at) or is_excused(events, at) or withdrawal(events, at)
    return not settled and now < IsoWeek.at(entry.occurrence.due, zone).closes_at(zone, closes)


def _times(workspace: Workspace, board: Board, entry: LedgerEntry) -> "_Times | None":
    """When an entry's nags come; `None` where its task is not of this board, or does not nag."""
    key = entry.occurrence.key
    found = workspace.task_of(key.board, key.task, key.date)
    task = found[1] if found and found[0].key == board.key else None
    if task is None or task.nag is None or entry.card is None:
        return None
    return _Times(task, task.nag, workspace.days_off(board), entry, entry.card)


@dataclass(frozen=True, slots=True)
class _Times:
    """When the nags of one card come."""

    task: Task
    nag: Nag
    days_off: DaysOff
    entry: LedgerEntry
    issued: IssuedCard

    @property
    def written(self) -> list[dt.datetime]:
        """When those before were written."""
        return sorted(event.at for event in self.entry.events if event.kind is EventKind.NAGGED)

    @property
    def number(self) -> int:
        """Which one is next, from 1."""
        return len(self.written) + 1

    def day_of(self, moment: dt.datetime) -> dt.date:
        """The local day of an instant."""
        return moment.astimezone(self.task.cadence.timezone).date()

    def since(self, now: dt.datetime, shown_due: dt.datetime | None) -> dt.datetime | None:
        """When the next one came due; `None` where that is not so now. `shown_due` is what the card shows."""
        first = max(self.entry.promised_due, self.issued.created_at, shown_due or self.entry.promised_due)
        planned, today = self._planned(first + dt.timedelta(minutes=self.nag.after)), self.day_of(now)
        rests = self.days_off.why(today) or any(pause.covers(today) for pause in self.task.pauses)
        if planned is None or rests:
            return None
        # What waited comes at its time of day, not at midnight.
        came = planned if self.day_of(planned) >= today else self._on(today, planned)
        return came if came <= now else None

    def _planned(self, first: dt.datetime) -> dt.datetime | None:
        """When the next one was to come, were each day worked; `None` where there is none any more."""
        written = self.written
        if len(written) >= self.nag.most:
            return None
        if not written:
            return first
        if self.nag.every:
            return max(first, written[-1] + dt.timedelta(minutes=self.nag.every))
        day = self._working_day_after(self.day_of(written[-1])) if self.nag.working_days else None
        return max(first, self._on(day, first)) if day else None

    def _working_day_after(self, day: dt.date) -> dt.date | None:
        """So many working days after a day."""
        found: dt.date | None = day
        for _ in range(self.nag.working_days):
            found = self.days_off.nearest(found + _DAY, 1) if found else None
        return found

    def _on(self, day: dt.date, like: dt.datetime) -> dt.datetime:
        """The instant of a day at the local time of day of another instant."""
        zone = self.task.cadence.timezone
        return instant(day, like.astimezone(zone).time(), zone)
