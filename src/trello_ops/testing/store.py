"""`MemoryStore`: the Store without a database, for tests and rehearsals. Read it as the specification."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from uuid import uuid4

from trello_ops.core.bindings import Binding, Watermark
from trello_ops.core.claims import Claim
from trello_ops.core.declaration import InForce
from trello_ops.core.ledger import (
    Amendment,
    EventKind,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.links import Link
from trello_ops.core.problems import SystemProblem
from trello_ops.core.recovery.rebuild import Rebuilt
from trello_ops.core.sights import BoardSight, Outage, ReadCursor, sight_order
from trello_ops.errors import StoreError
from trello_ops.testing.bindings import MemoryBindings, aware
from trello_ops.testing.links import MemoryLinks
from trello_ops.testing.reports import MemoryReports
from trello_ops.testing.row_items import MemoryRowItems


class MemoryStore(MemoryReports, MemoryRowItems, MemoryLinks, MemoryBindings):
    """`ports.Store` in one process's memory, for any number of its threads."""

    def __init__(self) -> None:
        super().__init__()
        self._declarations: list[InForce] = []
        self._claims: dict[str, Claim] = {}
        self._watermarks: dict[tuple[str, str], Watermark] = {}
        self._recorded: dict[OccurrenceKey, LedgerEntry] = {}
        self._cards: dict[OccurrenceKey, IssuedCard] = {}
        self._passed_over: set[OccurrenceKey] = set()
        # Events of an occurrence by kind and action; where no action told them, by kind and instant.
        self._events: dict[OccurrenceKey, dict[tuple[EventKind, str | dt.datetime], LedgerEvent]] = {}
        self._amendments: dict[OccurrenceKey, list[Amendment]] = {}
        self._read_cursors: dict[str, ReadCursor] = {}
        self._outages: dict[tuple[dt.datetime, str], Outage] = {}
        self._board_sights: set[BoardSight] = set()
        self._problems: dict[str, SystemProblem] = {}
        self._jobs: dict[str, dt.datetime] = {}

    def close(self) -> None:
        """Nothing to close."""

    # ---- declarations

    def declaration_version(self) -> int:
        """The version in force; 0 where there is none yet."""
        with self._alone:
            return len(self._declarations)

    def in_force(self) -> InForce | None:
        """The declaration in force."""
        with self._alone:
            return self._declarations[-1] if self._declarations else None

    def put_in_force(
        self,
        following: InForce,
        bind: Collection[Binding] = (),
        unbind: Collection[Binding] = (),
        links: Collection[Link] = (),
    ) -> bool:
        """Append a version and change bindings and links with it; False if that version is there."""
        with self._alone:
            if following.version <= len(self._declarations):
                return False
            self._declarations.append(aware(following))
            for gone in unbind:
                self.unbind(gone.kind, gone.board, gone.key)
            for binding in bind:
                self.bind(binding)
            self._change_links(links)
            return True

    # ---- claims

    def claim(self, key: str, holder: str, at: dt.datetime) -> Claim | None:
        """Take a free key; `None` when it is claimed."""
        claim = Claim(key, _new_version(), holder, attempted_at=aware(at))
        with self._alone:
            return claim if self._claims.setdefault(key, claim) is claim else None

    def claims(self) -> tuple[Claim, ...]:
        """All claims, oldest attempt first."""
        with self._alone:
            return tuple(sorted(self._claims.values(), key=lambda claim: (claim.attempted_at, claim.key)))

    def renew(self, claim: Claim, holder: str) -> Claim | None:
        """Continue under a new version, or take over; `None` when the claim has changed."""
        tried_again = holder != claim.holder or claim.unknown
        attempt = claim.attempt + tried_again
        renewed = replace(claim, version=_new_version(), holder=holder, attempt=attempt, unknown=False)
        return renewed if self._swap(claim, renewed) else None

    def mark_unknown(self, claim: Claim) -> None:
        """Record that an answer was lost. No-op when the claim has changed."""
        self._swap(claim, replace(claim, version=_new_version(), unknown=True))

    def release(self, claim: Claim) -> None:
        """Free the key. No-op when the claim has changed."""
        with self._alone:
            if self._claims.get(claim.key) == claim:
                del self._claims[claim.key]

    # Claims are compared whole: an equal version means that nobody touched it in between.
    def _swap(self, old: Claim, new: Claim) -> bool:
        with self._alone:
            if self._claims.get(old.key) != old:
                return False
            self._claims[old.key] = new
            return True

    # ---- the ledger

    def watermarks(self) -> dict[tuple[str, str], Watermark]:
        """By the keys of board and task, in order."""
        with self._alone:
            return dict(sorted(self._watermarks.items()))

    def set_watermark(self, watermark: Watermark) -> None:
        """Insert, or replace the watermark of the same task."""
        with self._alone:
            self._watermarks[watermark.board, watermark.task] = aware(watermark)

    def record(self, occurrences: Iterable[Occurrence], at: dt.datetime, skipped: str = "") -> int:
        """Append occurrences, leaving those already there as they are. Returns how many were new."""
        entries = aware([LedgerEntry.of(occurrence, at, skipped) for occurrence in occurrences])
        with self._alone:
            before = len(self._recorded)
            for entry in entries:
                self._recorded.setdefault(entry.occurrence.key, entry)
            return len(self._recorded) - before

    def recorded(self, board: str, tasks: Collection[str], since: dt.date) -> frozenset[OccurrenceKey]:
        """The keys of these tasks' recorded occurrences dated `since` or later."""
        with self._alone:
            return frozenset(
                key
                for key in self._recorded
                if key.board == board and key.task in tasks and key.date >= since
            )

    def entry(self, key: OccurrenceKey) -> LedgerEntry | None:
        """One occurrence with its card and events."""
        return next(iter(self._entries(lambda entry: entry.occurrence.key == key)), None)

    def latest(self, board: str, task: str, most: int) -> tuple[LedgerEntry, ...]:
        """At most `most` of a task's entries, those with the latest dates, newest first."""
        theirs = self._entries(lambda e: (e.occurrence.key.board, e.occurrence.key.task) == (board, task))
        return tuple(sorted(theirs, key=lambda entry: entry.occurrence.key, reverse=True)[:most])

    def unissued(self) -> tuple[Occurrence, ...]:
        """What waits for its card, the most urgent first."""
        owed = self._entries(lambda entry: not entry.skipped and not entry.card)
        return tuple(e.occurrence for e in owed if e.occurrence.key not in self._passed_over)

    def pass_over(self, keys: Collection[OccurrenceKey]) -> None:
        """Stop these from waiting."""
        with self._alone:
            self._passed_over.update(key for key in keys if key in self._recorded)

    def wait_again(self, keys: Collection[OccurrenceKey]) -> None:
        """Let recorded occurrences without a card wait for it again."""
        with self._alone:
            self._passed_over -= frozenset(keys)

    def confirm(self, key: OccurrenceKey, card: IssuedCard) -> bool:
        """Append the occurrence's card; False when it already has one."""
        aware(card)
        with self._alone:
            self._require_recorded([key])
            if key in self._cards:
                return False
            if any(other.id == card.id for other in self._cards.values()):
                raise StoreError(
                    f"card {card.id} cannot stand for {key}: it stands for another occurrence already"
                )
            self._cards[key] = card
            return True

    def due_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        """Entries with start <= due < end, by due, then key."""
        aware((start, end))
        return self._entries(lambda entry: start <= entry.occurrence.due < end)

    def issued_since(self, board: str, due_from: dt.datetime) -> tuple[LedgerEntry, ...]:
        """A board's entries that have a card and are due at `due_from` or later."""
        aware(due_from)
        return self._entries(
            lambda entry: (
                entry.card is not None
                and entry.occurrence.key.board == board
                and entry.occurrence.due >= due_from
            )
        )

    def with_cards(self, card_ids: Collection[str]) -> tuple[LedgerEntry, ...]:
        """The entries whose card is one of these, by due, then key."""
        wanted = frozenset(card_ids)
        return self._entries(lambda entry: entry.card is not None and entry.card.id in wanted)

    def append(self, events: Iterable[LedgerEvent], at: dt.datetime) -> int:
        """Append events, leaving out those already there. Returns how many were new."""
        new = aware(tuple(events))
        aware(at)
        with self._alone:
            self._require_recorded([event.key for event in new])
            added = 0
            for event in new:
                known = self._events.setdefault(event.key, {})
                identity = (event.kind, event.at if event.action_id is None else event.action_id)
                if identity not in known:
                    known[identity] = event
                    added += 1
            return added

    def amend(self, amendment: Amendment) -> None:
        """Append an amendment; one of the same instant takes the place of the one before."""
        aware(amendment)
        with self._alone:
            self._require_recorded([amendment.key])
            self._amendments.setdefault(amendment.key, []).append(amendment)

    def completed_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        """Entries with an event `DONE` at start <= instant < end."""
        aware((start, end))
        return self._entries(
            lambda entry: any(c.kind is EventKind.DONE and start <= c.at < end for c in entry.events)
        )

    def first_due(self) -> dt.datetime | None:
        """The earliest due of all entries."""
        return min((entry.occurrence.due for entry in self._entries(lambda _: True)), default=None)

    def _entries(self, wanted: Callable[[LedgerEntry], bool]) -> tuple[LedgerEntry, ...]:
        found = []
        with self._alone:
            for key, recorded in self._recorded.items():
                # The sort is stable: events of one instant stay in the order of their recording.
                events = sorted(self._events.get(key, {}).values(), key=lambda event: event.at)
                entry = replace(recorded, card=self._cards.get(key), events=tuple(events))
                entry = entry.amended_by(self._amendments.get(key, ()))
                if wanted(entry):
                    found.append(entry)
        return tuple(sorted(found, key=lambda entry: entry.occurrence.urgency))

    def _require_recorded(self, keys: Iterable[OccurrenceKey]) -> None:
        missing = ", ".join(str(key) for key in keys if key not in self._recorded)
        if missing:
            raise StoreError(f"the ledger does not hold {missing}; record it first")

    # ---- how far boards were read

    def read_cursors(self) -> dict[str, ReadCursor]:
        """How far each board has been read, by board key."""
        with self._alone:
            return dict(sorted(self._read_cursors.items()))

    def note_read(self, cursor: ReadCursor) -> None:
        """Set a board's read cursor."""
        with self._alone:
            self._read_cursors[cursor.board] = aware(cursor)

    def note_outage(self, outage: Outage) -> None:
        """Append an outage; one with the same board and beginning stays as it is."""
        aware(outage)
        with self._alone:
            self._outages.setdefault((outage.since, outage.board), outage)

    def outages(self, start: dt.datetime, end: dt.datetime) -> tuple[Outage, ...]:
        """Outages that overlap start <= instant < end, by beginning, then board."""
        aware((start, end))
        with self._alone:
            known = (self._outages[key] for key in sorted(self._outages))
            return tuple(outage for outage in known if outage.since < end and outage.until > start)

    def note_sight(self, sight: BoardSight) -> None:
        """Append that a board went out of sight, or came back."""
        aware(sight)
        with self._alone:
            self._board_sights.add(sight)

    def board_sights(self) -> tuple[BoardSight, ...]:
        """When boards went out of sight and came back."""
        with self._alone:
            return tuple(sorted(self._board_sights, key=sight_order))

    # ---- problems and jobs

    def note_problem(
        self,
        subject: str,
        message: str,
        at: dt.datetime,
        *,
        left_while: str = "",
        not_before: dt.datetime | None = None,
    ) -> None:
        """Begin a problem, or count it again with the new message and when to try again."""
        now = SystemProblem(subject, message, aware(at), at, 1, left_while, aware(not_before))
        with self._alone:
            if known := self._problems.get(subject):
                now = replace(now, since=known.since, count=known.count + 1, told_at=known.told_at)
            self._problems[subject] = now

    def tell_problem(self, subject: str, at: dt.datetime | None) -> bool:
        """Record when somebody was told of a problem, or with `None` that nobody was; whether that is new."""
        aware(at)
        with self._alone:
            known = self._problems.get(subject)
            if known is None or (known.told_at is None) == (at is None):
                return False
            self._problems[subject] = replace(known, told_at=at)
            return True

    def clear_problem(self, subject: str) -> None:
        """End a problem. No-op if absent."""
        with self._alone:
            self._problems.pop(subject, None)

    def problems(self) -> tuple[SystemProblem, ...]:
        """Current problems, by subject."""
        with self._alone:
            return tuple(self._problems[subject] for subject in sorted(self._problems))

    def job_done(self, name: str, at: dt.datetime) -> None:
        """Record that a job succeeded."""
        with self._alone:
            self._jobs[name] = aware(at)

    def jobs(self) -> dict[str, dt.datetime]:
        """When each job last succeeded."""
        with self._alone:
            return dict(sorted(self._jobs.items()))

    # ---- recovery

    def restore(self, rebuilt: Rebuilt, holder: str, at: dt.datetime) -> None:
        """Fill an empty store. Raises `StoreError` when it holds anything."""
        aware((rebuilt, at))
        with self._alone:
            # Anything at all: what is partly guessed is never mixed with what was seen.
            if any(held for name, held in vars(self).items() if name not in ("_alone", "_trello", "_links")):
                raise StoreError("this store holds something already")
            for binding in rebuilt.bindings:
                self.bind(binding)
            self._watermarks.update(((each.board, each.task), each) for each in rebuilt.watermarks)
            for entry in rebuilt.entries:
                self.record([entry.occurrence], entry.recorded_at, entry.skipped)
                if entry.card:
                    self.confirm(entry.occurrence.key, entry.card)
                self.append(entry.events, entry.recorded_at)
            for key in rebuilt.waiting:
                self._claims[str(key)] = Claim(str(key), _new_version(), holder, at, unknown=True)
            for cursor in rebuilt.read_cursors:
                self.note_read(cursor)
            for report in rebuilt.reports:
                self.freeze(report, ())


def _new_version() -> str:
    return uuid4().hex
