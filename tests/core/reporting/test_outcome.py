"""Outcomes, line by line as docs/architecture.md defines them."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from week_kit import CLOSE, ENTRIES, FINAL, HOURS, UNREAD, done, entry, event, hour, reopened

from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.core.ledger import CARD_DELETED, TOO_LATE, EventKind, LedgerEntry, LedgerEvent
from trello_ops.core.reporting.outcome import Cutoff, Outcome, outcome_at
from trello_ops.core.tracking.sight import OutOfSight


def test_done_before_its_due_is_on_time() -> None:
    assert outcome_at(entry(done(10)), FINAL) is Outcome.ON_TIME


def test_done_early_before_its_release_is_on_time() -> None:
    assert outcome_at(entry(done(7), created=6), FINAL) is Outcome.ON_TIME


def test_done_exactly_at_its_due_is_on_time() -> None:
    assert outcome_at(entry(done(20)), FINAL) is Outcome.ON_TIME
    late = replace(done(20), at=hour(20) + dt.timedelta(milliseconds=1))
    assert outcome_at(entry(late), FINAL) is Outcome.LATE


def test_done_after_its_due_is_late() -> None:
    assert outcome_at(entry(done(21)), FINAL) is Outcome.LATE


def test_done_at_the_very_close_is_late_and_after_it_missed() -> None:
    at_close = replace(done(20), at=CLOSE)
    assert outcome_at(entry(at_close), FINAL) is Outcome.LATE
    after = replace(at_close, at=CLOSE + dt.timedelta(milliseconds=1))
    assert outcome_at(entry(after), FINAL) is Outcome.MISSED


def test_never_done_is_missed() -> None:
    assert outcome_at(entry(), FINAL) is Outcome.MISSED


def test_done_at_its_due_but_reopened_by_the_close_is_missed() -> None:
    assert outcome_at(entry(done(10), reopened(30)), FINAL) is Outcome.MISSED


def test_reopened_and_done_again_by_its_due_is_on_time() -> None:
    assert outcome_at(entry(done(10), reopened(11), done(12)), FINAL) is Outcome.ON_TIME


def test_done_at_its_due_and_at_the_close_is_on_time_whatever_lay_between() -> None:
    assert outcome_at(entry(done(10), reopened(30), done(40)), FINAL) is Outcome.ON_TIME


def test_open_at_its_due_is_late_even_if_it_was_done_before() -> None:
    assert outcome_at(entry(done(10), reopened(19), done(21)), FINAL) is Outcome.LATE


def test_not_seen_done_without_a_reading_after_the_close_is_open() -> None:
    assert outcome_at(entry(), UNREAD) is Outcome.OPEN
    assert outcome_at(entry(done(10), reopened(30)), UNREAD) is Outcome.OPEN


def test_what_was_seen_done_needs_no_reading_after_the_close() -> None:
    assert outcome_at(entry(done(10)), UNREAD) is Outcome.ON_TIME
    assert outcome_at(entry(done(30)), UNREAD) is Outcome.LATE


def away(since: float, until: float) -> OutOfSight:
    return OutOfSight(hour(since), hour(until))


@pytest.mark.parametrize("events", [(), (done(30),), (done(10), reopened(11), done(40))])
def test_what_was_due_while_its_board_was_out_of_sight_charges_nobody(
    events: tuple[LedgerEvent, ...],
) -> None:
    assert outcome_at(entry(*events), FINAL, (away(19, 21),)) is Outcome.OPEN


def test_what_was_done_at_its_due_is_on_time_wherever_its_board_was() -> None:
    assert outcome_at(entry(done(10)), FINAL, (away(11, 40),)) is Outcome.ON_TIME


def test_a_board_that_came_back_with_half_of_the_time_left_charges_as_ever() -> None:
    assert outcome_at(entry(created=8), FINAL, (away(9, 15),)) is Outcome.MISSED
    assert outcome_at(entry(created=8), FINAL, (away(9, 15.1),)) is Outcome.OPEN
    assert outcome_at(entry(created=8), FINAL, (away(20, 40),)) is Outcome.MISSED, "closed after its due"


def test_without_a_card_it_was_not_issued() -> None:
    assert outcome_at(entry(created=None), FINAL) is Outcome.NOT_ISSUED
    assert outcome_at(entry(created=None), UNREAD) is Outcome.NOT_ISSUED


def test_a_card_made_after_its_due_was_not_issued_even_if_done() -> None:
    assert outcome_at(entry(created=20.01), FINAL) is Outcome.NOT_ISSUED
    assert outcome_at(entry(done(21), created=20.01), FINAL) is Outcome.NOT_ISSUED


def test_a_card_made_exactly_at_its_due_counts_if_done_by_then() -> None:
    assert outcome_at(entry(done(20), created=20), FINAL) is Outcome.ON_TIME
    assert outcome_at(entry(done(20.01), created=20), FINAL) is Outcome.NOT_ISSUED


def test_a_card_made_with_exactly_half_of_its_time_left_is_charged() -> None:
    assert outcome_at(entry(created=14), FINAL) is Outcome.MISSED
    assert outcome_at(entry(done(21), created=14), FINAL) is Outcome.LATE


def test_a_card_made_with_less_than_half_of_its_time_left_is_not_charged() -> None:
    assert outcome_at(entry(created=14.01), FINAL) is Outcome.NOT_ISSUED
    assert outcome_at(entry(done(21), created=14.01), FINAL) is Outcome.NOT_ISSUED
    assert outcome_at(entry(done(19), created=14.01), FINAL) is Outcome.ON_TIME


def test_a_card_made_so_late_and_not_read_after_the_close_is_open() -> None:
    assert outcome_at(entry(created=14.01), UNREAD) is Outcome.OPEN


@pytest.mark.parametrize("skipped", [str(Skip(kind, "Aïd")) for kind in SkipKind] + ["weekday:"])
@pytest.mark.parametrize("cutoff", [FINAL, UNREAD, Cutoff(hour(1), final=False)])
def test_what_the_calendar_excuses_is_excused_always(skipped: str, cutoff: Cutoff) -> None:
    assert outcome_at(entry(created=None, skipped=skipped), cutoff) is Outcome.EXCUSED


def test_a_word_that_is_no_reason_of_the_calendar_excuses_nothing() -> None:
    for word in (CARD_DELETED, TOO_LATE, "strike:all of us", "holiday"):
        assert outcome_at(entry(created=None, skipped=word), FINAL) is Outcome.NOT_ISSUED


def test_a_skipped_occurrence_was_not_issued() -> None:
    assert outcome_at(entry(created=None, skipped=TOO_LATE), FINAL) is Outcome.NOT_ISSUED


def test_the_label_excuses_whatever_else_happened() -> None:
    excused = event(EventKind.EXCUSED, 15)
    for case in (entry(excused), entry(excused, done(30)), entry(excused, created=21)):
        assert outcome_at(case, FINAL) is Outcome.EXCUSED
        assert outcome_at(case, UNREAD) is Outcome.EXCUSED


def test_a_label_taken_away_again_excuses_nothing() -> None:
    assert (
        outcome_at(entry(event(EventKind.EXCUSED, 15), event(EventKind.UNEXCUSED, 16)), FINAL)
        is Outcome.MISSED
    )


def test_a_label_set_after_the_close_excuses_nothing() -> None:
    late = replace(event(EventKind.EXCUSED, 0), at=CLOSE + dt.timedelta(hours=1))
    assert outcome_at(entry(late), FINAL) is Outcome.MISSED


@pytest.mark.parametrize(
    ("now", "expected"), [(12, Outcome.OPEN), (19, Outcome.OPEN), (20, Outcome.OPEN), (100, Outcome.OPEN)]
)
def test_before_the_close_nobody_has_missed_anything(now: float, expected: Outcome) -> None:
    assert outcome_at(entry(), Cutoff(hour(now), final=False)) is expected


def test_before_its_due_what_is_done_is_on_time_so_far() -> None:
    assert outcome_at(entry(done(10)), Cutoff(hour(12), final=False)) is Outcome.ON_TIME
    assert outcome_at(entry(done(10)), Cutoff(hour(9), final=False)) is Outcome.OPEN
    assert outcome_at(entry(done(10), reopened(11)), Cutoff(hour(12), final=False)) is Outcome.OPEN


def test_done_late_is_late_at_once() -> None:
    assert outcome_at(entry(done(21)), Cutoff(hour(22), final=False)) is Outcome.LATE


def test_without_a_card_it_is_open_until_its_due() -> None:
    before = Cutoff(hour(20) - dt.timedelta(seconds=1), final=False)
    assert outcome_at(entry(created=None), before) is Outcome.OPEN
    assert outcome_at(entry(created=None), Cutoff(hour(20), final=False)) is Outcome.NOT_ISSUED


@settings(max_examples=60)
@given(ENTRIES, HOURS)
def test_nobody_is_charged_without_having_had_a_card_in_time(case: LedgerEntry, now: float) -> None:
    outcome = outcome_at(case, Cutoff(hour(now), final=True))
    if outcome in {Outcome.LATE, Outcome.MISSED}:
        assert case.card is not None
        window = case.occurrence.due - case.occurrence.release
        assert case.occurrence.due - case.card.created_at >= window / 2


@settings(max_examples=60)
@given(ENTRIES)
def test_a_reading_after_the_close_only_settles_what_was_open(case: LedgerEntry) -> None:
    unread, final = outcome_at(case, UNREAD), outcome_at(case, FINAL)
    assert final is unread or (unread is Outcome.OPEN and final in {Outcome.MISSED, Outcome.NOT_ISSUED})
    assert final is not Outcome.OPEN
