"""A store that was put back from a backup: it knows less than what stands on the boards."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_kit import MONDAY, PARIS, Shop, daily_task

from trello_ops.core.bindings import Kind
from trello_ops.core.cadence import Cadence, CatchUp, CatchUpMode, DayTime, Frequency
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Task
from trello_ops.core.ledger import TOO_LATE, OccurrenceKey
from trello_ops.core.marker import find_card_key
from trello_ops.core.planning.changes import UNATTENDED, CreateBoard, CreateCard, Risk
from trello_ops.core.trello import Card
from trello_ops.errors import NotFound, OutcomeUnknown, TrelloError, Unavailable
from trello_ops.operations import reconcile

DAY = dt.timedelta(days=1)
MIDNIGHT = dt.datetime(2026, 11, 17, 0, 0, tzinfo=PARIS)
"""When Tuesday's cards are released."""

WEEK = IsoWeek(2026, 47)


def task_of(key: str = "parcels", mode: CatchUpMode = CatchUpMode.LATEST) -> Task:
    task = daily_task(key)
    return replace(task, cadence=replace(task.cadence, catch_up=CatchUp(mode, 2)))


def shop_of(*tasks: Task) -> Shop:
    made = Shop(*(tasks or (task_of(),)))
    made.apply()
    made.issue()
    return made


def live(shop: Shop, days: int) -> None:
    """At noon somebody ticks the newest card; every morning a pass."""
    for _ in range(days):
        shop.advance(hours=4)
        newest = max(shop.cards_on(), key=lambda card: card.created_at)
        shop.trello.tick(newest.id, by="amal_zina")
        shop.observe()
        shop.advance(hours=20)
        shop.issue()
        shop.observe()
        shop.report()


def dates(shop: Shop) -> list[str]:
    return sorted(card.title.split()[-1] for card in shop.cards_on())


@contextmanager
def counted(shop: Shop) -> Iterator[list[str]]:
    """The boards that are looked at."""
    looks: list[str] = []
    look = shop.trello.cards_since

    def counting(board_id: str, since: dt.datetime) -> tuple[Card, ...]:
        looks.append(board_id)
        return look(board_id, since)

    shop.trello.cards_since = counting  # type: ignore[method-assign]
    yield looks
    del shop.trello.cards_since


def looks(call: object) -> bool:
    return call == "cards_since"


# ---- right after a release --------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [1, 10, 16])
def test_right_after_a_release_makes_no_card_again(minutes: int) -> None:
    shop = shop_of()
    shop.clock.advance_to(MIDNIGHT - dt.timedelta(minutes=1))
    backup = shop.back_up()
    shop.clock.advance_to(MIDNIGHT + dt.timedelta(seconds=5))
    assert shop.issue().cards == 1
    shop.advance(minutes=minutes)
    shop.put_back(backup)
    assert shop.issue().cards == 1
    assert dates(shop) == ["2026-11-16", "2026-11-17"]
    assert shop.entry("parcels", "2026-11-17").card is not None


def test_right_after_its_board_was_made_makes_no_card_again() -> None:
    shop = Shop(task_of())
    shop.apply()
    backup = shop.back_up()
    shop.advance(minutes=1)
    shop.issue()
    shop.advance(minutes=1)
    shop.put_back(backup)
    shop.issue()
    assert dates(shop) == ["2026-11-16"]


@pytest.mark.parametrize("wrong", [dt.timedelta(minutes=-9), dt.timedelta(days=-2000)])
def test_a_process_that_began_by_a_slow_clock_looks_all_the_same(wrong: dt.timedelta) -> None:
    """As one on a machine without a battery, which only then hears what time it is."""
    shop = shop_of()
    shop.clock.advance_to(MIDNIGHT - dt.timedelta(minutes=1))
    backup = shop.back_up()
    shop.clock.advance_to(MIDNIGHT + dt.timedelta(seconds=5))
    shop.issue()
    shop.clock.jump(wrong)
    shop.put_back(backup)
    shop.advance(seconds=5)
    shop.clock.jump(-wrong)
    shop.issue()
    assert dates(shop) == ["2026-11-16", "2026-11-17"]


