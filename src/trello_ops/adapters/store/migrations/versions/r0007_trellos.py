"""The Trello to which each workspace's bindings belong."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Run by Alembic. Stores that have bindings are bound by the next pass that finds their boards."""
    told = ("address", "world", "member_id", "username", "workspace_id", "workspace_name")
    op.create_table(
        "trellos",
        sa.Column("workspace", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in told),
    )
