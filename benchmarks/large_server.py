"""What a week of one shop costs in a database with the history of a thousand.

    python benchmarks/large_server.py [OCCURRENCES]

Each shop has thirty duties a day, each with a card and a completion; rows are made by plain SQL, without
triggers. Then, of two hundred shops drawn at random, what a report asks about a week is read by the store,
and its rows by a plain query over the driver; both before anything of the shop is in memory. 20 million
occurrences need 25 GB of disk and half an hour. Needs PostgreSQL.
"""

import datetime as dt
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg

from trello_ops.adapters.store import SqlStore, open_database
from trello_ops.adapters.store.postgres import plain_address
from trello_ops.demo import postgres

SHOPS, DUTIES, DRAWN, AT_ONCE = 1_000, 30, 200, 20
FIRST = dt.date(2025, 1, 6)
WEEK = dt.timedelta(days=7)

_KEYED = """
SELECT 'shop-' || lpad(shop::text, 4, '0') AS workspace, 'daily' AS board, 'task-' || duty AS task,
    date '2025-01-06' + day AS date, (shop::bigint * 1000003 + day) * 64 + duty AS n
FROM generate_series(%(from)s::int, %(to)s::int) AS shop, generate_series(0, %(days)s::int - 1) AS day,
    generate_series(1, 30) AS duty
"""
_FILL = (
    f"""
INSERT INTO occurrences (workspace, board, task, date, board_title, title, theme, theme_title, assignees, day,
    release, due, sequence, skipped, recorded_at)
SELECT workspace, board, task, date, 'Suivi quotidien', 'Répondre aux e-mails du service client', 'service',
    'Service client', '["amina"]', date, date + time '06:00', date + time '18:00', n %% 1000000, '',
    date + time '06:00' FROM ({_KEYED}) AS keyed""",
    f"""
INSERT INTO cards (workspace, board, task, date, card_id, url, created_at, confirmed_at)
SELECT workspace, board, task, date, lpad(to_hex(n), 24, '0'), 'https://trello.com/c/' || to_hex(n),
    date + time '06:00', date + time '06:00' FROM ({_KEYED}) AS keyed""",
    f"""
INSERT INTO completions (workspace, board, task, date, fact, at, seen, by_id, by_username, by_name, action_id,
    recorded_at)
SELECT workspace, board, task, date, 'done', date + time '12:00', 'tick', '5f0000000000000000000001', 'amina',
    'Amina', lpad(to_hex(n), 24, '1'), date + time '12:00' FROM ({_KEYED}) AS keyed""",
)
_PLAIN = """
SELECT * FROM occurrences LEFT JOIN cards USING (workspace, board, task, date)
    LEFT JOIN completions USING (workspace, board, task, date)
WHERE occurrences.workspace = %s AND due >= %s AND due < %s
"""


def fill(address: str, days: int) -> None:
    """Make the rows of all shops, some shops at a time."""
    with psycopg.connect(plain_address(address), autocommit=True) as db:
        db.execute(
            "SET session_replication_role = replica; SET timezone = 'UTC'; SET synchronous_commit = off"
        )
        begun = time.monotonic()
        for first in range(0, SHOPS, AT_ONCE):
            for statement in _FILL:
                db.execute(statement, {"from": first, "to": first + AT_ONCE - 1, "days": days})
            if (first // AT_ONCE) % 10 == 9:
                print(f"  {first + AT_ONCE} shops after {time.monotonic() - begun:.0f} s", flush=True)
        for table in ("occurrences", "cards", "completions"):
            db.execute(f"VACUUM (ANALYZE) {table}")


def sizes(address: str) -> None:
    """Print how many rows there are, and what they take."""
    with psycopg.connect(plain_address(address)) as db:
        count, size = db.execute(
            "SELECT (SELECT count(*) FROM occurrences), pg_total_relation_size('occurrences')"
            " + pg_total_relation_size('cards') + pg_total_relation_size('completions')"
        ).fetchone() or (0, 0)
    print(f"{count:,} occurrences take {size / 2**30:.1f} GB, {size / count:.0f} bytes each")


def timed(what: str, shops: list[str], work: Callable[[str], object]) -> float:
    """Print and return the median milliseconds of a shop."""
    took = []
    for shop in shops:
        begun = time.perf_counter()
        work(shop)
        took.append(1000 * (time.perf_counter() - begun))
    p99 = statistics.quantiles(took, n=100)[98]
    print(f"{what:46} {statistics.median(took):7.1f} ms, p99 {p99:7.1f} ms", flush=True)
    return statistics.median(took)


def main(count: int = 1_000_000) -> None:
    """Print all of it."""
    days = max(14, count // SHOPS // DUTIES)
    with postgres.running(Path(tempfile.gettempdir())) as server:
        address = server.create("large")
        with closing(open_database(address)) as database:
            fill(address, days)
            sizes(address)
            server.stop()
            server.start()
            names = [f"shop-{number:04}" for number in random.Random(1).sample(range(SHOPS), 2 * DRAWN)]
            end = dt.datetime.combine(FIRST + dt.timedelta(days=days), dt.time(), dt.UTC)

            def week(shop: str) -> object:
                return SqlStore(database, shop).due_between(end - WEEK, end)

            week(names[0])
            ours = timed("a week's entries, by the store", names[:DRAWN], week)
            timed("once more, from memory", names[:DRAWN], week)
            timed("a week's completions, by the store", names[:DRAWN],
                  lambda shop: SqlStore(database, shop).completed_between(end - WEEK, end))  # fmt: skip
            timed("what waits for its card", names[:DRAWN], lambda shop: SqlStore(database, shop).unissued())
            with psycopg.connect(plain_address(address), autocommit=True) as db:

                def plainly(shop: str) -> object:
                    return db.execute(_PLAIN, (shop, end - WEEK, end)).fetchall()

                plain = timed("the same rows, by a plain query", names[DRAWN:], plainly)
            print(f"the store beside a plain query: {ours / plain:.1f} times")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