def test_a_board_bound_by_a_fast_clock_is_looked_at() -> None:
    shop = Shop(task_of())
    shop.clock.jump(400 * DAY)
    shop.trello.ahead = -400 * DAY
    shop.apply()
    shop.clock.jump(-400 * DAY)
    shop.trello.ahead = dt.timedelta(0)
    with counted(shop) as looked:
        shop.issue()
    assert len(looked) == 1


def test_a_process_that_began_before_a_release_looks_at_its_board_once_and_never_again() -> None:
    shop = shop_of()
    with counted(shop) as looked:
        shop.clock.advance_to(MIDNIGHT - dt.timedelta(minutes=1))
        shop.restart()
        shop.advance(minutes=1, seconds=5)
        for _ in range(9):
            assert shop.issue().cards == 1
            shop.advance(days=1)
    assert len(looked) == 1


def test_a_process_that_began_since_looks_once_for_all_cards_of_a_board() -> None:
    shop = shop_of(*(task_of(f"t{number}") for number in range(5)))
    with counted(shop) as looked:
        shop.clock.advance_to(MIDNIGHT + dt.timedelta(seconds=1))
        shop.restart()
        assert shop.issue().cards == 5
    assert len(looked) == 1


# ---- released earlier once ----------------------------------------------------------------------------

TUESDAY = dt.datetime(2026, 11, 17, 12, 0, tzinfo=PARIS)


def weekly(offset_days: int, **more: object) -> Task:
    due = DayTime(dt.time(17, 0), 6)
    release = DayTime(dt.time(8, 0), offset_days)
    return daily_task("stock", cadence=Cadence(Frequency.WEEKLY, (1,), due, PARIS, release), **more)


def edit(shop: Shop, task: Task) -> None:
    """The files say otherwise now; a process reads them as it starts."""
    (board,) = shop.workspace.boards
    shop.workspace = replace(shop.workspace, boards=(replace(board, tasks=(task,)),))


@pytest.mark.parametrize("offset_days", [-5, -31])
@pytest.mark.parametrize("starts_anew", [False, True])
def test_a_card_made_for_an_earlier_release_is_found_when_that_was_edited(
    offset_days: int, *, starts_anew: bool
) -> None:
    shop = Shop(weekly(offset_days))
    shop.apply()
    shop.issue()
    shop.clock.advance_to(TUESDAY)
    coming = shop.clock.now() + dt.timedelta(days=-offset_days + 7)
    backup = shop.back_up()
    while shop.clock.now() < coming - 14 * DAY:
        shop.advance(days=1)
        shop.issue()
    shop.advance(days=1)
    shop.issue()
    before = dates(shop)
    assert dt.date.fromisoformat(before[-1]) >= (TUESDAY + DAY * -offset_days).date()
    shop.put_back(backup)
    edit(shop, weekly(0))
    for _ in range(-offset_days + 10):
        shop.advance(days=1)
        if starts_anew:
            shop.restart()
        shop.issue()
    assert len(dates(shop)) == len(set(dates(shop)))
    assert set(before) <= set(dates(shop))


def test_an_early_card_of_a_month_is_found_when_its_rhythm_was_edited_too() -> None:
    early = DayTime(dt.time(8, 0), -31)
    monthly = Cadence(Frequency.MONTHLY, (24, 25), DayTime(dt.time(17, 0)), PARIS, early)
    shop = Shop(daily_task("stock", cadence=monthly))
    shop.apply()
    shop.clock.advance_to(TUESDAY)
    backup = shop.back_up()
    shop.clock.advance_to(TUESDAY + 12 * DAY)
    shop.issue()
    assert "2026-12-24" in dates(shop)
    shop.put_back(backup)
    edit(shop, daily_task("stock"))
    for _ in range(40):
        shop.advance(days=1)
        shop.issue()
    assert len(dates(shop)) == len(set(dates(shop)))


