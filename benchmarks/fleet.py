"""What nodes multiply, and what idle shops cost.

    python benchmarks/fleet.py [CARDS [IDLE]]

First, each shop with a token of its own and so many cards owed, in a local Trello with the true limits: one
node with one shop, two with two, three with three, one node with three, and beside them one plain
`trello-ops run` a shop. Then how soon a shop's first request follows the minute in which its cards are due,
on three nodes and by plain processes. Last so many idle shops on three nodes, and some plain processes; of
more than a thousand, each has one board of one task, and together they may send what ten keys let through.
Needs PostgreSQL.
"""

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from functools import cached_property, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import requests
import structlog

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.store import open_database
from trello_ops.adapters.store.key_budget import PLACES
from trello_ops.adapters.store.postgres import plain_address
from trello_ops.app import App, open_app
from trello_ops.cli.fleet_run import serve
from trello_ops.core.calendar.occurrences import occurrences
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.demo import fleet_shops, postgres
from trello_ops.demo.shop import shop_sandbox
from trello_ops.fleet.bounds import Bounds
from trello_ops.fleet.tenant import Tenant
from trello_ops.operations import reconcile
from trello_ops.settings import load
from trello_ops.telemetry import configure_logging, redactor
from trello_sandbox.server import Handle, running

WINDOW = 10.0
NODE = "node"
ALARMED, PLAIN = 60, 10
SMALL = 1_000
"""Shops from which on each has one task alone,"""

MANY_KEYS = 10 * PLACES
"""and the requests in ten seconds are those of ten keys, which the local Trello does not know."""
RARE: dict[str, Any] = {
    "observe_seconds": 3600,
    "report_seconds": 3600,
    "reconcile_seconds": 3600,
    "issue_seconds": 1,
}
_TICKS = os.sysconf("SC_CLK_TCK")


Start = Callable[[], subprocess.Popen[bytes]]


@dataclass(frozen=True)
class Shops:
    """A fleet in a folder, whose boards stand, and its Trello."""

    folder: Path
    names: tuple[str, ...]
    box: Handle
    database: str

    def start(
        self, *args: str, program: tuple[str, ...] = ("-m", "trello_ops"), **environment: str
    ) -> subprocess.Popen[bytes]:
        """A trello-ops of its own in the folder."""
        log = (self.folder / f"log-{time.monotonic_ns()}").open("wb")
        return subprocess.Popen(
            [sys.executable, *program, *args],
            cwd=self.folder,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": os.environ.get("PYTHONPATH", ""), **environment},
            stdout=log,
            stderr=log,
        )

    def node(self) -> subprocess.Popen[bytes]:
        if len(self.names) > SMALL:
            return self.start(NODE, str(self.folder), program=(__file__,))
        return self.start("fleet", "run")

    def nodes(self, count: int) -> list[subprocess.Popen[bytes]]:
        return [self.node() for _ in range(count)]

    def plain(self, names: tuple[str, ...]) -> list[subprocess.Popen[bytes]]:
        """One `trello-ops run` for each of these shops, on the same database."""
        return [self.plain_one(name) for name in names]

    def plain_one(self, name: str) -> subprocess.Popen[bytes]:
        settings = self.tenants[name].settings
        return self.start(
            "run",
            TRELLO_OPS_BOARDS_DIR=str(self.folder / "shops" / name / "boards"),
            TRELLO_OPS_TEMPLATES_DIR=str(self.folder / "templates"),
            TRELLO_OPS_TRELLO_TOKEN=settings.trello_token.get_secret_value(),  # type: ignore[union-attr]
        )

    @cached_property
    def tenants(self) -> Mapping[str, Tenant]:
        return fleet_shops.read(self.folder).tenants

    def control(self, method: str, what: str) -> Any:
        return requests.request(method, f"{self.box.url}/sandbox/{what}", timeout=60).json()


@contextmanager
def shops(
    server: postgres.Server,
    count: int,
    owed: int = 0,
    *,
    limited: bool,
    edit: Callable[[Path], None] = lambda _: None,
    **settings: object,
) -> Iterator[Shops]:
    names = tuple(f"shop-{number:04}" for number in range(count))
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        box = stack.enter_context(running(shop_sandbox(port=0, rate_limit=limited)))
        database = server.create(f"bench_{time.monotonic_ns()}")
        fleet_shops.declare(folder, names, box, database, **settings)
        edit(folder)
        made = Shops(folder, names, box, database)
        # The sandbox is in this process: others beside it make use of a second core.
        pool = stack.enter_context(ProcessPoolExecutor(2, get_context("spawn"), initializer=be_quiet))
        for each in [pool.submit(prepare_some, made, part, owed) for part in (names[::2], names[1::2])]:
            each.result()
        yield made


def be_quiet() -> None:
    structlog.configure(processors=[lambda *_: (_ for _ in ()).throw(structlog.DropEvent)])


