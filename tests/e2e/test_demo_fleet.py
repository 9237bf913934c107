"""The demo of a fleet: a week of four shops on two nodes, one of which is killed."""

import pytest

from trello_ops.core.ledger import OccurrenceKey
from trello_ops.demo import fleet, postgres
from trello_ops.demo.fleet_shops import Card, Deed, deed

KEY = OccurrenceKey("daily", "emails", fleet.FIRST_WEEK.monday)


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(postgres.programs() is None, reason="PostgreSQL is not installed")
def test_a_week_with_a_killed_node_is_that_of_a_calm_process(capsys: pytest.CaptureFixture[str]) -> None:
    assert fleet.main(shops=4, days=7, count=2)
    told = capsys.readouterr().out
    assert "92 cards." in told
    assert "node 2: " in told
    assert "killed on Thursday" in told
    assert "No figure differs" in told
    assert told.count("mailed to agence@example.org: Semaine 44") == 1


def test_what_people_do_depends_on_the_card_alone_and_is_of_all_kinds() -> None:
    deeds = [deed(f"shop-{number}", KEY) for number in range(100)]
    assert set(deeds) == set(Deed)
    assert deeds == [deed(f"shop-{number}", KEY) for number in range(100)]


def card(shop: str, number: int) -> Card:
    return Card(f"{number}", shop, KEY, done=False)


def test_a_second_card_a_missing_one_and_another_outcome_are_told() -> None:
    one, twin, other = card("a", 1), card("a", 2), card("b", 3)
    assert list(fleet._twice((one, other))) == []
    assert list(fleet._twice((one, twin))) == [f"a: two cards for {KEY}"]
    assert list(fleet._unlike((one,), (one, other))) == [f"b {KEY}: no card with the nodes"]
    figures = {("a", "2026-W44"): ((str(KEY), "missed"),)}
    calm = {("a", "2026-W44"): ((str(KEY), "on_time"),)}
    assert list(fleet._differences(figures, figures)) == []
    assert list(fleet._differences(figures, calm)) == [
        f"a 2026-W44 {KEY}: missed with the nodes, on_time in peace"
    ]


def test_nothing_reported_is_no_agreement() -> None:
    assert list(fleet._differences({}, {})) == ["no week was reported"]
