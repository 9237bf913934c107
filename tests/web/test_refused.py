"""What `status` tells of calls that were refused."""

import datetime as dt

import pytest

from trello_ops.ports import Services
from trello_ops.telemetry import Tally
from trello_ops.testing import FakeTrello, FixedClock, MemoryStore, Outbox
from trello_ops.web.refused import REFUSED, RefusedCalls


class Desk:
    def __init__(self) -> None:
        self.clock = FixedClock(dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC))
        self.store = MemoryStore()
        self.services = Services(FakeTrello(self.clock), self.store, self.clock, Outbox())
        self.tally = Tally("webhook.refused", REFUSED, self.clock.monotonic)
        self.calls = RefusedCalls(self.tally)

    def later(self, seconds: float) -> list[str]:
        """The problems, so much later."""
        self.clock.advance(dt.timedelta(seconds=seconds))
        self.calls.note(self.services)
        return [f"{each.subject}: {each.message}" for each in self.store.problems()]


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_refused_calls_are_a_problem_that_counts_them_until_an_hour_has_none(desk: Desk) -> None:
    said = "job:calls: calls to the webhook address were refused since the start of this process: "
    assert desk.later(5) == []
    for kind in ("hint", "forged", "crowded", "crowded", "own"):
        desk.tally.count(kind)
    assert desk.later(60) == [said + "1 forged, 2 crowded out"]
    desk.tally.count("slow")
    assert desk.later(30) == [said + "1 forged, 2 crowded out"], "at most once a minute"
    assert desk.later(30) == [said + "1 forged, 1 slow, 2 crowded out"]
    assert desk.later(3_000) != []
    assert desk.later(600) == []
    desk.tally.count("slow")
    assert desk.later(60) == [said + "1 forged, 2 slow, 2 crowded out"]


def test_every_kind_has_its_words(desk: Desk) -> None:
    for kind in REFUSED:
        desk.tally.count(kind)
    (said,) = desk.later(60)
    assert said.endswith(": 1 forged, 1 replayed, 1 oversized, 1 malformed, 1 slow, 1 crowded out")


def test_what_another_process_noted_is_over_when_this_one_refuses_nothing(desk: Desk) -> None:
    desk.store.note_problem("job:calls", "before", desk.clock.now())
    assert desk.later(5) == []
