"""What a shop's calendar must show in six windows, worked out by hand, and the shop by core's own values.

The tables stand beside this file. A line has a task, the date of the key, the nominal day, the day (`=` where
that is the same), the due as local time and in UTC, who has it (`-`: nobody), and why it was moved or
skipped. A line of a daily task stands for each day of its range.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from trello_ops.core.cadence import WORKING_DAY, Cadence, DayTime, Frequency, NthDay, OnDayOff, Span
from trello_ops.core.days_off import Holiday, Holidays
from trello_ops.core.declared import Board, ReportPolicy, Task, Theme, Workspace
from trello_ops.core.people import Absence, Person, Round, TurnBy

HERE = Path(__file__).parent
WINDOWS = tuple(sorted(path.stem for path in HERE.glob("*.txt")))
CASABLANCA = ZoneInfo("Africa/Casablanca")
DAILY = frozenset({"colis", "veille", "caisse"})


class Line(NamedTuple):
    """What comes once."""

    task: str
    date: str
    nominal: str
    day: str
    local: str
    utc: str
    who: str
    why: str


@dataclass(frozen=True)
class Table:
    """What has its day in so many weeks from a Monday on."""

    first: dt.date
    weeks: int
    lines: tuple[Line, ...]

    @property
    def days(self) -> Span:
        return Span(self.first, self.first + dt.timedelta(weeks=self.weeks, days=-1))


def table(window: str) -> Table:
    """A window's table."""
    text = (HERE / f"{window}.txt").read_text("utf-8").splitlines()
    head, *lines = (line for line in text if line and not line.startswith("#"))
    _, first, _, weeks = head.split()
    found = tuple(one for line in lines for one in _lines(line))
    return Table(dt.date.fromisoformat(first), int(weeks), found)


def _lines(line: str) -> Iterator[Line]:
    if line.split(maxsplit=1)[0] not in DAILY:
        task, date, nominal, day, local, utc, who, *why = re.split(r"  +", line)
        yield Line(task, date, nominal, nominal if day == "=" else day, local, utc, who, "".join(why))
        return
    task, dates, local, utc, who, *why = re.split(r"  +", line)
    first, _, last = dates.partition("..")
    for date in _each(dt.date.fromisoformat(first), dt.date.fromisoformat(last or first)):
        yield Line(task, str(date), shown(date), shown(date), local, utc, who, "".join(why))


