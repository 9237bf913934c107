"""Slots that hold more than fits: of the durations that the files declare, each person's apart."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from trello_ops.core.cadence import Frequency
from trello_ops.core.calendar.bounds import FIRST_DATE, LAST_DATE
from trello_ops.core.calendar.slots import planned_times
from trello_ops.core.calendar.week import instant
from trello_ops.core.declared import Board, Slot, Task, Workspace
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.declared.findings import Findings
from trello_ops.declared.slot_words import spoken
from trello_ops.located_yaml import Document
from trello_ops.messages import say

_DAY = dt.timedelta(days=1)
_MONDAY = dt.date(2001, 1, 1)
_NOBODY = ""

_Tasks = Sequence[tuple[Board, Task]]


def warn_of_slots(
    workspace: Workspace, documents: Mapping[str, Document], today: dt.date | None, findings: Findings
) -> None:
    """Add a warning for each task that is longer than its slot, and for each person who has too much in one.

    What ended before `today` is passed over.
    """
    for slot in workspace.slots:
        of_slot = [(board, task) for board, task in _going_on(workspace, today) if task.slot == slot.key]
        fitting = []
        for board, task in of_slot:
            if task.duration > _minutes(slot):
                message = say(
                    "is %(duration)s, but the slot `%(slot)s` has %(minutes)s: correct one of the two",
                    duration=spoken(task.duration),
                    slot=slot.key,
                    minutes=spoken(_minutes(slot)),
                )
                _warn(board, task, message, documents, findings)
            else:
                fitting.append((board, task))
        for person, (minutes, board, task) in _overbooked(slot, fitting).items():
            _warn(board, task, _too_much(workspace, slot, person, minutes), documents, findings)


def _going_on(workspace: Workspace, today: dt.date | None) -> Iterator[tuple[Board, Task]]:
    for board in workspace.boards:
        for task in board.tasks:
            if task.duration and (task.cadence.until or LAST_DATE) >= (today or FIRST_DATE):
                yield board, task


def _minutes(slot: Slot) -> int:
    """How long a slot is."""
    return 60 * (slot.ends.hour - slot.begins.hour) + slot.ends.minute - slot.begins.minute


def _too_much(workspace: Workspace, slot: Slot, person: str, minutes: int) -> str:
    if person == _NOBODY:
        return say(
            "does not fit: what nobody is assigned to in the slot `%(slot)s` takes %(minutes)s more than it"
            " has, so shorten it or name another slot",
            slot=slot.key,
            minutes=spoken(minutes),
        )
    found = workspace.person(person)
    return say(
        "does not fit: what %(person)s does in the slot `%(slot)s` takes %(minutes)s more than it has, so"
        " shorten it or name another slot",
        person=found.name if found else person,
        slot=slot.key,
        minutes=spoken(minutes),
    )


def _warn(
    board: Board, task: Task, message: str, documents: Mapping[str, Document], findings: Findings
) -> None:
    document = documents[board.key]
    here = document.placed(("tasks", task.key, "duration"))
    findings.warnings.append(document.problem(here, message))


# ---- who has too much -------------------------------------------------------------------------------


def _overbooked(slot: Slot, tasks: _Tasks) -> dict[str, tuple[int, Board, Task]]:
    """By how many minutes each person's durations do not fit at worst, and the first task that does not."""
    worst: dict[str, tuple[int, Board, Task]] = {}
    for person in _people(tasks):
        for together in _at_once(tasks):
            found = _excess(slot, person, together)
            if found and found[0] > worst.get(person, (0,))[0]:
                worst[person] = found
    return worst


def _people(tasks: _Tasks) -> tuple[str, ...]:
    """Who has something to do, in the order of the files; whoever may have a turn is among them."""
    named = (task.round.people if task.round else task.assignees or (_NOBODY,) for _, task in tasks)
    return tuple(dict.fromkeys(person for each in named for person in each))


def _at_once(tasks: _Tasks) -> Iterator[_Tasks]:
    """The tasks that come in one week, for each week in which there may be most."""
    beginnings = {task.cadence.start or FIRST_DATE for _, task in tasks}
    for day in sorted(beginnings):
        going_on = [(board, task) for board, task in tasks if _goes_on(task, day)]
        for week in (0, 1):
            yield [(board, task) for board, task in going_on if _week(task) in (week, None)]


def _goes_on(task: Task, day: dt.date) -> bool:
    return (task.cadence.start or FIRST_DATE) <= day <= (task.cadence.until or LAST_DATE)


def _week(task: Task) -> int | None:
    """Which of two weeks a fortnightly task comes in; `None` for every week."""
    anchor = task.cadence.anchor
    return (
        (anchor - _MONDAY).days // 7 % 2 if anchor and task.cadence.frequency is Frequency.BIWEEKLY else None
    )


def _excess(slot: Slot, person: str, tasks: _Tasks) -> tuple[int, Board, Task] | None:
    """By how much one person's durations do not fit, were every turn of a round theirs."""
    done = [(board, task, _occurrence(slot, board, task, person)) for board, task in tasks]
    mine = [(board, task, each) for board, task, each in done if each]
    plan = planned_times([slot], ((task, each) for _, task, each in mine))
    minutes = next((each.minutes for each in plan.overbooked if each.person == person), 0)
    for board, task, each in mine if minutes else ():
        if person in (each.assignees or (_NOBODY,)) and plan.times[each.key].ends > each.due:
            return minutes, board, task
    return None


def _occurrence(slot: Slot, board: Board, task: Task, person: str) -> Occurrence | None:
    """The task in some week; `None` where it is others' turns."""
    if task.round and person not in task.round.people:
        return None
    day = _MONDAY + (slot.weekday - 1) * _DAY
    zone = task.cadence.timezone
    return Occurrence(
        key=OccurrenceKey(board.key, task.key, day),
        board_title=board.title,
        title=task.title,
        theme=task.theme,
        theme_title=task.theme,
        assignees=(person,) if task.round else task.assignees,
        day=day,
        release=instant(day, slot.begins, zone),
        due=instant(day, slot.ends, zone),
        sequence=1,
        start=instant(day, slot.begins, zone),
    )
