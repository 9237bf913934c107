"""The queue's tables in the fleet's database, beside ours: their names all begin with `procrastinate_`.

One of ours belongs to them: `fleet_nodes`, what the queue's workers are called.
"""

from pathlib import Path
from typing import Final

from procrastinate.schema import SchemaManager
from sqlalchemy import Connection, text

from trello_ops.adapters.store.postgres import PostgresDatabase

_PREPARING: Final = "trello-ops queue"

# By name, a session would go on missing tables that it missed before it waited for whoever made them.
_ASKED: Final = text(
    "SELECT description FROM pg_description JOIN pg_class ON pg_class.oid = objoid"
    " WHERE relname = 'procrastinate_jobs' AND relnamespace = current_schema()::regnamespace"
    " AND objsubid = 0 AND classoid = 'pg_class'::regclass"
)

_NAMED: Final = text("SELECT to_regclass('fleet_nodes') IS NOT NULL")
_NAMES: Final = text(
    "CREATE UNLOGGED TABLE IF NOT EXISTS fleet_nodes"
    " (worker bigint PRIMARY KEY, name text NOT NULL, since timestamptz NOT NULL)"
)


def prepare(database: PostgresDatabase) -> None:
    """Make the tables, or bring them up to date. Of several nodes that start at once, one does it."""
    changes = {path.stem: path for path in Path(SchemaManager.get_migrations_path()).glob("*.sql")}
    newest = max(changes)
    with database.reading() as db:
        if _revision(db) == newest and db.scalar(_NAMED):
            return
    with database.writing(_PREPARING) as db:
        db.execute(_NAMES)
        # Its functions hold %, which is no mark of ours.
        run = db.execution_options(no_parameters=True).exec_driver_sql
        found = _revision(db)
        if found is None:
            run(SchemaManager.get_schema())
        for name in sorted(name for name in changes if found is not None and name > found):
            run(changes[name].read_text("utf-8"))
        if found is None or found < newest:
            run(f"COMMENT ON TABLE procrastinate_jobs IS '{newest}'")


def _revision(db: Connection) -> str | None:
    """The name of the last change that the tables have, which we keep as their comment."""
    found: str | None = db.scalar(_ASKED)
    return found
