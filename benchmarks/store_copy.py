"""How long a store takes from an SQLite file to PostgreSQL and back, each row found again.

    python benchmarks/store_copy.py [OCCURRENCES]

Each occurrence has its card and a completion. The peer writes the same rows by the same driver, and reads
nothing again: what is above it is the price of knowing that all is there. Needs PostgreSQL.
"""

import contextlib
import datetime as dt
import itertools
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from sqlalchemy import insert, select

from trello_ops.adapters.store import copy_stores, open_database, open_store, schema
from trello_ops.adapters.store.rows import from_card
from trello_ops.core.ledger import (
    EventKind,
    EventSource,
    IssuedCard,
    LedgerEvent,
    Occurrence,
    OccurrenceKey,
)
from trello_ops.core.trello import Member
from trello_ops.demo.postgres import running

NOW = dt.datetime(2026, 11, 16, 7, tzinfo=dt.UTC)
AMINA = Member("5f0000000000000000000001", "amina", "Amina")
TASKS, SOME = 100, 10_000


def occurrence(number: int) -> Occurrence:
    """One of a shop of a hundred daily tasks."""
    day = dt.date(2000, 1, 1) + dt.timedelta(days=number // TASKS)
    release = dt.datetime.combine(day, dt.time(6), dt.UTC)
    return Occurrence(
        key=OccurrenceKey("daily", f"task-{number % TASKS}", day),
        board_title="Suivi quotidien",
        title="Répondre aux e-mails du service client",
        theme="service",
        theme_title="Service client",
        assignees=("amina",),
        day=day,
        release=release,
        due=release + dt.timedelta(hours=12),
        sequence=number,
    )


def fill(url: str, count: int) -> None:
    """A store of so many occurrences."""
    numbers = iter(range(count))
    with closing(open_store(url, "zina")) as store:
        while some := [occurrence(number) for number in itertools.islice(numbers, SOME)]:
            store.record(some, NOW)
            keys = [each.key for each in some]
            with store._database.writing("zina") as db:  # noqa: SLF001 - `confirm` is a transaction a card
                rows = [_card(key, each.sequence) for key, each in zip(keys, some, strict=True)]
                db.execute(insert(schema.cards), rows)
            store.append((_done(each) for each in some), NOW)


def _card(key: OccurrenceKey, number: int) -> dict[str, object]:
    card = IssuedCard(f"{number:024x}", f"https://trello.com/c/{number}", NOW, NOW)
    return {"workspace": "zina", **from_card(key, card)}


def _done(one: Occurrence) -> LedgerEvent:
    return LedgerEvent(one.key, EventKind.DONE, one.due, EventSource.TICK, AMINA, f"{one.sequence:024x}")


@contextlib.contextmanager
def quiet(_steps: int) -> Iterator[Callable[[str], None]]:
    yield lambda _name: None


def plainly(source: str, target: str) -> None:
    """The same rows written, by the same driver, and none read again."""
    old, new = open_database(source), open_database(target)
    with closing(old), closing(new), old.reading() as reading, new.writing() as writing:
        for table in (schema.occurrences, schema.cards, schema.completions):
            columns = [column for column in table.c if column.name != "id"]
            found = reading.execution_options(yield_per=2_000).execute(select(*columns))
            for some in found.partitions(2_000):
                rows = [row._asdict() for row in some]
                writing.execute(insert(table).returning(table.c.workspace), rows)
            new.filled(writing, table)


def timed(what: str, work: Callable[[], object], rows: int) -> None:
    """Run it, and print how long it took."""
    begun = time.monotonic()
    work()
    seconds = time.monotonic() - begun
    print(f"{what:34} {seconds:8.1f} s {rows / seconds:10,.0f} rows/s", flush=True)


def main(count: int) -> None:
    """Print the seconds of each way."""
    with tempfile.TemporaryDirectory() as folder, running(Path(tempfile.gettempdir())) as server:
        old, back = (f"sqlite:///{folder}/{name}.sqlite3" for name in ("old", "back"))
        there, plain = server.create("there"), server.create("plain")
        fill(old, count)
        print(f"{count:,} occurrences with card and completion\n")
        timed("to PostgreSQL, verified", lambda: copy_stores(old, there, quiet), 3 * count)
        timed("to PostgreSQL, written only", lambda: plainly(old, plain), 3 * count)
        timed("back to SQLite, verified", lambda: copy_stores(there, back, quiet), 3 * count)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
