"""What needs somebody: what was missed, and what of the next week nobody has."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from trello_ops.core.calendar.agenda import AgendaEntry
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import EventKind, Occurrence
from trello_ops.core.reporting.history import Record, TaskName, not_on_time
from trello_ops.core.reporting.lines import keys_now
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.core.tracking.events import is_settled

# Nothing is ahead of what is known.
_END: Final = dt.datetime.max.replace(tzinfo=dt.UTC)
_LOOKED_AT: Final = 4
"""Of how many of a task's last judged occurrences it is told how often they were not on time."""


def missed(workspace: Workspace, found: Mapping[TaskName, Record]) -> Iterator[Notice]:
    """What was missed, by due; each with how many of the task's last four, up to it, were not on time."""
    theirs = [(line, record) for record in found.values() for line in record.lines]
    for line, record in sorted(theirs, key=lambda each: (each[0].due_at, each[0].key)):
        if line.outcome == Outcome.MISSED:
            yield _missed(workspace, line, record.last(_LOOKED_AT, line))


def _missed(workspace: Workspace, line: ReportedOccurrence, last: Sequence[Outcome | str]) -> Notice:
    due = line.due_at.astimezone(workspace.timezone).date()
    return Notice(
        Why.MISSED if line.assignees else Why.MISSED_UNASSIGNED,
        line.key,
        line.board,
        line.task,
        line.title,
        count=not_on_time(last),
        of=len(last),
        first=due,
        last=due,
        who=line.assignee_names,
    )


def unassigned(workspace: Workspace, coming: Sequence[AgendaEntry]) -> Iterator[Notice]:
    """What comes, is still to be done and has nobody, unless its file says so; `who` are those away."""
    for entry in coming:
        one = entry.occurrence
        if _lacks_somebody(workspace, one) and not _is_taken_care_of(entry):
            board, task = keys_now(workspace, one)
            due = one.due.astimezone(workspace.timezone).date()
            away = tuple(each.name for each in one.absent)
            yield Notice(Why.UNASSIGNED, str(one.key), board, task, one.title, first=due, last=due, who=away)


def _lacks_somebody(workspace: Workspace, one: Occurrence) -> bool:
    if one.assignees:
        return False
    found = workspace.task_of(one.key.board, one.key.task, one.key.date)
    return one.nobody_left or (found is not None and found[1].unstaffed)


def _is_taken_care_of(entry: AgendaEntry) -> bool:
    """Whether it is done or excused already, or somebody put themselves on its card."""
    events = entry.recorded.events if entry.recorded else ()
    on_card: dict[str, bool] = {}
    for event in sorted(events, key=lambda event: event.at):
        if event.by and event.kind in (EventKind.ASSIGNED, EventKind.UNASSIGNED):
            on_card[event.by.id] = event.kind is EventKind.ASSIGNED
    return any(on_card.values()) or is_settled(events, _END)
