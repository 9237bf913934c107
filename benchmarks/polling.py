"""What watching boards costs: a poll of ours, and a plain py-trello loop of the kind that people write, over
the same boards; and a comparison of boards and files.

    python benchmarks/polling.py [boards …]

The boards stand in a local sandbox, reached over HTTP, each with a card that is not done. Idle is the mean of
all polls of a simulated hour at the default interval, so the sweep's share is in it. Changed is the mean of
polls before each of which somebody ticks or unticks the card of every hundredth board. Compared is the mean
of all comparisons in a simulated sweep at the default interval, while boards and files agree.
"""

import datetime as dt
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
import structlog
from trello import TrelloClient

from issue_cards import Patient
from trello_ops import starter
from trello_ops.app import App, open_app
from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.calendar.occurrences import next_occurrence
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import IssuedCard, Occurrence, OccurrenceKey
from trello_ops.core.objectid import created_at
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.core.tracking.board_selection import MANY
from trello_ops.demo.shop import shop_sandbox
from trello_ops.operations import observe, reconcile
from trello_ops.operations.context import Context
from trello_ops.render.card import CardRenderer
from trello_ops.settings import load
from trello_ops.testing import MemoryStore
from trello_sandbox.server import Handle, running

WEDNESDAY = dt.datetime(2026, 11, 25, 10, tzinfo=dt.UTC)
CHANGED_POLLS = 20
MOST = 5.0
"""How many requests an idle poll of up to 1,000 boards may take, where hints are used."""
MOST_COMPARED = 15.0
"""The same of a comparison of boards and files."""


class Simulated:
    """A clock that stands until it is moved, and on which waiting for the request budget takes no time.

    The sandbox's is moved with it, since nothing is read where the two are far apart.
    """

    def __init__(self, box: Handle) -> None:
        self._box = box
        self._now = WEDNESDAY
        self._slept = 0.0
        self._tell()

    def now(self) -> dt.datetime:
        return self._now

    def monotonic(self) -> float:
        return time.monotonic() + self._slept

    def sleep(self, seconds: float) -> None:
        self._slept += seconds

    def advance(self, seconds: float) -> None:
        self._now += dt.timedelta(seconds=seconds)
        self._slept += seconds
        self._tell()

    def _tell(self) -> None:
        told = requests.post(
            f"{self._box.url}/sandbox/clock", json={"now": self._now.isoformat()}, timeout=30
        )
        told.raise_for_status()


