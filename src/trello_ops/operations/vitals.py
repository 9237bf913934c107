"""How the robot fares in numbers, by the store alone."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from trello_ops.core.days_off import Skip
from trello_ops.core.ledger import LedgerEntry
from trello_ops.operations.context import Context
from trello_ops.operations.mailing import owed_mails

LAST_DAY: Final = dt.timedelta(days=1)

MADE: Final = ("in_time", "late", "none")
"""When the card of an occurrence was made: late from half of the time between release and due on."""


@dataclass(frozen=True, slots=True)
class Vitals:
    """What there is at one instant.

    `due` counts what fell due in the last day by a word of `MADE`, without what the calendar excused.
    `waiting` is what waits for its card, `waits` for how long the first of it has. `report_age` is the time
    since the close of the last week that has a report.
    """

    due: Mapping[str, int]
    waiting: int
    waits: dt.timedelta
    claims: int
    unknown: int
    mails_owed: int
    problems: int
    report_age: dt.timedelta | None
    jobs: Mapping[str, dt.datetime]
    boards: Mapping[str, dt.datetime]


def vitals(context: Context) -> Vitals:
    """The numbers of now, at a cost that the length of the history does not raise. Raises `StoreError`."""
    store, now = context.store, context.clock.now()
    waiting, claims = store.unissued(), store.claims()
    return Vitals(
        due=_made(store.due_between(now - LAST_DAY, now)),
        waiting=len(waiting),
        waits=max([dt.timedelta(), *(now - each.release for each in waiting)]),
        claims=len(claims),
        unknown=sum(claim.unknown for claim in claims),
        mails_owed=len(owed_mails(context)),
        problems=len(store.problems()),
        report_age=_report_age(context, now),
        jobs=store.jobs(),
        boards={board: cursor.read_at for board, cursor in store.read_cursors().items()},
    )


def _made(entries: Iterable[LedgerEntry]) -> Mapping[str, int]:
    counts = Counter(_word(entry) for entry in entries if Skip.parse(entry.skipped) is None)
    return {word: counts[word] for word in MADE}


def _word(entry: LedgerEntry) -> str:
    if entry.card is None:
        return "none"
    due = entry.promised_due
    return "in_time" if due - entry.card.created_at >= (due - entry.occurrence.release) / 2 else "late"


def _report_age(context: Context, now: dt.datetime) -> dt.timedelta | None:
    weeks, workspace = context.store.frozen_weeks(), context.workspace
    return now - weeks[-1].closes_at(workspace.timezone, workspace.report.closes_at) if weeks else None