# ---- after days -------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", CatchUpMode)
def test_cards_of_the_days_between_are_taken_over_and_not_called_too_late(mode: CatchUpMode) -> None:
    shop = shop_of(task_of(mode=mode))
    backup = shop.back_up()
    live(shop, days=5)
    before = {card.id for card in shop.cards_on()}
    shop.put_back(backup)
    with counted(shop) as looked:
        shop.issue()
    assert len(looked) == 1
    assert {card.id for card in shop.cards_on()} == before
    entries = [shop.entry("parcels", f"2026-11-{day}") for day in range(16, 22)]
    assert {entry.card.id for entry in entries if entry.card} == before
    assert {entry.skipped for entry in entries} == {""}
    assert shop.store.claims() == ()


def test_a_week_that_closed_between_is_told_as_before() -> None:
    shop = shop_of()
    backup = shop.back_up()
    live(shop, days=7)
    before = shop.store.frozen(WEEK)
    assert before is not None
    assert before.totals.on_time == 7
    shop.put_back(backup)
    shop.issue()
    shop.observe()
    assert shop.report() == 1
    after = shop.store.frozen(WEEK)
    assert after is not None
    assert replace(after, frozen_at=None, outages=()) == replace(before, frozen_at=None, outages=())
    first, second = shop.outbox.sent
    assert first.message_id == second.message_id


def test_what_waited_in_the_backup_and_got_its_card_since_is_not_passed_over() -> None:
    shop = Shop(task_of())
    shop.apply()
    shop.away(lambda change: isinstance(change, CreateCard))
    with pytest.raises(Unavailable):
        shop.issue()
    backup = shop.back_up()
    shop.issue()
    live(shop, days=3)
    shop.put_back(backup)
    shop.issue()
    assert shop.entry("parcels", "2026-11-16").card is not None
    assert len(shop.cards_on()) == 4


def test_what_has_no_card_is_too_late_as_ever() -> None:
    shop = shop_of()
    backup = shop.back_up()
    live(shop, days=2)
    shop.advance(days=3)
    shop.put_back(backup)
    shop.issue()
    days = [f"2026-11-{day}" for day in range(17, 22)]
    skipped = [shop.entry("parcels", day).skipped for day in days]
    assert skipped == ["", "", TOO_LATE, TOO_LATE, ""]
    assert dates(shop) == ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-21"]


def test_a_pass_that_dies_before_the_cards_are_taken_over_is_made_up_for() -> None:
    shop = shop_of()
    backup = shop.back_up()
    live(shop, days=4)
    shop.put_back(backup)

    class Dead(BaseException):
        pass

    def die(*_: object) -> None:
        raise Dead

    shop.store.confirm = die  # type: ignore[method-assign, assignment]
    with pytest.raises(Dead):
        shop.issue()
    del shop.store.confirm
    shop.restart()
    shop.settle()
    shop.issue()
    assert all(shop.entry("parcels", f"2026-11-{day}").card for day in range(16, 21))
    assert len(shop.cards_on()) == 5


# ---- a board that cannot be read --------------------------------------------------------------------


def second_board(shop: Shop) -> None:
    """Another board with the same task."""
    (board,) = shop.workspace.boards
    other = replace(board, key="other", title="Autre")
    shop.workspace = replace(shop.workspace, boards=(board, other))
    shop.apply()
    shop.issue()


def go_on(shop: Shop) -> None:
    """When its pause is over, one card finds out whether the board is well again, then the others follow."""
    shop.advance(seconds=60)
    for _ in range(2):
        shop.issue()


def skipped(shop: Shop) -> list[str]:
    entries = shop.store.due_between(MONDAY - 7 * DAY, shop.clock.now())
    return [str(entry.occurrence.key) for entry in entries if entry.skipped]


