"""What becomes known after a week was frozen is told, and changes no report."""

import datetime as dt

from shop_kit import PARIS, Shop, parcels_shop

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.explain import COUNTED, group_of
from trello_ops.core.reporting.outcome import Outcome, Rule
from trello_ops.operations.explain import counted_otherwise, explain_figure, explain_occurrence
from trello_ops.operations.report import account

WEEK = IsoWeek(2026, 47)
CLOSE = dt.datetime(2026, 11, 23, 7, tzinfo=PARIS)


def unread_week() -> Shop:
    """A week with one card, done by its due, which nobody read before the report was frozen."""
    shop = parcels_shop()
    shop.issue()
    shop.observe()
    (card,) = shop.cards_on()
    shop.advance(hours=2)
    shop.trello.tick(card.id, by="amal_zina")
    shop.clock.advance_to(CLOSE + dt.timedelta(hours=25))
    shop.report()
    return shop


def test_what_was_read_after_the_freeze_is_told_beside_what_was_frozen() -> None:
    shop = unread_week()
    shop.observe()
    context = shop.context()
    report = account(context, WEEK)
    told = {str(each.entry.occurrence.key): each.rule for each in counted_otherwise(context, report)}
    assert told == {"daily/parcels/2026-11-16": Rule.DONE_IN_TIME}
    assert report.with_outcome(Outcome.OPEN), "the report stays as it was frozen"


def test_every_occurrence_of_a_report_is_explained_as_it_is_counted_or_told_to_be_otherwise() -> None:
    shop = unread_week()
    context = shop.context()
    for week in (WEEK, WEEK.next()):
        report = account(context, week)
        assert report.occurrences
        for entry in context.store.due_between(CLOSE - dt.timedelta(days=8), CLOSE + dt.timedelta(days=7)):
            found = explain_occurrence(context, report, entry.occurrence.key)
            if found and found.line:
                assert (found.line.outcome == found.rule.outcome) is not found.frozen_otherwise


def test_a_provisional_report_has_nothing_to_count_otherwise() -> None:
    shop = unread_week()
    context = shop.context()
    assert list(counted_otherwise(context, account(context, WEEK.next()))) == []


def test_figures_are_those_of_the_report() -> None:
    shop = unread_week()
    context = shop.context()
    report = account(context, WEEK)
    for figure in set(COUNTED) - {"rate"}:
        found = explain_figure(context, report, figure, group_of(report, "daily"))
        assert found.value == getattr(report.totals, figure)
