"""Weeks of a made-up shop as reports: what the sample boards ask for in 2026-W47, and what became of it.

Their figures are counted from their lines, and judged as the product judges them.
"""

import datetime as dt
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from told_report import weeks_before

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.occurrences import on_days
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import TOO_LATE, WITHDRAWN, Occurrence
from trello_ops.core.people import Absentee
from trello_ops.core.reporting.groups import by_board, by_person, by_theme, totals
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import DueMove, Group, Report, ReportedOccurrence
from trello_ops.core.reporting.signal import row_is_marked, standing
from trello_ops.core.reporting.standing import WeekCount
from trello_ops.core.sights import Outage
from trello_ops.declared.load import read

ROOT = Path(__file__).parents[2]
WEEK = IsoWeek(2026, 47)
TARGET = 90
_DAY = dt.timedelta(days=1)
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = (WEEK.monday + n * _DAY for n in range(7))
STEADY = (46, 48, 47, 45, 48, 47, 44, 49, 46, 47, 48, 46, 45, 47, 49, 46, 47, 48, 45, 46, 48, 47, 46, 48, 45)
"""How many of 50 were on time in each of the 25 weeks before."""
CITIES = (
    *("Agadir", "Al Hoceïma", "Béni Mellal", "Casablanca – Aïn Diab", "Casablanca – Maârif", "Dakhla"),
    *("El Jadida", "Essaouira", "Fès", "Ifrane", "Kénitra", "Laâyoune", "Marrakech – Guéliz"),
    *("Marrakech – Médina", "Meknès", "Oujda", "Rabat – Agdal", "Rabat – Hay Riad", "Tanger", "Tétouan"),
)
"""With three boards each, a chain of sixty."""

Line = ReportedOccurrence
Told = Mapping[tuple[str, dt.date], Mapping[str, Any]]
"""What became of a task of a day, as fields of its line; all others were done on time."""


# ---- what reports are made of -----------------------------------------------------------------------


@cache
def shop() -> Workspace:
    """The workspace of the sample boards."""
    cards = [path.name for path in (ROOT / "templates" / "cards").glob("*.md")]
    found = read(ROOT / "boards", cards).workspace
    assert found is not None
    return found


def at(day: dt.date, clock: str) -> dt.datetime:
    """An instant by the shop's clocks."""
    return dt.datetime.combine(day, dt.time.fromisoformat(clock), shop().timezone).astimezone(dt.UTC)


def lines(told: Told, week: IsoWeek = WEEK) -> list[Line]:
    """What fell due in a week, in the order of the boards."""
    days = Span(week.monday, week.sunday)
    tasks = [(board, task) for board in shop().boards for task in board.tasks]
    due = [each for board, task in tasks for each in on_days(shop(), board, task, days)]
    unknown = set(told) - {(each.key.task, each.day) for each in due}
    assert not unknown, f"{week} has no {unknown}"
    return [_line(each, told.get((each.key.task, each.day), {})) for each in due]


def _line(each: Occurrence, told: Mapping[str, Any]) -> Line:
    """Done half an hour before its due, unless it is told otherwise."""
    outcome = told.get("outcome", Outcome.EXCUSED if each.skip else Outcome.ON_TIME)
    done = outcome is Outcome.ON_TIME
    line = Line(
        key=str(each.key),
        board=each.key.board,
        task=each.key.task,
        theme=each.theme,
        title=each.title,
        assignees=each.assignees,
        due_at=each.due,
        outcome=outcome,
        completed_at=each.due - dt.timedelta(minutes=30) if done else None,
        completed_by=each.assignees[0] if done and each.assignees else None,
        card_url=None if each.skip else f"https://trello.com/c/{each.key.task}",
        note=str(each.skip or ""),
        excused_reason=str(each.skip or ""),
    )
    line = replace(line, **told)
    people = (shop().person(key) for key in line.assignees)
    return replace(line, assignee_names=tuple(person.name for person in people if person))


def history(on_time: Sequence[int], n: int = 50) -> tuple[WeekCount, ...]:
    """The weeks before week 47, the latest last."""
    return weeks_before((n, count) for count in on_time)


def report_of(found: Sequence[Line], before: Sequence[WeekCount], titles: Mapping[str, str]) -> Report:
    """The report of some lines on boards with such titles, with all that is counted from them."""
    whole = totals(line.outcome for line in found)
    themes = {theme.key: theme.title for theme in shop().themes}
    people = {person.key: person.name for person in shop().people}
    return Report(
        workspace="zina",
        name="Zina ô Beldi",
        locale="fr",
        week=WEEK,
        begins=MONDAY,
        ends=SUNDAY,
        closes_at=at(SUNDAY + _DAY, "07:00"),
        frozen_at=at(SUNDAY + _DAY, "07:01"),
        timezone="Africa/Casablanca",
        totals=whole,
        boards=_groups(found, titles, by_board),
        themes=_groups(found, themes, by_theme),
        people=_groups(found, {**people, "": ""}, by_person),
        occurrences=tuple(found),
        standing=standing(before, whole.of_week(WEEK), TARGET),
        people_shown=False,
    )


