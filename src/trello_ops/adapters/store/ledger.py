"""The ledger in SQL: occurrences, their cards, what happened to those, and how they were amended."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, and_, delete, select, tuple_
from sqlalchemy.exc import IntegrityError

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.rows import (
    from_amendment,
    from_card,
    from_entry,
    from_event,
    to_amendment,
    to_entry,
    to_event,
    to_key,
    to_occurrence,
)
from trello_ops.adapters.store.workspace_tables import WorkspaceTables, same
from trello_ops.core.bindings import Watermark
from trello_ops.core.ledger import (
    Amendment,
    EventKind,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.errors import StoreError
from trello_ops.messages import say

_MOST_VARIABLES: Final = 30_000
"""SQLite takes 32,766 in one statement, a few of which are other conditions."""


def _key(table: Table) -> tuple[ColumnElement[Any], ...]:
    return table.c.board, table.c.task, table.c.date


def _of_occurrences(table: Table) -> ColumnElement[bool]:
    return same(table, schema.occurrences, "board", "task", "date")


_date, _due = schema.occurrences.c.date, schema.occurrences.c.due
_card_id = schema.cards.c.card_id

_LEDGER: Final = schema.occurrences.outerjoin(schema.cards, _of_occurrences(schema.cards))
_ENTRIES: Final = select(
    schema.occurrences,
    _card_id,
    schema.cards.c.url,
    schema.cards.c.created_at,
    schema.cards.c.confirmed_at,
    schema.cards.c.given,
).select_from(_LEDGER)
_EVENTS: Final = (
    select(schema.completions)
    .select_from(_LEDGER.join(schema.completions, _of_occurrences(schema.completions)))
    .order_by(schema.completions.c.at, schema.completions.c.id)
)
_AMENDMENTS: Final = (
    select(schema.amendments)
    .select_from(_LEDGER.join(schema.amendments, _of_occurrences(schema.amendments)))
    .order_by(schema.amendments.c.id)
)


class SqlLedger(WorkspaceTables):
    """`ports.LedgerStore`. Events are kept in the table `completions`."""

    def watermarks(self) -> dict[tuple[str, str], Watermark]:
        """By the keys of board and task, in order."""
        rows = self._all(schema.watermarks, "board", "task")
        return {(row["board"], row["task"]): Watermark(**row) for row in rows}

    def set_watermark(self, watermark: Watermark) -> None:
        """Insert, or replace the watermark of the same task."""
        self._put(schema.watermarks, asdict(watermark))

    def record(self, occurrences: Iterable[Occurrence], at: dt.datetime, skipped: str = "") -> int:
        """Append occurrences, leaving those already there as they are. Returns how many were new."""
        rows = [from_entry(LedgerEntry.of(occurrence, at, skipped)) for occurrence in occurrences]
        if not rows:  # most passes find nothing new: spare them the write lock, which others wait for
            return 0
        with self._database.writing(self._workspace) as db:
            return self._add(db, schema.occurrences, rows)

    def recorded(self, board: str, tasks: Collection[str], since: dt.date) -> frozenset[OccurrenceKey]:
        """The keys of these tasks' recorded occurrences dated `since` or later."""
        of_board, task = self._mine(schema.occurrences, board=board), schema.occurrences.c.task
        rows = self._rows(select(task, _date).where(of_board, task.in_(tasks), _date >= since))
        return frozenset(OccurrenceKey(board, row["task"], row["date"]) for row in rows)

    def entry(self, key: OccurrenceKey) -> LedgerEntry | None:
        """One occurrence with its card and events."""
        return next(iter(self._entries(self._mine(schema.occurrences, **asdict(key)))), None)

    def latest(self, board: str, task: str, most: int) -> tuple[LedgerEntry, ...]:
        """At most `most` of a task's entries, those with the latest dates, newest first."""
        this = self._mine(schema.occurrences, board=board, task=task)
        newest_first = select(_date).where(this).order_by(_date.desc()).limit(most)
        entries = self._entries(this, _date.in_(newest_first))
        return tuple(sorted(entries, key=lambda entry: entry.occurrence.key, reverse=True))

    def unissued(self) -> tuple[Occurrence, ...]:
        """What waits for its card, the most urgent first."""
        this = and_(self._mine(schema.occurrences), self._among(schema.unissued))
        rows = self._rows(select(schema.occurrences).where(this))
        return tuple(sorted(map(to_occurrence, rows), key=lambda occurrence: occurrence.urgency))

    def pass_over(self, keys: Collection[OccurrenceKey]) -> None:
        """Stop these from waiting."""
        if keys:
            with self._database.writing(self._workspace) as db:
                for key in keys:
                    db.execute(delete(schema.unissued).where(self._mine(schema.unissued, **asdict(key))))

    def wait_again(self, keys: Collection[OccurrenceKey]) -> None:
        """Let recorded occurrences without a card wait for it again."""
        with self._database.writing(self._workspace) as db:
            for key in keys:
                has_card = select(_card_id).where(self._mine(schema.cards, **asdict(key)))
                known = select(_date).where(self._mine(schema.occurrences, **asdict(key), skipped=""))
                if db.scalar(has_card) is None and db.scalar(known) is not None:
                    self._add(db, schema.unissued, [asdict(key)])

    def confirm(self, key: OccurrenceKey, card: IssuedCard) -> bool:
        """Append the occurrence's card; False when it already has one."""
        with self._database.writing(self._workspace) as db, _only_recorded([key]):
            new = self._add(db, schema.cards, [from_card(key, card)]) == 1
            its_card = select(_card_id).where(self._mine(schema.cards, **asdict(key)))
            if not new and db.scalar(its_card) is None:
                raise StoreError(
                    say(
                        "card %(card)s cannot stand for %(key)s: it stands for another occurrence already; on"
                        " Trello, look which of the two its description names",
                        card=card.id,
                        key=str(key),
                    )
                )
            return new

    def due_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        """Entries with start <= due < end, by due, then key."""
        return self._by_effective_due(
            lambda due: start <= due < end, lambda due: and_(due >= start, due < end)
        )

    def issued_since(self, board: str, due_from: dt.datetime) -> tuple[LedgerEntry, ...]:
        """A board's entries that have a card and are due at `due_from` or later."""
        issued = schema.occurrences.c.board == board, _card_id.is_not(None)
        return self._by_effective_due(lambda due: due >= due_from, lambda due: due >= due_from, *issued)

    def with_cards(self, card_ids: Collection[str]) -> tuple[LedgerEntry, ...]:
        """The entries whose card is one of these, by due, then key."""
        ids, entries = sorted(set(card_ids)), list[LedgerEntry]()
        for first in range(0, len(ids), _MOST_VARIABLES):
            some = _card_id.in_(ids[first : first + _MOST_VARIABLES])
            entries += self._entries(self._among(schema.cards, some))
        return _by_due(entries)

    def append(self, events: Iterable[LedgerEvent], at: dt.datetime) -> int:
        """Append events, leaving out those already there. Returns how many were new."""
        new = tuple(events)
        rows = [{**from_event(event), "recorded_at": at} for event in new]
        if not rows:  # most passes see nothing new
            return 0
        with self._database.writing(self._workspace) as db, _only_recorded([event.key for event in new]):
            return self._add(db, schema.completions, rows)

    def completed_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        """Entries with an event `DONE` at start <= instant < end."""
        done, at = schema.completions.c.fact == EventKind.DONE, schema.completions.c.at
        return self._entries(self._among(schema.completions, done, at >= start, at < end))

    def first_due(self) -> dt.datetime | None:
        """The earliest due of all entries."""
        not_amended = self._mine(schema.occurrences), ~self._among(schema.amendments)
        first = self._rows(select(_due).where(*not_amended).order_by(_due).limit(1))
        amended = {to_key(row): row["due"] for row in self._all(schema.amendments, "id")}
        return min([*amended.values(), *(row["due"] for row in first)], default=None)

    def amend(self, amendment: Amendment) -> None:
        """Append an amendment; one of the same instant takes the place of the one before."""
        with self._database.writing(self._workspace) as db, _only_recorded([amendment.key]):
            self._add(db, schema.amendments, [from_amendment(amendment)])

    def _by_effective_due(
        self,
        fits: Callable[[dt.datetime], bool],
        condition: Callable[[ColumnElement[dt.datetime]], ColumnElement[bool]],
        *others: ColumnElement[bool],
    ) -> tuple[LedgerEntry, ...]:
        """The entries whose due fits, as recorded or as amended."""
        # Two searches, so that each goes by an index; few entries are ever amended.
        amended = self._among(schema.amendments, condition(schema.amendments.c.due))
        found = (*self._entries(condition(_due), *others), *self._entries(amended, *others))
        by_key = {entry.occurrence.key: entry for entry in found}
        return _by_due(entry for entry in by_key.values() if fits(entry.occurrence.due))

    def _entries(self, *conditions: ColumnElement[bool]) -> tuple[LedgerEntry, ...]:
        """The entries that meet conditions on `occurrences` and `cards`, in three queries however many."""
        these = (self._mine(schema.occurrences), *conditions)
        # One transaction: cards and events are of the same moment, whoever writes in between.
        with self._database.reading() as db:
            entries = db.execute(_ENTRIES.where(*these)).mappings().all()
            events = db.execute(_EVENTS.where(*these)).mappings().all()
            amendments = db.execute(_AMENDMENTS.where(*these)).mappings().all()
        by_key: dict[OccurrenceKey, list[LedgerEvent]] = {}
        for row in events:
            by_key.setdefault(to_key(row), []).append(to_event(row))
        amended: dict[OccurrenceKey, list[Amendment]] = {}
        for row in amendments:
            amended.setdefault(to_key(row), []).append(to_amendment(row))
        return _by_due(
            to_entry(row, by_key.get(to_key(row), ())).amended_by(amended.get(to_key(row), ()))
            for row in entries
        )

    def _among(self, table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """That an occurrence has rows like these in another table, which are looked up first."""
        keys = select(*_key(table)).where(self._mine(table), *conditions)
        return tuple_(*_key(schema.occurrences)).in_(keys)


@contextmanager
def _only_recorded(keys: Sequence[OccurrenceKey]) -> Iterator[None]:
    """Name the occurrences when the database refuses rows because one of them is not recorded."""
    try:
        yield
    except IntegrityError as error:
        named = ", ".join(sorted({str(key) for key in keys})[:5])
        raise StoreError(
            say(
                "the ledger does not hold every one of these occurrences: %(named)s; record them first",
                named=named,
            )
        ) from error


def _by_due(entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.occurrence.urgency))
