"""Fifty boards over HTTP: jobs cost what changed, and nothing is missed, whatever Trello's hint is worth."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from live_kit import DAILY, MONDAY, Live, MovableClock, Shop, apply, one_pass, small_shop

from trello_ops.core.ledger import LedgerEvent, OccurrenceKey
from trello_ops.testing import MemoryStore

BOARDS = 50
ONE_TASK = DAILY[: DAILY.index("  parcels")] + (
    "  news: {title: Actualité, theme: data, template: news.md, assign: karim}\n"
)


@pytest.fixture
def wide(trello: Live, tmp_path: Path) -> Iterator[Shop]:
    """So many boards with a card each, all read."""
    small_shop(tmp_path)
    (tmp_path / "boards" / "daily.yaml").unlink()
    for number in range(BOARDS):
        text = ONE_TASK.replace("Quotidien", f"Tableau {number}")
        (tmp_path / "boards" / f"b{number:02}.yaml").write_text(text, "utf-8")
    trello.reset()
    clock = MovableClock(trello, MONDAY)
    with trello.app(tmp_path, clock) as opened:
        app = replace(opened, services=replace(opened.services, store=MemoryStore()))
        apply(app)
        assert one_pass(app) == {}
        yield Shop(trello, tmp_path, clock, app)


def key(board: int) -> str:
    return f"b{board:02}/news/2026-11-16"


def events(shop: Shop, board: int) -> tuple[LedgerEvent, ...]:
    entry = shop.app.services.store.entry(OccurrenceKey.parse(key(board)))
    assert entry is not None
    return entry.events


def cost(shop: Shop, job: str, after: float) -> int:
    """How many requests a job takes, so many seconds later."""
    shop.clock.advance(after)
    shop.trello.forget_requests()
    shop.job(job)
    return len(shop.trello.requests())


def poll(shop: Shop, after: float) -> int:
    return cost(shop, "observe", after)


def compare(shop: Shop, after: float) -> int:
    return cost(shop, "reconcile", after)


def compare_at_the_cost_of_what_changed(wide: Shop) -> None:
    assert compare(wide, after=5) == 1 + BOARDS, "a card was made on each"
    assert compare(wide, after=5) <= 2, "the list of boards, and perhaps a board whose turn it is"
    wide.trello.act("robot", "PUT", f"/lists/{wide.trello.card(key(7))['idList']}", name="Autre")
    for _ in range(2):
        assert compare(wide, after=5) <= 3, "what waits for a person is looked at each time"
        (waiting,) = wide.app.services.store.problems()
        assert waiting.subject == "job:apply"
    apply(wide.app)
    assert compare(wide, after=5) <= 3
    assert wide.app.services.store.problems() == ()
    assert compare(wide, after=5) <= 2
    assert compare(wide, after=1800) <= 1 + 5, "the sweep's share"


@pytest.mark.slow
def test_the_jobs_cost_what_changed_and_ticks_are_seen_whatever_the_hint_says(wide: Shop) -> None:
    compare_at_the_cost_of_what_changed(wide)
    assert poll(wide, after=3600) == 1 + 2 * BOARDS, "a week closed"
    assert poll(wide, after=5) <= 3, "the list of boards, and perhaps a board whose turn it is"
    ticked_at = wide.clock.now()
    wide.trello.tick(wide.trello.card(key(7)), by="karim_zina")
    assert poll(wide, after=5) <= 5
    assert len(events(wide, 7)) == 1

    wide.trello.turn(ticks_move_board=False)
    wide.trello.tick(wide.trello.card(key(8)), by="karim_zina")
    wide.trello.tick(wide.trello.card(key(9)), by="karim_zina")
    assert poll(wide, after=5) <= 3
    for _ in range(12):
        assert poll(wide, after=1800) <= 1 + 2 * 5
    for board in (7, 8, 9):
        (done,) = events(wide, board)
        assert (done.approximate, done.by and done.by.username) == (False, "karim_zina")
        assert abs(done.at - ticked_at) < dt.timedelta(minutes=2)

    wide.clock.advance_to(MONDAY + dt.timedelta(days=7, minutes=10))
    wide.trello.tick(wide.trello.card(key(10)), by="karim_zina")
    wide.clock.advance(3600)
    for job in ("issue", "observe", "report"):
        wide.job(job)
    outcomes = wide.outcomes()
    assert [outcomes[key(board)] for board in (7, 8, 10, 11)] == ["on_time", "on_time", "late", "missed"]
