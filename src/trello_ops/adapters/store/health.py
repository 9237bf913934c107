"""How the robot fares, in SQL: read cursors, outages, problems, jobs."""

import datetime as dt
from dataclasses import asdict

from sqlalchemy import RowMapping, and_, select, update

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.workspace_tables import WorkspaceTables
from trello_ops.core.problems import SystemProblem
from trello_ops.core.sights import BoardSight, Outage, ReadCursor, sight_order
from trello_ops.messages import from_text, to_text


class SqlHealth(WorkspaceTables):
    """`ports.HealthStore`. The table of read cursors is named `sights`."""

    def read_cursors(self) -> dict[str, ReadCursor]:
        """How far each board has been read, by board key."""
        return {row["board"]: ReadCursor(**row) for row in self._all(schema.sights, "board")}

    def note_read(self, cursor: ReadCursor) -> None:
        """Set a board's read cursor."""
        self._put(schema.sights, asdict(cursor))

    def note_outage(self, outage: Outage) -> None:
        """Append an outage; one with the same board and beginning stays as it is."""
        with self._database.writing(self._workspace) as db:
            self._add(db, schema.outages, [asdict(outage)])

    def outages(self, start: dt.datetime, end: dt.datetime) -> tuple[Outage, ...]:
        """Outages that overlap start <= instant < end, by beginning, then board."""
        table = schema.outages
        overlapping = and_(table.c.since < end, table.c.until > start)
        return tuple(Outage(**row) for row in self._all(table, "since", "board", where=overlapping))

    def note_sight(self, sight: BoardSight) -> None:
        """Append that a board went out of sight, or came back; the same one stays as it is."""
        with self._database.writing(self._workspace) as db:
            self._add(db, schema.board_sights, [asdict(sight)])

    def board_sights(self) -> tuple[BoardSight, ...]:
        """When boards went out of sight and came back, by instant, board and id, coming back first."""
        rows = self._all(schema.board_sights)
        return tuple(sorted((BoardSight(**row) for row in rows), key=sight_order))

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
        problem = asdict(SystemProblem(subject, to_text(message), at, at, 1, left_while, not_before))
        # Counted by the database, as several processes may meet the same problem at once.
        now = schema.problems.c
        kept = {"subject": subject, "since": now.since, "count": now["count"] + 1, "told_at": now.told_at}
        self._put(schema.problems, problem, {**problem, **kept})

    def tell_problem(self, subject: str, at: dt.datetime | None) -> bool:
        """Record when somebody was told of a problem, or with `None` that nobody was; whether that is new."""
        table = schema.problems
        untold = table.c.told_at.is_(None) if at else table.c.told_at.is_not(None)
        statement = update(table).where(self._mine(table, subject=subject), untold).values(told_at=at)
        with self._database.writing(self._workspace) as db:
            return db.execute(statement).rowcount == 1

    def clear_problem(self, subject: str) -> None:
        """End a problem. No-op if absent."""
        this = self._mine(schema.problems, subject=subject)
        # Called after every success: reading first spares most calls the write lock, which others wait for.
        if self._rows(select(schema.problems.c.subject).where(this)):
            self._delete(schema.problems, subject=subject)

    def problems(self) -> tuple[SystemProblem, ...]:
        """Current problems, by subject."""
        rows = self._all(schema.problems, "subject")
        return tuple(map(to_problem, rows))

    def job_done(self, name: str, at: dt.datetime) -> None:
        """Record that a job succeeded."""
        self._put(schema.jobs, {"name": name, "succeeded_at": at})

    def jobs(self) -> dict[str, dt.datetime]:
        """When each job last succeeded."""
        return {row["name"]: row["succeeded_at"] for row in self._all(schema.jobs, "name")}


def to_problem(row: RowMapping) -> SystemProblem:
    """A problem from its row."""
    its = {name: value for name, value in row.items() if name != "workspace"}
    return SystemProblem(**{**its, "message": from_text(row["message"])})
