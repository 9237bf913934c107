"""What is wrong with a workspace's own report template: worth a warning, as nothing stops for it."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence, Totals
from trello_ops.core.reporting.standing import (
    Allowance,
    Outlook,
    Signal,
    Standing,
    TrendWeek,
    Verdict,
    WeekCount,
)
from trello_ops.errors import Problem
from trello_ops.folder_files import Folder, listed
from trello_ops.messages import say
from trello_ops.render.report_page import page
from trello_ops.render.report_template import REPORTS, TEMPLATE, BrokenTemplate, own_template, rendered
from trello_ops.unread_files import is_aside

_WEEK = IsoWeek(2026, 47)
_DUE = dt.datetime(2026, 11, 20, 16, tzinfo=dt.UTC)


def warnings(templates: Path | Folder) -> Iterator[Problem]:
    """A file that is not read, and a template by which a made-up week cannot be drawn."""
    folder = Folder.of(templates) / REPORTS
    if not folder.path.is_dir():
        return
    for path in sorted(listed(folder.path)):
        if path.name != TEMPLATE and not is_aside(path):
            message = say("is not read: only `%(name)s` is, which makes the report’s page", name=TEMPLATE)
            yield Problem(str(path), 1, 1, "", message)
    try:
        rendered(page(_made_up(), "cid:chart"), own_template(templates))
    except BrokenTemplate as error:
        why = say("cannot be used, so reports have the built-in page: %(why)s", why=error.message)
        yield Problem(str(folder.path / TEMPLATE), 1, 1, "", why)


def _made_up() -> Report:
    """A week with something in every part of the page."""
    lines = tuple(map(_line, Outcome))
    totals = Totals(len(lines), 1, 1, 1, 1, 1, 1, 1 / 3)
    groups = tuple(Group(key, key, totals, "https://trello.com/b/x", marked=True) for key in ("a", "b"))
    notices = {
        why: (Notice(why, lines[0].key, "a", "t", "T", 1, 2, _DUE.date(), _DUE.date(), ("Q",)),)
        for why in Why
    }
    return Report(
        workspace="w",
        name="W",
        locale="en",
        week=_WEEK,
        begins=_WEEK.monday,
        ends=_WEEK.sunday,
        closes_at=_DUE,
        frozen_at=_DUE,
        timezone="UTC",
        totals=totals,
        boards=groups,
        themes=groups,
        people=groups,
        occurrences=lines,
        caught_up=lines[:1],
        system=("a:reading",),
        standing=_standing(),
        needs_you=notices[Why.UNASSIGNED],
        chronic=notices[Why.NOT_ON_TIME],
        rare=notices[Why.IN_A_ROW],
        doubtful=notices[Why.BURST],
        next_week=notices[Why.HOLIDAY],
    )


def _line(outcome: Outcome) -> ReportedOccurrence:
    key, url = f"a/{outcome}/2026-11-20", "https://trello.com/c/x"
    return ReportedOccurrence(
        key, "a", str(outcome), "a", "T", ("q",), _DUE, outcome, _DUE, "q", url, unproven=True
    )


def _standing() -> Standing:
    counts = tuple(WeekCount(week, 3, 1) for week in (_WEEK.previous(), _WEEK))
    signal = Signal(Verdict.USUAL, trial=True, p_bar=0.3, sigma_z=1.0, lower=0.1, upper=0.9, weeks=counts)
    trend = tuple(TrendWeek(count, Verdict.USUAL, 0.1, 0.9) for count in counts)
    return Standing(90, signal, Outlook.CHANCE, Allowance(3, 1), trend)
