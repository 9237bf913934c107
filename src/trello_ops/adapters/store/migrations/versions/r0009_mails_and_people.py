"""When a problem is tried again, and who the assignees of an occurrence were."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Run by Alembic."""
    op.add_column("problems", sa.Column("left_while", sa.Text, nullable=False, server_default=""))
    op.add_column("problems", sa.Column("not_before", sa.DateTime(timezone=True)))
    op.add_column("occurrences", sa.Column("people", sa.JSON, nullable=False, server_default="[]"))