def prepare_some(made: Shops, names: tuple[str, ...], owed: int) -> None:
    """Boards of some shops."""
    with closing(open_database(made.database)) as database:
        for name in names:
            settings = made.tenants[name].settings
            with closing(open_app(settings, database=database, neighbours=made.names)) as app:
                prepare(app, owed)


def prepare(app: App, owed: int) -> None:
    """Boards of a shop, and so many cards owed that are due ahead."""
    app.take_up()
    reconcile.apply(app.context(), reconcile.plan(app.context()).only(EVERY_RISK))
    workspace = app.source.declared.workspace
    board = next(board for board in workspace.boards if board.key == "daily")
    start = dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
    ahead = occurrences(workspace, board, board.tasks[0], start, start + dt.timedelta(days=2 * owed))
    app.services.store.record(list(ahead)[:owed], app.services.clock.now())


@contextmanager
def ended(processes: list[subprocess.Popen[bytes]]) -> Iterator[list[subprocess.Popen[bytes]]]:
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


# ---- issuing


def issuing(what: str, made: Shops, start: Callable[[], list[subprocess.Popen[bytes]]], owed: int) -> float:
    """Print and return the cards a second, between the first and the last."""
    time.sleep(WINDOW + 1)
    made.control("DELETE", "requests")
    want, total = len(made.names) * owed, 0
    with ended(start()):
        while total < want:
            time.sleep(1)
            total = made.control("GET", "requests")["counts"].get("POST /cards", 0)
        time.sleep(1)
        sent = made.control("GET", "requests")["requests"]
    at = sorted(dt.datetime.fromisoformat(each["at"]).timestamp() for each in sent)
    cards = sorted(
        dt.datetime.fromisoformat(each["at"]).timestamp()
        for each in sent
        if (each["method"], each["route"], each["status"]) == ("POST", "/cards", 200)
    )
    rate = len(cards) / (cards[-1] - cards[0])
    fullest = max(bisect_left(at, first + WINDOW) - n for n, first in enumerate(at))
    refused = sum(each["status"] == 429 for each in sent)
    print(
        f"{what:34} {rate:6.2f} cards/s, at most {fullest:3} requests in 10 s, {refused} refused", flush=True
    )
    return rate


def multiply(server: postgres.Server, owed: int) -> None:
    rates = []
    for count in (1, 2, 3):
        with shops(server, count, owed, limited=True, **RARE) as made:
            rates.append(issuing(f"{count} nodes, {count} tokens", made, lambda: made.nodes(count), owed))  # noqa: B023
    with shops(server, 3, owed, limited=True, **RARE) as made:
        one = issuing("1 node, 3 tokens", made, lambda: made.nodes(1), owed)
    with shops(server, 3, owed, limited=True, **RARE) as made:
        plain = issuing("3 plain processes, 3 tokens", made, lambda: made.plain(made.names), owed)
    print(f"1 → 2 → 3 nodes: {rates[1] / rates[0]:.2f} and {rates[2] / rates[0]:.2f} times")
    three = rates[2]
    print(f"three nodes beside one with three tokens: {three / one:.2f}; beside plain: {three / plain:.2f}")


# ---- alarms


def released_at(minute: dt.datetime) -> Callable[[Path], None]:
    """What has every shop's daily cards come in that minute."""
    local = minute.astimezone(ZoneInfo("Africa/Casablanca"))

    def edit(folder: Path) -> None:
        for file in folder.glob("shops/*/boards/daily.yaml"):
            text = file.read_text("utf-8").replace("on: mon-sat", "on: mon-sun")
            text = text.replace('release: "06:00"', f'release: "{local:%H:%M}"')
            file.write_text(text.replace('due: "18:00"', 'due: "23:59"'), "utf-8")

    return edit


def alarmed(
    what: str, server: postgres.Server, count: int, start: Callable[[Shops], list[subprocess.Popen[bytes]]]
) -> None:
    """Print how long after the minute the shops' first requests are sent. Not in the last hour of the day."""
    minute = (SystemClock().now() + dt.timedelta(minutes=3)).replace(second=0, microsecond=0)
    with shops(server, count, limited=True, edit=released_at(minute), **RARE) as made:
        state = made.control("GET", "state")
        shop_of = {board["id"]: board["name"] for board in state["boards"]}
        shop_of |= {each["id"]: shop_of[each["idBoard"]] for each in state["lists"]}
        with ended(start(made)):
            time.sleep(max(0.0, (minute - SystemClock().now()).total_seconds() + 45))
            sent = made.control("GET", "requests")["requests"]
    first: dict[str, float] = {}
    for each in sent:
        after = (dt.datetime.fromisoformat(each["at"]) - minute).total_seconds()
        about = {*each["path"].split("/"), each["query"].get("idList")}
        for shop in {shop_of[one] for one in about & shop_of.keys()}:
            if after >= 0:
                first.setdefault(shop, after)
    waits = sorted(first.values())
    p50, p99 = (waits[round(share * (len(waits) - 1))] for share in (0.5, 0.99))
    print(f"{what:34} {len(waits)} shops' first requests: p50 {p50:.2f} s, p99 {p99:.2f} s", flush=True)


