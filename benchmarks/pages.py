"""What pages cost: beside a bare page of the same framework, and beside issuing.

    python benchmarks/pages.py [occurrences [seconds]]

A hundred boards have five tasks each, and a history of 1,000,000 occurrences. One process serves, another is
four browsers that ask for a page again and again over connections that they keep. The bare page is a constant
of the same size as this week's, by Starlette alone in the same server. Then a shop issues cards at Trello's
limit of requests, once alone and once while its pages are asked for in the same way.
"""

import http.client
import json
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

import ledger
from issue_cards import JITTER, LATENCY, ours, owe
from trello_ops.adapters.clock import SystemClock
from trello_ops.app import App, open_app
from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.links import Opens
from trello_ops.demo.shop import shop_sandbox
from trello_ops.operations.links import new_link
from trello_ops.settings import load
from trello_ops.telemetry import Tally
from trello_ops.testing import FixedClock
from trello_ops.web import server
from trello_ops.web.refused import REFUSED
from trello_ops.web.served import create_app
from trello_sandbox.server import running

BOARDS: Final = 100
BROWSERS: Final = 4
BARE: Final = "/bare"
PAGES: Final = (BARE, "/", "/reports", "/calendar")
NO_LIMIT: Final = 10**9
CARDS: Final = 150


# ---- the shop ---------------------------------------------------------------------------------------


def declare(folder: Path) -> None:
    """The files of `ledger.workspace(BOARDS)`, but that Karim has a task of each board from now on."""
    boards, cards = folder / "boards", folder / "templates" / "cards"
    for made in (boards, cards):
        made.mkdir(parents=True)
    (cards / "task.md").write_text("---\n---\nAs always.\n", "utf-8")
    (boards / "workspace.yaml").write_text(
        "key: agency\nname: The agency\ntrello_workspace: agency\nlocale: en\ntimezone: UTC\n"
        "people:\n  amal: {trello: amal_zina, name: Amal}\n  karim: {trello: karim_zina, name: Karim}\n"
        "themes:\n  operations: {title: Operations, colour: orange}\n"
        "excused_label: {title: Excused, colour: black_light}\nreport: {to: [manager@example.org]}\n",
        "utf-8",
    )
    for board in ledger.workspace(BOARDS).boards:
        tasks = "".join(
            f"  {task.key}: {{title: {task.title}, theme: operations, template: task.md, assign: {who}}}\n"
            for task, who in zip(board.tasks, ("karim", "amal", "amal", "amal", "amal"), strict=True)
        )
        (boards / f"{board.key}.yaml").write_text(
            f'title: {board.title}\ncadence: daily\non: mon-fri\nrelease: "00:00"\ndue: "18:00"\n'
            f"lists: {{todo: To do, done: Done}}\ntasks:\n{tasks}",
            "utf-8",
        )


def open_agency(folder: Path) -> App:
    given = {
        "BOARDS_DIR": folder / "boards",
        "TEMPLATES_DIR": folder / "templates",
        "DATABASE_URL": f"sqlite:///{folder / 'ledger.sqlite3'}",
        "TRELLO_URL": "http://127.0.0.1:1",
    }
    settings = load({f"TRELLO_OPS_{name}": str(value) for name, value in given.items()}, None)
    return open_app(settings, FixedClock(ledger.NOW))


# ---- serving ----------------------------------------------------------------------------------------


def site(app: App) -> Starlette:
    """An app's pages, without a limit of requests, and the bare page."""
    machine = SystemClock()
    tally = Tally("webhook.refused", REFUSED, machine.monotonic)
    served = create_app(app, machine, lambda: True, tally, requests=NO_LIMIT)
    bare = b"x" * 40_000

    async def constant(_: Request) -> Response:
        return Response(bare, media_type="text/html")

    served.router.routes.append(Route(BARE, constant))
    return served


@contextmanager
def served(app: App) -> Iterator[int]:
    """The port of an app's pages, while the block runs."""
    entrance = server.listen(("127.0.0.1", 0))
    port: int = entrance.getsockname()[1]
    with server.serving(site(app), entrance, Tally("webhook.refused", REFUSED, time.monotonic)):
        yield port


def secret_of(app: App, opens: Opens = Opens.PAGES, choice: Choice = EVERYTHING) -> str:
    return new_link(app.services.store, SystemClock(), opens, choice)[1]


def serve(folder: Path) -> None:
    """In a process of its own: say where, and go on until standard input ends."""
    with closing(open_agency(folder)) as app, served(app) as port:
        feed = secret_of(app, Opens.FEED, Choice(person="karim"))
        print(json.dumps({"port": port, "secret": secret_of(app), "feed": feed}), flush=True)
        sys.stdin.read()


