"""What each card was given, and the amendments by which it follows edited files."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

_OCCURRENCE = ("workspace", "board", "task", "date")


def upgrade() -> None:
    """Run by Alembic."""
    instant = sa.DateTime(timezone=True)
    # Nobody knows what older cards were given: they stay as they are.
    op.add_column("cards", sa.Column("given", sa.Text))
    op.create_table(
        "amendments",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("workspace", "board", "task")),
        sa.Column("date", sa.Date, nullable=False),
        sa.Column("at", instant, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("board_title", "title")),
        sa.Column("assignees", sa.JSON, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("due", instant, nullable=False),
        sa.Column("given", sa.Text, nullable=False),
        sa.Column("written", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(_OCCURRENCE, [f"occurrences.{name}" for name in _OCCURRENCE]),
        sa.Index("amendments_by_occurrence", *_OCCURRENCE),
        sa.Index("amendments_by_due", "workspace", "due"),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER amendments_no_{verb.lower()} BEFORE {verb} ON amendments "
            "BEGIN SELECT RAISE(ABORT, 'amendments is append-only'); END"
        )
