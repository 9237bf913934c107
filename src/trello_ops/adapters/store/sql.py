"""`SqlStore`: the Store on an SQL database, in SQLAlchemy Core."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Select,
    Table,
    and_,
    delete,
    func,
    select,
    true,
    tuple_,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import IntegrityError

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.database import Database, open_database
from trello_ops.adapters.store.rows import (
    from_card,
    from_claim,
    from_entry,
    from_event,
    from_report,
    to_claim,
    to_entry,
    to_event,
    to_key,
    to_occurrence,
)
from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import (
    Claim,
    EventKind,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
    Outage,
    ReadCursor,
    SystemProblem,
)
from trello_ops.core.recovery.rebuild import Rebuilt
from trello_ops.core.reporting.report import Report
from trello_ops.errors import StoreError

_ANY: Final = true()

_MOST_VARIABLES: Final = 30_000
"""SQLite takes 32,766 in one statement, a few of which are other conditions."""


def open_store(url: str, workspace: str) -> "SqlStore":
    """One workspace's store in the database at an SQLAlchemy URL, made or migrated first where needed.

    The caller closes it. Raises `StoreError` when the database cannot be used, saying what to do.
    """
    return SqlStore(open_database(url), workspace)


class SqlStore:
    """`ports.Store`, for any number of threads and processes at once."""

    def __init__(self, database: Database, workspace: str) -> None:
        self._database = database
        self._workspace = workspace

    def close(self) -> None:
        self._database.close()

    # ---- bindings

    def bindings(self, board: str = "") -> Bindings:
        table = schema.bindings
        # Every kind is named so that the primary key, which begins with it, finds a board's rows.
        wanted = and_(table.c.kind.in_(list(Kind)), table.c.board == board) if board else _ANY
        rows = self._all(table, "kind", "board", "key", where=wanted)
        return Bindings.of(Binding(**{**row, "kind": Kind(row["kind"])}) for row in rows)

    def bind(self, binding: Binding) -> None:
        self._put(schema.bindings, asdict(binding))

    def unbind(self, kind: Kind, board: str, key: str = "") -> None:
        self._delete(schema.bindings, kind=kind, board=board, key=key)

    # ---- claims

    def claim(self, key: str, holder: str, at: dt.datetime) -> Claim | None:
        claim = Claim(key, _new_version(), holder, attempted_at=at)
        with self._database.writing() as db:
            return claim if self._add(db, schema.claims, [from_claim(claim)]) else None

    def claims(self) -> tuple[Claim, ...]:
        return tuple(to_claim(row) for row in self._all(schema.claims, "attempted_at", "key"))

    def renew(self, claim: Claim, holder: str) -> Claim | None:
        tried_again = holder != claim.holder or claim.unknown
        attempt = claim.attempt + tried_again
        renewed = replace(claim, version=_new_version(), holder=holder, attempt=attempt, unknown=False)
        return renewed if self._swap(claim, renewed) else None

    def mark_unknown(self, claim: Claim) -> None:
        self._swap(claim, replace(claim, version=_new_version(), unknown=True))

    def release(self, claim: Claim) -> None:
        self._delete(schema.claims, key=claim.key, token=claim.version)

    def _swap(self, old: Claim, new: Claim) -> bool:
        """Put `new` in the place of `old`; False when `old` is there no more, which its version tells."""
        this = self._mine(schema.claims, key=old.key, token=old.version)
        with self._database.writing() as db:
            return db.execute(update(schema.claims).where(this).values(from_claim(new))).rowcount == 1

    # ---- the ledger

    def record(self, occurrences: Iterable[Occurrence], at: dt.datetime, skipped: str = "") -> int:
        rows = [from_entry(LedgerEntry(occurrence, at, skipped)) for occurrence in occurrences]
        if not rows:  # most passes find nothing new, and a writing transaction keeps others waiting
            return 0
        with self._database.writing() as db:
            return self._add(db, schema.occurrences, rows)

    def recorded(self, board: str, tasks: Collection[str], since: dt.date) -> frozenset[OccurrenceKey]:
        of_board, task = self._mine(schema.occurrences, board=board), schema.occurrences.c.task
        rows = self._rows(select(task, _date).where(of_board, task.in_(tasks), _date >= since))
        return frozenset(OccurrenceKey(board, row["task"], row["date"]) for row in rows)

    def entry(self, key: OccurrenceKey) -> LedgerEntry | None:
        return next(iter(self._entries(self._mine(schema.occurrences, **asdict(key)))), None)

    def latest(self, board: str, task: str, most: int) -> tuple[LedgerEntry, ...]:
        this = self._mine(schema.occurrences, board=board, task=task)
        newest_first = select(_date).where(this).order_by(_date.desc()).limit(most)
        entries = self._entries(this, _date.in_(newest_first))
        return tuple(sorted(entries, key=lambda entry: entry.occurrence.key, reverse=True))

    def unissued(self) -> tuple[Occurrence, ...]:
        this = and_(self._mine(schema.occurrences), self._among(schema.unissued))
        rows = self._rows(select(schema.occurrences).where(this))
        return tuple(sorted(map(to_occurrence, rows), key=lambda occurrence: occurrence.urgency))

    def pass_over(self, keys: Collection[OccurrenceKey]) -> None:
        if keys:
            with self._database.writing() as db:
                for key in keys:
                    db.execute(delete(schema.unissued).where(self._mine(schema.unissued, **asdict(key))))

    def confirm(self, key: OccurrenceKey, card: IssuedCard) -> bool:
        with self._database.writing() as db, _only_recorded([key]):
            new = self._add(db, schema.cards, [from_card(key, card)]) == 1
            if not new and not self._has_card(db, key):
                raise StoreError(
                    f"card {card.id} cannot stand for {key}: it stands for another occurrence already; "
                    "on Trello, look which of the two its description names"
                )
            return new

    def due_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        return self._entries(_due >= start, _due < end)

    def issued_since(self, board: str, due_from: dt.datetime) -> tuple[LedgerEntry, ...]:
        return self._entries(schema.occurrences.c.board == board, _due >= due_from, _card_id.is_not(None))

    def with_cards(self, card_ids: Collection[str]) -> tuple[LedgerEntry, ...]:
        ids, entries = sorted(set(card_ids)), list[LedgerEntry]()
        for first in range(0, len(ids), _MOST_VARIABLES):
            some = _card_id.in_(ids[first : first + _MOST_VARIABLES])
            entries += self._entries(self._among(schema.cards, some))
        return _by_due(entries)

    def append(self, events: Iterable[LedgerEvent], at: dt.datetime) -> int:
        new = tuple(events)
        rows = [{**from_event(event), "recorded_at": at} for event in new]
        with self._database.writing() as db, _only_recorded([event.key for event in new]):
            return self._add(db, schema.completions, rows)

    def completed_between(self, start: dt.datetime, end: dt.datetime) -> tuple[LedgerEntry, ...]:
        done, at = schema.completions.c.fact == EventKind.DONE, schema.completions.c.at
        return self._entries(self._among(schema.completions, done, at >= start, at < end))

    def first_due(self) -> dt.datetime | None:
        earliest = select(func.min(_due).label("due")).where(self._mine(schema.occurrences))
        first: dt.datetime | None = self._rows(earliest)[0]["due"]
        return first

    def _entries(self, *conditions: ColumnElement[bool]) -> tuple[LedgerEntry, ...]:
        """The entries that meet conditions on `occurrences` and `cards`, in two queries however many."""
        these = (self._mine(schema.occurrences), *conditions)
        with self._database.reading() as db:
            entries = db.execute(_ENTRIES.where(*these)).mappings().all()
            events = db.execute(_EVENTS.where(*these)).mappings().all()
        by_key: dict[OccurrenceKey, list[LedgerEvent]] = {}
        for row in events:
            by_key.setdefault(to_key(row), []).append(to_event(row))
        return _by_due(to_entry(row, by_key.get(to_key(row), ())) for row in entries)

    def _among(self, table: Table, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
        """That an occurrence has rows like these in another table, which are looked up first."""
        keys = select(*_key(table)).where(self._mine(table), *conditions)
        return tuple_(*_key(schema.occurrences)).in_(keys)

    def _has_card(self, db: Connection, key: OccurrenceKey) -> bool:
        return db.scalar(select(_card_id).where(self._mine(schema.cards, **asdict(key)))) is not None

    # ---- how far boards were read

    def read_cursors(self) -> dict[str, ReadCursor]:
        return {row["board"]: ReadCursor(**row) for row in self._all(schema.sights, "board")}

    def note_read(self, cursor: ReadCursor) -> None:
        self._put(schema.sights, asdict(cursor))

    def note_outage(self, outage: Outage) -> None:
        with self._database.writing() as db:
            self._add(db, schema.outages, [asdict(outage)])

    def outages(self, start: dt.datetime, end: dt.datetime) -> tuple[Outage, ...]:
        table = schema.outages
        touching = and_(self._mine(table), table.c.since < end, table.c.until > start)
        columns = (table.c.board, table.c.since, table.c.until)
        rows = self._rows(select(*columns).where(touching).order_by(table.c.since, table.c.board))
        return tuple(Outage(**row) for row in rows)

    # ---- reports and mail

    def freeze(self, report: Report, recipients: Collection[str]) -> bool:
        owed = [{"week": str(report.week), "recipient": recipient} for recipient in recipients]
        with self._database.writing() as db:
            new = self._add(db, schema.reports, [from_report(report)]) == 1
            if new:
                self._add(db, schema.mails_owed, owed)
            return new

    def frozen(self, week: IsoWeek) -> Report | None:
        rows = self._rows(select(schema.reports).where(self._mine(schema.reports, week=str(week))))
        return Report.from_dict(rows[0]["report"]) if rows else None

    def frozen_weeks(self) -> tuple[IsoWeek, ...]:
        rows = self._rows(select(schema.reports.c.week).where(self._mine(schema.reports)))
        return tuple(sorted(IsoWeek.parse(row["week"]) for row in rows))

    def unsent(self) -> tuple[tuple[IsoWeek, str], ...]:
        rows = self._rows(_UNSENT.where(self._mine(schema.mails_owed)))
        return tuple(sorted((IsoWeek.parse(row["week"]), row["recipient"]) for row in rows))

    def mails(self, week: IsoWeek) -> dict[str, dt.datetime | None]:
        rows = self._rows(_MAILS.where(self._mine(schema.mails_owed, week=str(week))))
        return {row["recipient"]: row["sent_at"] for row in rows}

    def sent(self, week: IsoWeek, recipient: str, at: dt.datetime) -> None:
        with self._database.writing() as db:
            self._add(db, schema.mails_sent, [{"week": str(week), "recipient": recipient, "sent_at": at}])

    # ---- how the robot fares

    def note_problem(self, subject: str, message: str, at: dt.datetime) -> None:
        problem = SystemProblem(subject, message, since=at, last_seen=at)
        again = {"message": message, "last_seen": at, "count": schema.problems.c["count"] + 1}
        self._put(schema.problems, asdict(problem), again)

    def clear_problem(self, subject: str) -> None:
        this = self._mine(schema.problems, subject=subject)
        if self._rows(
            select(schema.problems.c.subject).where(this)
        ):  # mostly not: then nobody is kept waiting
            self._delete(schema.problems, subject=subject)

    def problems(self) -> tuple[SystemProblem, ...]:
        return tuple(SystemProblem(**row) for row in self._all(schema.problems, "subject"))

    def job_done(self, name: str, at: dt.datetime) -> None:
        self._put(schema.jobs, {"name": name, "succeeded_at": at})

    def jobs(self) -> dict[str, dt.datetime]:
        return {row["name"]: row["succeeded_at"] for row in self._all(schema.jobs, "name")}

    # ---- from the beginning

    def restore(self, rebuilt: Rebuilt, holder: str, at: dt.datetime) -> None:
        issued = [(e.occurrence.key, e.card, e.recorded_at) for e in rebuilt.entries if e.card]
        completed = [(c, e.recorded_at) for e in rebuilt.entries for c in e.events]
        waiting = (Claim(str(key), _new_version(), holder, at, unknown=True) for key in rebuilt.waiting)
        rows: dict[Table, list[Mapping[str, object]]] = {
            schema.bindings: [asdict(binding) for binding in rebuilt.bindings],
            schema.occurrences: [from_entry(entry) for entry in rebuilt.entries],
            schema.cards: [from_card(key, card) for key, card, _ in issued],
            schema.completions: [{**from_event(c), "recorded_at": then} for c, then in completed],
            schema.claims: [from_claim(claim) for claim in waiting],
            schema.sights: [asdict(cursor) for cursor in rebuilt.read_cursors],
            schema.reports: [from_report(report) for report in rebuilt.reports],
        }
        with self._database.writing() as db:
            self._require_empty(db)
            for table, its_rows in rows.items():
                self._add(db, table, its_rows)

    def _require_empty(self, db: Connection) -> None:
        for table in schema.metadata.sorted_tables:
            if db.scalar(select(table.c.workspace).where(self._mine(table)).limit(1)) is not None:
                raise StoreError(
                    f"the store holds {table.name} of {self._workspace} already; nothing was changed. To"
                    " start from nothing, stop every trello-ops and move the database file away first"
                )

    # ---- this workspace's rows

    def _mine(self, table: Table, **equal: object) -> ColumnElement[bool]:
        wanted = {"workspace": self._workspace, **equal}
        return and_(*(table.c[name] == value for name, value in wanted.items()))

    def _rows(self, statement: Select[Any]) -> Sequence[RowMapping]:
        with self._database.reading() as db:
            return db.execute(statement).mappings().all()

    def _all(self, table: Table, *order: str, where: ColumnElement[bool] = _ANY) -> Sequence[RowMapping]:
        """Every row, or those `where` something holds, without the workspace."""
        columns = [column for column in table.c if column.name != "workspace"]
        return self._rows(
            select(*columns).where(self._mine(table), where).order_by(*(table.c[name] for name in order))
        )

    def _add(self, db: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> int:
        """Insert the rows that break no unique key, and count them; the others change nothing."""
        if not rows:
            return 0
        statement = insert(table).on_conflict_do_nothing().returning(table.c.workspace)
        return len(db.execute(statement, [{"workspace": self._workspace, **row} for row in rows]).all())

    def _put(
        self, table: Table, row: Mapping[str, object], again: Mapping[str, object] | None = None
    ) -> None:
        """Insert a row; one with its primary key is changed instead, as `again` says or else wholly."""
        statement = insert(table).values({"workspace": self._workspace, **row})
        wholly = {
            column.name: statement.excluded[column.name] for column in table.c if not column.primary_key
        }
        with self._database.writing() as db:
            db.execute(
                statement.on_conflict_do_update(index_elements=list(table.primary_key), set_=again or wholly)
            )

    def _delete(self, table: Table, **equal: object) -> None:
        with self._database.writing() as db:
            db.execute(delete(table).where(self._mine(table, **equal)))


# ---- statements


def _key(table: Table) -> tuple[ColumnElement[Any], ...]:
    return table.c.board, table.c.task, table.c.date


def _same(table: Table, other: Table, *names: str) -> ColumnElement[bool]:
    return and_(*(table.c[name] == other.c[name] for name in ("workspace", *names)))


def _of_occurrences(table: Table) -> ColumnElement[bool]:
    return _same(table, schema.occurrences, "board", "task", "date")


_date, _due = schema.occurrences.c.date, schema.occurrences.c.due
_card_id = schema.cards.c.card_id

_LEDGER: Final = schema.occurrences.outerjoin(schema.cards, _of_occurrences(schema.cards))
_ENTRIES: Final = select(
    schema.occurrences,
    _card_id,
    schema.cards.c.url,
    schema.cards.c.created_at,
    schema.cards.c.confirmed_at,
).select_from(_LEDGER)
_EVENTS: Final = (
    select(schema.completions)
    .select_from(_LEDGER.join(schema.completions, _of_occurrences(schema.completions)))
    .order_by(schema.completions.c.at, schema.completions.c.id)
)
_MAILS: Final = (
    select(schema.mails_owed, schema.mails_sent.c.sent_at)
    .outerjoin(schema.mails_sent, _same(schema.mails_sent, schema.mails_owed, "week", "recipient"))
    .order_by(schema.mails_owed.c.recipient)
)
_UNSENT: Final = _MAILS.where(schema.mails_sent.c.week.is_(None))


@contextmanager
def _only_recorded(keys: Sequence[OccurrenceKey]) -> Iterator[None]:
    """Say which occurrences are not all there when the database refuses rows that refer to them."""
    try:
        yield
    except IntegrityError as error:
        named = ", ".join(sorted({str(key) for key in keys})[:5])
        raise StoreError(
            f"the ledger does not hold every one of these occurrences: {named}; record them first"
        ) from error


def _new_version() -> str:
    return uuid4().hex


def _by_due(entries: Iterable[LedgerEntry]) -> tuple[LedgerEntry, ...]:
    return tuple(sorted(entries, key=lambda entry: entry.occurrence.urgency))
