"""What a card costs: ours, and a plain py-trello script of the kind that people write, in the same run.

    python benchmarks/issue_cards.py [cards]

Each makes the same cards, an eight-item checklist on each, on a board of the same local sandbox over HTTP.
The sandbox's rate limit is off and its latency none, so seconds tell of the clients' own work; what counts
against Trello's limit is requests.
"""

import datetime as dt
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import requests
import structlog
from trello import TrelloClient

from trello_ops import starter
from trello_ops.app import App, open_app
from trello_ops.core.model import Occurrence, OccurrenceKey
from trello_ops.core.occurrence import next_occurrence
from trello_ops.core.plan import EVERY_RISK
from trello_ops.operations import issue, reconcile
from trello_ops.sandbox.server import Handle, SandboxConfig, running
from trello_ops.settings import load

ITEMS = 8


class Redirected(requests.Session):
    """The session of the peer: Trello's address becomes the sandbox's, and nothing else changes."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def request(self, method: str, url: str, **more: object) -> requests.Response:  # type: ignore[override]
        return super().request(method, url.replace("https://api.trello.com", self._url), **more)  # type: ignore[arg-type]


def main(cards: int) -> None:
    with tempfile.TemporaryDirectory() as folder, running(SandboxConfig(port=0, rate_limit=False)) as box:
        ours, peer = (
            measure(box, prepare_ours(box, Path(folder), cards)),
            measure(box, prepare_peer(box, cards)),
        )
    print(f"{cards} cards with a checklist of {ITEMS} items each")
    print(f"{'':14}{'requests a card':>18}{'seconds':>10}")
    for name, (count, seconds) in (("trello-ops", ours), ("py-trello", peer)):
        print(f"{name:14}{count / cards:18.2f}{seconds:10.2f}")
    print(f"{'ratio':14}{peer[0] / ours[0]:18.2f}{peer[1] / ours[1]:10.2f}")


def measure(box: Handle, work: Callable[[], None]) -> tuple[int, float]:
    """Requests and seconds of the work itself, its preparation left out."""
    requests.delete(f"{box.url}/sandbox/requests", timeout=10)
    begun = time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    return requests.get(f"{box.url}/sandbox/requests", timeout=10).json()["total"], seconds


def prepare_ours(box: Handle, folder: Path, cards: int) -> Callable[[], None]:
    """The shop's boards applied, and as many occurrences of `parcels` owed as cards are wanted."""
    samples = starter.find()
    app = open_app(
        load(
            {
                "TRELLO_OPS_TRELLO_URL": box.url,
                "TRELLO_OPS_TRELLO_KEY": box.key,
                "TRELLO_OPS_TRELLO_TOKEN": box.token,
                "TRELLO_OPS_BOARDS_DIR": str(samples.boards),
                "TRELLO_OPS_TEMPLATES_DIR": str(samples.templates),
                "TRELLO_OPS_DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
            },
            None,
        ),
        clock=Unhurried(),
    )
    reconcile.apply(app.context(), reconcile.plan(app.context()).only(EVERY_RISK))
    issue.issue(app.context())
    app.services.store.record(owed(app, cards), app.services.clock.now())

    def work() -> None:
        made = issue.issue(app.context()).cards
        app.close()
        assert made == cards, f"{made} cards instead of {cards}"

    return work


def owed(app: App, count: int) -> list[Occurrence]:
    """Occurrences of one task on as many days, all due ahead: what a backlog would be."""
    workspace = app.source.declared.workspace
    board = workspace.board("daily")
    task = board.task("parcels") if board else None
    assert board is not None
    assert task is not None
    first = next_occurrence(workspace, board, task, dt.date(2100, 1, 1))
    assert first is not None
    days = (first.key.date + dt.timedelta(days=n) for n in range(count))
    return [replace(first, key=OccurrenceKey("daily", "parcels", day)) for day in days]


class Unhurried:
    """A clock on which waiting for the request budget takes no time: the sandbox has no limit here."""

    def __init__(self) -> None:
        self._slept = 0.0

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.UTC)

    def monotonic(self) -> float:
        return time.monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds


def prepare_peer(box: Handle, cards: int) -> Callable[[], None]:
    client = TrelloClient(api_key=box.key, api_secret=box.token, http_service=Redirected(box.url))
    board = client.add_board("Peer", default_lists=False)
    column = board.add_list("To do")

    def work() -> None:
        for number in range(cards):
            card = column.add_card(f"Card {number}", "Text", due="2100-01-01T18:00:00Z")
            card.add_checklist("Steps", [f"Step {item}" for item in range(ITEMS)])

    return work


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
