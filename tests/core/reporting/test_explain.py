"""An explanation ends in the outcome that the report counts, for the reason that it says."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_kit import workspace_of
from week_kit import CLOSE, ENTRIES, WEEK, ZONE, done, entry, event, hour, reopened

from trello_ops.core.ledger import TOO_LATE, EventKind, LedgerEntry
from trello_ops.core.reporting import explain
from trello_ops.core.reporting.explain import COUNTED, account_of, figure_of, group_of
from trello_ops.core.reporting.outcome import Cutoff, Outcome, Rule, outcome_at, rule_at
from trello_ops.core.reporting.report import Report, Totals
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.core.tracking.events import is_done, is_excused, withdrawal
from trello_ops.core.tracking.sight import OutOfSight

HOUR = dt.timedelta(hours=1)
CUTOFFS = st.builds(Cutoff, st.just(CLOSE) | st.integers(0, 200).map(hour), final=st.booleans())
STRETCHES = st.lists(
    st.builds(
        lambda since, hours: OutOfSight(hour(since), hour(since + hours)),
        st.integers(0, 150),
        st.integers(1, 40),
    ),
    max_size=2,
)


def week_of(*entries: LedgerEntry, now: dt.datetime = CLOSE + HOUR, read: bool = True) -> Report:
    facts = WeekFacts(WEEK, entries, (), {"weekly"} if read else set())
    workspace = replace(workspace_of(), timezone=ZONE)
    return weekly_report(workspace, facts, now, freeze=now >= CLOSE)


# ---- the conclusion ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """What an explanation may speak of, found without it."""

    entry: LedgerEntry
    at: dt.datetime
    final: bool
    unseen: list[OutOfSight]

    @property
    def due(self) -> dt.datetime:
        return self.entry.occurrence.due

    @property
    def made(self) -> dt.datetime | None:
        return self.entry.card.created_at if self.entry.card else None

    @property
    def done(self) -> bool:
        return is_done(self.entry.events, self.at)

    @property
    def done_by_its_due(self) -> bool:
        return is_done(self.entry.events, min(self.due, self.at))


CLAIMS: dict[Rule, Callable[[Case], bool]] = {
    Rule.WITHDRAWN: lambda case: withdrawal(case.entry.events, case.at) is not None,
    Rule.CALENDAR: lambda case: case.entry.skipped.startswith("holiday"),
    Rule.EXCUSED: lambda case: is_excused(case.entry.events, case.at),
    Rule.SKIPPED: lambda case: case.entry.skipped == TOO_LATE,
    Rule.NO_CARD: lambda case: case.made is None and case.due <= case.at,
    Rule.CARD_AFTER_DUE: lambda case: case.made is not None and case.made > case.due,
    Rule.AHEAD: lambda case: case.due > case.at,
    Rule.DONE_IN_TIME: lambda case: case.done and case.done_by_its_due,
    Rule.UNREAD: lambda case: not case.done and (not case.final or case.due > case.at),
    Rule.SHORT_TIME: lambda case: case.made is not None and case.due - case.made < 6 * HOUR,
    Rule.BOARD_AWAY: lambda case: bool(case.unseen),
    Rule.DONE_LATE: lambda case: case.done and not case.done_by_its_due,
    Rule.NOT_DONE: lambda case: not case.done and case.final,
}


@given(ENTRIES, CUTOFFS, STRETCHES)
@settings(max_examples=examples(300))
def test_the_reason_that_is_said_is_so(entry: LedgerEntry, cutoff: Cutoff, unseen: list[OutOfSight]) -> None:
    rule = rule_at(entry, cutoff, unseen)
    assert rule.outcome is outcome_at(entry, cutoff, unseen)
    assert CLAIMS[rule](Case(entry, cutoff.at, cutoff.final, unseen))


@given(st.lists(ENTRIES, max_size=1), st.integers(0, 200), st.booleans())
@settings(max_examples=examples(200))
def test_an_account_ends_as_the_report_counts(entries: list[LedgerEntry], hours: int, read: bool) -> None:
    now = hour(hours)
    report = week_of(*entries, now=now, read=read)
    for each in entries:
        account = account_of(report, each, now, read_at=now if read else None)
        assert account.line
        assert account.line.outcome is account.rule.outcome
        assert not account.frozen_otherwise
        assert [fact.at for fact in account.facts] == sorted(fact.at for fact in account.facts)


@pytest.mark.parametrize(
    ("case", "rule"),
    [
        (entry(done(10)), Rule.DONE_IN_TIME),
        (entry(done(21)), Rule.DONE_LATE),
        (entry(done(10), reopened(19)), Rule.NOT_DONE),
        (entry(event(EventKind.EXCUSED, 9)), Rule.EXCUSED),
        (entry(event(EventKind.WITHDRAWN, 9)), Rule.WITHDRAWN),
        (entry(created=None, skipped="holiday:Aïd"), Rule.CALENDAR),
        (entry(created=None, skipped="too_late"), Rule.SKIPPED),
        (entry(created=None), Rule.NO_CARD),
        (entry(created=21), Rule.CARD_AFTER_DUE),
        (entry(created=15), Rule.SHORT_TIME),
    ],
    ids=lambda value: str(value) if isinstance(value, Rule) else "",
)
def test_each_case_has_its_rule(case: LedgerEntry, rule: Rule) -> None:
    assert rule_at(case, Cutoff(CLOSE, final=True)) is rule


def test_what_became_known_after_the_freeze_is_said() -> None:
    frozen = week_of(entry())
    late_news = entry(done(19))
    account = account_of(frozen, late_news, CLOSE + HOUR, read_at=CLOSE + HOUR)
    assert account.frozen_otherwise
    assert (account.line and account.line.outcome, account.rule.outcome) == (Outcome.MISSED, Outcome.ON_TIME)


def test_what_was_recorded_after_the_freeze_is_in_no_report() -> None:
    account = account_of(week_of(), entry(), CLOSE + HOUR, read_at=CLOSE + HOUR)
    assert account.line is None
    assert account.frozen_otherwise


def test_the_facts_tell_when_its_board_was_away_and_read() -> None:
    unseen = (OutOfSight(hour(10), hour(12)), OutOfSight(hour(30)))
    running = week_of(entry(), now=hour(20))
    account = account_of(running, entry(), hour(40), read_at=hour(40), unseen=unseen)
    told = [fact.what for fact in account.facts]
    assert told.count(explain.AWAY) == 2
    assert told.count(explain.BACK) == 1


# ---- figures ----------------------------------------------------------------------------------------


@given(st.lists(ENTRIES, max_size=8, unique_by=lambda each: each.occurrence.due))
@settings(max_examples=examples(100))
def test_a_figure_lists_as_many_as_the_report_counts(entries: list[LedgerEntry]) -> None:
    report = week_of(*entries)
    for group in (None, group_of(report, "weekly"), group_of(report, "operations")):
        totals: Totals = group.totals if group else report.totals
        for figure in COUNTED:
            found = figure_of(report, figure, group, ())
            value = totals.compliance_rate if figure == "rate" else getattr(totals, figure)
            assert found.value == value


def test_a_board_goes_before_a_theme_of_the_same_key() -> None:
    report = week_of(entry())
    twin = replace(report.themes[0], key="weekly")
    assert group_of(replace(report, themes=(twin,)), "weekly") in report.boards
