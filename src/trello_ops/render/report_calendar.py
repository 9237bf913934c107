"""What the calendar excused, and what was handed over: one entry for each reason, not one for each task.

A week of holidays excuses every task of every day; whoever is away for a week hands over all that is theirs.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from trello_ops.core.days_off import Skip
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.render.report_occurrence import absences, because
from trello_ops.render.report_words import ReportWords, name

_MOST_REASONS = 10
_MOST_TITLES = 8
_MOST_BOARDS = 8

Reason = tuple[str, tuple[str, ...]]
"""A reason with how often it counted, and lines that name the tasks."""


def by_reason(
    lines: Sequence[ReportedOccurrence], words: ReportWords
) -> tuple[list[Reason], list[ReportedOccurrence]]:
    """Excused lines in groups of one reason, and those that stand alone: excused by people, or for a reason
    of their own."""
    reasons: dict[str, list[ReportedOccurrence]] = {}
    for line in lines:
        if skip := Skip.parse(line.note):
            reasons.setdefault(because(skip, words), []).append(line)
    common = sorted((why for why in reasons if len(reasons[why]) > 1), key=lambda why: -len(reasons[why]))
    shared = {why: each for why, each in reasons.items() if why in common[:_MOST_REASONS]}
    grouped = {line.key for each in shared.values() for line in each}
    groups = [_group(why, each, words) for why, each in shared.items()]
    return groups, [line for line in lines if line.key not in grouped]


def handed_over(lines: Iterable[ReportedOccurrence], words: ReportWords) -> list[Reason]:
    """Who was away and who took over, with what; and where nobody was left."""
    found: dict[str, list[ReportedOccurrence]] = {}
    for line in lines:
        for each in absences(line, words):
            found.setdefault(each, []).append(line)
    return [_group(who, each, words) for who, each in found.items()]


def _group(why: str, lines: Sequence[ReportedOccurrence], words: ReportWords) -> Reason:
    told = _first(list(_by_board(lines, words)), _MOST_BOARDS, words)
    return f"{why} ({words.translator.number(len(lines))})", tuple(told)


def _by_board(lines: Sequence[ReportedOccurrence], words: ReportWords) -> Iterator[str]:
    """A board's tasks on one line, after the names of all boards that have the same."""
    sharing: dict[str, list[str]] = {}
    for board in dict.fromkeys(line.board for line in lines):
        tasks = _tasks([line for line in lines if line.board == board], words)
        sharing.setdefault(tasks, []).append(words.board(board))
    for tasks, boards in sharing.items():
        names = ", ".join(_first(boards, _MOST_BOARDS, words))
        yield words.translator.gettext("%(board)s: %(tasks)s", board=names, tasks=tasks)


def _tasks(lines: Sequence[ReportedOccurrence], words: ReportWords) -> str:
    """The titles, each with how often it stands there."""
    titles = Counter(name(line.title) for line in lines)
    shown = [
        title if n == 1 else f"{title} (×\u00a0{words.translator.number(n)})" for title, n in titles.items()
    ]
    return " · ".join(_first(shown, _MOST_TITLES, words))


def _first(texts: list[str], most: int, words: ReportWords) -> list[str]:
    """So many of them, and how many more there are."""
    more = len(texts) - most
    if more <= 0:
        return texts
    return [*texts[:most], words.translator.ngettext("and %(count)s more", "and %(count)s more", more)]
