"""When a board was last active as it was read, and the outages that reports name."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Run by Alembic."""
    instant = sa.DateTime(timezone=True)
    op.add_column("sights", sa.Column("active_at", instant))
    op.create_table(
        "outages",
        sa.Column("workspace", sa.Text, primary_key=True),
        sa.Column("board", sa.Text, primary_key=True),
        sa.Column("since", instant, primary_key=True),
        sa.Column("until", instant, nullable=False),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER outages_no_{verb.lower()} BEFORE {verb} ON outages "
            "BEGIN SELECT RAISE(ABORT, 'outages is append-only'); END"
        )