class People:
    """Somebody who works on the boards, and whoever looks at the sandbox from outside."""

    def __init__(self, box: Handle) -> None:
        self._box = box
        self._http = requests.Session()

    def send(self, method: str, path: str, **query: str) -> Any:
        given = {"key": self._box.key, "token": self._box.token, **query}
        answer = self._http.request(method, f"{self._box.url}/1{path}", params=given, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def make_board(self, number: int) -> tuple[str, str]:
        """A board with a card in its first list; the ids of both."""
        board = self.send("POST", "/boards", name=f"Board {number}")
        first, *_ = self.send("GET", f"/boards/{board['id']}/lists")
        return board["id"], self.send("POST", "/cards", idList=first["id"], name="Card")["id"]

    def forget_requests(self) -> None:
        self._http.delete(f"{self._box.url}/sandbox/requests", timeout=60)

    def requests(self) -> int:
        return int(self._http.get(f"{self._box.url}/sandbox/requests", timeout=60).json()["total"])


@dataclass(frozen=True)
class Costs:
    """Requests a poll, and requests a comparison."""

    idle: float
    changed: float
    peer: float
    comparison_cache: float


def main(counts: list[int]) -> None:
    names = f"{'idle':>8}{'1 % changed':>14}{'py-trello':>12}{'idle ratio':>13}{'compared':>11}"
    print(f"{'requests a pass':>16}{names}")
    for count in counts:
        costs = measure(count)
        figures = f"{costs.idle:8.2f}{costs.changed:14.2f}{costs.peer:12.0f}"
        print(
            f"{count:>9} boards{figures}{costs.peer / costs.idle:13.1f}{costs.comparison_cache:11.2f}",
            flush=True,
        )
        if MANY <= count <= 1000 and costs.idle > MOST:
            raise SystemExit(f"An idle poll of {count} boards takes more than {MOST:g} requests.")
        if MANY <= count <= 1000 and costs.comparison_cache > MOST_COMPARED:
            raise SystemExit(f"A comparison of {count} boards takes more than {MOST_COMPARED:g} requests.")


def measure(count: int) -> Costs:
    with tempfile.TemporaryDirectory() as folder, running(shop_sandbox(port=0, rate_limit=False)) as box:
        people, clock = People(box), Simulated(box)
        made = [people.make_board(number) for number in range(count)]
        app = open_app(settings_of(box, Path(folder)), clock=clock)
        context = context_of(app, made)
        observe.observe(context)  # everything is new once
        idle = idle_hour(context, people, clock, app.settings.observe_seconds)
        changed = changed_polls(context, people, clock, made)
        peer = peer_poll(box, people, made)
        comparison_cache = quiet_comparisons(context, people, clock, app.settings.reconcile_seconds)
        app.close()
        return Costs(idle, changed, peer, comparison_cache)


def settings_of(box: Handle, folder: Path) -> Any:
    samples = starter.find()
    return load(
        {
            "TRELLO_OPS_TRELLO_URL": box.url,
            "TRELLO_OPS_TRELLO_KEY": box.key,
            "TRELLO_OPS_TRELLO_TOKEN": box.token,
            "TRELLO_OPS_BOARDS_DIR": str(samples.boards),
            "TRELLO_OPS_TEMPLATES_DIR": str(samples.templates),
            "TRELLO_OPS_DATABASE_URL": f"sqlite:///{folder / 'bench.sqlite3'}",
        },
        None,
    )


def context_of(app: App, made: list[tuple[str, str]]) -> Context:
    """As many boards declared, bound and issued as were made, in a store that costs no time.

    A task each, its label and nobody on it, since all of that is made before boards can be compared. What
    comparing costs does not hang on it: template cards, labels and members come with their board.
    """
    context, store = app.context(), MemoryStore()
    daily = context.workspace.board("daily")
    assert daily is not None
    now = app.services.clock.now()
    first = first_occurrence(context.workspace, now.date())
    tasks = tuple(task for task in daily.tasks if task.key == first.key.task)
    boards = [replace(daily, key=f"b{number:04}", tasks=tasks) for number in range(len(made))]
    for board, (board_id, card_id) in zip(boards, made, strict=True):
        store.bind(Binding(Kind.BOARD, board.key, "", board_id, now))
        owed = replace(first, key=OccurrenceKey(board.key, first.key.task, first.key.date))
        store.record([owed], now)
        store.confirm(owed.key, IssuedCard(card_id, "", created_at(card_id), now))
    themes = tuple(theme for theme in context.workspace.themes if theme.key == first.theme)
    workspace = replace(context.workspace, boards=tuple(boards), themes=themes, people=())
    return replace(
        context,
        workspace=workspace,
        render_card=CardRenderer(workspace, app.settings.templates_dir),
        services=replace(context.services, store=store),
    )


def first_occurrence(workspace: Workspace, day: dt.date) -> Occurrence:
    board = workspace.board("daily")
    task = board.task("parcels") if board else None
    assert board is not None
    assert task is not None
    found = next_occurrence(workspace, board, task, day)
    assert found is not None
    return found


def idle_hour(context: Context, people: People, clock: Simulated, interval: float) -> float:
    polls = int(3600 / interval)
    people.forget_requests()
    for _ in range(polls):
        clock.advance(interval)
        observe.observe(context)
    return people.requests() / polls


def changed_polls(context: Context, people: People, clock: Simulated, made: list[tuple[str, str]]) -> float:
    """Every change must be seen by its poll; of ten boards one changes."""
    total = 0
    for poll in range(CHANGED_POLLS):
        ticked = made[poll % 10 :: 100]
        for _, card_id in ticked:
            people.send("PUT", f"/cards/{card_id}", dueComplete="true" if poll < 10 else "false")
        clock.advance(30)
        people.forget_requests()
        assert observe.observe(context) == len(ticked)
        total += people.requests()
    return total / CHANGED_POLLS


def quiet_comparisons(context: Context, people: People, clock: Simulated, interval: float) -> float:
    """Once every board stands as declared, and is known to."""
    for _ in range(2):
        reconcile.reconcile(context, EVERY_RISK)
    assert len(context.runtime.comparison_cache.in_order) == len(context.workspace.boards)
    passes = int(context.config.sweep.total_seconds() / interval)
    people.forget_requests()
    for _ in range(passes):
        clock.advance(interval)
        reconcile.reconcile(context, EVERY_RISK)
    return people.requests() / passes


def peer_poll(box: Handle, people: People, made: list[tuple[str, str]]) -> float:
    client = TrelloClient(api_key=box.key, api_secret=box.token, http_service=Patient(box.url))
    people.forget_requests()
    for board_id, _ in made:
        client.get_board(board_id).open_cards()
    return people.requests()


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    main([int(count) for count in sys.argv[1:]] or [10, 100, 1000])
