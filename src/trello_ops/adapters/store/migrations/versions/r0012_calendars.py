"""What days off, slots, rounds and absences make of an occurrence, as recorded and as amended."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    """Run by Alembic."""
    for table in ("occurrences", "amendments"):
        op.add_column(table, sa.Column("nominal", sa.Date))
        op.add_column(table, sa.Column("moved", sa.Text, nullable=False, server_default=""))
        op.add_column(table, sa.Column("start", sa.DateTime(timezone=True)))
        op.add_column(table, sa.Column("turn", sa.Text, nullable=False, server_default=""))
        op.add_column(table, sa.Column("absent", sa.JSON, nullable=False, server_default="[]"))
