"""Slots that hold more than fits: of the durations that the files declare, each person's apart."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter

from trello_ops.core.cadence import Frequency
from trello_ops.core.calendar.bounds import FIRST_DATE, LAST_DATE
from trello_ops.core.calendar.slots import planned_times
from trello_ops.core.calendar.week import instant
from trello_ops.core.declared import Board, Slot, Task, Workspace
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.people import Round
from trello_ops.declared.duration_words import spoken
from trello_ops.declared.findings import Findings
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
    going_on = [
        (board, task)
        for board, task in workspace.tasks
        if task.duration and (task.cadence.until or LAST_DATE) >= (today or FIRST_DATE)
    ]
    for slot in workspace.slots:
        fitting = []
        for board, task in (each for each in going_on if each[1].slot == slot.key):
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
    findings.warn(documents[board.key], ("tasks", task.key, "duration"), message)


# ---- who has too much -------------------------------------------------------------------------------

_Work = Sequence[tuple[Board, Task, tuple[str, ...]]]
"""Tasks in the order of the files, each with who does it."""


def _overbooked(slot: Slot, tasks: _Tasks) -> dict[str, tuple[int, Board, Task]]:
    """By how many minutes each person's durations do not fit at worst, and the first task that does not."""
    worst: dict[str, tuple[int, Board, Task]] = {}
    for people, work in _loads(tasks):
        for together in _at_once(work):
            for person, excess in _excess(slot, people, together):
                if excess[0] > worst.get(person, (0,))[0]:
                    worst[person] = excess
    order = {person: place for place, person in enumerate(_people(tasks))}
    return dict(sorted(worst.items(), key=lambda each: order[each[0]]))


def _loads(tasks: _Tasks) -> Iterator[tuple[Collection[str], _Work]]:
    """What people may have to do in one slot: what they are named for, and the turns of one round as well.

    Each comes with the people whose work it is in full: whoever waits for another is looked at with them, and
    nobody else, as a slot may be that of a thousand shops. Tasks of equal rounds come to one person together;
    of different rounds nobody has all turns at once, as a rule.
    """
    named = [(n, (board, task, _named(task))) for n, (board, task) in enumerate(tasks) if not task.round]
    groups = _waiting_for_each_other(people for _, (_, _, people) in named)
    theirs: dict[Collection[str], list[tuple[int, tuple[Board, Task, tuple[str, ...]]]]] = {}
    for n, each in named:
        theirs.setdefault(groups[each[2][0]], []).append((n, each))
    yield from ((people, [each for _, each in work]) for people, work in theirs.items())
    rounds: dict[Round, list[tuple[int, Board, Task]]] = {}
    for n, (board, task) in enumerate(tasks):
        if task.round:
            rounds.setdefault(task.round, []).append((n, board, task))
    for order, turns in rounds.items():
        for person in order.people:
            own = [(n, (board, task, (person,))) for n, board, task in turns]
            mixed = sorted([*theirs.get(groups.get(person, ()), ()), *own], key=itemgetter(0))
            yield (person,), [each for _, each in mixed]


def _waiting_for_each_other(several: Iterable[tuple[str, ...]]) -> dict[str, frozenset[str]]:
    """Each person with those who do a task together with them, or with one of those in turn."""
    groups: dict[str, frozenset[str]] = {}
    for people in several:
        joined = frozenset(people).union(*(groups.get(person, ()) for person in people))
        if any(groups.get(person) != joined for person in people):
            groups.update(dict.fromkeys(joined, joined))
    return groups


def _named(task: Task) -> tuple[str, ...]:
    return task.assignees or (_NOBODY,)


def _people(tasks: _Tasks) -> tuple[str, ...]:
    """Who has something to do, in the order of the files; whoever may have a turn is among them."""
    named = (task.round.people if task.round else _named(task) for _, task in tasks)
    return tuple(dict.fromkeys(person for each in named for person in each))


def _at_once(work: _Work) -> Iterator[_Work]:
    """The tasks that come in one week, for each week in which there may be most."""

    def begins(task: Task) -> dt.date:
        return task.cadence.start or FIRST_DATE

    weeks = {_week(task) for _, task, _ in work}
    for day in sorted({begins(task) for _, task, _ in work}):
        going_on = [each for each in work if begins(each[1]) <= day <= (each[1].cadence.until or LAST_DATE)]
        for week in weeks - {None} or weeks:
            yield [each for each in going_on if _week(each[1]) in (week, None)]


def _week(task: Task) -> int | None:
    """Which of two weeks a fortnightly task comes in; `None` for every week."""
    anchor = task.cadence.anchor
    return (
        (anchor - _MONDAY).days // 7 % 2 if anchor and task.cadence.frequency is Frequency.BIWEEKLY else None
    )


def _excess(
    slot: Slot, people: Collection[str], work: _Work
) -> Iterator[tuple[str, tuple[int, Board, Task]]]:
    """By how much the durations of some people do not fit, each with the first task that does not."""
    done = [(board, task, _occurrence(slot, board, task, whose)) for board, task, whose in work]
    plan = planned_times([slot], ((task, each) for _, task, each in done))
    late = [(board, task, each) for board, task, each in done if plan.times[each.key].ends > each.due]
    for over in plan.overbooked:
        if over.person in people:
            theirs = (
                (board, task) for board, task, each in late if over.person in (each.assignees or (_NOBODY,))
            )
            board, task = next(theirs)
            yield over.person, (over.minutes, board, task)


def _occurrence(slot: Slot, board: Board, task: Task, people: tuple[str, ...]) -> Occurrence:
    """The task in some week."""
    day = _MONDAY + (slot.weekday - 1) * _DAY
    zone = task.cadence.timezone
    begins = instant(day, slot.begins, zone)
    return Occurrence(
        key=OccurrenceKey(board.key, task.key, day),
        board_title=board.title,
        title=task.title,
        theme=task.theme,
        theme_title=task.theme,
        assignees=people if people != (_NOBODY,) else (),
        day=day,
        release=begins,
        due=instant(day, slot.ends, zone),
        sequence=1,
        start=begins,
    )
