"""Reminders and undone cards: from sound shapes to core values, and checks across their fields."""

from collections.abc import Collection, Iterator
from dataclasses import replace

from trello_ops.core.cadence import Cadence, Frequency
from trello_ops.core.declared import DONE, CompleteWhen, DoneSignal, FormerCard, Nag, Task, Undone
from trello_ops.declared.board_file import BoardFile
from trello_ops.declared.duration_words import DAY, HOUR
from trello_ops.declared.overdue_shapes import NagShape
from trello_ops.declared.said import saying
from trello_ops.declared.schema import BoardShape, HousekeepingShape, TaskShape
from trello_ops.located_yaml import Path
from trello_ops.messages import Message, say
from trello_ops.wording import choose, shown

_AFTER = 2 * HOUR
_EVERY = (DAY, 0)
_DONE_BY_HOUSEKEEPING = say(
    "a card that is archived counts as done, and `housekeeping` archives the cards that are not: write "
    "`undone: keep` or `undone: {move_to: KEY}` there, or leave `archived` out here"
)
_DONE_BY_SUCCESSOR = say(
    "a card that is archived counts as done, and this archives a card that is not: write `keep` or "
    "`{move_to: KEY}`, or leave `archived` out of `complete_when`"
)


# ---- Reminders --------------------------------------------------------------------------------------


def followed_up(file: BoardFile, shape: TaskShape, task: Task) -> Task:
    """The task with its reminders and what becomes of its former card. What is wrong is noted."""
    remind = saying(file.shape, task.key, shape, "remind")
    former = saying(file.shape, task.key, shape, "when_open")
    usual = HOUR if _is_daily(task.cadence) else DAY
    return replace(
        task,
        remind=remind.shape.remind if remind else usual,
        when_open=FormerCard(*((former and former.shape.when_open) or (Undone.KEEP, ""))),
        nag=_nag(file, shape, task),
    )


def _is_daily(cadence: Cadence) -> bool:
    parts = cadence.rule.split(";")
    by_rule = "FREQ=DAILY" in parts and not any(part.startswith("INTERVAL=") for part in parts)
    return cadence.frequency is Frequency.DAILY or by_rule


def _nag(file: BoardFile, shape: TaskShape, task: Task) -> Nag | None:
    found = saying(file.shape, task.key, shape, "nag")
    said: NagShape | None = found.shape.nag if found else None
    if found is None or said is None:
        return None
    every, working_days = said.every or _EVERY
    if working_days and not file.says_working_days:
        message = say(
            "counts working days, and no file says which these are: add a line such as `%(line)s` to"
            " workspace.yaml, or write `1 day`",
            line="working_days: mon-sat",
        )
        file.problem((*found.path, "every"), message)
    return Nag(said.after or _AFTER, every, working_days, said.most)


# ---- Undone cards -----------------------------------------------------------------------------------


def undone_flaws(board: BoardShape, lists: Collection[str]) -> Iterator[tuple[Path, Message]]:
    """What is wrong with where undone cards go, and where archiving one would make it done.

    Archiving may be the robot's or a person's: they can share an account, so who did it does not tell.
    """
    undone, target = (board.housekeeping or HousekeepingShape()).undone or (Undone.KEEP, "")
    shapes: dict[Path, BoardShape | TaskShape] = {(): board}
    shapes |= {("tasks", key): task for key, task in board.tasks.items()}
    if undone is Undone.MOVE:
        yield from _flaws_of_target(("housekeeping", "undone"), target, board, lists)
    for path, shape in shapes.items():
        if shape.when_open and shape.when_open[0] is Undone.MOVE:
            yield from _flaws_of_target((*path, "when_open"), shape.when_open[1], board, lists)
        if undone is Undone.ARCHIVE and shape.complete_when and _by_archiving(shape.complete_when):
            yield (*path, "complete_when"), _DONE_BY_HOUSEKEEPING
    yield from _done_by_successors(board)


def _done_by_successors(board: BoardShape) -> Iterator[tuple[Path, Message]]:
    for key, task in board.tasks.items():
        former, rule = (saying(board, key, task, name) for name in ("when_open", "complete_when"))
        if not (former and former.shape.when_open and rule and rule.shape.complete_when):
            continue
        if former.shape.when_open[0] is Undone.ARCHIVE and _by_archiving(rule.shape.complete_when):
            yield former.path, _DONE_BY_SUCCESSOR


def _by_archiving(rule: CompleteWhen) -> bool:
    return rule.met_by({DoneSignal.ARCHIVED})


def _flaws_of_target(
    path: Path, target: str, board: BoardShape, lists: Collection[str]
) -> Iterator[tuple[Path, Message]]:
    """Why a list cannot take undone cards."""
    excused = board.excused_list or ""
    others = [key for key in lists if key not in (DONE, excused)]
    named = ", ".join(f"`{key}`" for key in others)
    here = (*path, "move_to")
    if target == excused:
        yield (
            here,
            say("the cards of `%(list)s` are excused: use one of %(others)s", list=excused, others=named),
        )
    elif target == DONE:
        yield (
            here,
            say("cards in the list `%(list)s` count as done: use one of %(others)s", list=DONE, others=named),
        )
    elif target not in lists:
        advice = choose(target, others)
        yield here, say("the board has no list `%(list)s`: %(advice)s", list=shown(target), advice=advice)
