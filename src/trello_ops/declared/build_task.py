"""Tasks: from a sound shape, and what its board says for all, to the core's value."""

from trello_ops.core.declared import CompleteWhen, Task
from trello_ops.declared.board_file import BoardFile
from trello_ops.declared.build_cadence import build_cadence
from trello_ops.declared.build_days_off import spans, warn_of_spans
from trello_ops.declared.build_overdue import followed_up
from trello_ops.declared.build_people import staffed, warn_of_nobody
from trello_ops.declared.names import was
from trello_ops.declared.rows_shapes import flaws_of_cards, rows_of
from trello_ops.declared.schema import TaskShape
from trello_ops.declared.times import may_have_been
from trello_ops.declared.zones import warn_of_zone


def build_task(file: BoardFile, key: str, task: TaskShape) -> Task | None:
    """The task; `None` if it, or what it refers to, is not sound. What is wrong is noted."""
    board = file.shape
    warn_of_zone(task.timezone, ("tasks", key, "timezone"), file.document, file.findings)
    warn_of_spans(task.pauses, ("tasks", key, "pauses"), file.document, file.findings)
    warn_of_nobody(file, key, task)
    cadence = build_cadence(file, key, task)
    # An empty tuple is said on purpose (`nothing`), and keeps the board's from applying.
    requires = task.requires if task.requires is not None else board.requires or ()
    # A theme that is missing has its problem already, here or in workspace.yaml.
    if cadence is None or not file.workspace.theme(task.theme):
        return None
    before = was(task.was and _whole_key(file, task.was))
    bare = Task(
        key=key,
        title=task.title,
        theme=task.theme,
        template=task.template,
        cadence=cadence,
        description=task.description or "",
        complete_when=task.complete_when or board.complete_when or CompleteWhen(),
        requires=requires,
        was=before if key in file.tasks else may_have_been(key, before),
        new=task.new,
        pauses=(
            *file.team.pauses,
            *file.team.theme_pauses.get(task.theme, ()),
            *spans(board.pauses),
            *spans(task.pauses),
        ),
        slot=task.slot or "",
        duration=task.duration or 0,
        rows=rows_of(task.rows),
        covers=tuple(_whole_key(file, key) for key in task.covers or ()),
    )
    whole = staffed(file, task, followed_up(file, task, bare))
    flaws = list(flaws_of_cards(whole)) if whole else []
    for fields, message in flaws:
        file.problem(("tasks", key, *fields), message)
    return None if flaws else whole


def _whole_key(file: BoardFile, key: str) -> str:
    """The `board/task` that a task names; on this board where it names none."""
    return key if "/" in key else f"{file.key}/{key}"