@pytest.mark.parametrize("error", [TrelloError("no sense in it"), Unavailable("away")])
def test_nothing_of_an_unreadable_board_is_passed_over(error: TrelloError) -> None:
    shop = shop_of()
    backup = shop.back_up()
    live(shop, days=4)
    shop.put_back(backup)
    if isinstance(error, Unavailable):
        shop.away(looks)
        with pytest.raises(Unavailable):
            shop.issue()
    else:
        shop.trello.fail_next(error, when=looks)
        shop.issue()
    shop.report()
    assert skipped(shop) == []
    go_on(shop)
    assert all(shop.entry("parcels", f"2026-11-{day}").card for day in range(16, 21))
    assert len(shop.cards_on()) == 5
    assert shop.store.problems() == ()


def test_an_unreadable_board_is_told_of_left_alone_for_a_while_and_stops_no_other() -> None:
    shop = shop_of()
    second_board(shop)
    backup = shop.back_up()
    live(shop, days=3)
    on_other = len(shop.cards_on("other"))
    shop.put_back(backup)
    bad = shop.store.bindings().id(Kind.BOARD, "daily")
    look = shop.trello.cards_since

    def failing(board_id: str, since: dt.datetime) -> tuple[Card, ...]:
        if board_id == bad:
            raise TrelloError("no sense in it")
        return look(board_id, since)

    shop.trello.cards_since = failing  # type: ignore[method-assign]
    shop.issue()
    del shop.trello.cards_since
    assert [(p.subject, p.message) for p in shop.store.problems()] == [("daily:looking", "no sense in it")]
    assert len(shop.cards_on("other")) == on_other
    others = [OccurrenceKey("other", "parcels", dt.date(2026, 11, day)) for day in range(17, 20)]
    assert all(entry and entry.card for entry in map(shop.store.entry, others))
    with counted(shop) as looked:
        shop.issue()
    assert looked == []
    assert [problem.count for problem in shop.store.problems()] == [1]
    go_on(shop)
    assert all(shop.entry("parcels", f"2026-11-{day}").card for day in range(17, 20))


def test_of_a_board_that_is_gone_nothing_is_passed_over_until_it_is_known_where_it_went() -> None:
    """The store may be from before it was made anew, and its cards stand on the new one."""
    shop = shop_of()
    shop.advance(days=3)
    shop.trello.fail_next(NotFound("no such board"), when=looks)
    shop.issue()
    assert skipped(shop) == []
    shop.advance(minutes=2)
    shop.issue()
    assert shop.entry("parcels", "2026-11-17").skipped == TOO_LATE


def test_of_a_board_that_people_closed_what_is_too_late_is_so_without_more_trouble() -> None:
    shop = shop_of()
    shop.trello.close_board(shop.store.bindings().id(Kind.BOARD, "daily") or "")
    for _ in range(3):
        shop.advance(days=1)
        shop.observe()
        shop.issue()
    assert [problem.subject for problem in shop.store.problems()] == ["daily:closed"]
    assert [str(o.key.date) for o in shop.store.unissued()] == ["2026-11-19"]


def test_a_week_is_not_closed_before_its_board_was_looked_at() -> None:
    """The board is read, but not looked at: what people did of what stands there cannot be told yet."""
    shop = shop_of()
    backup = shop.back_up()
    live(shop, days=7)
    before = shop.store.frozen(WEEK)
    assert before is not None
    shop.put_back(backup)
    shop.trello.fail_next(TrelloError("no sense in it"), when=looks)
    for _ in range(2):
        shop.issue()
        shop.observe()
        shop.report()
    assert shop.store.frozen(WEEK) is None
    go_on(shop)
    shop.report()
    assert shop.store.frozen(WEEK) is None, "its cards were taken over, and not read yet"
    shop.observe()
    shop.report()
    after = shop.store.frozen(WEEK)
    assert after is not None
    assert after.occurrences == before.occurrences


