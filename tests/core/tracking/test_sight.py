"""When a board was out of sight, by what was looked at and what its log told."""

import datetime as dt
from dataclasses import replace

from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.ledger import IssuedCard, LedgerEntry, Occurrence, OccurrenceKey
from trello_ops.core.sights import BoardSight, ReadCursor
from trello_ops.core.tracking.sight import BoardLook, OutOfSight, new_sights, out_of_sight
from trello_ops.core.trello import Action

NOON = dt.datetime(2026, 11, 16, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def trello_id(at: dt.datetime) -> str:
    return f"{int(at.timestamp()):08x}" + "0" * 16


OLD, NEW = trello_id(NOON - 100 * HOUR), trello_id(NOON)
BOARD = Binding(Kind.BOARD, "daily", "", OLD, NOON - 100 * HOUR)
CURSOR = ReadCursor("daily", NOON - HOUR)


def sight(hours: float, *, shown: bool, of: str = OLD) -> BoardSight:
    return BoardSight("daily", of, NOON + hours * HOUR, shown)


def closing(hours: float, *, closed: bool) -> Action:
    at = NOON + hours * HOUR
    return Action(trello_id(at), at, "updateBoard", None, None, board_closed=closed)


def look(*log: Action, shown: bool, of: str = OLD) -> BoardLook:
    return BoardLook(replace(BOARD, trello_id=of), shown, log)


def seen(look: BoardLook, *known: BoardSight) -> tuple[BoardSight, ...]:
    return new_sights(look, known, CURSOR, NOON)


def test_nothing_is_recorded_of_a_board_that_is_always_shown() -> None:
    assert seen(look(shown=True)) == ()


def test_out_of_sight_begins_at_the_last_read_and_is_recorded_once() -> None:
    first = seen(look(shown=False))
    assert first == (sight(-1, shown=False),)
    assert seen(look(shown=False), *first) == ()
    assert seen(look(shown=True), *first) == (sight(0, shown=True),)


def test_a_board_that_was_never_read_is_out_of_sight_since_it_was_bound() -> None:
    assert new_sights(look(shown=False), (), None, NOON) == (sight(-100, shown=False),)


def test_the_log_tells_better() -> None:
    shut = look(closing(-0.5, closed=True), shown=False)
    assert seen(shut) == (sight(-0.5, shown=False),)
    assert seen(shut, sight(-0.5, shown=False)) == (), "the log is read with overlap"
    both = look(closing(-0.5, closed=True), closing(-0.2, closed=False), shown=True)
    assert seen(both) == (sight(-0.5, shown=False), sight(-0.2, shown=True))


def test_a_board_that_takes_anothers_place_parts_their_cards() -> None:
    gone = sight(-1, shown=False)
    assert seen(look(shown=True, of=NEW), gone) == (sight(0, shown=True, of=NEW),)


def entry(made: dt.datetime | None) -> LedgerEntry:
    key = OccurrenceKey("daily", "stock", NOON.date())
    occurrence = Occurrence(key, "", "", "", "", (), key.date, NOON, NOON + 9 * HOUR, 1)
    return LedgerEntry(occurrence, NOON, card=IssuedCard("c", "", made, made) if made else None)


def test_stretches_of_one_board() -> None:
    sights = (sight(3, shown=True), sight(1, shown=False), sight(2, shown=False), sight(5, shown=False))
    assert out_of_sight(entry(NOON - 2 * HOUR), sights) == (
        OutOfSight(NOON + HOUR, NOON + 3 * HOUR),
        OutOfSight(NOON + 5 * HOUR),
    )


def test_closed_again_at_the_instant_at_which_it_was_last_seen() -> None:
    sights = (sight(1, shown=False), sight(2, shown=False), sight(2, shown=True))
    first, second = out_of_sight(entry(NOON), sights)
    assert (first.until, second.since) == (NOON + 2 * HOUR, NOON + 2 * HOUR)


def test_each_card_goes_by_the_board_that_it_was_made_on() -> None:
    sights = (sight(-1, shown=False), sight(0, shown=True, of=NEW))
    assert out_of_sight(entry(NOON - 2 * HOUR), sights) == (OutOfSight(NOON - HOUR),)
    assert out_of_sight(entry(NOON + HOUR), sights) == ()
    assert out_of_sight(entry(None), sights) == ()
    elsewhere = tuple(replace(each, board="weekly") for each in sights)
    assert out_of_sight(entry(NOON - 2 * HOUR), elsewhere) == ()


def test_the_end_of_a_stretch_belongs_to_it_and_its_beginning_does_not() -> None:
    stretch = OutOfSight(NOON, NOON + HOUR)
    assert [stretch.covers(NOON + n * HOUR) for n in (0, 0.5, 1, 1.5)] == [False, True, True, False]
    assert stretch.within(NOON - HOUR, NOON + 0.5 * HOUR) == 0.5 * HOUR
    assert stretch.within(NOON + 2 * HOUR, NOON + 3 * HOUR) == dt.timedelta(0)