def _each(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += dt.timedelta(days=1)


def shown(day: dt.date) -> str:
    """A day as the tables write it."""
    return f"{day:%a %m-%d}"


def by_task(lines: Iterable[Line]) -> list[Line]:
    """Lines by task and date."""
    return sorted(lines)


# ---- Morocco, as the `holidays` library 0.109 has it in these windows --------------------------------

FITR, ADHA = "Fête de la rupture du jeûne", "Fête du sacrifice"
MANIFESTO, AMAZIGH = "Manifeste de l'indépendance", "Nouvel an Amazigh"
MOROCCO = {
    dt.date(2027, 1, 1): Holiday("Nouvel an"),
    dt.date(2027, 1, 11): Holiday(MANIFESTO),
    dt.date(2027, 1, 14): Holiday(AMAZIGH),
    dt.date(2027, 3, 9): Holiday(FITR, estimated=True),
    dt.date(2027, 3, 10): Holiday(FITR, estimated=True),
    dt.date(2027, 5, 16): Holiday(ADHA, estimated=True),
    dt.date(2027, 5, 17): Holiday(ADHA, estimated=True),
    dt.date(2028, 2, 26): Holiday(FITR, estimated=True),
    dt.date(2028, 2, 27): Holiday(FITR, estimated=True),
    dt.date(2033, 1, 1): Holiday("Nouvel an"),
    dt.date(2033, 1, 2): Holiday(FITR, estimated=True),
    dt.date(2033, 1, 3): Holiday(FITR, estimated=True),
    dt.date(2033, 1, 11): Holiday(MANIFESTO),
    dt.date(2033, 1, 14): Holiday(AMAZIGH),
}

# ---- the shop ---------------------------------------------------------------------------------------

SIX_DAYS = (1, 2, 3, 4, 5, 6)
INVENTORY = Span(dt.date(2026, 12, 31), dt.date(2027, 1, 2), "inventaire")
PEOPLE = (
    Person("amal", "amal_zina", "Amal Benali"),
    Person(
        "karim",
        "karim_zina",
        "Karim Tazi",
        absences=(Absence(dt.date(2027, 3, 1), dt.date(2027, 3, 5), "amal", "congés"),),
    ),
    Person(
        "nadia",
        "nadia_zina",
        "Nadia Chraïbi",
        absences=(
            Absence(dt.date(2026, 12, 28), dt.date(2027, 1, 2), reason="voyage"),
            Absence(dt.date(2027, 2, 25), dt.date(2027, 2, 25), reason="médecin"),
        ),
    ),
    Person("youssef", "youssef_zina", "Youssef El Idrissi", working_days=(1, 2, 3, 4, 5)),
)


def shop(since: dt.date) -> Workspace:
    """The shop, whose rounds begin on a day."""
    boards = (
        _board("quotidien", "daily", _daily(since)),
        _board("hebdo", "weekly", _weekly(since)),
        _board("mensuel", "monthly", _rare()),
    )
    return Workspace(
        key="zina",
        name="Zina ô Beldi",
        trello_workspace="zina",
        locale="fr",
        timezone=CASABLANCA,
        people=PEOPLE,
        themes=(Theme("operations", "Opérationnel", "orange"),),
        excused=Theme("excused", "Excusé", "black"),
        report=ReportPolicy(()),
        boards=boards,
        holidays=Holidays(known=MOROCCO),
    )


def _board(key: str, frequency: str, tasks: Iterable[Task]) -> Board:
    return Board(
        key,
        key.title(),
        Frequency(frequency),
        (),
        tuple(tasks),
        CASABLANCA,
        working_days=SIX_DAYS,
        closures=(INVENTORY,),
    )


def _task(key: str, cadence: Cadence, *people: str, title: str = "", **more: object) -> Task:
    found = Task(key, title or key, "operations", "tache.md", cadence, people)
    return replace(found, **more)  # type: ignore[arg-type]


def _on(frequency: str, *on: int, due: str, policy: OnDayOff = OnDayOff.PREVIOUS, **more: object) -> Cadence:
    found = Cadence(Frequency(frequency), on, DayTime(dt.time.fromisoformat(due)), CASABLANCA)
    return replace(found, on_day_off=policy, **more)  # type: ignore[arg-type]


def _daily(since: dt.date) -> Iterator[Task]:
    week = Round(("karim", "nadia", "youssef"), since, TurnBy.WEEK)
    skip, keep = OnDayOff.SKIP, OnDayOff.KEEP
    yield _task("colis", _on("daily", *SIX_DAYS, due="18:00", policy=skip), "youssef", "amal")
    yield _task("veille", _on("daily", *range(1, 8), due="20:00", policy=keep), "nadia")
    yield _task("caisse", _on("daily", *SIX_DAYS, due="19:30", policy=skip), round=week)


def _weekly(since: dt.date) -> Iterator[Task]:
    audit = Span(dt.date(2027, 2, 15), dt.date(2027, 2, 21), "audit externe")
    turns = Round(("amal", "karim", "nadia"), since)
    anchor = dt.date(2026, 9, 18)
    yield _task("compta", _on("weekly", 5, due="17:00"), "amal", pauses=(audit,))
    yield _task("chiffres", _on("weekly", 1, due="10:00", policy=OnDayOff.NEXT), "karim")
    yield _task("liens", _on("weekly", 3, due="16:00"), "nadia")
    yield _task("vitrine", _on("weekly", 4, due="12:00"), round=turns)
    yield _task("reunion", _on("biweekly", 5, due="15:00", anchor=anchor), "amal", "karim")


def _rare() -> Iterator[Task]:
    last, first = NthDay(-1, WORKING_DAY), NthDay(1, WORKING_DAY)
    dates = (dt.date(2026, 9, 20), dt.date(2027, 5, 16))
    rule = {"rule": "FREQ=MONTHLY;BYDAY=2TU", "start": dt.date(2026, 9, 8)}
    later = OnDayOff.NEXT
    yield _task("stock", _on("monthly", due="17:00", nth=(last,)), "youssef")
    yield _task("prix", _on("monthly", due="17:00", nth=(NthDay(1, 1),), policy=later), "nadia")
    yield _task("cloture", _on("monthly", 31, due="18:00"), "amal")
    yield _task(
        "audit", _on("monthly", 10, due="17:00"), "karim", title="Audit du site", covers=("hebdo/liens",)
    )
    yield _task("tva", _on("quarterly", -1, due="17:00", month=3), "amal")
    yield _task("garantie", _on("half_yearly", due="09:00", nth=(first,), month=1, policy=later), "nadia")
    yield _task("domaine", _on("yearly", 29, due="12:00", month=2), "amal")
    yield _task("salon", _on("once", due="09:00", dates=dates, policy=later), "karim")
    yield _task("formation", _on("rule", due="11:00", **rule), "nadia")
