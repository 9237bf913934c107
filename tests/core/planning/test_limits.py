"""How near a board is to Trello's limits."""

import datetime as dt

import pytest

from trello_ops.core.planning.limits import nearly_used_up
from trello_ops.core.trello import BoardSummary, Limit, Snapshot, TrelloLabel, TrelloList

BOARD = BoardSummary("b", "", "", closed=False, url="", created_at=dt.datetime(2026, 11, 16, tzinfo=dt.UTC))


def board(*limits: Limit, labels: int = 0, lists: int = 0, archived_lists: int = 0) -> Snapshot:
    return Snapshot(
        BOARD,
        "w",
        "org",
        lists=tuple(TrelloList(f"l{n}", "", n >= lists, float(n)) for n in range(lists + archived_lists)),
        labels=tuple(TrelloLabel(f"x{n}", "", None) for n in range(labels)),
        members=(),
        cards=(),
        limits=limits,
    )


def test_what_trello_warns_of_is_near_whatever_its_count() -> None:
    warned, shut = Limit("cards.totalPerBoard", "warning", 100), Limit("lists.openPerBoard", "disabled", 5, 5)
    assert nearly_used_up(board(warned, shut, Limit("labels.perBoard", "ok", 1000))) == (warned, shut)


@pytest.mark.parametrize(("labels", "near"), [(79, False), (80, True), (100, True)])
def test_what_we_see_ourselves_counts_from_four_fifths_on(labels: int, near: bool) -> None:
    found = nearly_used_up(board(Limit("labels.perBoard", "ok", 100), labels=labels))
    assert found == ((Limit("labels.perBoard", "ok", 100, labels),) if near else ())


def test_archived_lists_are_not_open() -> None:
    assert nearly_used_up(board(Limit("lists.openPerBoard", "ok", 10), lists=7, archived_lists=9)) == ()


def test_nothing_told_is_nothing_known() -> None:
    assert nearly_used_up(board(labels=1000)) == ()
