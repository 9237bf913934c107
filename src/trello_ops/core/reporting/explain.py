"""Why an occurrence counts as it does, and what a figure of a report is made of, as frozen values."""

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Task
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.reporting.outcome import JUDGED, Cutoff, Outcome, Rule, rule_at
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence
from trello_ops.core.reporting.standing import Standing, WeekCount
from trello_ops.core.tracking.sight import OutOfSight
from trello_ops.core.trello import Member

COUNTED: dict[str, Collection[Outcome]] = {
    **{str(outcome): {outcome} for outcome in Outcome},
    "completed": {Outcome.ON_TIME, Outcome.LATE},
    "scheduled": set(Outcome),
    "rate": JUDGED,
}
"""The figures that occurrences make, and with which outcomes. `rate` is on time ÷ all that it lists."""

SIGNAL, ALLOWANCE = "signal", "allowance"
FIGURES = (*COUNTED, SIGNAL, ALLOWANCE)
"""Every figure that can be explained."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened to an occurrence: `what` is an `EventKind` or one of the words below.

    `how` is an event's source, why it was skipped, or a card's address. `approximate`: `at` is the earliest
    instant that what we know allows.
    """

    at: dt.datetime
    what: str
    by: Member | None = None
    how: str = ""
    approximate: bool = False


RELEASED, RECORDED, SKIPPED, ISSUED = "released", "recorded", "skipped", "issued"
AMENDED, FELL_DUE, CLOSED, READ = "amended", "fell_due", "closed", "read"
AWAY, BACK = "away", "back"
"""What happens besides the ledger's events; `READ`: its board was read after the close, `AWAY`: its board
went out of sight."""


@dataclass(frozen=True, slots=True)
class OccurrenceAccount:
    """What became of an occurrence, and why it counts as it does in the report of its week.

    `line` is that report's, `None` where it was recorded after the week was frozen. `rule` is what decides by
    what is known now, as of `cutoff`. `task` is its task as it is declared now, `None` where it is no more.
    `is_recorded`: the ledger holds it already.
    """

    report: Report
    entry: LedgerEntry
    line: ReportedOccurrence | None
    rule: Rule
    cutoff: Cutoff
    facts: tuple[Fact, ...]
    task: Task | None = None
    is_recorded: bool = True

    @property
    def frozen_otherwise(self) -> bool:
        """Whether it was frozen with another outcome than what is known now would give."""
        return bool(self.report.frozen_at) and (self.line is None or self.line.outcome != self.rule.outcome)


def account_of(
    report: Report,
    entry: LedgerEntry,
    now: dt.datetime,
    *,
    read_at: dt.datetime | None,
    unseen: Sequence[OutOfSight] = (),
    task: Task | None = None,
    is_recorded: bool = True,
) -> OccurrenceAccount:
    """The account of an entry in its week's report. `read_at` is when its board was read after the close."""
    # In a rehearsal a week may be frozen that the wall clock has not reached.
    now = max(now, report.frozen_at or now)
    cutoff = Cutoff(min(now, report.closes_at), final=now >= report.closes_at and read_at is not None)
    key = str(entry.occurrence.key)
    line = next((line for line in report.occurrences if line.key == key), None)
    # Sorting is stable: of one instant, what is listed first comes first, as a release before its due.
    facts = sorted(_facts(report, entry, now, read_at, unseen), key=lambda fact: fact.at)
    rule = rule_at(entry, cutoff, unseen)
    return OccurrenceAccount(report, entry, line, rule, cutoff, tuple(facts), task, is_recorded)


def _facts(
    report: Report,
    entry: LedgerEntry,
    now: dt.datetime,
    read_at: dt.datetime | None,
    unseen: Sequence[OutOfSight],
) -> Iterator[Fact]:
    occurrence = entry.occurrence
    yield Fact(occurrence.release, RELEASED)
    yield Fact(entry.recorded_at, SKIPPED if entry.skipped else RECORDED, how=entry.skipped)
    if entry.card:
        yield Fact(entry.card.created_at, ISSUED, how=entry.card.url)
    yield from (Fact(each.at, AMENDED) for each in entry.amendments)
    yield Fact(occurrence.due, FELL_DUE)
    for event in entry.events:
        yield Fact(event.at, event.kind, event.by, event.source, event.approximate)
    for stretch in unseen:
        yield Fact(stretch.since, AWAY)
        if stretch.until <= now:
            yield Fact(stretch.until, BACK)
    if now >= report.closes_at:
        yield Fact(report.closes_at, CLOSED)
    if read_at and not report.frozen_at:  # of a frozen week, when it was read last says nothing
        yield Fact(read_at, READ)


# ---- figures ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class FigureAccount:
    """What a figure is made of: of the whole report, or of the board or theme that `group` is.

    `lines` are the occurrences that it counts. `standing` is what `signal` and `allowance` come from;
    `recent` are this week and those of the three before that have a report, oldest first.
    """

    report: Report
    figure: str
    group: Group | None
    lines: tuple[ReportedOccurrence, ...] = ()
    standing: Standing | None = None
    recent: tuple[WeekCount, ...] = ()

    @property
    def value(self) -> int | float | str | None:
        """What the report says: a number, the rate from 0 to 1, the verdict, or how much is used."""
        if self.figure == SIGNAL:
            return str(self.standing.signal.verdict) if self.standing else None
        if self.figure == ALLOWANCE:
            return self.standing.allowance.used if self.standing and self.standing.allowance else None
        if self.figure != "rate":
            return len(self.lines)
        on_time = sum(line.outcome is Outcome.ON_TIME for line in self.lines)
        return on_time / len(self.lines) if self.lines else None


def group_of(report: Report, key: str) -> Group | None:
    """The board of a key, else the theme of it; `None` where the report has neither."""
    return next((group for group in (*report.boards, *report.themes) if group.key == key), None)


def figure_of(report: Report, figure: str, group: Group | None, recent: Sequence[Report]) -> FigureAccount:
    """The account of one of `FIGURES`. `recent` are the reports of the three weeks before, oldest first."""
    if figure not in COUNTED:
        standing = report.board_standings.get(group.key) if group else report.standing
        counts = [_count(each, group) for each in (*recent, report)]
        return FigureAccount(report, figure, group, standing=standing, recent=tuple(filter(None, counts)))
    # An outcome of another version counts as scheduled only.
    lines = (
        line
        for line in report.occurrences
        if _is_of(line, report, group) and (line.outcome in COUNTED[figure] or figure == "scheduled")
    )
    return FigureAccount(report, figure, group, tuple(lines))


def _is_of(line: ReportedOccurrence, report: Report, group: Group | None) -> bool:
    if group is None:
        return True
    return group.key == (line.board if group in report.boards else line.theme)


def _count(report: Report, group: Group | None) -> WeekCount | None:
    own = group_of(report, group.key) if group else None
    totals = own.totals if own else report.totals
    return None if group and own is None else totals.of_week(report.week)


def weeks_before(week: IsoWeek) -> tuple[IsoWeek, IsoWeek, IsoWeek]:
    """The three calendar weeks before, oldest first."""
    last = week.previous()
    return last.previous().previous(), last.previous(), last
