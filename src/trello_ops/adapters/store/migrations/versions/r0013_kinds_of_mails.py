"""What a mail is about, besides its week and recipient; when somebody was told of a problem."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Run by Alembic."""
    op.add_column("problems", sa.Column("told_at", sa.DateTime(timezone=True)))
    _remake("mails_owed")
    _remake("mails_sent", sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False))


def _remake(table: str, *others: sa.Column[object]) -> None:
    """Add the kind to a table's primary key, which SQLite cannot: all mails so far were of whole weeks."""
    keys = ("workspace", "week", "recipient", "kind")
    op.create_table(f"new_{table}", *(sa.Column(key, sa.Text, primary_key=True) for key in keys), *others)
    more = "".join(f", {column.name}" for column in others)
    op.execute(
        f"INSERT INTO new_{table} (workspace, week, recipient, kind{more}) "  # noqa: S608 (names of ours)
        f"SELECT workspace, week, recipient, 'whole'{more} FROM {table}"
    )
    op.drop_table(table)  # with its triggers
    op.rename_table(f"new_{table}", table)
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )
