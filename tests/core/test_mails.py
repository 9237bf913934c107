"""Who is owed which mails."""

from dataclasses import replace

import pytest
from shop_kit import workspace_of

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import ReportPolicy
from trello_ops.core.mails import FORECAST, WHOLE, OwedMail, is_wanted, kind_of_board, reports_of

WEEK = IsoWeek(2026, 47)
LEILA, GERANT, AMAL = "leila@shop.example", "gerant@shop.example", "amal@shop.example"
POLICY = ReportPolicy((LEILA,), by_board=(("daily", (GERANT, LEILA)),), forecast=True)


def test_a_week_is_owed_to_each_recipient_and_to_those_of_each_board() -> None:
    board = kind_of_board("daily")
    expected = (OwedMail(WEEK, LEILA), OwedMail(WEEK, GERANT, board), OwedMail(WEEK, LEILA, board))
    assert reports_of(POLICY, WEEK) == expected
    assert [mail.board for mail in expected] == ["", "daily", "daily"]


def declared(policy: ReportPolicy):
    workspace = workspace_of()
    amal, *others = workspace.people
    (board,) = workspace.boards
    people = (replace(amal, email=AMAL), *others)
    return replace(workspace, report=policy, people=people, boards=(replace(board, was=("before",)),))


@pytest.mark.parametrize(
    ("recipient", "kind", "wanted"),
    [
        (LEILA, WHOLE, True),
        (GERANT, WHOLE, False),
        (GERANT, kind_of_board("daily"), True),
        (AMAL, kind_of_board("daily"), False),
        (GERANT, kind_of_board("gone"), False),
        (GERANT, kind_of_board("before"), True),
        (AMAL, FORECAST, True),
        (LEILA, FORECAST, False),
        (LEILA, "of a later version", False),
    ],
)
def test_who_is_no_recipient_of_a_kind_is_owed_nothing(recipient: str, kind: str, wanted: bool) -> None:
    assert is_wanted(declared(POLICY), OwedMail(WEEK, recipient, kind)) is wanted


def test_nobody_is_owed_a_forecast_where_there_is_none() -> None:
    assert not is_wanted(declared(replace(POLICY, forecast=False)), OwedMail(WEEK, AMAL, FORECAST))