def test_a_week_waits_a_day_at_most_and_lacks_nothing() -> None:
    shop = shop_of()
    backup = shop.back_up()
    shop.advance(days=8)
    shop.put_back(backup)
    shop.observe()
    shop.report()
    frozen = shop.store.frozen(WEEK)
    assert frozen is not None
    assert (frozen.totals.scheduled, frozen.totals.not_issued) == (7, 6)


# ---- in ordinary life -------------------------------------------------------------------------------


def test_ordinary_days_are_never_looked_at() -> None:
    shop = shop_of()
    with counted(shop) as looked:
        for _ in range(20):
            shop.clock.advance_to(shop.clock.now() + dt.timedelta(minutes=10))
            shop.issue()
        shop.clock.advance_to(MIDNIGHT)
        for day in range(3):
            shop.clock.advance_to(MIDNIGHT + day * DAY + dt.timedelta(seconds=5))
            assert shop.issue().cards == 1
            shop.report()
    assert looked == []


# ---- whenever ---------------------------------------------------------------------------------------

STRIDES = st.lists(
    st.one_of(st.integers(1, 30), st.integers(30, 3000)),
    min_size=3,
    max_size=10,
)


@settings(max_examples=examples(40))
@given(strides=STRIDES, chosen=st.data(), mode=st.sampled_from(CatchUpMode))
def test_whenever_it_was_made_and_put_back_no_card_is_doubled_and_none_forgotten(
    strides: list[int], chosen: st.DataObject, mode: CatchUpMode
) -> None:
    """Passes so many minutes apart by one process; a backup before one of them, put back after another."""
    short = task_of("b")
    cadence = replace(short.cadence, release=DayTime(dt.time(6, 0)), due=DayTime(dt.time(6, 5)))
    shop = shop_of(task_of("a", mode), replace(short, cadence=cadence))
    made = chosen.draw(st.integers(0, len(strides) - 1))
    put_back = chosen.draw(st.integers(made, len(strides) - 1))
    for number, minutes in enumerate(strides):
        if number == made:
            backup = shop.back_up()
        shop.issue()
        shop.advance(minutes=minutes)
        if number == put_back:
            shop.put_back(backup)
    for _ in range(2):
        shop.issue()
    keys = [find_card_key(card.description, "zina") for card in shop.cards_on()]
    assert len(set(keys)) == len(keys)
    for key in keys:
        assert key is not None
        entry = shop.store.entry(key)
        assert entry is not None
        assert (entry.card is not None, entry.skipped) == (True, "")
    assert shop.store.claims() == ()


# ---- what changed since the backup ------------------------------------------------------------------


def test_a_release_that_was_edited_since_hides_no_card() -> None:
    shop = shop_of()
    backup = shop.back_up()
    shop.clock.advance_to(MIDNIGHT + DAY / 48)
    shop.issue()
    assert len(shop.cards_on()) == 2
    (task,) = shop.workspace.boards[0].tasks
    later = replace(task, cadence=replace(task.cadence, release=DayTime(dt.time(8))))
    shop.workspace = replace(shop.workspace, boards=(replace(shop.workspace.boards[0], tasks=(later,)),))
    shop.clock.advance_to(MIDNIGHT + dt.timedelta(hours=9))
    shop.put_back(backup)
    shop.issue()
    assert dates(shop) == ["2026-11-16", "2026-11-17"]


def test_a_board_that_was_made_anew_since_is_found_again_by_a_person() -> None:
    shop = shop_of()
    shop.observe()
    backup = shop.back_up()
    shop.trello.delete_board(shop.store.bindings().id(Kind.BOARD, "daily") or "")
    shop.apply()
    live_on(shop, days=3)
    made = dates(shop)
    shop.put_back(backup)
    with pytest.raises(NotFound):
        shop.observe()
    shop.issue()
    reconcile.reconcile(shop.context(), UNATTENDED)
    shop.issue()
    assert {"daily:closed", "job:apply"} <= {problem.subject for problem in shop.store.problems()}
    planned = reconcile.plan(shop.context()).changes
    assert {change.risk for change in planned} == {Risk.CAREFUL}, "it may be a copy that somebody made"
    assert CreateBoard not in map(type, planned)
    shop.apply()
    go_on(shop)
    assert dates(shop) == made
    assert skipped(shop) == []
    entries = [shop.entry("parcels", f"2026-11-{day}") for day in (17, 18, 19)]
    assert all(entry.card for entry in entries)


