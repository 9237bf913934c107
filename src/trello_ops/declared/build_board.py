"""Boards: from a sound shape to the core's value, and the checks that need more than one field."""

from collections.abc import Collection, Iterator

from trello_ops.core.declared import (
    DONE,
    TODO,
    Board,
    BoardList,
    Housekeeping,
    Undone,
    Withdrawn,
)
from trello_ops.declared.board_file import BoardFile
from trello_ops.declared.build_cadence import check_board_rhythm
from trello_ops.declared.build_days_off import spans, warn_of_spans
from trello_ops.declared.build_overdue import undone_flaws
from trello_ops.declared.build_task import build_task
from trello_ops.declared.day_off_words import all_weekdays
from trello_ops.declared.names import repeated, was
from trello_ops.declared.schema import BoardShape, HousekeepingShape
from trello_ops.declared.zones import warn_of_zone
from trello_ops.located_yaml import Path
from trello_ops.messages import say
from trello_ops.wording import choose, shown

_LISTS = {
    "fr": {TODO: "À faire", "doing": "En cours", DONE: "Terminé"},
    "en": {TODO: "To do", "doing": "Doing", DONE: "Done"},
}


def build_board(file: BoardFile) -> Board:
    """The board with those of its tasks that are sound; whatever is wrong is added to the findings."""
    shape, workspace = file.shape, file.workspace
    # Tasks may share a title, unlike labels and accounts: keys tell them apart, and only people would not.
    titles: dict[Path, str] = {("tasks", k, "title"): task.title for k, task in shape.tasks.items()}
    for path, first in repeated(titles):
        same = say("`%(task)s` has the same title: people will not tell the two cards apart", task=first[1])
        file.warn(path, same)
    warn_of_zone(shape.timezone, ("timezone",), file.document, file.findings)
    warn_of_spans(shape.pauses, ("pauses",), file.document, file.findings)
    warn_of_spans(shape.closures, ("closures",), file.document, file.findings)
    check_board_rhythm(file)
    tasks = (build_task(file, key, task) for key, task in shape.tasks.items())
    lists = shape.lists or _LISTS[workspace.locale]
    declared = shape.housekeeping or HousekeepingShape()
    housekeeping = Housekeeping(declared.archive_done_after, *(declared.undone or (Undone.KEEP, "")))
    for path, message in (*_excused_flaws(shape, lists), *undone_flaws(shape, lists)):
        file.problem(path, message)
    return Board(
        key=file.key,
        title=shape.title,
        frequency=shape.cadence.frequency,
        lists=tuple(BoardList(k, title) for k, title in lists.items()),
        tasks=tuple(task for task in tasks if task),
        timezone=shape.timezone or workspace.timezone,
        housekeeping=housekeeping,
        excused_list=shape.excused_list or "",
        withdrawn=Withdrawn(shape.withdrawn) if shape.withdrawn else workspace.withdrawn,
        was=was(shape.was),
        new=shape.new,
        working_days=all_weekdays(shape.working_days or ()) or file.team.working_days,
        closures=(*file.team.closures, *spans(shape.closures)),
    )


def _excused_flaws(shape: BoardShape, lists: Collection[str]) -> Iterator[tuple[Path, str]]:
    """What is wrong with the list that the board names for excused cards."""
    excused = shape.excused_list or ""
    if excused in (TODO, DONE):
        message = say("the cards of `%(list)s` cannot all be excused: name a list of its own", list=excused)
        yield ("excused_list",), message
    elif excused and excused not in lists:
        others = [key for key in lists if key not in (TODO, DONE)]
        advice = choose(excused, others) if others else say("add it to `lists`")
        yield (
            ("excused_list",),
            say("the board has no list `%(list)s`: %(advice)s", list=shown(excused), advice=advice),
        )
