"""What an occurrence counts as done by, and the proof it requires, are frozen with it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0001"


def upgrade() -> None:
    """Run by Alembic."""
    _add("complete_when", '{"any": ["ticked", "in_done_list"]}')
    _add("requires", "[]")


def _add(name: str, default: str) -> None:
    op.add_column("occurrences", sa.Column(name, sa.JSON, nullable=False, server_default=default))
