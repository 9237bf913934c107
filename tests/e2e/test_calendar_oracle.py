"""Some years of the declared calendar, counted by the oracle and by the program."""

import datetime as dt
from pathlib import Path

import pytest
from live_kit import CHECKOUT, small_shop
from oracle import Files

from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.declared import load

EVERY_RHYTHM = """\
title: Tous les rythmes
cadence: {cadence}
tasks:
  plain: {{title: Simple, theme: data, template: news.md}}
{more}"""
WEEKLY = """\
  two: {title: Deux fois, theme: data, template: news.md, on: [lundi, thu], due: "00:30"}
  span: {title: Plage, theme: data, template: news.md, on: ven-lun, release: {time: "22:00", offset_days: -1}}
  late: {title: Tard, theme: data, template: news.md, on: sunday, due: {time: "02:30", offset_days: 3}}
"""
MONTHLY = """\
  last: {title: Dernier, theme: data, template: news.md, on: last, due: "02:30"}
  short: {title: Court, theme: data, template: news.md, on: 31, timezone: Europe/Paris, due: "02:30"}
  both: {title: Les deux, theme: data, template: news.md, on: [15, 30, last]}
  begun: {title: Commencé, theme: data, template: news.md, on: 10, start: 2027-01-11}
"""


@pytest.fixture(params=[pytest.param("samples", marks=pytest.mark.slow), "every rhythm"])
def boards(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "samples":
        return CHECKOUT / "boards"
    folder = small_shop(tmp_path) / "boards"
    for cadence, more in (("daily", ""), ("weekly", WEEKLY), ("monthly", MONTHLY)):
        (folder / f"{cadence}.yaml").write_text(EVERY_RHYTHM.format(cadence=cadence, more=more), "utf-8")
    return folder


def test_years_week_by_week(boards: Path) -> None:
    """With the last two Ramadans that moved Morocco's clocks, the end of that, a week 53 and a leap day."""
    templates = {path.name for path in boards.parent.glob("templates/cards/*.md")}
    workspace = load.read(boards, templates).workspace
    assert workspace is not None
    files, monday = Files(boards), dt.date(2025, 1, 6)
    for week in (monday + dt.timedelta(weeks=n) for n in range(183)):
        begin, end = files.midnight(week), files.midnight(week + dt.timedelta(days=7))
        counted = {
            (str(o.key), o.release, o.due)
            for board in workspace.boards
            for task in board.tasks
            for o in occurrences(
                workspace, board, task, begin - dt.timedelta(days=1), end + dt.timedelta(days=7)
            )
            if begin <= o.due < end
        }
        owed = {(duty.key, duty.release, duty.due) for duty in files.due_in(week.strftime("%G-W%V"))}
        assert counted == owed
