"""Shops side by side: their order, who stands out, and what is kept of each."""

import json
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from report_kit import REPORT
from told_report import totals

from trello_ops.core.reporting.agency import AgencyReport, Lack, ShopWeek, in_order, in_short
from trello_ops.core.reporting.standing import Signal, Standing, Verdict


def shop(name: str, missed: int = 0, verdict: Verdict = Verdict.USUAL) -> ShopWeek:
    report = replace(REPORT, totals=totals(9, 1, missed), standing=Standing(90, Signal(verdict)))
    return ShopWeek(name, name, in_short(report))


def agency(*shops: ShopWeek) -> AgencyReport:
    return AgencyReport(REPORT.week, "Agence", "fr", REPORT.closes_at, REPORT.closes_at, in_order(shops))


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(Verdict))))
def test_most_missed_come_first_and_the_figures_add_up(weeks: list[tuple[int, Verdict]]) -> None:
    found = agency(
        *(shop(f"s{n}", *week) for n, week in enumerate(weeks)), ShopWeek("none", lack=Lack.RUNNING)
    )
    counts = [each.report.totals.missed for each in found.reported if each.report]
    assert all(one >= two for one, two in pairwise(counts))
    assert found.shops[-1].name == "none"
    assert found.totals.missed == sum(missed for missed, _ in weeks)
    assert found.totals.judged == 10 * len(weeks) + found.totals.missed


@pytest.mark.parametrize("verdict", Verdict)
def test_only_a_fall_is_marked(verdict: Verdict) -> None:
    assert shop("a", 5, verdict).marked == (verdict in {Verdict.FALL, Verdict.LASTING_FALL})


def test_it_is_read_back_as_it_was() -> None:
    made = agency(shop("a", 2), ShopWeek("b", lack=Lack.NOT_TENDED, not_tended="no token"))
    assert AgencyReport.from_dict(json.loads(json.dumps(made.as_dict()))) == made


def test_what_the_robot_failed_at_is_counted() -> None:
    report = replace(REPORT, system=("job:mail", "daily"), totals=totals(9, not_issued=2))
    assert ShopWeek("a", "a", report).robot == 3