def _groups(
    found: Sequence[Line], titles: Mapping[str, str], keys: Callable[[Line], Sequence[str]]
) -> tuple[Group, ...]:
    """The figures of each part, marked as the product marks them."""
    whole, groups = totals(line.outcome for line in found), []
    for key, title in titles.items():
        part = totals(line.outcome for line in found if key in keys(line))
        marked = row_is_marked(part.judged, part.missed, whole.judged, whole.missed)
        groups.append(Group(key, title, part, f"https://trello.com/b/{key}", marked))
    return tuple(groups)


def _titles() -> dict[str, str]:
    return {board.key: board.title for board in shop().boards}


def notice(why: Why, line: Line, count: int = 0, of: int = 0) -> Notice:
    """What is pointed at in one line."""
    return Notice(why, line.key, line.board, line.task, line.title, count, of)


# ---- the weeks --------------------------------------------------------------------------------------


def bad_week() -> Report:
    """A fall, with something in each part of the page: a holiday, an absence, an outage, doubts."""
    found = lines(_BAD)
    of = {(line.task, line.due_at.date()): line for line in found}
    missed = {"parcels": 3, "customer-emails": 2, "social-posts": 1, "stock": 1}
    needed = [
        notice(Why.MISSED, each, missed[each.task], 4) if each.assignees else notice(_NOBODYS, each, 2, 4)
        for each in found
        if each.outcome is Outcome.MISSED
    ]
    loyalty = of["loyalty", THURSDAY]
    coming = THURSDAY + 7 * _DAY
    return replace(
        report_of(found, history(STEADY), _titles()),
        caught_up=_caught_up(),
        system=("job:mail", "daily:limits"),
        outages=(Outage("daily", at(SATURDAY, "10:00"), at(SUNDAY, "14:20")),),
        needs_you=(
            *needed,
            Notice(Why.UNASSIGNED, "", "weekly", "loyalty", loyalty.title, first=coming, last=coming),
        ),
        chronic=(
            notice(Why.NOT_ON_TIME, of["parcels", SATURDAY], 4, 5),
            notice(Why.NOT_ON_TIME, of["customer-emails", THURSDAY], 3, 5),
        ),
        rare=(
            notice(Why.NOT_ON_TIME, of["sales-forecast", FRIDAY], 2, 4),
            notice(Why.IN_A_ROW, of["site-survey", TUESDAY], 6),
        ),
        doubtful=(
            notice(Why.AT_ONCE, of["sales-analysis", FRIDAY]),
            notice(Why.TOO_QUICK, of["returns", TUESDAY], 4, 60),
            Notice(Why.BURST, board="weekly", count=6, of=9),
            notice(Why.AUTOMATED, of["brand-watch", THURSDAY]),
        ),
        next_week=_next_week(),
    )


_NOBODYS = Why.MISSED_UNASSIGNED
_AWAY = (Absentee("karim", "Karim Tazi", "youssef"),)
_MISSED = {"outcome": Outcome.MISSED}


def _late(day: dt.date, clock: str, by: str, **more: Any) -> dict[str, Any]:
    return {"outcome": Outcome.LATE, "completed_at": at(day, clock), "completed_by": by, **more}


_BAD: Told = {
    ("parcels", MONDAY): _late(MONDAY, "17:10", "karim"),
    ("parcels", TUESDAY): _late(TUESDAY, "16:35", "youssef", assignees=("youssef",), absent=_AWAY),
    ("parcels", FRIDAY): _MISSED,
    ("parcels", SATURDAY): _late(SUNDAY, "18:20", "youssef"),
    ("customer-emails", MONDAY): _late(MONDAY, "18:05", "nadia"),
    ("customer-emails", THURSDAY): _MISSED,
    ("social-comments", THURSDAY): _late(FRIDAY, "08:00", "salma", approximate=True),
    ("social-posts", SATURDAY): _MISSED,
    ("site-ideas", SATURDAY): {"outcome": Outcome.OPEN},
    ("sector-news", FRIDAY): {"reopened": True},
    ("brand-watch", MONDAY): {"unproven": True},
    ("stock", FRIDAY): _MISSED,
    ("loyalty", THURSDAY): {**_MISSED, "assignees": ()},
    ("payment-test", TUESDAY): {
        "outcome": Outcome.EXCUSED,
        "note": "absence:Karim Tazi",
        "excused_reason": "absence:Karim Tazi",
        "absent": (Absentee("karim", "Karim Tazi"),),
        "nobody_left": True,
        "assignees": (),
    },
    ("filter-test", TUESDAY): {
        "outcome": Outcome.EXCUSED,
        "excused_reason": "label",
        "excused_at": at(TUESDAY, "09:40"),
        "excused_by": "amal",
    },
    ("link-test", TUESDAY): {"outcome": Outcome.EXCUSED, "excused_reason": "list"},
    ("marketing-analysis", FRIDAY): {
        "outcome": Outcome.EXCUSED,
        "excused_reason": WITHDRAWN,
        "note": WITHDRAWN,
        "excused_at": at(THURSDAY, "10:15"),
    },
    ("shipments", TUESDAY): {"outcome": Outcome.NOT_ISSUED, "note": TOO_LATE, "card_url": None},
    ("sales-forecast", FRIDAY): _late(SATURDAY, "11:25", "amal"),
    ("site-survey", TUESDAY): {
        "due_moved_by": "nadia",
        "due_moves": (DueMove(at(MONDAY, "15:00"), "nadia"),),
    },
}