# ---- idle


def of_one_task(folder: Path) -> None:
    """Leave every shop one board of one task: of thousands, making the boards takes longest."""
    for file in folder.glob("shops/*/boards/weekly.yaml"):
        file.unlink()
    for file in folder.glob("shops/*/boards/daily.yaml"):
        lines = file.read_text("utf-8").splitlines(keepends=True)
        file.write_text(
            "".join(line for line in lines if not line.startswith(("  parcels:", "  reviews:"))), "utf-8"
        )


def used(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Seconds of processor so far, and MB of memory."""
    stat = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    status = Path(f"/proc/{process.pid}/status").read_text()
    kilobytes = int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
    return (int(stat[11]) + int(stat[12])) / _TICKS, kilobytes / 1024


def transactions(database: str) -> int:
    with psycopg.connect(plain_address(database), autocommit=True) as db:
        row = db.execute(
            "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
        ).fetchone()
    return int(row[0]) if row else 0


def served(database: str, names: tuple[str, ...], since: dt.datetime) -> int:
    """How many of these shops have got through a whole pass since then."""
    with psycopg.connect(plain_address(database), autocommit=True) as db:
        row = db.execute(
            "SELECT count(*) FROM jobs WHERE workspace = ANY(%s) AND name = 'report' AND succeeded_at > %s",
            [list(names), since],
        ).fetchone()
    return int(row[0]) if row else 0


def start_again(starters: Sequence[Start], processes: list[subprocess.Popen[bytes]]) -> int:
    """Start anew each that has ended, as systemd does; how many there were."""
    gone = [number for number, process in enumerate(processes) if process.poll() is not None]
    for number in gone:
        processes[number] = starters[number]()
    return len(gone)


def take_up(
    made: Shops, names: tuple[str, ...], starters: Sequence[Start], processes: list[subprocess.Popen[bytes]]
) -> None:
    """Wait until every shop has been served; print how long that took."""
    begun, restarts = SystemClock().now(), 0
    while (done := served(made.database, names, begun)) < len(names):
        print(f"  {done} of {len(names)} served", end="\r", file=sys.stderr, flush=True)
        time.sleep(5)
        restarts += start_again(starters, processes)
    seconds = (SystemClock().now() - begun).total_seconds()
    print(f"  all served after {seconds:.0f} s, {restarts} processes started anew", flush=True)


def idle(what: str, made: Shops, names: tuple[str, ...], starters: Sequence[Start]) -> None:
    """Wait until every shop has been served; then a minute, in which no process ends."""
    with ended([start() for start in starters]) as processes:
        take_up(made, names, starters, processes)
        while True:
            time.sleep(5)
            before, cpu = transactions(made.database), [used(each)[0] for each in processes]
            requests_before = made.control("GET", "requests")["total"]
            time.sleep(60)
            if not start_again(starters, processes):
                break
        sent = made.control("GET", "requests")["total"] - requests_before
        after, now = transactions(made.database), [used(each) for each in processes]
    seconds, memory = sum(each[0] for each in now) - sum(cpu), sum(each[1] for each in now)
    figures = (
        f"{(after - before) / 60:7.2f} transactions/s",
        f"{1000 * seconds / 60:7.1f} ms of processor/s",
        f"{memory:7.1f} MB",
        f"{sent:6} requests/min",
    )
    print(f"{what:34} {', '.join(figures)}", flush=True)


def main(owed: int = 200, count: int = 300) -> None:
    """Print all of it."""
    be_quiet()
    with postgres.running(Path(tempfile.gettempdir())) as server:
        multiply(server, owed)
        print(f"\nfrom the minute to a shop's first request, {ALARMED} shops in the same minute")
        alarmed("3 nodes", server, ALARMED, lambda made: made.nodes(3))
        alarmed(f"plain processes ({PLAIN} shops)", server, PLAIN, lambda made: made.plain(made.names))
        edit = of_one_task if count > SMALL else lambda _: None
        with shops(server, count, limited=False, edit=edit) as made:
            print(f"\n{count} idle shops")
            idle("3 nodes", made, made.names, 3 * [made.node])
            some = made.names[:PLAIN]
            plain = [partial(made.plain_one, name) for name in some]
            idle(f"plain processes ({PLAIN} shops)", made, some, plain)


def be_a_node(folder: Path) -> None:
    """One of the nodes that thousands of shops are tended by."""
    configure_logging("info", "json", redactor(()))
    settings = load({}, folder / ".env", elsewhere=("trello_secret",))
    serve(settings, partial(fleet_shops.read, folder), Bounds(key_requests=MANY_KEYS))


if __name__ == "__main__":
    if sys.argv[1:2] == [NODE]:
        be_a_node(Path(sys.argv[2]))
    main(*map(int, sys.argv[1:]))
