"""When the tasks of a slot are done: each begins when its people are free."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trello_ops.core.calendar.week import instant
from trello_ops.core.declared import Board, Slot, Task
from trello_ops.core.ledger import Occurrence, OccurrenceKey

_NOBODY = ("",)
_MOST_SLOTS, _MOST_TASKS = 1_000, 10_000
"""How many are told apart by a card's place; a file does not hold more tasks."""


@dataclass(frozen=True, slots=True)
class Overbooked:
    """Somebody's durations do not fit into a slot, by so many minutes; `person` is empty for nobody's."""

    slot: str
    day: dt.date
    person: str
    minutes: int


@dataclass(frozen=True, slots=True)
class PlannedTime:
    """From when to when something is planned, as UTC instants."""

    begins: dt.datetime
    ends: dt.datetime


@dataclass(frozen=True, slots=True)
class SlotPlan:
    """The planned times of occurrences, and where they do not fit."""

    times: Mapping[OccurrenceKey, PlannedTime]
    overbooked: tuple[Overbooked, ...]


def planned_times(slots: Iterable[Slot], done: Iterable[tuple[Task, Occurrence]]) -> SlotPlan:
    """When occurrences with one of these slots and a duration are planned, given in the order of the files.

    Each person's durations add up apart, and so do those of nobody; a task of several begins when the last of
    them is free.
    """
    ends_of = {slot.key: slot.ends for slot in slots}
    free: dict[tuple[str, dt.date, str], dt.datetime] = {}
    bounds: dict[tuple[str, dt.date], dt.datetime] = {}
    times: dict[OccurrenceKey, PlannedTime] = {}
    for task, each in done:
        if task.slot not in ends_of or not task.duration or each.start is None or each.skip:
            continue
        people = [(task.slot, each.day, person) for person in each.assignees or _NOBODY]
        begins = max(free.get(person, each.start) for person in people)
        ends = begins + dt.timedelta(minutes=task.duration)
        times[each.key] = PlannedTime(begins, ends)
        free.update(dict.fromkeys(people, ends))
        bounds[task.slot, each.day] = instant(each.day, ends_of[task.slot], task.cadence.timezone)
    over = (
        Overbooked(slot, day, person, (until - bounds[slot, day]) // dt.timedelta(minutes=1))
        for (slot, day, person), until in free.items()
    )
    return SlotPlan(times, tuple(each for each in over if each.minutes > 0))


def place(slots: Sequence[Slot], board: Board, task: Task, occurrence: Occurrence) -> float | None:
    """Where a card lies in its list, from the smallest on: by slot, then in the order of the file.

    It is the same whenever the card is made. `None` for what is in no slot.
    """
    keys = [slot.key for slot in slots]
    if occurrence.start is None or task.slot not in keys:
        return None
    number = keys.index(task.slot)
    ends = instant(occurrence.day, slots[number].ends, task.cadence.timezone)
    order = [each.key for each in board.tasks].index(task.key)
    # Minutes, as cards outside of slots have them; what follows the point tells slots and tasks apart.
    within = min(number, _MOST_SLOTS - 1) + min(order, _MOST_TASKS - 1) / _MOST_TASKS
    return ends.timestamp() // 60 + within / _MOST_SLOTS