@contextmanager
def serving_aside(folder: Path) -> Iterator[tuple[int, str, str]]:
    command = [sys.executable, __file__, "--serve", str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin
        assert process.stdout
        said = json.loads(process.stdout.readline())
        yield said["port"], said["secret"], f"/calendar/{said['feed']}.ics"
        process.stdin.close()


# ---- asking -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pace:
    """Answers a second, and how long they took in milliseconds."""

    a_second: float
    median: float
    p99: float
    first: float


class Browser(threading.Thread):
    """Asks for a page again and again until an instant; `took` are seconds."""

    def __init__(self, port: int, cookie: str, path: str, until: float) -> None:
        super().__init__()
        self._port, self._cookie, self._path, self._until = port, cookie, path, until
        self.took: list[float] = []

    def run(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)) as connection:
            while time.perf_counter() < self._until:
                self.took.append(ask(connection, self._path, self._cookie))


def ask(connection: http.client.HTTPConnection, path: str, cookie: str) -> float:
    begun = time.perf_counter()
    connection.request("GET", path, headers={"Cookie": cookie, "Accept-Encoding": "gzip"})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)
    return time.perf_counter() - begun


def pace(port: int, secret: str, path: str, seconds: float) -> Pace:
    cookie = f"trello-ops-8911={secret}"
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as connection:
        first = ask(connection, path, cookie)
    begun = time.perf_counter()
    browsers = [Browser(port, cookie, path, begun + seconds) for _ in range(BROWSERS)]
    for each in browsers:
        each.start()
    for each in browsers:
        each.join()
    lasted = time.perf_counter() - begun
    took = [one * 1000 for each in browsers for one in each.took]
    at = statistics.quantiles(took, n=100)
    return Pace(len(took) / lasted, at[49], at[98], first * 1000)


def pages(occurrences_: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        declare(folder)
        ledger.fill(folder / "ledger.sqlite3", occurrences_, ledger.workspace(BOARDS))
        with serving_aside(folder) as (port, secret, feed):
            paths = {**dict(zip(PAGES, PAGES, strict=True)), "100 tasks, .ics": feed}
            found = {called: pace(port, secret, path, seconds) for called, path in paths.items()}
    print(f"{BOARDS} boards, {occurrences_:,} occurrences, {BROWSERS} browsers")
    print(f"{'':16}{'pages/s':>10}{'median ms':>12}{'p99 ms':>10}{'first ms':>10}{'of bare':>10}")
    for called, each in found.items():
        share = each.a_second / found[BARE].a_second
        print(
            f"{called:16}{each.a_second:10.0f}{each.median:12.1f}{each.p99:10.1f}{each.first:10.0f}{share:10.2f}"
        )


# ---- beside issuing ---------------------------------------------------------------------------------


def issuing(cards: int, *, asked: bool) -> float:
    """Cards a second at Trello's limit; with `asked`, while browsers ask for this week's page."""
    box = shop_sandbox(port=0, latency_ms=LATENCY, jitter_ms=JITTER)
    with (
        tempfile.TemporaryDirectory() as folder,
        running(box) as handle,
        closing(ours(handle, Path(folder))) as app,
        served(app) as port,
    ):
        work = owe(app, cards)
        time.sleep(11)  # what making the boards took has left the window
        with asking_aside(port, secret_of(app)) if asked else nullcontext():
            begun = time.perf_counter()
            work()
            return cards / (time.perf_counter() - begun)


@contextmanager
def asking_aside(port: int, secret: str) -> Iterator[None]:
    """Browsers that ask for this week's page, in a process of their own."""
    command = [sys.executable, __file__, "--ask", str(port), secret]
    with subprocess.Popen(command) as process:
        yield
        assert process.poll() is None
        process.kill()


def keep_asking(port: int, secret: str) -> None:
    while True:
        pace(port, secret, "/", 1)


def main(occurrences_: int, seconds: float) -> None:
    pages(occurrences_, seconds)
    alone, beside = issuing(CARDS, asked=False), issuing(CARDS, asked=True)
    print(f"issuing alone {alone:.2f} cards/s, while pages are asked for {beside:.2f}: {beside / alone:.2f}")


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    match sys.argv[1:]:
        case ["--serve", folder]:
            serve(Path(folder))
        case ["--ask", port, secret]:
            keep_asking(int(port), secret)
        case given:
            main(int(given[0]) if given else 1_000_000, float(given[1]) if given[1:] else 10)
