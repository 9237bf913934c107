"""explain: why an occurrence counts as it does, and what a figure of a report is made of."""

import datetime as dt
from collections.abc import Iterator

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import LedgerEntry, OccurrenceKey
from trello_ops.core.reporting.explain import (
    FigureAccount,
    OccurrenceAccount,
    account_of,
    figure_of,
    weeks_before,
)
from trello_ops.core.reporting.report import Group, Report
from trello_ops.core.tracking.sight import out_of_sight
from trello_ops.operations.context import Context
from trello_ops.operations.report import read_after_close
from trello_ops.operations.schedule import unrecorded


def explain_occurrence(context: Context, report: Report, key: OccurrenceKey) -> OccurrenceAccount | None:
    """The account of an occurrence in a week's report, frozen or provisional.

    `None` where it neither stands in that report nor fell due in its week.
    """
    recorded = context.store.entry(key)
    entry = recorded or _ahead(context, report.week, key)
    zone = context.workspace.timezone
    is_named = any(line.key == str(key) for line in report.occurrences)
    if entry is None or not (is_named or IsoWeek.at(entry.occurrence.due, zone) == report.week):
        return None
    found = context.workspace.task_of(key.board, key.task, key.date)
    return account_of(
        report,
        entry,
        context.clock.now(),
        read_at=_read_at(context, report.week, entry),
        unseen=out_of_sight(entry, context.store.board_sights()),
        task=found[1] if found else None,
        is_recorded=recorded is not None,
    )


def counted_otherwise(context: Context, report: Report) -> Iterator[OccurrenceAccount]:
    """The occurrences of a frozen week that would count otherwise by what is known now, by due."""
    if report.frozen_at is None:
        return
    zone = context.workspace.timezone
    entries = context.store.due_between(report.week.begins_at(zone), report.week.next().begins_at(zone))
    cursors, sights = context.store.read_cursors(), context.store.board_sights()
    read = read_after_close(context, report.week, entries)
    for entry in entries:
        board = entry.occurrence.key.board
        found = account_of(
            report,
            entry,
            context.clock.now(),
            read_at=cursors[board].read_at if board in read else None,
            unseen=out_of_sight(entry, sights),
        )
        if found.frozen_otherwise:
            yield found


def explain_figure(context: Context, report: Report, figure: str, group: Group | None) -> FigureAccount:
    """The account of a figure of a week's report; of a board or theme with `group`."""
    return figure_of(report, figure, group, tuple(_reports(context, report.week)))


def _reports(context: Context, week: IsoWeek) -> Iterator[Report]:
    for before in weeks_before(week):
        if report := context.store.frozen(before):
            yield report


def _ahead(context: Context, week: IsoWeek, key: OccurrenceKey) -> LedgerEntry | None:
    """An occurrence of the week that is not released yet."""
    zone = context.workspace.timezone
    ahead = unrecorded(context, week.begins_at(zone), week.next().begins_at(zone))
    now = context.clock.now()
    return next((LedgerEntry.of(each, now) for each in ahead if each.key == key), None)


def _read_at(context: Context, week: IsoWeek, entry: LedgerEntry) -> dt.datetime | None:
    """When its board was last read, if that was after the close and told of its card."""
    board = entry.occurrence.key.board
    cursor = context.store.read_cursors().get(board)
    return cursor.read_at if cursor and board in read_after_close(context, week, [entry]) else None
