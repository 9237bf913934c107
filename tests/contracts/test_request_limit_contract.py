"""What every limit of requests promises: in memory, in a file, and on a server that all nodes share."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.request_limit import RequestLimit
from trello_ops.adapters.store import key_budget
from trello_ops.adapters.store.key_budget import KeyBudget
from trello_ops.adapters.store.postgres import open_server
from trello_ops.adapters.trello.budget import Budget
from trello_ops.errors import NotSent
from trello_ops.ports import Clock
from trello_ops.testing.clock import FixedClock

PLACES = 8


@dataclass(frozen=True)
class Kind:
    """Opens one and the same limit, as another process would where there may be one. Seconds."""

    open: Callable[[], RequestLimit[Any]]
    clock: Clock
    window: float = 10.0
    unanswered: float = 40.0
    slack: float = 0.01


@pytest.fixture(params=["memory", "file", pytest.param("postgresql", marks=pytest.mark.slow)])
def kind(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kind]:
    simulated = FixedClock(dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC))
    with ExitStack() as stack:
        if request.param == "memory":
            memory = stack.enter_context(closing(Budget.private(PLACES, simulated)))
            yield Kind(lambda: memory, simulated)
        elif request.param == "file":
            file = tmp_path / "own" / "budget.sqlite3"
            yield Kind(
                lambda: stack.enter_context(closing(Budget.shared(PLACES, simulated, file, "t"))), simulated
            )
        else:
            # Its time is the server's, which no test can move.
            monkeypatch.setattr(key_budget, "WINDOW", 0.6)
            monkeypatch.setattr(key_budget, "UNANSWERED", 1.5)
            address = request.getfixturevalue("postgres").create_once("limits")
            database, clock = stack.enter_context(closing(open_server(address))), SystemClock()
            kind = Kind(
                lambda: KeyBudget(database, request.node.name, clock, PLACES), clock, 0.6, 1.5, slack=0.4
            )
            known = kind.open()
            known.give_back(known.wait(reads=True))
            yield kind


def first_free(kind: Kind, limit: RequestLimit[Any]) -> float:
    """Seconds until a request may leave, and is answered."""
    begun = kind.clock.monotonic()
    limit.answered(limit.wait(reads=True))
    return kind.clock.monotonic() - begun


def fill(limit: RequestLimit[Any], but: int = 0) -> list[Any]:
    return [limit.wait(reads=True) for _ in range(PLACES - but)]


def test_as_many_leave_at_once_as_it_allows_and_one_more_a_window_after_the_answer(kind: Kind) -> None:
    limit = kind.open()
    first = kind.clock.monotonic()
    permissions = fill(limit)
    assert kind.clock.monotonic() - first < kind.slack
    kind.clock.sleep(kind.window / 4)
    limit.answered(permissions[3])
    assert kind.window <= first_free(kind, limit) < kind.window + kind.slack


def test_a_request_without_an_answer_lapses(kind: Kind) -> None:
    limit = kind.open()
    fill(limit)
    assert kind.unanswered - kind.slack < first_free(kind, limit) < kind.unanswered + kind.slack


def test_who_opens_it_too_shares_it(kind: Kind) -> None:
    one, two = kind.open(), kind.open()
    permissions = fill(one)
    one.answered(permissions[0])
    assert kind.window - kind.slack < first_free(kind, two) < kind.window + kind.slack


def test_what_never_left_counts_no_more(kind: Kind) -> None:
    limit = kind.open()
    permissions = fill(limit)
    limit.give_back(permissions[5])
    assert first_free(kind, limit) < kind.slack


def test_who_waits_in_vain_is_told_before_and_leaves_no_gap(kind: Kind) -> None:
    limit = kind.open()
    fill(limit, but=1)
    for too_early in (0.0, -1.0):
        with pytest.raises(NotSent, match="held back"):
            limit.wait(reads=False, send_before=kind.clock.monotonic() + too_early)
    limit.answered(limit.wait(reads=False, send_before=kind.clock.monotonic() + 5))
    begun = kind.clock.monotonic()
    with pytest.raises(NotSent):
        limit.wait(reads=False, send_before=begun + kind.window / 2)
    assert kind.clock.monotonic() - begun < kind.slack
    assert first_free(kind, limit) < kind.window + kind.slack


def test_a_pause_holds_for_all_and_the_longer_one_counts(kind: Kind) -> None:
    one, two = kind.open(), kind.open()
    one.pause(1.0, of_key=True)
    two.pause(0.1, of_key=True)
    assert 1.0 - kind.slack < first_free(kind, two) < 1.0 + kind.slack


def test_a_very_late_answer_is_not_taken_for_another_request_s(kind: Kind) -> None:
    limit = kind.open()
    late = fill(limit)
    kind.clock.sleep(kind.unanswered + kind.slack)
    fill(limit)
    for each in late:
        limit.answered(each)
    begun = kind.clock.monotonic()
    assert first_free(kind, limit) > kind.window + (kind.unanswered - kind.window) / 4
    assert kind.clock.monotonic() - begun < kind.unanswered + kind.slack


def test_what_strangers_spend_is_left_to_them(kind: Kind) -> None:
    """The answer tells of seven requests where we know of one, so strangers sent six: one place is left."""
    limit = kind.open()
    limit.answered(limit.wait(reads=True), of_key=1)
    waits = [first_free(kind, limit), first_free(kind, limit)]
    assert waits[0] < kind.slack
    assert kind.window - kind.slack < waits[1] < kind.window + kind.slack


def test_an_answer_that_allows_more_than_we_do_is_no_news(kind: Kind) -> None:
    limit = kind.open()
    limit.answered(limit.wait(reads=True), room=99, of_key=299)
    assert first_free(kind, limit) < kind.slack


def test_what_counts_is_told_to_all_who_share_it(kind: Kind) -> None:
    one, two = kind.open(), kind.open()
    answered, lost, _ = (one.wait(reads=True) for _ in range(3))
    one.answered(answered)
    one.give_back(lost)
    assert (one.used(), two.used(), two.limit) == (2, 2, PLACES)
    kind.clock.sleep(kind.window + kind.slack)
    assert two.used() == 1, "what has no answer yet counts longer"
