"""A shop's week around the Aïd of 2027, with everything that a calendar can show."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

from trello_ops.core.cadence import Cadence, DayTime, Frequency, OnDayOff, Span
from trello_ops.core.days_off import Holiday, Holidays, HolidaySource
from trello_ops.core.declared import Board, ReportPolicy, Slot, Task, Theme, Workspace
from trello_ops.core.people import Absence, Person

CASABLANCA = ZoneInfo("Africa/Casablanca")
MONDAY = dt.date(2027, 3, 8)
WEEK = Span(MONDAY, MONDAY + dt.timedelta(days=6))
LOOKED_AT = dt.datetime(2027, 3, 1, 8, 0, tzinfo=dt.UTC)
SIX_DAYS = (1, 2, 3, 4, 5, 6)

PEOPLE = (
    Person(
        "amal", "amal_zina", "Amal Benali",
        absences=(Absence(dt.date(2027, 3, 12), dt.date(2027, 3, 14), "nadia", "congés"),),
    ),
    Person("karim", "karim_zina", "Karim Tazi"),
    Person(
        "youssef", "youssef_zina", "Youssef El Idrissi",
        absences=(Absence(dt.date(2027, 3, 13), dt.date(2027, 3, 13)),),
    ),
    Person("nadia", "nadia_zina", "Nadia Chraïbi"),
)  # fmt: skip

HOLIDAYS = Holidays(
    (HolidaySource("MA"),),
    known={
        dt.date(2027, 3, 10): Holiday("Aïd al-Fitr", estimated=True),
        dt.date(2027, 3, 11): Holiday("Aïd al-Fitr, 2e jour", estimated=True),
    },
)
MORNING = Slot("lundi-matin", 1, dt.time(9), dt.time(12, 30))


def cadence(frequency: str, on: tuple[int, ...], due: str, **more: object) -> Cadence:
    return replace(
        Cadence(Frequency(frequency), on, DayTime(dt.time.fromisoformat(due)), CASABLANCA),
        **more,  # type: ignore[arg-type]
    )


def task(key: str, title: str, rhythm: Cadence, *assignees: str, **more: object) -> Task:
    return replace(Task(key, title, "operations", f"{key}.md", rhythm, assignees), **more)  # type: ignore[arg-type]


DAILY = cadence("daily", SIX_DAYS, "18:00", on_day_off=OnDayOff.SKIP)
MONDAYS = cadence("weekly", (1,), "12:30", on_day_off=OnDayOff.PREVIOUS)


def weekly(day: int) -> Cadence:
    return cadence("weekly", (day,), "17:00", on_day_off=OnDayOff.PREVIOUS)


def board(key: str, title: str, frequency: str, *tasks: Task, closures: tuple[Span, ...] = ()) -> Board:
    return Board(
        key, title, Frequency(frequency), (), tasks, CASABLANCA, working_days=SIX_DAYS, closures=closures
    )


def shop(*boards: Board, holidays: Holidays = HOLIDAYS) -> Workspace:
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
        holidays=holidays,
        slots=(MORNING,),
    )


PARCELS = task("parcels", "Préparer et envoyer les colis", DAILY, "youssef")
FIGURES = task("figures", "Chiffres du week-end", MONDAYS, "amal", slot="lundi-matin", duration=60)
MEETING = task("meeting", "Réunion hebdomadaire", MONDAYS, "amal", "karim", slot="lundi-matin", duration=60)
COMPLAINTS = task("complaints", "Réclamations du week-end", MONDAYS, "amal", slot="lundi-matin", duration=120)
RETURNS = task("returns", "Traiter les retours et les échanges", weekly(3), "youssef", "nadia")
BOOKS = task("books", "Tenir la comptabilité", weekly(5), "amal")
STOCK = task(
    "stock", "Réapprovisionner et ranger le stock", weekly(2), "karim",
    pauses=(Span(dt.date(2027, 3, 1), dt.date(2027, 3, 14), "inventaire"),),
)  # fmt: skip

SHOP = shop(
    board("daily", "Suivi quotidien", "daily", PARCELS),
    board("weekly", "Suivi hebdomadaire", "weekly", FIGURES, MEETING, COMPLAINTS, RETURNS, BOOKS, STOCK),
)
