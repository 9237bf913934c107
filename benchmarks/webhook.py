"""From the tick in Trello to the row in the ledger: by webhook, beside what polling alone would take.

    python benchmarks/webhook.py [ticks]

The daemon runs as always, but polls no more after its first pass; a team member of the shop ticks and unticks
cards of one board in the local sandbox over HTTP, one after the other, at odd moments. Half of the interval
passes, on average, before a poll sees anything; the figures for polling are worked out, not measured.
"""

import random
import socket
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import requests
import structlog

from issue_cards import FAR, occurrences
from trello_ops import starter
from trello_ops.app import App, open_app
from trello_ops.core.ledger import IssuedCard, OccurrenceKey
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.daemon import Daemon
from trello_ops.demo.shop import shop_sandbox
from trello_ops.operations import reconcile
from trello_ops.settings import Settings, load
from trello_sandbox.server import Handle, running

PATIENCE = 60.0


def main(ticks: int) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        running(shop_sandbox(port=0, rate_limit=False)) as box,
        shop(settings_for(box, Path(folder))) as app,
    ):
        poll = Settings.model_fields["observe_seconds"].default
        delays = sorted(measure(app, box, ticks))
    print(f"from the tick to the row in the ledger, {ticks} ticks, in seconds")
    print(f"{'':24}{'median':>10}{'99th percentile':>18}{'longest':>10}")
    at = statistics.quantiles(delays, n=100)
    print(f"{'webhook':24}{at[49]:10.2f}{at[98]:18.2f}{delays[-1]:10.2f}")
    print(f"{f'a poll every {poll:g} s':24}{poll / 2:10.2f}{poll * 0.99:18.2f}{poll:10.2f}")
    print(f"{'ratio':24}{poll / 2 / at[49]:10.1f}{poll * 0.99 / at[98]:18.1f}")


def settings_for(box: Handle, folder: Path) -> Settings:
    samples = starter.find()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    never = {f"TRELLO_OPS_{name}_SECONDS": "86400" for name in ("RECONCILE", "ISSUE", "OBSERVE", "REPORT")}
    return load(
        {
            "TRELLO_OPS_TRELLO_URL": box.url,
            "TRELLO_OPS_TRELLO_KEY": box.key,
            "TRELLO_OPS_TRELLO_TOKEN": box.token,
            "TRELLO_OPS_TRELLO_SECRET": box.secret,
            "TRELLO_OPS_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "TRELLO_OPS_WEB_BIND": f"127.0.0.1:{port}",
            "TRELLO_OPS_BOARDS_DIR": str(samples.boards),
            "TRELLO_OPS_TEMPLATES_DIR": str(samples.templates),
            "TRELLO_OPS_DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
            "TRELLO_OPS_MAIL_DIR": str(folder / "mail"),
            **never,
        },
        None,
    )


@contextmanager
def shop(settings: Settings) -> Iterator[App]:
    """The shop's boards applied, one occurrence owed, and a daemon that has made its first pass."""
    stop = threading.Event()
    app = open_app(settings, stopping=stop.is_set)
    context = app.context()
    reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK))
    app.services.store.record(occurrences(app, 1, FAR), app.services.clock.now())
    daemon = threading.Thread(target=Daemon(app, stop).run)
    daemon.start()
    try:
        wait_until(lambda: "report" in app.services.store.jobs())
        yield app
    finally:
        stop.set()
        daemon.join()
        app.close()


def measure(app: App, box: Handle, ticks: int) -> Iterator[float]:
    """Seconds that each tick took, from the request that a person's browser would send."""
    made = requests.post(f"{box.url}/sandbox/tokens", json={"username": "amal_zina"}, timeout=10).json()
    key = occurrences(app, 1, FAR)[0].key
    dice, card = random.Random(1), card_of(app, key)
    person = {"key": box.key, "token": made["token"]}
    for number in range(ticks):
        time.sleep(dice.uniform(0, 0.1))
        begun = time.perf_counter()
        url = f"{box.url}/1/cards/{card.id}"
        done = "false" if number % 2 else "true"
        requests.put(url, params={**person, "dueComplete": done}, timeout=10).raise_for_status()
        wait_until(partial(knows_more, app, key, number))
        yield time.perf_counter() - begun


def knows_more(app: App, key: OccurrenceKey, than: int) -> bool:
    return count(app, key) > than


def card_of(app: App, key: OccurrenceKey) -> IssuedCard:
    entry = app.services.store.entry(key)
    assert entry is not None
    assert entry.card is not None
    return entry.card


def count(app: App, key: OccurrenceKey) -> int:
    """How often it was done or reopened, as the ledger knows."""
    entry = app.services.store.entry(key)
    return len(entry.events) if entry else 0


def wait_until(met: Callable[[], object]) -> None:
    end = time.monotonic() + PATIENCE
    while not met():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.005)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
