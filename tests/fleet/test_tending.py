"""How often the jobs of many shops are rung."""

from dataclasses import dataclass
from typing import Any, cast

import pytest

from trello_ops.errors import TrelloError, WrongClock
from trello_ops.fleet.tending import Tending
from trello_ops.jobs import Job


@dataclass
class Shops:
    """As much of a term as pacing looks at."""

    tenants: tuple[None, ...]


@pytest.mark.parametrize(("shops", "seconds"), [(0, 15), (1, 15), (150, 15), (300, 30), (2_000, 200)])
def test_many_shops_are_rung_more_rarely_and_few_as_set(shops: int, seconds: float) -> None:
    tending = Tending(cast("Any", None), 1, "node")
    tending.terms = {
        "one": cast("Any", Shops((None,) * (shops // 2))),
        "other": cast("Any", Shops((None,) * (shops - shops // 2))),
    }
    assert tending.pace(15) == seconds


def test_a_clock_is_wrong_until_cards_are_issued_by_it_again() -> None:
    tending = Tending(cast("Any", None), 1, "node")
    issue, report = (Job(name, 15, lambda _: None) for name in ("issue", "report"))
    assert not tending.is_astray
    tending.heard(report, WrongClock("apart"))
    tending.heard(report, None)  # which does not ask Trello for the time
    tending.heard(issue, TrelloError("away"))
    assert tending.is_astray
    tending.heard(issue, None)
    assert not tending.is_astray