def live_on(shop: Shop, days: int) -> None:
    for _ in range(days):
        shop.advance(days=1)
        shop.issue()
        shop.observe()


def test_cards_on_a_board_that_is_closed_again_are_known_and_none_is_made() -> None:
    shop = shop_of()
    shop.observe()
    board = shop.store.bindings().id(Kind.BOARD, "daily") or ""
    shop.trello.close_board(board)
    shop.observe()
    backup = shop.back_up()
    shop.apply()
    live(shop, days=3)
    shop.trello.close_board(board)
    shop.advance(days=1)
    shop.put_back(backup)
    with counted(shop) as looked:
        for _ in range(5):
            shop.issue()
    assert len(looked) == 1
    assert all(shop.entry("parcels", f"2026-11-{day}").card for day in (17, 18))
    assert len(shop.cards_on()) == 4


# ---- weeks that wait --------------------------------------------------------------------------------

CLOSED = dt.datetime(2026, 11, 23, 8, tzinfo=PARIS)


def test_a_week_waits_for_a_card_that_is_being_made() -> None:
    """The process died after Trello had made it; somebody did it in time."""
    weekly = replace(
        task_of(),
        cadence=replace(
            task_of().cadence, frequency=Frequency.WEEKLY, on=(7,), release=DayTime(dt.time(), 5)
        ),
    )
    shop = shop_of(weekly)
    shop.clock.advance_to(dt.datetime(2026, 11, 21, 8, tzinfo=dt.UTC))
    shop.trello.fail_next(
        OutcomeUnknown("died"), lambda call: isinstance(call, CreateCard), after_effect=True
    )
    shop.issue()
    shop.advance(days=1)
    (card,) = shop.cards_on()
    shop.trello.tick(card.id, by="amal_zina")
    shop.clock.advance_to(CLOSED)
    shop.restart()
    one_pass(shop)
    assert shop.store.frozen(WEEK) is None
    for _ in range(12):
        shop.advance(seconds=30)
        one_pass(shop)
    report = shop.store.frozen(WEEK)
    assert report
    assert [str(line.outcome) for line in report.occurrences] == ["on_time"]


def test_a_week_waits_while_its_cards_cannot_be_looked_for() -> None:
    shop = shop_of(task_of(mode=CatchUpMode.ALL))
    backup = shop.back_up()
    live(shop, days=6)
    shop.clock.advance_to(CLOSED)
    shop.put_back(backup)
    shop.trello.fail_next(TrelloError("once"), when=looks)
    one_pass(shop)
    assert shop.store.frozen(WEEK) is None
    for _ in range(3):
        shop.advance(minutes=1)
        one_pass(shop)
    report = shop.store.frozen(WEEK)
    assert report
    assert [str(line.outcome) for line in report.occurrences] == [*["on_time"] * 6, "missed"]


def test_weeks_of_which_nothing_could_be_decided_are_frozen_all_the_same() -> None:
    shop = Shop(task_of())
    shop.clock.advance_to(dt.datetime(2026, 11, 16, 20, tzinfo=dt.UTC))
    shop.apply()
    shop.issue()
    backup = shop.back_up()
    live_on(shop, days=3)
    shop.clock.advance_to(CLOSED + DAY)
    shop.put_back(backup)
    shop.trello.fail_next(TrelloError("once"), when=looks)
    one_pass(shop)
    shop.advance(minutes=2)
    one_pass(shop)
    assert shop.store.frozen(WEEK)


def one_pass(shop: Shop) -> None:
    shop.issue()
    shop.observe()
    shop.report()
