"""A week's report, made by hand: one task of each outcome, on two boards."""

import datetime as dt

from told_report import WEEK, at, weeks_before

from trello_ops.core.reporting.groups import totals
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import WeekCount


def line(board: str, task: str, outcome: Outcome, done: dt.datetime | None = None) -> ReportedOccurrence:
    """An occurrence of Amina's, due on the 17th at 18:00."""
    return ReportedOccurrence(
        key=f"{board}/{task}/2026-11-17",
        board=board,
        task=task,
        theme="operations",
        title=task.title(),
        assignees=("amina",),
        due_at=at(17, 18),
        outcome=outcome,
        completed_at=done,
        completed_by="amina" if done else None,
        card_url=f"https://trello.com/c/{task}",
        assignee_names=("Amina Bennani",),
    )


LINES = (
    line("daily", "colis", Outcome.LATE, at(17, 20, 30)),
    line("daily", "caisse", Outcome.ON_TIME, at(17, 9)),
    line("weekly", "stock", Outcome.MISSED),
    line("weekly", "retours", Outcome.EXCUSED),
)


def _of(board: str) -> list[Outcome | str]:
    return [each.outcome for each in LINES if each.board == board]


REPORT = Report(
    workspace="zina",
    name="Zina ô Beldi",
    locale="fr",
    week=WEEK,
    begins=WEEK.monday,
    ends=WEEK.sunday,
    closes_at=at(23, 7),
    frozen_at=at(23, 7, 1),
    timezone="Africa/Casablanca",
    totals=totals(each.outcome for each in LINES),
    boards=(
        Group("daily", "Chaque jour", totals(_of("daily")), "https://trello.com/b/daily"),
        Group("weekly", "Chaque semaine", totals(_of("weekly")), "https://trello.com/b/weekly"),
    ),
    themes=(Group("operations", "Opérationnel", totals(each.outcome for each in LINES)),),
    people=(Group("amina", "Amina Bennani", totals(each.outcome for each in LINES)),),
    occurrences=LINES,
    standing=standing(weeks_before([(50, 45)] * 13), WeekCount(WEEK, 3, 1), 90),
    people_shown=False,
)
