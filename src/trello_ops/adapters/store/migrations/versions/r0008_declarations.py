"""The declarations that were in force, each with the instant since when."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Run by Alembic."""
    op.create_table(
        "declarations",
        sa.Column("workspace", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.Text, nullable=False),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER declarations_no_{verb.lower()} BEFORE {verb} ON declarations "
            "BEGIN SELECT RAISE(ABORT, 'declarations is append-only'); END"
        )
