"""Figures: of some occurrences, and of each board, theme and person."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace

from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.reporting.lines import keys_now
from trello_ops.core.reporting.outcome import JUDGED, Outcome
from trello_ops.core.reporting.report import Group, ReportedOccurrence, Totals
from trello_ops.core.reporting.signal import row_is_marked


def totals(outcomes: Iterable[Outcome | str]) -> Totals:
    """The figures of some occurrences. An outcome of another version counts as scheduled only."""
    counts = Counter(outcomes)
    judged = sum(counts[outcome] for outcome in JUDGED)
    return Totals(
        scheduled=counts.total(),
        **{str(each): counts[each] for each in Outcome},
        compliance_rate=counts[Outcome.ON_TIME] / judged if judged else None,
    )


def summed(each: Iterable[Totals]) -> Totals:
    """The figures of several together."""
    found = tuple(each)
    names = [field.name for field in fields(Totals) if field.name != "compliance_rate"]
    whole = Totals(**{name: sum(getattr(one, name) for one in found) for name in names}, compliance_rate=None)
    return replace(whole, compliance_rate=whole.on_time / whole.judged) if whole.judged else whole


Keys = Callable[[ReportedOccurrence], Collection[str]]
"""The keys of the groups to which a line belongs."""


def by_board(line: ReportedOccurrence) -> tuple[str]:
    """Its board."""
    return (line.board,)


def by_theme(line: ReportedOccurrence) -> tuple[str]:
    """Its theme."""
    return (line.theme,)


def by_person(line: ReportedOccurrence) -> tuple[str, ...]:
    """All to whom it is assigned, so that people's figures may add up to more than the boards'."""
    return line.assignees or ("",)


def groups(lines: Sequence[ReportedOccurrence], names: Mapping[str, str], keys: Keys) -> tuple[Group, ...]:
    """One group for each key of `names`, in that order, then for others as they come up.

    Groups with nothing due stay in, at zero: a reader finds there the title of every key in the report.
    """
    found: dict[str, list[Outcome | str]] = {key: [] for key in names}
    for line in lines:
        for key in keys(line):
            found.setdefault(key, []).append(line.outcome)
    return tuple(Group(key, names.get(key, key), totals(outcomes)) for key, outcomes in found.items())


def marked(found: Iterable[Group], whole: Totals) -> tuple[Group, ...]:
    """Groups, marked where more of one was missed than chance explains, given the whole."""
    return tuple(
        replace(
            group,
            marked=row_is_marked(group.totals.judged, group.totals.missed, whole.judged, whole.missed),
        )
        for group in found
    )


def titles(workspace: Workspace, entries: Sequence[LedgerEntry]) -> tuple[dict[str, str], dict[str, str]]:
    """The titles of boards and of themes, each by key: the declared ones first, in their order."""
    # What was frozen with an occurrence wins: a report of old weeks names boards as they were called then.
    occurrences = [entry.occurrence for entry in entries]
    boards = {b.key: b.title for b in workspace.boards}
    themes = {t.key: t.title for t in workspace.themes}
    for each in occurrences:
        theme = workspace.theme(each.theme)
        boards[keys_now(workspace, each)[0]] = each.board_title
        themes[theme.key if theme else each.theme] = each.theme_title
    return boards, themes