def _caught_up() -> tuple[Line, ...]:
    """Of the week before."""
    week = WEEK.previous()
    done = _late(MONDAY, "10:40", "amal")
    found = lines({("bookkeeping", week.monday + 3 * _DAY): done}, week)
    return tuple(line for line in found if line.outcome is Outcome.LATE)


def _next_week() -> tuple[Notice, ...]:
    day = [SUNDAY + n * _DAY for n in range(1, 8)]
    return (
        Notice(Why.CLOSURE, title="Inventaire", first=day[5], last=day[5]),
        Notice(Why.ABSENCE, title="Karim Tazi", first=day[0], last=day[2]),
        Notice(
            *(Why.RARE, "", "monthly", "newsletter-base", "Mettre à jour la base de la newsletter"),
            first=day[4],
            last=day[4],
            who=("Nadia Chraïbi",),
        ),
        Notice(Why.OVERBOOKED, "", "daily", "", "Matinée au comptoir", 210, 180, day[1], day[1]),
    )


def good_week() -> Report:
    """All on time but for the holiday; a closure ahead."""
    return replace(report_of(lines({}), history(STEADY), _titles()), next_week=_next_week()[:1])


def usual_week() -> Report:
    """Some missed, some late, and no more of either than chance brings."""
    told: Told = {each: _BAD[each] for each in (("parcels", MONDAY), ("parcels", FRIDAY), ("stock", FRIDAY))}
    found = lines({**told, ("customer-emails", MONDAY): _BAD["customer-emails", MONDAY]})
    counts = {"parcels": 2, "stock": 1}
    needed = [
        notice(Why.MISSED, each, counts[each.task], 4) for each in found if each.outcome is Outcome.MISSED
    ]
    return replace(report_of(found, history(STEADY), _titles()), needs_you=tuple(needed))


def empty_week() -> Report:
    """Nothing was due."""
    return replace(report_of([], history(STEADY), _titles()), next_week=_next_week()[1:3])


def first_week() -> Report:
    """The same as the usual week, with none before it."""
    usual = usual_week()
    this = WeekCount(WEEK, usual.totals.judged, usual.totals.on_time)
    needs_you = tuple(replace(each, count=1, of=1) for each in usual.needs_you)
    return replace(usual, standing=standing([], this, TARGET), needs_you=needs_you)


def week_of_a_chain() -> Report:
    """Sixty boards in twenty cities; two of them go badly."""
    chance, found, titles = random.Random(47), [], {}  # noqa: S311
    for number, city in enumerate(CITIES):
        for board, title in _titles().items():
            titles[f"{board}-{number}"] = f"{city} – {title.lower()}"
        weights = (60, 20, 20) if city in {"Fès", "Tanger"} else (95, 3, 2)
        for declared in lines({}):
            line = declared
            if line.outcome is Outcome.ON_TIME:
                (outcome,) = chance.choices((Outcome.ON_TIME, Outcome.LATE, Outcome.MISSED), weights)
                line = _with_outcome(line, outcome, dt.timedelta(minutes=chance.randint(5, 600)))
            found.append(
                replace(line, board=f"{line.board}-{number}", key=f"{line.board}-{number}/{line.key}")
            )
    found.sort(key=lambda line: list(titles).index(line.board))
    missed = [line for line in found if line.outcome is Outcome.MISSED]
    return replace(
        report_of(found, history([round(chance.gauss(880, 9)) for _ in STEADY], 940), titles),
        needs_you=tuple(notice(Why.MISSED, line, 1 + chance.randint(0, 2), 4) for line in missed),
        next_week=_next_week()[:2],
    )


def _with_outcome(line: Line, outcome: Outcome, delay: dt.timedelta) -> Line:
    if outcome is Outcome.LATE:
        return replace(line, outcome=outcome, completed_at=line.due_at + delay)
    if outcome is Outcome.MISSED:
        return replace(line, outcome=outcome, completed_at=None, completed_by=None)
    return line
