"""People, their absences, and how they take turns, as frozen values. Dates are local to the workspace."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Absence:
    """Days from `first` to `last`, both included, on which somebody is away.

    `stand_in` is the key of who takes over what is assigned to them by name, else empty.
    """

    first: dt.date
    last: dt.date
    stand_in: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be assigned; `username` is the Trello username, without `@`.

    `was` are keys that the person had before, the newest first. `language` is `fr` or `en`, empty for the
    workspace's. `working_days` are ISO weekdays, empty for every day: on others the person is away.
    """

    key: str
    username: str
    name: str
    was: tuple[str, ...] = ()
    email: str = ""
    language: str = ""
    working_days: tuple[int, ...] = ()
    absences: tuple[Absence, ...] = ()

    def absence_on(self, day: dt.date) -> Absence | None:
        """Why the person is away on a day: an absence, or a weekday that they do not work (no reason)."""
        # Before the weekday, as an absence may name a stand-in and a reason.
        for absence in self.absences:
            if absence.first <= day <= absence.last:
                return absence
        if self.working_days and day.isoweekday() not in self.working_days:
            return Absence(day, day)
        return None


class TurnBy(StrEnum):
    """How long somebody holds a turn of a round."""

    OCCURRENCE = "occurrence"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Round:
    """People who take turns, in this order, from `since` on. `people` are keys, at least two, each once."""

    people: tuple[str, ...]
    since: dt.date
    by: TurnBy = TurnBy.OCCURRENCE


class WhenAbsent(StrEnum):
    """What becomes of an occurrence for which nobody is left: a card of nobody's, flagged; or none."""

    FLAG = "flag"
    EXCUSE = "excuse"


@dataclass(frozen=True, slots=True)
class Absentee:
    """Somebody who was assigned, or whose turn it was, and was away.

    `person` and `stand_in` are keys, `name` is as it was declared; `stand_in` is whoever took over, else
    empty.
    """

    person: str
    name: str
    stand_in: str = ""
    reason: str = ""
