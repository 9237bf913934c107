"""The first tables, and the triggers that make the ledger append-only."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_OCCURRENCE = ("workspace", "board", "task", "date")


def upgrade() -> None:
    """Run by Alembic."""
    _what_changes()
    _ledger()
    for table in ("occurrences", "cards", "completions", "reports", "mails_owed", "mails_sent"):
        _append_only(table)


def _text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, nullable=False)


def _key(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text, primary_key=True)


def _instant(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _of_an_occurrence() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(_OCCURRENCE, [f"occurrences.{name}" for name in _OCCURRENCE])


def _what_changes() -> None:
    op.create_table(
        "bindings",
        *map(_key, ("workspace", "kind", "board", "key")),
        _text("trello_id"),
        _instant("bound_at"),
        _text("fingerprint"),
        _text("url"),
    )
    op.create_table(
        "claims",
        *map(_key, ("workspace", "key")),
        _text("token"),
        _text("holder"),
        _instant("attempted_at"),
        sa.Column("attempt", sa.Integer, nullable=False),
        sa.Column("unknown", sa.Boolean, nullable=False),
    )
    op.create_table(
        "sights",
        *map(_key, ("workspace", "board")),
        _instant("read_at"),
        _instant("last_action_at", nullable=True),
    )
    op.create_table(
        "problems",
        *map(_key, ("workspace", "subject")),
        _text("message"),
        _instant("since"),
        _instant("last_seen"),
        sa.Column("count", sa.Integer, nullable=False),
    )
    op.create_table("jobs", *map(_key, ("workspace", "name")), _instant("succeeded_at"))


def _ledger() -> None:
    op.create_table(
        "occurrences",
        *map(_key, ("workspace", "board", "task")),
        sa.Column("date", sa.Date, primary_key=True),
        *map(_text, ("board_title", "title", "theme", "theme_title")),
        sa.Column("assignees", sa.JSON, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        _instant("release"),
        _instant("due"),
        sa.Column("sequence", sa.Integer, nullable=False),
        _text("skipped"),
        _instant("recorded_at"),
        sa.Index("occurrences_by_due", "workspace", "due"),
    )
    op.create_table(
        "cards",
        *map(_key, ("workspace", "board", "task")),
        sa.Column("date", sa.Date, primary_key=True),
        _text("card_id"),
        _text("url"),
        _instant("created_at"),
        _instant("confirmed_at"),
        _of_an_occurrence(),
        sa.Index("cards_by_id", "workspace", "card_id", unique=True),
    )
    _completions()
    op.create_table(
        "reports",
        *map(_key, ("workspace", "week")),
        sa.Column("report", sa.JSON, nullable=False),
    )
    op.create_table("mails_owed", *map(_key, ("workspace", "week", "recipient")))
    op.create_table("mails_sent", *map(_key, ("workspace", "week", "recipient")), _instant("sent_at"))


def _completions() -> None:
    op.create_table(
        "completions",
        sa.Column("id", sa.Integer, primary_key=True),
        *map(_text, ("workspace", "board", "task")),
        sa.Column("date", sa.Date, nullable=False),
        _text("fact"),
        _instant("at"),
        _text("seen"),
        *(sa.Column(name, sa.Text) for name in ("by_id", "by_username", "by_name", "action_id")),
        _instant("recorded_at"),
        _of_an_occurrence(),
        sa.Index("completions_by_occurrence", *_OCCURRENCE),
        sa.Index("completions_by_instant", "workspace", "fact", "at"),
    )
    _unique_where("completions_of_an_action", "action_id", "action_id IS NOT NULL")
    _unique_where("completions_of_a_state", "at", "action_id IS NULL")


def _unique_where(name: str, column: str, condition: str) -> None:
    columns = [*_OCCURRENCE, "fact", column]
    op.create_index(name, "completions", columns, unique=True, sqlite_where=sa.text(condition))


def _append_only(table: str) -> None:
    """Refuse updates and deletions in the database itself, so that not even a bug rewrites the ledger."""
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
