"""`SqlStore`: the Store on an SQL database, put together from one part per noun."""

import datetime as dt
from collections.abc import Mapping
from contextlib import closing
from dataclasses import asdict

from sqlalchemy import Table, select

from trello_ops.adapters.store import schema, trace
from trello_ops.adapters.store.bindings import SqlBindings
from trello_ops.adapters.store.claims import SqlClaims
from trello_ops.adapters.store.database import Database, parsed
from trello_ops.adapters.store.declarations import SqlDeclarations
from trello_ops.adapters.store.health import SqlHealth
from trello_ops.adapters.store.ledger import SqlLedger
from trello_ops.adapters.store.links import SqlLinks
from trello_ops.adapters.store.reports import SqlReports
from trello_ops.adapters.store.row_items import SqlRowItems
from trello_ops.adapters.store.rows import from_card, from_claim, from_entry, from_event, from_report
from trello_ops.adapters.store.sqlite import file_of, open_file
from trello_ops.adapters.store.workspace_tables import new_version
from trello_ops.core.claims import Claim
from trello_ops.core.recovery.rebuild import Rebuilt
from trello_ops.errors import StoreError
from trello_ops.messages import say


def open_store(url: str, workspace: str, *, new: bool = False) -> "SqlStore":
    """One workspace's store in the database at an SQLAlchemy URL, made or migrated first where needed.

    Where there was one, another is made with `new` alone. The caller closes it. Raises `StoreError` when the
    database cannot be used, saying what to do.
    """
    return SqlStore(open_database(url, new=new), workspace)


def open_database(url: str, *, new: bool = False) -> Database:
    """The database at an SQLAlchemy URL, for the stores of any number of workspaces. Raises `StoreError`.

    Where there was a file, another is made with `new` alone.
    """
    if _is_file(url):
        return open_file(url, new=new)
    # Imported where it is used: one machine alone needs nothing of it.
    from trello_ops.adapters.store import postgres

    return postgres.open_server(url)


def is_there(url: str) -> bool:
    """Whether there is a database at an SQLAlchemy URL, with a store in it. Raises `StoreError`."""
    if _is_file(url):
        return trace.is_there(file_of(url))
    from trello_ops.adapters.store import postgres

    return postgres.has_tables(url)


def is_gone(url: str) -> bool:
    """Whether there was a database at an SQLAlchemy URL, and is none any more."""
    # A server's database does not vanish by a slip of the hand.
    return _is_file(url) and trace.is_gone(file_of(url))


def _is_file(url: str) -> bool:
    return parsed(url).get_backend_name() == "sqlite"


def workspaces(url: str) -> tuple[str, ...]:
    """The keys of the workspaces that a database has a declaration of. Raises `StoreError`."""
    with closing(open_database(url)) as database, database.reading() as db:
        found = db.scalars(select(schema.declarations.c.workspace).distinct()).all()
    return tuple(sorted(found))


class SqlStore(
    SqlBindings, SqlClaims, SqlDeclarations, SqlLedger, SqlRowItems, SqlReports, SqlLinks, SqlHealth
):
    """`ports.Store`, for any number of threads and processes at once."""

    @property
    def name(self) -> str:
        """The path of its file."""
        return self._database.name

    def close(self) -> None:
        """Close every connection. Closing twice is fine."""
        self._database.close()

    def restore(self, rebuilt: Rebuilt, holder: str, at: dt.datetime) -> None:
        """Fill an empty store, all or nothing. Raises `StoreError` when it holds anything."""
        issued = [(e.occurrence.key, e.card, e.recorded_at) for e in rebuilt.entries if e.card]
        completed = [(c, e.recorded_at) for e in rebuilt.entries for c in e.events]
        waiting = (Claim(str(key), new_version(), holder, at, unknown=True) for key in rebuilt.waiting)
        rows: dict[Table, list[Mapping[str, object]]] = {
            schema.bindings: [asdict(binding) for binding in rebuilt.bindings],
            schema.watermarks: [asdict(watermark) for watermark in rebuilt.watermarks],
            schema.occurrences: [from_entry(entry) for entry in rebuilt.entries],
            schema.cards: [from_card(key, card) for key, card, _ in issued],
            schema.completions: [{**from_event(c), "recorded_at": then} for c, then in completed],
            schema.claims: [from_claim(claim) for claim in waiting],
            schema.sights: [asdict(cursor) for cursor in rebuilt.read_cursors],
            schema.reports: [from_report(report) for report in rebuilt.reports],
        }
        with self._database.writing(self._workspace) as db:
            # Which Trello the store belongs to may be known before anything else, and so may links.
            before = (schema.trellos, schema.links)
            for table in (each for each in schema.metadata.sorted_tables if each not in before):
                if db.scalar(select(table.c.workspace).where(self._mine(table)).limit(1)) is not None:
                    raise StoreError(
                        say(
                            "the store holds %(table)s of %(workspace)s already; nothing was changed. To"
                            " start from nothing, stop every trello-ops and move the database file away"
                            " first",
                            table=table.name,
                            workspace=self._workspace,
                        )
                    )
            for table, its_rows in rows.items():
                self._add(db, table, its_rows)
