"""The tables in a PostgreSQL database that has none yet, and what guards them there.

SQLite's grew by migrations; here they are made at the newest revision, and migrated from then on.
"""

from typing import Final

from sqlalchemy import Connection, text

from trello_ops.adapters.store import fleet_tables, migrate, schema

_APPEND_ONLY: Final = """
CREATE FUNCTION trello_ops_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END $$
"""

_WAITS: Final = """
CREATE FUNCTION trello_ops_waits() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unissued SELECT workspace, board, task, date FROM added WHERE skipped = '';
    RETURN NULL;
END $$
"""

_ENDS_WAITING: Final = """
CREATE FUNCTION trello_ops_ends_waiting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM unissued USING added WHERE (unissued.workspace, unissued.board, unissued.task, unissued.date)
        = (added.workspace, added.board, added.task, added.date);
    RETURN NULL;
END $$
"""

# For each statement, not each row: a store that is copied comes in thousands of rows.
_TRIGGERS: Final = (
    (
        "CREATE TRIGGER occurrences_wait AFTER INSERT ON occurrences REFERENCING NEW TABLE AS added"
        " EXECUTE FUNCTION trello_ops_waits()"
    ),
    (
        "CREATE TRIGGER cards_end_waiting AFTER INSERT ON cards REFERENCING NEW TABLE AS added"
        " EXECUTE FUNCTION trello_ops_ends_waiting()"
    ),
)

_LARGE: Final = ("occurrences", "cards", "completions")


def make(connection: Connection) -> None:
    """Make every table, all or nothing."""
    schema.metadata.create_all(connection)
    for statement in (_APPEND_ONLY, _WAITS, _ENDS_WAITING, *_TRIGGERS):
        connection.execute(text(statement))
    for table in (*schema.LEDGER, schema.declarations):
        connection.execute(
            text(
                f"CREATE TRIGGER {table.name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table.name}"
                " EXECUTE FUNCTION trello_ops_append_only()"
            )
        )
    for name in _LARGE:
        # Rows are only added: by the usual share, a large table would go unvisited for months.
        connection.execute(text(f"ALTER TABLE {name} SET (autovacuum_vacuum_insert_scale_factor = 0.02)"))
    fleet_tables.make(connection)
    migrate.stamp(connection)
