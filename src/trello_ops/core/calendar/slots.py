"""When the tasks of a slot are done: each begins when its people are free."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from trello_ops.core.declared import Task
from trello_ops.core.ledger import Occurrence, OccurrenceKey

_NOBODY = ("",)


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


def planned_times(done: Iterable[tuple[Task, Occurrence]]) -> SlotPlan:
    """When occurrences with a slot and a duration are planned, given in the order of the files.

    Each person's durations add up apart, and so do those of nobody; a task of several begins when the last of
    them is free.
    """
    free: dict[tuple[str, dt.date, str], dt.datetime] = {}
    bounds: dict[tuple[str, dt.date], dt.datetime] = {}
    times: dict[OccurrenceKey, PlannedTime] = {}
    for task, each in done:
        if not task.slot or not task.duration or each.start is None or each.skip:
            continue
        people = [(task.slot, each.day, person) for person in each.assignees or _NOBODY]
        begins = max(free.get(person, each.start) for person in people)
        ends = begins + dt.timedelta(minutes=task.duration)
        times[each.key] = PlannedTime(begins, ends)
        free.update(dict.fromkeys(people, ends))
        bounds[task.slot, each.day] = each.due
    over = (
        Overbooked(slot, day, person, (until - bounds[slot, day]) // dt.timedelta(minutes=1))
        for (slot, day, person), until in free.items()
    )
    return SlotPlan(times, tuple(each for each in over if each.minutes > 0))
