"""The weekly report, made of the outcomes of its occurrences."""

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from trello_ops.core.calendar.agenda import Agenda
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.reporting.ahead import coming, next_week
from trello_ops.core.reporting.doubtful import doubtful
from trello_ops.core.reporting.groups import by_board, by_person, by_theme, groups, marked, titles, totals
from trello_ops.core.reporting.history import FrozenCounts, Past, records
from trello_ops.core.reporting.lines import EntryAsOf, counted_event, last_done, reported
from trello_ops.core.reporting.needs_you import missed, unassigned
from trello_ops.core.reporting.outcome import Cutoff, outcome_at
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import Standing, WeekCount
from trello_ops.core.reporting.tasks import chronic, rare
from trello_ops.core.reporting.who import People
from trello_ops.core.sights import BoardSight, Outage
from trello_ops.core.tracking.events import is_done
from trello_ops.core.tracking.sight import out_of_sight


@dataclass(frozen=True, slots=True)
class WeekFacts:
    """All that a week's report is made of.

    `entries` fell due in the week; `done_later` are entries of earlier weeks done since the
    week before closed; `read_after_close` holds the boards wholly read since this week closed; `outages`
    touch it. `accounts` are person keys by the id of the Trello account that is bound to them; `sights` say
    when boards were out of sight; `board_urls` are addresses by board key. `history` counts the frozen weeks,
    oldest first, of which those before this one are looked at; `past` is what became of each task before this
    week. `ahead` is the agenda of the days from which something may fall due in the next week, `None` where
    nobody asks what comes.
    """

    week: IsoWeek
    entries: Sequence[LedgerEntry]
    done_later: Sequence[LedgerEntry]
    read_after_close: Collection[str]
    system: tuple[str, ...] = ()
    outages: tuple[Outage, ...] = ()
    accounts: Mapping[str, str] = field(default_factory=dict)
    sights: tuple[BoardSight, ...] = ()
    board_urls: Mapping[str, str] = field(default_factory=dict)
    history: Sequence[FrozenCounts] = ()
    past: Past = field(default_factory=dict)
    ahead: Agenda | None = None


def weekly_report(workspace: Workspace, facts: WeekFacts, now: dt.datetime, *, freeze: bool) -> Report:
    """The report of a week as of `now`; with `freeze`, the one that stays."""
    closes_at = facts.week.closes_at(workspace.timezone, workspace.report.closes_at)
    cutoff = min(now, closes_at)
    people = People.of(workspace, (*facts.done_later, *facts.entries), facts.accounts)
    lines = tuple(_lines(workspace, people, facts, cutoff, closed=now >= closes_at))
    caught_up = tuple(_caught_up(workspace, people, facts, now))
    boards, themes, of_people = _grouped(workspace, people, facts, lines, caught_up)
    counted = Report(
        workspace=workspace.key,
        name=workspace.name,
        locale=workspace.locale,
        week=facts.week,
        begins=facts.week.monday,
        ends=facts.week.sunday,
        closes_at=closes_at,
        frozen_at=now if freeze else None,
        timezone=workspace.timezone.key,
        totals=totals(line.outcome for line in lines),
        boards=boards,
        themes=themes,
        people=of_people,
        occurrences=lines,
        caught_up=caught_up,
        system=facts.system,
        outages=facts.outages,
        doubtful=doubtful(workspace, lines, facts.entries, cutoff, closes_at),
        people_shown=workspace.report.people,
    )
    return _judged(workspace, facts, counted)


def _lines(
    workspace: Workspace, people: People, facts: WeekFacts, cutoff: dt.datetime, *, closed: bool
) -> Iterator[ReportedOccurrence]:
    for entry in facts.entries:
        # Until the board was read after the close, what was done in the last minutes is not known.
        final = closed and entry.occurrence.key.board in facts.read_after_close
        outcome = outcome_at(entry, Cutoff(cutoff, final=final), out_of_sight(entry, facts.sights))
        yield reported(EntryAsOf(workspace, people, entry, cutoff), outcome, counted_event(entry, cutoff))


def _caught_up(
    workspace: Workspace, people: People, facts: WeekFacts, now: dt.datetime
) -> Iterator[ReportedOccurrence]:
    """Occurrences of earlier weeks, not done when their week closed, that are done by now."""
    zone, time = workspace.timezone, workspace.report.closes_at
    until = min(now, facts.week.closes_at(zone, time))
    for entry in facts.done_later:
        week = IsoWeek.at(entry.occurrence.due, zone)
        closed = week.closes_at(zone, time)
        if week < facts.week and not is_done(entry.events, closed) and is_done(entry.events, until):
            outcome = outcome_at(entry, Cutoff(closed, final=True), out_of_sight(entry, facts.sights))
            yield reported(EntryAsOf(workspace, people, entry, until), outcome, last_done(entry, until))


def _grouped(
    workspace: Workspace,
    people: People,
    facts: WeekFacts,
    lines: Sequence[ReportedOccurrence],
    caught_up: Sequence[ReportedOccurrence],
) -> tuple[tuple[Group, ...], tuple[Group, ...], tuple[Group, ...]]:
    """The figures of each board, theme and person, with a title for every key that these lines name."""
    keys = {line.key for line in (*lines, *caught_up)}
    named = [e for e in (*facts.done_later, *facts.entries) if str(e.occurrence.key) in keys]
    board_titles, theme_titles = titles(workspace, named)
    boards = (replace(g, url=facts.board_urls.get(g.key, "")) for g in groups(lines, board_titles, by_board))
    whole = totals(line.outcome for line in lines)
    return (
        marked(boards, whole),
        marked(groups(lines, theme_titles, by_theme), whole),
        groups(lines, people.names(named), by_person),
    )


# ---- what the figures mean --------------------------------------------------------------------------


def _judged(workspace: Workspace, facts: WeekFacts, report: Report) -> Report:
    """The report with what its figures mean, beside those before it, and with its short lists."""
    found = records(workspace, report.occurrences, facts.past)
    comes = coming(facts.ahead, facts.week.next()) if facts.ahead else ()
    whole, of_boards = _standings(workspace, facts, report)
    return replace(
        report,
        standing=whole,
        board_standings=of_boards,
        needs_you=(*missed(workspace, found), *unassigned(workspace, comes)),
        chronic=tuple(chronic(found)),
        rare=tuple(rare(workspace, found)),
        next_week=next_week(facts.ahead, facts.week.next()) if facts.ahead else (),
    )


def _standings(
    workspace: Workspace, facts: WeekFacts, report: Report
) -> tuple[Standing, Mapping[str, Standing]]:
    """How the week stands as a whole, and on each board that has a report of its own."""
    earlier, this = [each for each in facts.history if each.week < report.week], FrozenCounts.of(report)

    def stands(count: Callable[[FrozenCounts], WeekCount]) -> Standing:
        return standing([count(each) for each in earlier], count(this), workspace.report.target)

    return stands(lambda counts: counts.whole), {
        key: stands(partial(FrozenCounts.of_board, workspace=workspace, key=key))
        for key, _ in workspace.report.by_board
    }
