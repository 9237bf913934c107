"""The lists of a report by outcome: what was late or open, caught up, excused, or done with a remark."""

import datetime as dt
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial

from trello_ops.core.days_off import Skip
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.render.report_calendar import by_reason, handed_over
from trello_ops.render.report_lists import Lists
from trello_ops.render.report_parts import Entry, Section
from trello_ops.render.report_words import ReportWords


def details_after_chart(report: Report, lists: Lists, words: ReportWords) -> Iterator[Section]:
    """What was late, what is open, and what was done but is worth a look."""
    t = words.translator
    late = report.with_outcome(Outcome.LATE)
    section = Section("late", Outcome.LATE, t.gettext("Late"), _delays(late, words))
    yield lists.filled(section, late, partial(_late, lists=lists, words=words))
    yield lists.of(Outcome.OPEN, t.gettext("Open"), t.gettext("Not seen done, and no verdict on them yet."))
    # These count as on time all the same; the manager decides what to make of the remark.
    remarkable = [line for line in report.with_outcome(Outcome.ON_TIME) if _remarkable(line)]
    section = Section("remarks", Outcome.ON_TIME, t.gettext("On time, with a remark"))
    yield lists.filled(section, remarkable, lists.line)


def _remarkable(line: ReportedOccurrence) -> bool:
    return line.unproven or line.reopened or bool(line.due_moves) or line.due_moved_by is not None


def _late(line: ReportedOccurrence, lists: Lists, words: ReportWords) -> Entry:
    """One late occurrence, which begins with by how much."""
    entry, delay = lists.line(line), _delay(line)
    if delay is None:
        return entry
    # ≈ as in its details: the time of completion is the earliest possible one.
    by = ("≈\u00a0" if line.approximate else "") + words.duration(delay)
    said = words.translator.gettext("%(duration)s late", duration=by)
    return replace(entry, details=(said, *entry.details))


def _delay(line: ReportedOccurrence) -> dt.timedelta | None:
    """By how much a line is late; `None` where an edit of its due makes that no length."""
    if line.completed_at is None or line.completed_at <= line.due_at:
        return None
    return line.completed_at - line.due_at


def _delays(lines: Sequence[ReportedOccurrence], words: ReportWords) -> str:
    """The median and the longest delay; nothing of a single one, which says it itself."""
    delays = [delay for line in lines if (delay := _delay(line)) is not None]
    if len(delays) < 2:
        return ""
    # By seconds, since the median of two lengths lies between them.
    median = dt.timedelta(seconds=statistics.median(delay.total_seconds() for delay in delays))
    return words.translator.gettext(
        "Median: %(median)s · longest: %(longest)s",
        median=words.duration(median),
        longest=words.duration(max(delays)),
    )


def settled(report: Report, lists: Lists, words: ReportWords) -> Iterator[Section]:
    """What was caught up, what is excused and why, and who stood in for whom."""
    t = words.translator
    about = t.gettext("From earlier weeks, done after their week had closed; its figures stay as they were.")
    section = Section("caught_up", Outcome.ON_TIME, t.gettext("Caught up"), about)
    yield lists.filled(section, report.caught_up, lists.line)
    yield _excused(report, lists, words)
    yield _handed_over(report, lists, words)


def _excused(report: Report, lists: Lists, words: ReportWords) -> Section:
    """What the calendar excused, by reason, then what people excused."""
    lines = report.with_outcome(Outcome.EXCUSED)
    groups, others = by_reason(lines, words)
    section = Section("excused", Outcome.EXCUSED, words.translator.gettext("Excused"))
    listed = lists.filled(section, others, lists.line)
    entries = (*(Entry(why, "", tasks) for why, tasks in groups), *listed.entries)
    return replace(listed, count=words.translator.number(len(lines)), entries=entries)


def _handed_over(report: Report, lists: Lists, words: ReportWords) -> Section:
    """Who was away, and who did their tasks."""
    t = words.translator
    lines = [each for each in report.occurrences if each.absent and not Skip.parse(each.note)]
    entries = [Entry(who, "", tasks) for who, tasks in handed_over(lines, words)]
    title = t.gettext("Absences and stand-ins")
    section = Section("stand_ins", Outcome.EXCUSED, title, "", t.number(len(lines)))
    return lists.cut(section, entries, (each.board for each in lines))
