"""The report of one board alone, taken out of the report of all."""

from dataclasses import replace

from trello_ops.core.problems import ProblemSubject
from trello_ops.core.reporting.groups import Keys, by_person, by_theme, groups, marked, totals
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.report import Group, Report, ReportedOccurrence
from trello_ops.core.reporting.standing import Standing


def of_board(report: Report, *keys: str) -> Report:
    """What a report, frozen or not, says of the board with this key; of a board that it lacks, nothing.

    A board whose key changed within the week has several.

    `name` stays the workspace's; the board's title is that of the only one of `boards`. A theme is marked by
    what was missed on this board. Of what concerns all boards, that stays which may concern this one too.
    """
    lines = tuple(line for line in report.occurrences if line.board in keys)
    late = tuple(line for line in report.caught_up if line.board in keys)
    whole = totals(line.outcome for line in lines)
    standings = [each for key, each in report.board_standings.items() if key in keys]
    people = {name for line in (*lines, *late) for name in line.assignee_names}
    return replace(
        report,
        totals=whole,
        # Beside itself alone, nothing stands out.
        boards=tuple(replace(group, marked=False) for group in report.boards if group.key in keys),
        themes=marked(_regrouped(report.themes, lines, by_theme), whole),
        people=_regrouped(report.people, lines, by_person),
        occurrences=lines,
        caught_up=late,
        system=tuple(each for each in report.system if ProblemSubject.parse(each).board in ("", *keys)),
        outages=tuple(each for each in report.outages if each.board in keys),
        standing=standings[0] if standings else Standing(),
        board_standings={},
        needs_you=tuple(each for each in report.needs_you if each.board in keys),
        chronic=tuple(each for each in report.chronic if each.board in keys),
        rare=tuple(each for each in report.rare if each.board in keys),
        doubtful=tuple(each for each in report.doubtful if each.board in keys),
        next_week=tuple(each for each in report.next_week if _concerns(each, keys, people)),
    )


def _regrouped(
    known: tuple[Group, ...], lines: tuple[ReportedOccurrence, ...], keys: Keys
) -> tuple[Group, ...]:
    """The groups to which any of these lines belongs, with the titles and in the order that they had."""
    names = {group.key: group.title for group in known}
    return tuple(group for group in groups(lines, names, keys) if group.totals.scheduled)


def _concerns(notice: Notice, boards: tuple[str, ...], people: set[str]) -> bool:
    """Whether a notice is about a board, about all, or about somebody who works there."""
    if notice.board:
        return notice.board in boards
    if notice.why == Why.ABSENCE:
        return notice.title in people
    return notice.why != Why.OVERBOOKED or not people.isdisjoint(notice.who)
