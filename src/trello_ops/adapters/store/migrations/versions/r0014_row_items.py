"""What cards were given of rows of workbooks."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Run by Alembic."""
    words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    keys = ("workspace", "board", "task")
    op.create_table(
        "row_items",
        *(sa.Column(name, words, primary_key=True) for name in keys),
        sa.Column("date", sa.Date, primary_key=True),
        sa.Column("row", words, primary_key=True),
        sa.Column("number", sa.Integer, nullable=False),
        *(sa.Column(name, words, nullable=False) for name in ("text", "scheme", "item_id")),
    )
