"""What one apply may do without --force."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from plan_kit import CARD, LABEL, LIST, archive, copy_of, template

from trello_ops.core.planning.changes import Change, Risk
from trello_ops.core.planning.plan import Plan
from trello_ops.core.planning.safety import SafetyLimits, raise_if_unsafe
from trello_ops.errors import UnsafePlan


def check(changes: list[Change], owned: int = 0, limits: SafetyLimits | None = None) -> None:
    raise_if_unsafe(Plan(tuple(changes)), {"daily": owned}, limits or SafetyLimits())


def test_an_ordinary_plan_is_safe() -> None:
    check([])
    check([LIST, LABEL, CARD, archive(1)], owned=29)


def test_archiving_thirty_percent_is_safe_and_more_is_not() -> None:
    check([archive(n) for n in range(3)], owned=10)
    with pytest.raises(UnsafePlan) as refused:
        check([archive(n) for n in range(4)], owned=10)
    assert str(refused.value) == (
        "daily: would archive 40% of our cards (4 of 10), more than the 30% allowed.\n"
        "If this is what you want, say so with --force."
    )


def test_few_cards_may_all_be_archived() -> None:
    check([archive(n) for n in range(9)], owned=9)


def test_archived_cards_of_every_kind_count_together() -> None:
    cards = [copy_of(n) for n in range(2)]
    with pytest.raises(UnsafePlan, match="4 of 10"):
        check([*cards, archive(1), archive(2)], owned=10)


def test_housekeeping_is_never_too_much() -> None:
    check([replace(copy_of(n), risk=Risk.HOUSEKEEPING) for n in range(300)], owned=10)


def test_creating_fifty_cards_is_safe_and_more_is_not() -> None:
    check([template(n) for n in range(50)])
    with pytest.raises(UnsafePlan, match="daily: would create 51 cards at once, more than the 50 allowed"):
        check([*(template(n) for n in range(50)), CARD])


def test_boards_are_weighed_one_by_one_and_all_that_is_unsafe_is_told() -> None:
    check([*(template(n) for n in range(30)), *(template(n, "weekly") for n in range(30))])
    changes = [*(template(n, "weekly") for n in range(51)), *(archive(n) for n in range(10))]
    with pytest.raises(UnsafePlan) as refused:
        check(changes, owned=10)
    first, second, hint = str(refused.value).splitlines()
    assert first.startswith("daily: would archive 100%")
    assert second.startswith("weekly: would create 51 cards")
    assert "--force" in hint


def test_limits_are_settings() -> None:
    strict = SafetyLimits(archive_share=0.0, archive_floor=1, created_per_board=0)
    with pytest.raises(UnsafePlan):
        check([archive(1)], owned=1, limits=strict)
    with pytest.raises(UnsafePlan):
        check([template(1)], limits=strict)


@given(st.integers(0, 60), st.integers(0, 60))
def test_archiving_is_refused_beyond_the_share_of_enough_cards(archived: int, owned: int) -> None:
    too_much = owned >= 10 and archived * 10 > owned * 3
    try:
        check([archive(n) for n in range(archived)], owned=owned)
    except UnsafePlan:
        assert too_much
    else:
        assert not too_much
