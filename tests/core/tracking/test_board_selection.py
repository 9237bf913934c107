"""Which boards a poll reads, by what is known of them."""

import datetime as dt
import itertools
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.sights import Outage, ReadCursor
from trello_ops.core.tracking.board_selection import Activity, Poll, outage, to_compare, to_read

NOW = dt.datetime(2026, 11, 18, 10, 7, 13, tzinfo=dt.UTC)
CLOSED = dt.datetime(2026, 11, 16, 6, tzinfo=dt.UTC)
HOUR, SECOND = dt.timedelta(hours=1), dt.timedelta(seconds=1)
SWEEP = 6 * HOUR
POLL = Poll(NOW, CLOSED, SWEEP)


def boards_of(count: int) -> tuple[Binding, ...]:
    return tuple(Binding(Kind.BOARD, f"b{n:04}", "", f"id{n}", CLOSED - 90 * HOUR) for n in range(count))


def seen(boards: tuple[Binding, ...], read_at: dt.datetime = NOW) -> dict[str, ReadCursor]:
    """Every board read then, and last active a day before."""
    return {b.board: ReadCursor(b.board, read_at, active_at=CLOSED) for b in boards}


def idle(boards: tuple[Binding, ...]) -> dict[str, dt.datetime | None]:
    return {board.trello_id: CLOSED for board in boards}


def chosen(
    cursors: dict[str, ReadCursor],
    active: Activity | None,
    poll: Poll = POLL,
    boards: tuple[Binding, ...] = (),
) -> list[str]:
    return [board.board for board in to_read(boards or boards_of(60), cursors, active, poll)]


BOARDS = boards_of(60)


def test_nothing_is_read_of_boards_without_news_that_were_just_read() -> None:
    assert chosen(seen(BOARDS), idle(BOARDS)) == []


def test_a_board_that_was_active_since_is_read() -> None:
    assert chosen(seen(BOARDS), idle(BOARDS) | {"id7": NOW}) == ["b0007"]


def test_any_other_instant_than_the_one_seen_is_news_also_an_earlier_one() -> None:
    assert chosen(seen(BOARDS), idle(BOARDS) | {"id7": CLOSED - HOUR}) == ["b0007"]


def test_a_board_never_read_is_read() -> None:
    cursors = seen(BOARDS)
    del cursors["b0007"]
    assert chosen(cursors, idle(BOARDS)) == ["b0007"]


def test_a_board_that_is_not_in_the_list_is_read_unless_it_was_seen_closed() -> None:
    unlisted = idle(BOARDS)
    del unlisted["id7"]
    assert chosen(seen(BOARDS), unlisted) == ["b0007"]
    closed = seen(BOARDS) | {"b0007": ReadCursor("b0007", NOW, active_at=None)}
    assert chosen(closed, unlisted) == []
    assert chosen(closed, idle(BOARDS)) == ["b0007"], "somebody opened it again"


def test_after_a_close_every_board_is_read_whatever_the_hint_says() -> None:
    just_before = seen(BOARDS, CLOSED - SECOND)
    soon_after = Poll(CLOSED + SECOND, CLOSED, SWEEP)
    assert len(chosen(just_before, idle(BOARDS), soon_after)) == 60
    assert len(chosen(just_before, None, soon_after)) == 60


def test_those_with_news_come_first_and_then_those_read_longest_ago() -> None:
    cursors = {
        b.board: ReadCursor(b.board, NOW - (7 + n % 3) * HOUR, active_at=CLOSED) for n, b in enumerate(BOARDS)
    }
    order = chosen(cursors, idle(BOARDS) | {"id3": NOW, "id5": NOW})
    assert order[:3] == ["b0005", "b0003", "b0002"]
    ages = [cursors[board].read_at for board in order[2:]]
    assert ages == sorted(ages)


def test_without_hints_each_board_still_has_its_turn() -> None:
    assert len(chosen(seen(BOARDS, NOW - SWEEP), None)) == 60
    assert chosen(seen(BOARDS), None) == []


