"""Three weeks of a team's life over HTTP: days off, absences and turns, as the weekly reports tell them."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from live_kit import Live, MovableClock, apply, live, one_pass

from trello_ops.app import App
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.render.report_text import text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

CASABLANCA = ZoneInfo("Africa/Casablanca")
FIRST, SECOND, THIRD = (IsoWeek(2026, number) for number in (46, 47, 48))
DAY = dt.timedelta(days=1)

WORKSPACE = """\
key: team
name: Petite équipe
trello_workspace: zinaobeldi
locale: fr
timezone: Africa/Casablanca
working_days: mon-fri
holidays: {country: MA}                       # Wednesday 18 November is one
closures: [{from: 2026-11-23, to: 2026-11-24, reason: Inventaire}]
people:
  amal:
    trello: amal_zina
    name: Amal Benali
    absences: [{from: 2026-11-16, to: 2026-11-17, stand_in: karim, reason: Congé}]
  karim: {trello: karim_zina, name: Karim Tazi}
  salma:
    trello: salma_zina
    name: Salma Berrada
    absences: [{from: 2026-11-27, to: 2026-11-27, reason: Formation}]
themes:
  operations: {title: Opérationnel, colour: orange}
report: {to: [gerante@example.org]}
"""

BOARDS = {
    "daily": """\
title: Quotidien
cadence: daily
on: mon-fri
release: "06:00"
due: "18:00"
tasks:
  emails: {title: E-mails, theme: operations, template: note.md, assign: amal}
  parcels:
    title: Colis
    theme: operations
    template: note.md
    assign: {rotate: {people: [amal, karim, salma], since: 2026-11-09}}
  blog:
    title: Blog
    theme: operations
    template: note.md
    assign: karim
    pauses: [{from: 2026-11-12, to: 2026-11-13, reason: Refonte}]
  photos: {title: Photos, theme: operations, template: note.md, assign: salma, when_absent: excuse}
""",
    "weekly": """\
title: Hebdomadaire
cadence: weekly
release: "06:00"
due: "17:00"
tasks:
  stock:
    title: Stock
    theme: operations
    template: note.md
    on: wednesday
    assign: {rotate: {people: [salma, karim], by: week, since: 2026-11-09}}
  meeting:
    title: Réunion
    theme: operations
    template: note.md
    cadence: biweekly
    anchor: 2026-11-09
    on: thursday
    assign: [amal, karim]
""",
    "yearly": """\
title: Annuel
cadence: yearly
month: november
on: 25
release: "06:00"
due: "17:00"
tasks:
  prices: {title: Tarif, theme: operations, template: note.md, assign: karim}
""",
}


class Life:
    """The team's days, one after another; the robot rests whenever its app is left."""

    def __init__(self, trello: Live, folder: Path) -> None:
        self._trello, self._folder = trello, folder
        self.clock = MovableClock(trello, dt.datetime(2026, 11, 8, 18, tzinfo=CASABLANCA))

    def live(self, first: dt.date, last: dt.date) -> None:
        """From a day's morning to another's evening, by an app of their own."""
        with self._trello.app(self._folder, self.clock) as app:
            for day in range((last - first).days + 1):
                self._day(app, first + day * DAY)

    def begin(self) -> None:
        with self._trello.app(self._folder, self.clock) as app:
            apply(app)

    def report(self, week: IsoWeek) -> Report:
        with self._trello.app(self._folder, self.clock) as app:
            found = app.services.store.frozen(week)
        assert found is not None, week
        return found

    def _day(self, app: App, day: dt.date) -> None:
        # On Mondays two: after the close the first reads the boards, by which the second can tell the week.
        hours = (7, 8) if day.weekday() == 0 else (7,)
        for hour in hours:
            self.clock.advance_to(dt.datetime.combine(day, dt.time(hour, 30), CASABLANCA))
            assert one_pass(app) == {}
        self.clock.advance_to(dt.datetime.combine(day, dt.time(12), CASABLANCA))
        self._work(day)

    def _work(self, day: dt.date) -> None:
        """Whatever is due that day gets done, by whoever is on the card, else by Karim."""
        state = self._trello.state()
        names = {member["id"]: member["username"] for member in state["members"]}
        for card in state["cards"]:
            due = card["due"] and dt.datetime.fromisoformat(card["due"]).astimezone(CASABLANCA)
            if due and due.date() == day and not card["isTemplate"]:
                self._trello.tick(card, by=next((names[each] for each in card["idMembers"]), "karim_zina"))


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[IsoWeek, Report]]:
    """The account of each of the three weeks, with a restart in the middle of the second."""
    folder = tmp_path_factory.mktemp("team")
    (folder / "templates" / "cards").mkdir(parents=True)
    (folder / "templates" / "cards" / "note.md").write_text("---\n---\nFaire.\n", "utf-8")
    (folder / "boards").mkdir()
    for name, board in {"workspace": WORKSPACE, **BOARDS}.items():
        (folder / "boards" / f"{name}.yaml").write_text(board, "utf-8")
    with live() as trello:
        life = Life(trello, folder)
        life.begin()
        life.live(dt.date(2026, 11, 9), dt.date(2026, 11, 17))
        life.live(dt.date(2026, 11, 18), dt.date(2026, 11, 30))
        yield {week: life.report(week) for week in (FIRST, SECOND, THIRD)}


