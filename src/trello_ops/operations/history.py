"""history: all that is known of one occurrence, or of a task's newest ones."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import EventKind, LedgerEntry, OccurrenceKey
from trello_ops.core.mails import WHOLE
from trello_ops.core.reporting.report import Report
from trello_ops.operations.context import Context
from trello_ops.operations.report_lines import ReportedEntry, ReportLines


@dataclass(frozen=True, slots=True)
class StoryEvent:
    """One thing that happened. `what` is one of the words in docs/cli.md, or an event's kind.

    `who` is a Trello username, or a mail's recipient. `how` is the event's source, or a detail: why it was
    skipped, the card's address, or the week and outcome of a report.
    """

    at: dt.datetime
    what: str
    who: str = ""
    how: str = ""
    approximate: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """An occurrence and what happened to it, in order."""

    reported: ReportedEntry
    events: tuple[StoryEvent, ...]


def known_tasks(context: Context) -> tuple[tuple[str, str], ...]:
    """The keys (board, task) of all tasks: those declared, then those that once were."""
    declared = ((board.key, task.key) for board, task in context.workspace.tasks)
    return tuple(dict.fromkeys((*declared, *context.store.watermarks())))


def of_task(context: Context, board: str, task: str, most: int) -> tuple[ReportedEntry, ...]:
    """A task's occurrences of the latest dates, at most `most` of them, the newest first.

    Those under the keys that it had before are among them.
    """
    found = context.workspace.task_now(board, task)
    was = found[1].was if found and (found[0].key, found[1].key) == (board, task) else ()
    keys = [(board, task), *((old, key) for old, _, key in (each.partition("/") for each in was))]
    entries = [entry for key in keys for entry in context.store.latest(*key, most)]
    newest = sorted(entries, key=lambda entry: entry.occurrence.due, reverse=True)[:most]
    return tuple(ReportLines(context).of(newest))


def story(context: Context, key: OccurrenceKey) -> Story | None:
    """All that is known of an occurrence; `None` when the ledger does not hold it."""
    entry = context.store.entry(key)
    if entry is None:
        return None
    (reported,) = ReportLines(context).of([entry])
    recorded = "skipped" if entry.skipped else "recorded"
    now, occurrence = context.clock.now(), entry.occurrence
    released = occurrence.release <= now or entry.card is not None
    events = [
        StoryEvent(occurrence.release, "released" if released else "will_be_released"),
        StoryEvent(entry.recorded_at, recorded, how=entry.skipped),
    ]
    if entry.card:
        events.append(StoryEvent(entry.card.created_at, "issued", how=entry.card.url))
    events += _amended(entry)
    events.append(StoryEvent(occurrence.due, "fell_due" if occurrence.due <= now else "will_fall_due"))
    for event in entry.events:
        who = event.by.username if event.by else ""
        events.append(StoryEvent(event.at, event.kind, who, event.source, event.approximate))
    events += _reported(context, reported)
    # Sorting is stable: of one instant, what is listed first here comes first, as a release before its due.
    return Story(reported, tuple(sorted(events, key=lambda event: event.at)))


def _amended(entry: LedgerEntry) -> Iterator[StoryEvent]:
    """Each amendment with the parts that it changed; `?` where its card may not hold it."""
    before, held = entry.recorded, entry.card.given if entry.card else None
    for each in entry.amendments:
        after = each.of_occurrence(entry.recorded)
        changed = {
            "title": held is None or after.title != before.title or each.given.title != held.title,
            "text": held is None or each.given.text != held.text,
            "due": after.due != before.due,
            "people": after.assignees != before.assignees,
            "checklists": held is None or each.given.checklists != held.checklists,
        }
        parts = " ".join(part for part, there in changed.items() if there)
        yield StoryEvent(each.at, "amended", how=parts if each.written else f"{parts} ?")
        before, held = after, each.given


def _reported(context: Context, reported: ReportedEntry) -> Iterator[StoryEvent]:
    """The reports that speak of it, and their mails."""
    for week in sorted({reported.week, *_caught_up_in(context, reported)}):
        report = context.store.frozen(week)
        outcome = _outcome_in(report, reported) if report else ""
        if not (report and report.frozen_at and outcome):
            continue
        yield StoryEvent(report.frozen_at, "reported", how=f"{week} {outcome}")
        for mail, at in context.store.mails(week).items():
            if mail.kind == WHOLE or mail.board == reported.line.board:
                what = "mailed" if at else "mail_owed"
                yield StoryEvent(at or report.frozen_at, what, mail.recipient, str(week))


def _caught_up_in(context: Context, reported: ReportedEntry) -> Iterator[IsoWeek]:
    """The weeks whose reports may say that it was done after its own week had closed."""
    zone, time = context.workspace.timezone, context.workspace.report.closes_at
    for event in reported.entry.events:
        if event.kind is EventKind.DONE:
            week = IsoWeek.at(event.at, zone)
            # A week closes on the Monday after it, so early that day the week before is still open.
            open_still = event.at < week.previous().closes_at(zone, time)
            yield week.previous() if open_still else week


def _outcome_in(report: Report, reported: ReportedEntry) -> str:
    """How a report speaks of the occurrence; empty if it does not."""
    if report.week == reported.week:
        return reported.line.outcome if reported.frozen else ""
    return "caught_up" if any(line.key == reported.line.key for line in report.caught_up) else ""
