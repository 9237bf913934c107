"""A call of each method of a store, over a history of any length."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from calendar_kit import task, workspace
from shop_kit import daily_task, workspace_of
from store_kit import NOW, occurrence

from trello_ops.adapters.store import SqlStore, open_store
from trello_ops.core.bindings import Binding, Kind, Watermark
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.ledger import (
    Amendment,
    Edition,
    EventKind,
    EventSource,
    Given,
    IssuedCard,
    LedgerEntry,
    LedgerEvent,
    OccurrenceKey,
)
from trello_ops.core.links import Link, Opens
from trello_ops.core.mails import OwedMail
from trello_ops.core.recovery.rebuild import Rebuilt
from trello_ops.core.reporting.report import Report
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.core.rows import RowItem
from trello_ops.core.sights import BoardSight, Outage, ReadCursor
from trello_ops.core.trello import Member

DAY = dt.timedelta(days=1)
WEEK = IsoWeek(2026, 47)
BOARDS, TASKS = ("daily", "weekly"), ("stock", "tills")
OWED = (OwedMail(WEEK, "a@example.org"), OwedMail(WEEK, "b@example.org"))
NEW = replace(occurrence(), key=OccurrenceKey("daily", "new", NOW.date()))
IN_FORCE = InForce(1, NOW, Declaration(workspace(task())))
GIVEN = Given(Edition("day", "", "", ""), "", "", "", "")
WAITING = replace(NEW, key=OccurrenceKey("daily", "waiting", NOW.date()))


def entry(board: str, task: str, days_ago: int) -> LedgerEntry:
    """Issued, done and reopened on its day."""
    due = NOW - days_ago * DAY
    key = OccurrenceKey(board, task, due.date())
    card = IssuedCard(f"{board}-{task}-{days_ago}", "https://trello.com/c/1", due, due)
    events = tuple(
        LedgerEvent(key, kind, due, EventSource.TICK, Member("m", "amal", "Amal"), f"{kind}-{card.id}")
        for kind in (EventKind.DONE, EventKind.REOPENED)
    )
    return LedgerEntry(replace(occurrence(), key=key, release=due - DAY, due=due), due, "", card, events)


def report(week: IsoWeek) -> Report:
    return weekly_report(workspace_of(daily_task("tills")), WeekFacts(week, (), (), ()), NOW, freeze=True)


@contextmanager
def lived(file: Path, days: int) -> Iterator[SqlStore]:
    """A file's store with four occurrences a day; what is counted in weeks or boards is the same in each."""
    with closing(open_store(f"sqlite:///{file}", "zina")) as store:
        store.restore(rebuilt(days), "one", NOW)
        yield store


def rebuilt(days: int) -> Rebuilt:
    """Four occurrences a day."""
    entries = [entry(b, t, ago) for b in BOARDS for t in TASKS for ago in range(days)]
    binding, cursor = Binding(Kind.BOARD, "daily", "", "b1", NOW), ReadCursor("daily", NOW)
    return Rebuilt((binding,), (), (*entries, LedgerEntry(WAITING, NOW)), (), (cursor,), (), ())


# In an order in which each finds something to do.
CALLS: dict[str, Callable[[SqlStore], object]] = {
    "bindings": lambda store: store.bindings(),
    "bind": lambda store: store.bind(Binding(Kind.TEMPLATE, "daily", "stock", "c1", NOW)),
    "unbind": lambda store: store.unbind(Kind.TEMPLATE, "daily", "stock"),
    "declaration_version": lambda store: store.declaration_version(),
    "in_force": lambda store: store.in_force(),
    "put_in_force": lambda store: store.put_in_force(IN_FORCE),
    "wait_again": lambda store: store.wait_again([NEW.key]),
    "bind_trello": lambda store: store.bind_trello(TrelloIdentity("https://api.trello.com")),
    "trello": lambda store: store.trello(),
    "claim": lambda store: store.claim("key", "one", NOW),
    "claims": lambda store: store.claims(),
    "mark_unknown": lambda store: store.mark_unknown(store.claims()[0]),
    "renew": lambda store: store.renew(store.claims()[0], "two"),
    "release": lambda store: store.release(store.claims()[0]),
    "watermarks": lambda store: store.watermarks(),
    "set_watermark": lambda store: store.set_watermark(Watermark("daily", "stock", NOW)),
    "record": lambda store: store.record([NEW, entry("daily", "stock", 0).occurrence], NOW),
    "recorded": lambda store: store.recorded("daily", TASKS, NOW.date() - 6 * DAY),
    "entry": lambda store: store.entry(NEW.key),
    "latest": lambda store: store.latest("daily", "stock", 5),
    "unissued": lambda store: store.unissued(),
    "pass_over": lambda store: store.pass_over([WAITING.key]),
    "confirm": lambda store: store.confirm(NEW.key, IssuedCard("new", "https://trello.com/c/2", NOW, NOW)),
    "due_between": lambda store: store.due_between(NOW - 6 * DAY, NOW + DAY),
    "issued_since": lambda store: store.issued_since("daily", NOW - 6 * DAY),
    "with_cards": lambda store: store.with_cards([f"daily-stock-{ago}" for ago in range(5)]),
    "amend": lambda store: store.amend(Amendment.of(NEW, NOW, GIVEN)),
    "append": lambda store: store.append([LedgerEvent(NEW.key, EventKind.DONE, NOW, EventSource.STATE)], NOW),
    "completed_between": lambda store: store.completed_between(NOW - 6 * DAY, NOW + DAY),
    "give_rows": lambda store: store.give_rows(
        NEW.key, [RowItem("a", "Savon", "s"), RowItem("b", "Huile", "s")]
    ),
    "row_items": lambda store: store.row_items(NEW.key),
    "row_written": lambda store: store.row_written(NEW.key, "a", "i1"),
    "first_due": lambda store: store.first_due(),
    "read_cursors": lambda store: store.read_cursors(),
    "note_read": lambda store: store.note_read(ReadCursor("weekly", NOW)),
    "note_outage": lambda store: store.note_outage(Outage("daily", NOW - 3 * DAY, NOW)),
    "outages": lambda store: store.outages(NOW - 6 * DAY, NOW),
    "note_sight": lambda store: store.note_sight(BoardSight("daily", "5f01", NOW, shown=False)),
    "board_sights": lambda store: store.board_sights(),
    "freeze": lambda store: store.freeze(report(WEEK), OWED),
    "tell_problem": lambda store: store.tell_problem("daily", NOW),
    "owe": lambda store: store.owe(OWED),
    "frozen": lambda store: store.frozen(WEEK),
    "frozen_weeks": lambda store: store.frozen_weeks(),
    "frozen_counts": lambda store: store.frozen_counts(),
    "unsent": lambda store: store.unsent(),
    "sent": lambda store: store.sent(OWED[0], NOW),
    "mails": lambda store: store.mails(WEEK),
    "note_problem": lambda store: store.note_problem("daily", "closed", NOW),
    "problems": lambda store: store.problems(),
    "clear_problem": lambda store: store.clear_problem("daily"),
    "job_done": lambda store: store.job_done("issue", NOW),
    "jobs": lambda store: store.jobs(),
    "add_link": lambda store: store.add_link(Link("abcd", Opens.PAGES, NOW), "0f"),
    "link_of": lambda store: store.link_of("0f"),
    "links": lambda store: store.links(),
    "revoke_link": lambda store: store.revoke_link("abcd", NOW),
}
