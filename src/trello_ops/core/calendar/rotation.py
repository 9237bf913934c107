"""Whose turn it is: people who take a task in rounds. Dates are local to the workspace."""

import datetime as dt
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby
from typing import Self

from trello_ops.core.calendar.absences import Assignment, People
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Task
from trello_ops.core.ledger import Occurrence
from trello_ops.core.people import Absence, Absentee, Person, Round, TurnBy

_Queue = tuple[Person, ...]
"""Everybody of a round, whoever is next first."""


@dataclass(frozen=True, slots=True)
class LastTurn:
    """Whom the ledger last has for a task: a round goes on after them.

    `person` took the turn, or holds the week or month in which `day` lies. `instead_of` is to whom the turn
    had come, where they were away. `released` is the latest release that the ledger has of the task,
    `recorded` are the nominal days that it has.
    """

    day: dt.date
    person: str
    instead_of: str = ""
    released: dt.datetime | None = None
    recorded: frozenset[dt.date] = frozenset()

    def settles(self, nominal_day: dt.date, release: dt.datetime) -> bool:
        """Whether it is settled who had such an occurrence: the round goes on with the others."""
        # Not by day: a month's card, say, came before those of the days that a task has in it since an edit.
        if self.released is None:
            return nominal_day <= self.day
        return nominal_day in self.recorded or release <= self.released

    def owing(self, releases: Iterable[dt.datetime]) -> Self:
        """The same, where something released at these times is not recorded, and so not settled."""
        if self.released is None:
            return self
        return replace(self, released=min(self.released, min(releases) - dt.timedelta.resolution))


def last_turn(order: Round, people: People, recorded: Iterable[Occurrence]) -> LastTurn | None:
    """The last turn among a task's recorded occurrences, which may come in any order.

    It is that of the last who is still in the round: where those after them have left, the round goes on as
    if these had never been in it. Where all have left, it is the last of all.
    """
    newest_first = sorted(recorded, key=lambda each: (each.release, each.nominal_day), reverse=True)
    taken = [each for each in newest_first if each.turn]
    still = (each for each in taken if is_in(order, people, each.turn))
    found = next(still, taken[0] if taken else None)
    if found is None:
        return None
    come_to = found.absent[0].person if found.absent else ""
    days = frozenset(each.nominal_day for each in newest_first)
    return LastTurn(found.day, found.turn, come_to, newest_first[0].release, days)


def without_turns(task: Task) -> Task:
    """The task without its round. Its occurrences are the same, and nobody's."""
    return replace(task, round=None, assignees=()) if task.round else task


def is_in(order: Round, people: People, key: str) -> bool:
    """Whether somebody is in a round, by any key that they have or had."""
    person = people.get(key)
    return person is not None and any(people.get(each) is person for each in order.people)


def turns(
    order: Round, people: People, days: Iterable[dt.date], last: LastTurn | None = None
) -> Iterator[Assignment]:
    """Who has each of a task's days, in the order of `days`.

    `days` are the task's days after moving, in the order of their nominal days, without those that are
    skipped. They are what `last` has not settled or, without it, begin at the round's `since`. By week
    (month) they hold all days of each ISO week (calendar month) that they touch, as whoever is absent on all
    of them does not hold it; only the one that `last` holds may be cut.

    After somebody who is not in the round any more, it begins at its first.
    """
    queue = tuple(found for key in order.people if (found := people.get(key)))
    before = people.get(last.person) if last else None
    following = _after(queue, before)
    if order.by is TurnBy.OCCURRENCE:
        return _one_by_one(following, days)
    held = None
    if last and before in queue:
        begun = people.get(last.instead_of)
        held = _Held(
            turn_begins(order.by, last.day), _from(queue, begun if begun in queue else before), before
        )
    return _by_period(following, days, order.by, held)


def _one_by_one(queue: _Queue, days: Iterable[dt.date]) -> Iterator[Assignment]:
    for day in days:
        taker, absent = _taker(queue, day)
        yield _assignment(taker, taker, absent)
        queue = _after(queue, taker)


# ---- weeks and months -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Held:
    """The week or month of which `begins` is the first day: `holder` has it, in place of all before them.

    `queue` begins with whom the turn had come to.
    """

    begins: dt.date
    queue: _Queue
    holder: Person | None

    def on(self, day: dt.date) -> Assignment:
        """Who has a day of it: the holder, else the next who is there."""
        # Who is back earlier than was known when the period was given away takes no day from its holder.
        before = self.queue[: self.queue.index(self.holder)] if self.holder else ()
        back = tuple(each for each in before if each.absence_on(day) is None)
        asked = (*(each for each in self.queue if each not in back), *back)
        taker, absent = _taker(asked, day)
        return _assignment(self.holder, taker, absent)


def _by_period(
    queue: _Queue, days: Iterable[dt.date], by: TurnBy, last: _Held | None
) -> Iterator[Assignment]:
    for begins, together in groupby(days, partial(turn_begins, by)):
        theirs = tuple(together)
        going_on = last if last and last.begins == begins else None
        held = going_on or _Held(begins, queue, _holder(queue, theirs))
        yield from map(held.on, theirs)
        queue = _after(queue, held.holder)


def turn_begins(by: TurnBy, day: dt.date) -> dt.date:
    """The first day of what somebody holds at once, in which a day lies; by occurrence, the day."""
    match by:
        case TurnBy.OCCURRENCE:
            return day
        case TurnBy.WEEK:
            return IsoWeek.of(day).monday
        case TurnBy.MONTH:
            return day.replace(day=1)


def turn_ends(by: TurnBy, day: dt.date) -> dt.date:
    """The last day of it."""
    match by:
        case TurnBy.OCCURRENCE:
            return day
        case TurnBy.WEEK:
            return IsoWeek.of(day).sunday
        case TurnBy.MONTH:
            return day.replace(day=monthrange(day.year, day.month)[1])


def _holder(queue: _Queue, days: Sequence[dt.date]) -> Person | None:
    """The first who is there on any of these days."""
    present = (each for each in queue if any(each.absence_on(day) is None for day in days))
    return next(present, None)


# ---- one day ----------------------------------------------------------------------------------------


def _taker(queue: _Queue, day: dt.date) -> tuple[Person | None, tuple[Absentee, ...]]:
    """The first who is there on a day, and those who are passed over."""
    passed: list[tuple[Person, Absence]] = []
    for person in queue:
        absence = person.absence_on(day)
        if absence is None:
            return person, tuple(Absentee(p.key, p.name, person.key, a.reason) for p, a in passed)
        passed.append((person, absence))
    return None, tuple(Absentee(p.key, p.name, "", a.reason) for p, a in passed)


def _assignment(turn: Person | None, taker: Person | None, absent: tuple[Absentee, ...]) -> Assignment:
    return Assignment(
        assignees=(taker.key,) if taker else (),
        turn=turn.key if turn else "",
        absent=absent,
        nobody_left=taker is None,
    )


def _from(queue: _Queue, person: Person | None, step: int = 0) -> _Queue:
    """The queue as it goes on with somebody; as it is where they are none of it."""
    if person is None or person not in queue:
        return queue
    place = queue.index(person) + step
    return queue[place:] + queue[:place]


def _after(queue: _Queue, person: Person | None) -> _Queue:
    """The queue once somebody has had their turn."""
    return _from(queue, person, 1)
