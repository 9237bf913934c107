"""When boards went out of sight, and came back."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Run by Alembic."""
    op.create_table(
        "board_sights",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("workspace", "board", "trello_id")),
        sa.Column("at", sa.DateTime(timezone=True), primary_key=True),
        sa.Column("shown", sa.Boolean, primary_key=True),
    )
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER board_sights_no_{verb.lower()} BEFORE {verb} ON board_sights "
            "BEGIN SELECT RAISE(ABORT, 'board_sights is append-only'); END"
        )