def _lines(report: Report, task: str) -> dict[str, ReportedOccurrence]:
    """A task's occurrences by the day of their due."""
    found = (line for line in report.occurrences if line.task == task)
    return {f"{line.due_at.astimezone(CASABLANCA):%d}": line for line in found}


Reports = dict[IsoWeek, Report]


def _told(reports: Reports, task: str, what: Callable[[ReportedOccurrence], str]) -> list[dict[str, str]]:
    """Week by week, what is said of a task on each day."""
    return [{day: what(line) for day, line in _lines(report, task).items()} for report in reports.values()]


def _who(line: ReportedOccurrence) -> str:
    return ", ".join(line.assignees) if line.outcome == "on_time" else f"{line.outcome} {line.note}"


HOLIDAY = "excused holiday:Fête de l'indépendance"
CLOSED = "excused closure:Inventaire"


def test_a_stand_in_takes_over_and_days_off_are_excused_by_name(reports: Reports) -> None:
    assert _told(reports, "emails", _who) == [
        {"09": "amal", "10": "amal", "11": "amal", "12": "amal", "13": "amal"},
        {"16": "karim", "17": "karim", "18": HOLIDAY, "19": "amal", "20": "amal"},
        {"23": CLOSED, "24": CLOSED, "25": "amal", "26": "amal", "27": "amal"},
    ]
    away = _lines(reports[SECOND], "emails")["17"].absent
    assert [(each.name, each.stand_in, each.reason) for each in away] == [("Amal Benali", "karim", "Congé")]


def test_the_round_goes_on_over_days_off_absences_and_a_restart(reports: Reports) -> None:
    assert _told(reports, "parcels", _who) == [
        {"09": "amal", "10": "karim", "11": "salma", "12": "amal", "13": "karim"},
        {"16": "salma", "17": "karim", "18": HOLIDAY, "19": "salma", "20": "amal"},
        {"23": CLOSED, "24": CLOSED, "25": "karim", "26": "salma", "27": "amal"},
    ]


def test_who_holds_the_week_holds_it_also_where_its_day_moves(reports: Reports) -> None:
    assert _told(reports, "stock", _who) == [{"11": "salma"}, {"17": "karim"}, {"25": "salma"}]


def test_a_pause_is_excused(reports: Reports) -> None:
    paused = "excused pause:Refonte"
    first, *_ = _told(reports, "blog", _who)
    assert first == {"09": "karim", "10": "karim", "11": "karim", "12": paused, "13": paused}


def test_whoever_is_away_without_anybody_else_is_excused_where_the_task_says_so(reports: Reports) -> None:
    *_, last = _told(reports, "photos", _who)
    away = "excused absence:Salma Berrada (Formation)"
    assert last == {"23": CLOSED, "24": CLOSED, "25": "salma", "26": "salma", "27": away}


def test_the_fortnight_and_the_year_come_when_they_come(reports: Reports) -> None:
    assert _told(reports, "meeting", _who) == [{"12": "amal, karim"}, {}, {"26": "amal, karim"}]
    assert _told(reports, "prices", _who) == [{}, {}, {"25": "karim"}]


def test_the_manager_reads_why_and_who(reports: Reports) -> None:
    first, second, third = (text(report).replace("\u00a0", " ") for report in reports.values())
    assert "Pause : Refonte" in first
    assert "Férié : Fête de l'indépendance" in second
    assert "Amal Benali : absence, relais pris par Karim Tazi" in second
    assert "Fermeture : Inventaire" in third
    assert "Absence : Salma Berrada" in third


def test_nobody_is_charged_for_any_of_it(reports: Reports) -> None:
    totals = [report.totals for report in reports.values()]
    assert [(each.excused, each.late + each.missed + each.not_issued + each.open) for each in totals] == [
        (2, 0), (4, 0), (9, 0),
    ]  # fmt: skip
