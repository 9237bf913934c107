"""Reading back fifty boards and more: what changed, and each once in a while; on the shipped fakes."""

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from shop_kit import PARIS, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.declared import Nag
from trello_ops.core.ledger import EventKind, LedgerEvent, OccurrenceKey
from trello_ops.core.sights import Outage
from trello_ops.core.tracking.board_selection import MANY
from trello_ops.errors import InvalidDeclaration, NotFound, TrelloError, Unavailable
from trello_ops.operations import observe

AMAL = "amal_zina"
DAY = dt.timedelta(days=1)


def shop_of(count: int) -> Shop:
    """So many daily boards with a card each, all of them just read."""
    shop = Shop(daily_task("parcels"))
    (daily,) = shop.workspace.boards
    boards = tuple(replace(daily, key=f"b{n:02}", title=f"Tableau {n}") for n in range(count))
    shop.workspace = replace(shop.workspace, boards=boards)
    shop.apply()
    shop.issue()
    shop.observe()
    shop.advance(seconds=1)
    return shop


@pytest.fixture
def many() -> Shop:
    return shop_of(MANY)


def card_on(shop: Shop, board: str) -> str:
    (card,) = shop.cards_on(board)
    return card.id


def events(shop: Shop, board: str) -> list[LedgerEvent]:
    entry = shop.store.entry(OccurrenceKey(board, "parcels", dt.date(2026, 11, 16)))
    assert entry is not None
    return list(entry.events)


def read_by(shop: Shop) -> set[str]:
    """The boards that have been read at this very moment."""
    return {
        board for board, cursor in shop.store.read_cursors().items() if cursor.read_at == shop.clock.now()
    }


def listing(call: object) -> bool:
    return call == "last_active"


def nags_on(shop: Shop, board: str) -> list[EventKind]:
    return [event.kind for event in events(shop, board) if event.kind is EventKind.NAGGED]


def test_a_quiet_board_is_read_once_for_each_time_that_people_are_to_be_reminded(many: Shop) -> None:
    boards = list(many.workspace.boards)
    (task,) = boards[25].tasks  # its turn in the sweep is in the middle of it
    boards[25] = replace(boards[25], tasks=(replace(task, nag=Nag(after=60, every=60, most=1)),))
    many.workspace = replace(many.workspace, boards=tuple(boards))
    many.clock.advance_to(dt.datetime(2026, 11, 16, 18, 59, tzinfo=PARIS))
    many.observe()
    read = set[dt.datetime]()
    for _ in range(30):
        many.advance(minutes=3)
        many.observe()
        read.add(many.store.read_cursors()["b25"].read_at)
    assert nags_on(many, "b25") == [EventKind.NAGGED]
    # Once more, for the comment is news on the board.
    assert read == {dt.datetime(2026, 11, 16, 19, minute, tzinfo=PARIS) for minute in (2, 5)}


def test_few_boards_are_all_read_and_trello_is_not_asked_which_have_news() -> None:
    shop = shop_of(3)
    shop.trello.fail_next(TrelloError("no listing expected"), when=listing)
    shop.observe()
    assert read_by(shop) == {"b00", "b01", "b02"}


def test_of_many_boards_those_are_read_that_have_news(many: Shop) -> None:
    many.observe()
    assert read_by(many) == set()
    many.trello.tick(card_on(many, "b07"), by=AMAL)
    many.advance(seconds=1)
    assert many.observe() == 1
    assert read_by(many) == {"b07"}
    many.advance(seconds=1)
    many.observe()
    assert read_by(many) == set(), "what was read is no news any more"


def test_what_the_hint_keeps_silent_about_is_seen_within_a_sweep_at_its_true_time(many: Shop) -> None:
    many.trello.tells_activity = False
    ticked_at = many.clock.now()
    many.trello.tick(card_on(many, "b07"), by=AMAL)
    for _ in range(6 * 12):
        many.advance(minutes=5)
        many.observe()
        assert len(read_by(many)) <= 2
    (done,) = events(many, "b07")
    assert (done.kind, done.at, done.approximate) == (EventKind.DONE, ticked_at, False)


def test_after_the_close_every_board_is_read_and_the_week_is_settled(many: Shop) -> None:
    """By the clocks of the workspace, here an hour ahead of UTC."""
    many.workspace = replace(many.workspace, timezone=ZoneInfo("Europe/Paris"))
    many.clock.advance_to(dt.datetime(2026, 11, 23, 5, 59, 59, tzinfo=dt.UTC))
    many.observe()
    many.trello.tells_activity = False
    many.advance(seconds=2)
    many.observe()
    assert len(read_by(many)) == MANY
    many.issue()
    assert many.report() == 1
    (week,) = many.store.frozen_weeks()
    frozen = many.store.frozen(week)
    assert frozen is not None
    assert frozen.totals.open == 0


def test_a_hook_reads_its_board_alone_and_asks_for_no_list(many: Shop) -> None:
    many.trello.fail_next(TrelloError("no listing expected"), when=listing)
    board = many.store.bindings().id(Kind.BOARD, "b07") or ""
    observe.observe(many.context(), {board})
    assert read_by(many) == {"b07"}


def test_a_board_that_somebody_closed_is_read_once_and_again_when_it_is_opened(many: Shop) -> None:
    board = many.store.bindings().id(Kind.BOARD, "b07") or ""
    many.trello.close_board(board)
    many.observe()
    assert read_by(many) == {"b07"}
    many.advance(seconds=1)
    many.observe()
    assert read_by(many) == set()
    many.apply()
    many.observe()
    assert "b07" in read_by(many)


def test_where_trello_does_not_tell_the_sweep_goes_on_and_the_job_says_so(many: Shop) -> None:
    many.trello.tick(card_on(many, "b07"), by=AMAL)
    for _ in range(6):
        many.trello.fail_next(NotFound("There is no Trello Workspace zina."), when=listing)
        many.advance(hours=1)
        with pytest.raises(InvalidDeclaration, match=r"trello_workspace: .*no Trello Workspace"):
            many.observe()
        assert 0 < len(read_by(many)) < MANY
    assert len(events(many, "b07")) == 1


def test_a_single_board_with_news_that_cannot_be_read_is_no_trouble_of_the_whole_job(many: Shop) -> None:
    many.advance(minutes=1)
    many.trello.tick(many.cards_on("b07")[0].id, by="amal_zina")
    many.trello.fail_next(TrelloError("no sense in it"), when=lambda call: call == "snapshot")
    assert many.observe() == 0
    assert [problem.subject for problem in many.store.problems()] == ["b07:reading"]


def test_trello_out_of_reach_reads_nothing(many: Shop) -> None:
    many.away(listing)
    many.advance(days=1)
    with pytest.raises(Unavailable):
        many.observe()
    assert read_by(many) == set()


def test_more_than_a_day_without_sight_is_kept() -> None:
    shop = shop_of(2)
    shop.observe()
    gone = shop.clock.now()
    shop.advance(days=1)
    shop.observe()
    assert shop.store.outages(gone - DAY, gone + 99 * DAY) == ()
    shop.advance(days=10)
    shop.observe()
    stretch = (gone + DAY, gone + 11 * DAY)
    kept = (Outage("b00", *stretch), Outage("b01", *stretch))
    assert shop.store.outages(gone - DAY, gone + 99 * DAY) == kept
