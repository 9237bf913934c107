"""Who is assigned on a day, when somebody is away. Dates are local to the workspace."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from trello_ops.core.declared import Task
from trello_ops.core.people import Absentee, Person, WhenAbsent

People = Mapping[str, Person]
"""Declared people by every key that they have or had (`Workspace.people_by_key`)."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who has an occurrence. All are keys of declared people.

    `turn` is whose turn of a round it is: a week's or month's holder, even where another takes a single day;
    empty without a round, or where nobody of it is there. `absent` are those who would have been assigned, in
    the order of the declaration or of the round. `nobody_left`: somebody was to have it, and all are away.
    """

    assignees: tuple[str, ...] = ()
    turn: str = ""
    absent: tuple[Absentee, ...] = ()
    nobody_left: bool = False

    @property
    def away(self) -> str:
        """Who is away, and why where that is said: `Amina Berrada (congé), Youssef Alami`."""
        return ", ".join(f"{each.name} ({each.reason})" if each.reason else each.name for each in self.absent)


def named(task: Task, people: People, day: dt.date) -> Assignment:
    """Who of those that a task names has it on a day; who is away is replaced by their stand-in.

    A stand-in who is away too is replaced by their own. Without one the others have it.
    """
    present: dict[str, None] = {}  # each once: a stand-in may be assigned already
    absent = []
    for key in task.assignees:
        person = people.get(key)
        absence = person.absence_on(day) if person else None
        if person is None or absence is None:
            present[person.key if person else key] = None
            continue
        stand_in = _stand_in(person, people, day)
        if stand_in:
            present[stand_in] = None
        absent.append(Absentee(person.key, person.name, stand_in, absence.reason))
    return Assignment(tuple(present), "", tuple(absent), nobody_left=bool(absent) and not present)


def is_excused(task: Task, people: People, day: dt.date) -> bool:
    """Whether nobody has to do a task on a day, as all who might are away and its file excuses it then."""
    if task.when_absent is not WhenAbsent.EXCUSE:
        return False
    if task.round is None:
        return named(task, people, day).nobody_left
    known = (people[key] for key in task.round.people if key in people)
    return all(person.absence_on(day) for person in known)


def _stand_in(person: Person, people: People, day: dt.date) -> str:
    """The key of who takes over from somebody who is away; empty where everybody who might is away."""
    asked = {person.key}
    while absence := person.absence_on(day):
        other = people.get(absence.stand_in)
        if other is None or other.key in asked:
            return ""
        asked.add(other.key)
        person = other
    return person.key
