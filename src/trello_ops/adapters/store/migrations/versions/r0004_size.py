"""What waits for its card in a table of its own, and a board's occurrences by due: so no pass reads all."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run by Alembic."""
    op.create_index("occurrences_of_board_by_due", "occurrences", ["workspace", "board", "due"])
    op.create_table(
        "unissued",
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("workspace", "board", "task")),
        sa.Column("date", sa.Date, primary_key=True),
    )
    op.execute(
        "INSERT INTO unissued SELECT workspace, board, task, date FROM occurrences WHERE skipped = '' AND "
        "(workspace, board, task, date) NOT IN (SELECT workspace, board, task, date FROM cards)"
    )
    op.execute(
        "CREATE TRIGGER occurrences_wait AFTER INSERT ON occurrences WHEN NEW.skipped = '' "
        "BEGIN INSERT INTO unissued VALUES (NEW.workspace, NEW.board, NEW.task, NEW.date); END"
    )
    op.execute(
        "CREATE TRIGGER cards_end_waiting AFTER INSERT ON cards BEGIN DELETE FROM unissued WHERE "
        "(workspace, board, task, date) = (NEW.workspace, NEW.board, NEW.task, NEW.date); END"
    )
