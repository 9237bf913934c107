"""What is owed by the files of some months, before and after an edit: YAML, planned day by day."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import calendar_oracle as calendar
import holidays
from calendar_oracle import WEEKDAYS, Words, foreseen
from oracle import Duty, Files

Json = dict[str, Any]

_DAY, _AROUND = dt.timedelta(days=1), dt.timedelta(weeks=7)


@dataclass(frozen=True)
class Owed(Duty):
    """A duty, and what the calendar says of it. `skip` is why nobody has to do it, else empty.

    `absent` are those who should have had it and were away: key, name, stand-in, reason.
    """

    title: str = ""
    day: dt.date = dt.date.min
    skip: str = ""
    absent: tuple[tuple[str, str, str, str], ...] = ()
    duration: int = 0
    slot: str = ""
    is_rare: bool = False
    lacks: bool = False
    """Its file does not say who does it."""
    withdrawn: bool = False

    @property
    def nobody_left(self) -> bool:
        return bool(self.absent) and not self.assignees


class Declaration(Files):
    """The board files of one time, with all that they plan from a day to another."""

    def __init__(self, folder: Path, first: dt.date, last: dt.date) -> None:
        super().__init__(folder)
        country, language = self.workspace["holidays"]["country"], self.workspace["locale"]
        years = range(first.year, last.year + 1)
        known = holidays.country_holidays(country, language=language, years=years)
        named = {dt.date.fromisoformat(day): name for day, name in self.workspace["holiday_dates"].items()}
        self.feasts: dict[dt.date, str] = {**known, **named}
        self.closures, self.pauses = (_spans(self.workspace.get(name, [])) for name in ("closures", "pauses"))
        self.planned = [
            owed
            for board, declared in self.boards.items()
            for task, said in declared["tasks"].items()
            for owed in self._planned(board, task, {**declared, **said}, first, last)
        ]

    @cached_property
    def by_week(self) -> dict[str, list[Owed]]:
        """What is planned, by the week in which it falls due."""
        return _by_week(self.planned, self.zone)

    def _planned(self, board: str, task: str, rule: Json, first: dt.date, last: dt.date) -> Iterator[Owed]:
        words = self._words(rule)
        for each in foreseen(words, first, last):
            assert each.release is not None
            skip = f"{each.why}:{self._reason(each.why, each.nominal)}" if each.skipped else ""
            assignees, absent = self._assigned(rule, each.day)
            if absent and not assignees and not skip and rule.get("when_absent") == "excuse":
                away = (f"{name} ({reason})" if reason else name for _, name, _, reason in absent)
                skip = f"absence:{', '.join(away)}"
            signs, requires = rule.get("complete_when", ["ticked", "in_done_list"]), rule.get("requires", [])
            yield Owed(
                key=f"{board}/{task}/{each.date}",
                board=board,
                theme=rule["theme"],
                assignees=assignees,
                release=each.release,
                due=each.due,
                complete_when=(signs,) if isinstance(signs, str) else tuple(signs),
                requires=(requires,) if isinstance(requires, str) else tuple(requires),
                excused=bool(skip),
                title=rule["title"],
                day=each.day,
                skip=skip,
                absent=absent,
                duration=_minutes(rule.get("duration", "0 min")),
                slot=rule.get("slot", ""),
                is_rare=rule["cadence"] == "monthly",
                lacks="assign" not in rule,
            )

    def _words(self, rule: Json) -> Words:
        slot = self.workspace["slots"].get(rule.get("slot"))
        on = slot["day"] if slot else rule["on"]
        due = dt.time.fromisoformat(slot["to"] if slot else rule["due"])
        daily, works = rule["cadence"] == "daily", self.workspace["working_days"]
        return Words(
            cadence=rule["cadence"],
            on=tuple(map(_word, [on] if isinstance(on, str) else on)),
            zone=self.workspace["timezone"],
            on_day_off=rule.get("on_day_off", "skip" if daily else "previous"),
            due=(due, 0, 0),
            release=(dt.time.fromisoformat(rule["release"]), 0),
            pauses=tuple((first, last) for first, last, _ in self.pauses),
            working_days={"mon-sun": (), "mon-sat": WEEKDAYS[:6]}[works],
            holidays=frozenset(self.feasts),
            closures=tuple((first, last) for first, last, _ in self.closures),
        )

    def _reason(self, why: str, day: dt.date) -> str:
        spans = {"pause": self.pauses, "closure": self.closures}.get(why, [])
        found = [reason for first, last, reason in spans if first <= day <= last]
        return found[0] if found else self.feasts[day] if why == "holiday" else ""

    def _assigned(self, rule: Json, day: dt.date) -> tuple[tuple[str, ...], tuple[Any, ...]]:
        said = rule.get("assign", "nobody")
        named = [] if said == "nobody" else [said] if isinstance(said, str) else list(said)
        people = self.workspace["people"]
        away = {key: absence for key in people if (absence := _absence(people[key], day))}
        stand_ins = {key: absence.get("stand_in", "") for key, absence in away.items()}
        found = calendar.assigned(named, stand_ins, lambda who, _: who in away, day)
        absent = (
            (
                who,
                people[who]["name"],
                next(iter(calendar.assigned([who], stand_ins, lambda each, _: each in away, day)), ""),
                away[who].get("reason", ""),
            )
            for who in named
            if who in away
        )
        return tuple(found), tuple(absent)


class Plan(Declaration):
    """The files of all these weeks: what they owe is that of the files before an edit, then after it.

    `edited` are the instants between which the robot cannot know of the edit: its last pass before, and the
    first after. What was released by then, is not due yet and is named no more is withdrawn.
    """

    def __init__(
        self,
        before: Path,
        after: Path,
        edited: tuple[dt.datetime, dt.datetime],
        weeks: Sequence[str],
    ) -> None:
        mondays = [dt.datetime.strptime(f"{week}-1", "%G-W%V-%u").date() for week in weeks]  # noqa: DTZ007
        days, self.weeks = (mondays[0] - _AROUND, mondays[-1] + _AROUND), list(weeks)
        super().__init__(before, *days)
        self.before, self.after = Declaration(before, *days), Declaration(after, *days)
        self.edited, edited_at = edited, edited[1]
        self.people = {**self.before.people, **self.after.people}
        self.names = {
            key: person["name"]
            for each in (self.before, self.after)
            for key, person in each.workspace["people"].items()
        }
        kept = {owed.key for owed in self.after.planned}
        gone = [each for each in self.before.planned if each.key not in kept and each.due > edited_at]
        self.all = [each for each in self.before.planned if each.due <= edited_at]
        self.all += [each for each in self.after.planned if each.due > edited_at]
        self.all += [replace(each, withdrawn=True) for each in gone if each.release <= edited[0]]
        self._by_week = _by_week(self.all, self.zone)

    def due_in(self, week: str) -> list[Duty]:
        return [*self._by_week.get(week, [])]

    def declared(self, at: dt.datetime) -> Declaration:
        """The files as they were at an instant."""
        return self.before if at < self.edited[1] else self.after


def _by_week(owed: Iterable[Owed], zone: dt.tzinfo) -> dict[str, list[Owed]]:
    found: dict[str, list[Owed]] = {}
    for each in owed:
        found.setdefault(f"{each.due.astimezone(zone):%G-W%V}", []).append(each)
    return found


def _spans(said: list[Json]) -> list[tuple[dt.date, dt.date, str]]:
    date = dt.date.fromisoformat
    return [(date(each["from"]), date(each["to"]), each["reason"]) for each in said]


def _absence(person: Json, day: dt.date) -> Json | None:
    found = (each for each in person.get("absences", []) if each["from"] <= str(day) <= each["to"])
    return next(found, None)


def _word(said: str) -> str | int:
    return int(said) if said.isdecimal() else next(day for day in WEEKDAYS if day.startswith(said[:3]))


def _minutes(said: str) -> int:
    """Of `2h`, `1h30` or `40 min`."""
    hours, found, rest = said.partition("h")
    return 60 * int(hours) + int(rest or 0) if found else int(said.removesuffix(" min"))
