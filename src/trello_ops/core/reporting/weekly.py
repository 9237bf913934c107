"""The weekly report, made of the outcomes of its occurrences."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from trello_ops.core.calendar.agenda import Agenda
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import BoardSight, LedgerEntry, Outage
from trello_ops.core.reporting.ahead import coming, next_week
from trello_ops.core.reporting.doubtful import doubtful
from trello_ops.core.reporting.groups import groups, marked, titles, totals
from trello_ops.core.reporting.history import FrozenCounts, Past, records
from trello_ops.core.reporting.lines import Account, counted_event, last_done, reported
from trello_ops.core.reporting.needs_you import missed, unassigned
from trello_ops.core.reporting.outcome import Cutoff, outcome_at
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import Standing, WeekCount
from trello_ops.core.reporting.tasks import chronic, rare
from trello_ops.core.reporting.who import People
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
    zone = workspace.timezone
    closes_at = facts.week.closes_at(zone, workspace.report.closes_at)
    cutoff, closed = min(now, closes_at), now >= closes_at
    people = People.of(workspace, (*facts.done_later, *facts.entries), facts.accounts)
    lines = []
    for entry in facts.entries:
        # Until the board was read after the close, what was done in the last minutes is not known.
        final = closed and entry.occurrence.key.board in facts.read_after_close
        outcome = outcome_at(entry, Cutoff(cutoff, final=final), out_of_sight(entry, facts.sights))
        done = counted_event(entry, cutoff)
        lines.append(reported(Account(workspace, people, entry, cutoff), outcome, done))
    late = tuple(_caught_up(workspace, people, facts, now))
    keys = {line.key for line in (*lines, *late)}
    named = [e for e in (*facts.done_later, *facts.entries) if str(e.occurrence.key) in keys]
    board_titles, theme_titles = titles(workspace, named)
    whole = totals(line.outcome for line in lines)
    boards = groups(lines, board_titles, lambda line: (line.board,))
    counted = Report(
        workspace=workspace.key,
        name=workspace.name,
        locale=workspace.locale,
        week=facts.week,
        begins=facts.week.monday,
        ends=facts.week.sunday,
        closes_at=closes_at,
        frozen_at=now if freeze else None,
        timezone=zone.key,
        totals=whole,
        boards=tuple(replace(each, url=facts.board_urls.get(each.key, "")) for each in marked(boards, whole)),
        themes=marked(groups(lines, theme_titles, lambda line: (line.theme,)), whole),
        # A card of two people counts for both, so these figures may add up to more than the boards'.
        people=groups(lines, people.names(named), lambda line: line.assignees or ("",)),
        occurrences=tuple(lines),
        caught_up=late,
        system=facts.system,
        outages=facts.outages,
        people_shown=workspace.report.people,
    )
    doubts = doubtful(workspace, lines, facts.entries, cutoff, closes_at)
    return _judged(workspace, facts, replace(counted, doubtful=doubts))


def _judged(workspace: Workspace, facts: WeekFacts, report: Report) -> Report:
    """The report with what its figures mean, beside those before it, and with its short lists."""
    found = records(workspace, report.occurrences, facts.past)
    comes = coming(facts.ahead, facts.week.next()) if facts.ahead else ()
    this, earlier = FrozenCounts.of(report), [each for each in facts.history if each.week < report.week]
    return replace(
        report,
        standing=_standing(workspace, [each.whole for each in earlier], this.whole),
        board_standings={
            key: _standing(
                workspace, [each.of_board(workspace, key) for each in earlier], this.of_board(workspace, key)
            )
            for key, _ in workspace.report.by_board
        },
        needs_you=(*missed(workspace, found), *unassigned(workspace, comes)),
        chronic=tuple(chronic(found)),
        rare=tuple(rare(workspace, found)),
        next_week=next_week(facts.ahead, facts.week.next()) if facts.ahead else (),
    )


def _standing(workspace: Workspace, earlier: Sequence[WeekCount], this: WeekCount) -> Standing:
    return standing(earlier, this, workspace.report.target)


def _caught_up(
    workspace: Workspace, people: People, facts: WeekFacts, now: dt.datetime
) -> Iterable[ReportedOccurrence]:
    """Occurrences of earlier weeks, not done when their week closed, that are done by now."""
    zone, time = workspace.timezone, workspace.report.closes_at
    until = min(now, facts.week.closes_at(zone, time))
    for entry in facts.done_later:
        week = IsoWeek.at(entry.occurrence.due, zone)
        closed = week.closes_at(zone, time)
        if week < facts.week and not is_done(entry.events, closed) and is_done(entry.events, until):
            outcome = outcome_at(entry, Cutoff(closed, final=True), out_of_sight(entry, facts.sights))
            account = Account(workspace, people, entry, until)
            yield reported(account, outcome, last_done(entry, until))
