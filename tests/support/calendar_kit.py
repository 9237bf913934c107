"""Tasks on a calendar, for tests of occurrences and of catching up."""

import datetime as dt
from zoneinfo import ZoneInfo

from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.core.declared import Board, ReportPolicy, Task, Theme, Workspace
from trello_ops.core.ledger import Occurrence

CASABLANCA, PARIS = ZoneInfo("Africa/Casablanca"), ZoneInfo("Europe/Paris")
KATHMANDU, HONOLULU = ZoneInfo("Asia/Kathmandu"), ZoneInfo("Pacific/Honolulu")
MIDNIGHT, FIVE = DayTime(dt.time(0, 0)), DayTime(dt.time(17, 0))


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def task(
    frequency: str = "weekly",
    on: tuple[int, ...] = (5,),
    *,
    due: DayTime = FIVE,
    release: DayTime = MIDNIGHT,
    zone: ZoneInfo = PARIS,
    start: str | None = None,
) -> Task:
    begin = dt.date.fromisoformat(start) if start else None
    cadence = Cadence(Frequency(frequency), on, due, zone, release, begin)
    return Task("stock", "Refaire le stock", "operations", "stock.md", cadence, ("amina",))


def board(one: Task) -> Board:
    return Board("shop", "La boutique", one.cadence.frequency, (), (one,), one.cadence.timezone)


def workspace(one: Task) -> Workspace:
    return Workspace(
        key="zina",
        name="Zina ô Beldi",
        trello_workspace="zina",
        locale="fr",
        timezone=one.cadence.timezone,
        people=(),
        themes=(Theme("operations", "Opérationnel", "green"),),
        excused=Theme("excused", "Excusé", "black"),
        report=ReportPolicy(()),
        boards=(board(one),),
    )


def between(one: Task, since: str, until: str) -> tuple[Occurrence, ...]:
    return occurrences(workspace(one), board(one), one, at(since), at(until))
