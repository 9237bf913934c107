"""Watermarks in a table of their own, and adopted boards in a column: both were hidden in bindings."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Run by Alembic."""
    op.create_table(
        "watermarks",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("workspace", "board", "task")),
        sa.Column("owing_since", sa.DateTime(timezone=True), nullable=False),
    )
    op.execute(
        "INSERT INTO watermarks SELECT workspace, board, key, bound_at FROM bindings WHERE kind = 'task'"
    )
    op.execute("DELETE FROM bindings WHERE kind = 'task'")
    op.add_column("bindings", sa.Column("adopted", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE bindings SET adopted = 1, fingerprint = '' WHERE kind = 'board' AND fingerprint = 'adopted'"
    )
