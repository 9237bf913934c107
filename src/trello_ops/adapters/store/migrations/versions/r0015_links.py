"""Secret addresses of pages and calendar feeds."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Run by Alembic."""
    words = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
    op.create_table(
        "links",
        *(sa.Column(name, words, primary_key=True) for name in ("workspace", "digest")),
        *(sa.Column(name, words, nullable=False) for name in ("name", "opens", "board", "person")),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.UniqueConstraint("workspace", "name"),
    )
