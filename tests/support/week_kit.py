"""One week's entries of the ledger, for tests of outcomes and reports."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import (
    TOO_LATE,
    EventKind,
    EventSource,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.reporting.outcome import Cutoff, Outcome
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.core.trello import Member

ZONE = ZoneInfo("Europe/Paris")
WEEK = IsoWeek(2026, 47)
MONDAY = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
CLOSE = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
AMINA, STRANGER = Member("m1", "Amina_B", "Amina"), Member("m9", "extern", "Une amie")
FINAL, UNREAD = Cutoff(CLOSE, final=True), Cutoff(CLOSE, final=False)


def hour(number: float) -> dt.datetime:
    """So many hours after the week's first midnight in Greenwich."""
    return MONDAY + dt.timedelta(hours=number)


def occurrence(task: str = "stock", *, due: float = 20, assignees: Sequence[str] = ("amina",)) -> Occurrence:
    """An occurrence of 12 hours up to its due."""
    key = OccurrenceKey("weekly", task, hour(due).date())
    return Occurrence(
        key,
        "Chaque semaine",
        task.title(),
        "operations",
        "Opérationnel",
        tuple(assignees),
        key.date,
        hour(due - 12),
        hour(due),
        1,
    )


def entry(*events: LedgerEvent, created: float | None = 8, due: float = 20, skipped: str = "") -> LedgerEntry:
    """Released at 8 o'clock, due at 20."""
    card = (
        IssuedCard("c1", "https://trello.com/c/c1", hour(created), hour(created))
        if created is not None
        else None
    )
    return LedgerEntry(occurrence(due=due), hour(8), skipped, card, events)


def event(what: EventKind, at: float, by: Member | None = AMINA, action: str | None = "a") -> LedgerEvent:
    key = OccurrenceKey("weekly", "stock", hour(20).date())
    return LedgerEvent(key, what, hour(at), EventSource.TICK, by, action)


def done(at: float, by: Member | None = AMINA, action: str | None = "a") -> LedgerEvent:
    return event(EventKind.DONE, at, by, action)


def reopened(at: float) -> LedgerEvent:
    return event(EventKind.REOPENED, at)


HOURS = st.integers(0, 24 * 9 * 4).map(lambda quarters: quarters / 4)
EVENTS = st.lists(
    st.builds(event, st.sampled_from(EventKind), HOURS, st.sampled_from([AMINA, STRANGER, None])), max_size=6
)
ENTRIES = st.builds(
    lambda events, created, due, skipped, people: replace(
        entry(*events, created=None if skipped else created, due=due, skipped=skipped),
        occurrence=occurrence(due=due, assignees=people),
    ),
    EVENTS,
    st.none() | HOURS,
    st.integers(0, 24 * 7 - 2),
    st.sampled_from(["", "", "", TOO_LATE, "holiday:Aïd"]),
    st.lists(st.sampled_from(["amina", "karim", "yassine"]), unique=True),
)


def line(
    task: str = "stock", due: float = 20, outcome: Outcome | str = Outcome.ON_TIME, **more: object
) -> ReportedOccurrence:
    """A line of a report, of Amina's."""
    key = OccurrenceKey("weekly", task, hour(due).date())
    made = ReportedOccurrence(
        key=str(key),
        board="weekly",
        task=task,
        theme="operations",
        title=task.title(),
        assignees=("amina",),
        due_at=hour(due),
        outcome=outcome,
        completed_at=None,
        completed_by=None,
        card_url=None,
        assignee_names=("Amina",),
    )
    return replace(made, **more)  # type: ignore[arg-type]