@pytest.mark.parametrize(("count", "seconds"), [(1000, 300), (60, 90), (250, 432)])
def test_the_sweep_reads_each_board_once_in_its_time_and_evenly(count: int, seconds: int) -> None:
    """After a burst, when all were read within a minute, as well."""
    boards = boards_of(count)
    cursors, reads, biggest = seen(boards), Counter[str](), 0
    for step in range(1, -(-int(SWEEP.total_seconds()) // seconds) + 1):
        now = NOW + step * seconds * SECOND
        due = to_read(boards, cursors, idle(boards), Poll(now, CLOSED, SWEEP))
        reads.update(board.board for board in due)
        biggest = max(biggest, len(due))
        cursors |= {b.board: ReadCursor(b.board, now, active_at=CLOSED) for b in due}
    assert len(reads) == count
    assert sum(reads.values()) <= count + 1
    assert biggest <= count * seconds / SWEEP.total_seconds() + 1


@given(
    polls=st.lists(st.integers(1, 7200), min_size=5, max_size=25),
    count=st.integers(50, 70),
    sweep=st.integers(1, 12),
)
def test_however_polls_come_no_board_is_left_alone_for_longer_than_a_sweep(
    polls: list[int], count: int, sweep: int
) -> None:
    boards = boards_of(count)
    cursors, limit = seen(boards), sweep * HOUR
    for now in (NOW + s * SECOND for s in itertools.accumulate(polls)):
        due = to_read(boards, cursors, idle(boards), Poll(now, CLOSED, limit))
        cursors |= {b.board: ReadCursor(b.board, now, active_at=CLOSED) for b in due}
        assert all(now - cursor.read_at <= limit for cursor in cursors.values())


# ---- comparing boards with their files

UNCLOSED = Poll(NOW, None, SWEEP)


def compared(
    boards: tuple[Binding, ...],
    in_order: dict[str, ReadCursor],
    active: Activity | None,
    poll: Poll = UNCLOSED,
    unbound: tuple[str, ...] = (),
) -> frozenset[str]:
    keys = [*unbound, *(board.board for board in boards)]
    return to_compare(keys, Bindings.of(boards), in_order, active, poll)


def test_boards_in_order_that_were_just_compared_are_spared() -> None:
    assert compared(BOARDS, seen(BOARDS), idle(BOARDS)) == frozenset()
    assert compared(BOARDS, seen(BOARDS), None) == frozenset()


def test_a_board_that_was_never_active_is_no_news() -> None:
    never = {board.board: ReadCursor(board.board, NOW) for board in BOARDS}
    assert compared(BOARDS, never, dict.fromkeys(idle(BOARDS))) == frozenset()


def test_boards_that_are_not_on_trello_yet_are_compared() -> None:
    assert compared(BOARDS, seen(BOARDS), idle(BOARDS), unbound=("new",)) == {"new"}


@given(
    states=st.lists(
        st.tuples(
            st.sampled_from(["unbound", "out of order", "in order"]),
            st.sampled_from(["quiet", "active", "unlisted"]),
            st.integers(0, 2 * int(SWEEP.total_seconds())),
        ),
        min_size=50,
        max_size=70,
    ),
    told=st.booleans(),
)
def test_no_board_is_spared_that_may_need_something(states: list[tuple[str, str, int]], told: bool) -> None:
    boards = boards_of(len(states))
    in_order, active, needed, fresh = dict[str, ReadCursor](), dict[str, dt.datetime | None](), set(), set()
    for board, (state, activity, age) in zip(boards, states, strict=True):
        if state == "in order":
            in_order[board.board] = ReadCursor(board.board, NOW - age * SECOND, active_at=CLOSED)
        if activity != "unlisted":
            active[board.trello_id] = CLOSED if activity == "quiet" else NOW
        news = told and activity != "quiet"
        if state != "in order" or news or age * SECOND >= SWEEP:
            needed.add(board.board)
        elif not age:
            fresh.add(board.board)
    bound = tuple(board for board, (state, *_) in zip(boards, states, strict=True) if state != "unbound")
    unbound = tuple(board.board for board in boards if board not in bound)
    chosen_now = compared(bound, in_order, active if told else None, unbound=unbound)
    assert needed <= chosen_now
    assert not fresh & chosen_now


@given(count=st.integers(50, 90), passes=st.integers(2, 40), seconds=st.integers(60, 1800))
def test_quiet_boards_are_compared_once_in_a_sweep_and_spread_evenly(
    count: int, passes: int, seconds: int
) -> None:
    """Though all were compared at once, at the start. A turn at the very instant of a pass is either's."""
    boards, sweep = boards_of(count), passes * seconds * SECOND
    in_order, reads, biggest = seen(boards), Counter[str](), 0
    for step in range(1, passes + 1):
        now = NOW + step * seconds * SECOND
        due = compared(boards, in_order, idle(boards), Poll(now, None, sweep))
        reads.update(due)
        biggest = max(biggest, len(due))
        in_order |= {key: ReadCursor(key, now, active_at=CLOSED) for key in due}
    assert count - 1 <= sum(reads.values()) <= count + 1
    assert len(reads) >= count - 1
    assert biggest <= -(-count // passes) + 1


# ---- outages


def test_a_stretch_without_sight_is_an_outage_when_it_is_longer_than_a_day() -> None:
    assert outage(None, NOW) is None
    assert outage(ReadCursor("daily", NOW - 26 * HOUR), NOW) is None
    then = NOW - 26 * HOUR - SECOND
    assert outage(ReadCursor("daily", then), NOW) == Outage("daily", then, NOW)
