"""A store with something in it."""

import datetime as dt

from trello_ops.adapters.store import SqlStore
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import (
    Amendment,
    Edition,
    EventKind,
    EventSource,
    Given,
    IssuedCard,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.mails import OwedMail
from trello_ops.core.trello import Member

NOW = dt.datetime(2026, 11, 16, 7, 0, tzinfo=dt.UTC)


def occurrence(day: int = 0) -> Occurrence:
    date = dt.date(2026, 1, 1) + dt.timedelta(days=day)
    return Occurrence(
        key=OccurrenceKey("daily", "tills", date),
        board_title="Quotidien",
        title="Compter les caisses",
        theme="operations",
        theme_title="Opérations",
        assignees=("amina",),
        day=date,
        release=NOW,
        due=NOW + dt.timedelta(days=day),
        sequence=day + 1,
    )


def fill(store: SqlStore, days: int = 1) -> None:
    """Give every table of the ledger that tells of occurrences a row a day."""
    occurrences = [occurrence(day) for day in range(days)]
    store.record(occurrences, NOW)
    for day, each in enumerate(occurrences):
        store.confirm(each.key, IssuedCard(f"c{day}", f"https://trello.com/c/{day}", NOW, NOW))
    by = Member("m1", "amina", "Amina")
    store.append(
        (LedgerEvent(o.key, EventKind.DONE, NOW, EventSource.TICK, by, f"a-{o.key}") for o in occurrences),
        NOW,
    )
    for each in occurrences:
        store.amend(Amendment.of(each, NOW, Given(Edition("daily", "", "", ""), "", "", "", "")))
    store.sent(OwedMail(IsoWeek(2026, 47), "a@example.org"), NOW)
