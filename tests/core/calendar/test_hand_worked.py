"""The calendar of a shop against tables that were worked out by hand."""

import datetime as dt

import pytest
from hand_worked import CASABLANCA, WINDOWS, Line, by_task, shop, shown, table

from trello_ops.core.cadence import Span
from trello_ops.core.calendar.occurrences import on_days
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import Occurrence


def found(workspace: Workspace, days: Span) -> list[Occurrence]:
    return [
        each
        for board in workspace.boards
        for task in board.tasks
        for each in on_days(workspace, board, task, days)
    ]


def line(one: Occurrence) -> Line:
    local, utc = one.due.astimezone(CASABLANCA), one.due.astimezone(dt.UTC)
    assert local.date() == utc.date() == one.day
    why = f"skip {one.skip}" if one.skip else f"moved {one.moved}" if one.moved else ""
    return Line(
        task=one.key.task,
        date=str(one.key.date),
        nominal=shown(one.nominal_day),
        day=shown(one.day),
        local=f"{local:%H:%M}",
        utc=f"{utc:%H:%M}Z",
        who=",".join(one.assignees) or "-",
        why=why,
    )


@pytest.mark.parametrize("window", WINDOWS)
def test_a_window_is_as_worked_out_by_hand(window: str) -> None:
    by_hand = table(window)
    shown_ = map(line, found(shop(by_hand.first), by_hand.days))
    assert by_task(shown_) == by_task(by_hand.lines)


RELEASES = """
2026-09-13T23:00 hebdo/compta/2026-09-14     week's Monday, while Morocco is at UTC+1
2026-09-21T00:00 hebdo/compta/2026-09-21
2026-08-31T23:00 mensuel/stock/2026-09-01    month's first
2026-08-31T23:00 mensuel/tva/2026-07-01      first of the month that the quarter has it in
2026-09-21T00:00 mensuel/salon/2026-09-20    once: with the day, which moved
2026-09-19T23:00 quotidien/veille/2026-09-20 midnight before the clocks change
2026-12-28T00:00 hebdo/compta/2026-12-28     the day moved, the release need not
2027-01-11T00:00 hebdo/chiffres/2027-01-11   likewise
2026-12-01T00:00 mensuel/tva/2026-10-01
2027-01-01T00:00 mensuel/garantie/2027-01-01
2027-02-15T00:00 hebdo/reunion/2027-02-15
2027-03-01T00:00 mensuel/audit/2027-03-01
2027-03-08T00:00 mensuel/formation/2027-03-09 a rule: with the day, which moved
2028-02-01T00:00 mensuel/domaine/2028-01-01
"""


@pytest.mark.parametrize("said", RELEASES.strip().splitlines())
def test_releases_worked_out_by_hand(said: str) -> None:
    at, key, *_ = said.split()
    date = dt.date.fromisoformat(key[-10:])
    around = Span(date - dt.timedelta(days=40), date + dt.timedelta(days=120))
    (one,) = (each for each in found(shop(dt.date(2026, 9, 14)), around) if str(each.key) == key)
    assert f"{one.release.astimezone(dt.UTC):%Y-%m-%dT%H:%M}" == at
