"""What issuing costs at Trello's limit: ours, a plain py-trello script, and the limit itself, in one run.

    python benchmarks/issue_cards.py [cards [backlog]]

Local sandboxes over HTTP, with Trello's true limits and answers that take 100 ± 80 ms. First ours and the
script make the same cards, an eight-item checklist on each; then ours works off a longer backlog under each
kind of window. What is told is counted from the sandbox's own log of requests.
"""

import datetime as dt
import math
import sys
import tempfile
import time
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import requests
import structlog
from trello import TrelloClient
from trello.organization import Organization

from trello_ops import starter
from trello_ops.app import App, open_app
from trello_ops.core.calendar.occurrences import next_occurrence
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.demo.shop import shop_sandbox
from trello_ops.operations import issue, reconcile
from trello_ops.settings import load
from trello_sandbox.server import Handle, running

LATENCY, JITTER = 100, 80
LIMIT, WINDOW = 100, 10.0
FAR = dt.date(2100, 1, 1)


# ---- what was sent


@dataclass(frozen=True)
class Log:
    """The requests of one run, by the instants at which the sandbox counted them."""

    at: list[float]
    refused: int
    seconds: float

    def fullest(self) -> int:
        """The most requests in any ten seconds."""
        return max(bisect_left(self.at, first + WINDOW) - n for n, first in enumerate(self.at))

    def sliding(self) -> float:
        """How full a window of the last ten seconds was, on average, while there was something to send."""
        start, end = self.at[0] + WINDOW, self.at[-1]
        held = sum(max(0.0, min(at + WINDOW, end) - max(at, start)) for at in self.at)
        return held / (end - start) / LIMIT

    def fixed(self) -> float:
        """How full a window was that begins with the first request after the one before, on average."""
        counts, begin = [], self.at[0]
        while begin + WINDOW <= self.at[-1]:
            end = bisect_right(self.at, begin + WINDOW)
            counts.append(end - bisect_left(self.at, begin))
            begin = self.at[end] if end < len(self.at) else math.inf
        return sum(counts) / len(counts) / LIMIT


def measured(box: Handle, work: Callable[[], None]) -> Log:
    """The work itself: its preparation is left out, and has left every window."""
    time.sleep(WINDOW + 1)
    control(box, "DELETE", "requests")
    begun = time.perf_counter()
    work()
    seconds = time.perf_counter() - begun
    sent = control(box, "GET", "requests")["requests"]
    at = sorted(dt.datetime.fromisoformat(each["at"]).timestamp() for each in sent)
    return Log(at, sum(each["status"] == 429 for each in sent), seconds)


def control(box: Handle, method: str, what: str, sent: object = None) -> Any:
    return requests.request(method, f"{box.url}/sandbox/{what}", json=sent, timeout=30).json()


# ---- ours


def ours(box: Handle, folder: Path) -> App:
    """The shop's boards, applied, and nothing owed."""
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
        )
    )
    reconcile.apply(app.context(), reconcile.plan(app.context()).only(EVERY_RISK))
    issue.issue(app.context())
    return app


def owe(app: App, cards: int, first_day: dt.date = FAR) -> Callable[[], None]:
    """Let as many occurrences of one task be owed, all due ahead; the work is to issue them."""
    app.services.store.record(occurrences(app, cards, first_day), app.services.clock.now())

    def work() -> None:
        made = issue.issue(app.context()).cards
        assert made == cards, f"{made} cards instead of {cards}"

    return work


def occurrences(app: App, count: int, first_day: dt.date) -> list[Occurrence]:
    workspace = app.source.declared.workspace
    board = workspace.board("daily")
    task = board.task("parcels") if board else None
    assert board is not None
    assert task is not None
    pattern = next_occurrence(workspace, board, task, FAR)
    assert pattern is not None
    released = replace(pattern, release=app.services.clock.now())
    days = (first_day + dt.timedelta(days=n) for n in range(count))
    return [replace(released, key=OccurrenceKey("daily", "parcels", day)) for day in days]


# ---- the peer


@dataclass(frozen=True, order=True)
class Card:
    """What can be seen of a card."""

    name: str
    desc: str
    start: str
    due: str
    labels: tuple[str, ...]
    members: tuple[str, ...]
    checklist: str
    items: tuple[str, ...]


def cards_made(box: Handle) -> list[Card]:
    """The cards of the backlog, whoever made them: those due in the year 2100."""
    state = control(box, "GET", "state")
    names = {each["id"]: each["username"] for each in state["members"]}
    lists = {each["idCard"]: each for each in state["checklists"]}
    return sorted(
        Card(
            card["name"],
            card["desc"],
            card["start"],
            card["due"],
            tuple(sorted(each["name"] for each in card["labels"])),
            tuple(sorted(names[each] for each in card["idMembers"])),
            lists[card["id"]]["name"],
            tuple(i["name"] for i in sorted(lists[card["id"]]["checkItems"], key=lambda i: i["pos"])),
        )
        for card in state["cards"]
        if (card["due"] or "").startswith("2100")
    )


class Patient(requests.Session):
    """The session of the peer: to the sandbox in Trello's stead, and again ten seconds after a 429."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def request(self, method: str, url: str, **more: object) -> requests.Response:  # type: ignore[override]
        while True:
            to = url.replace("https://api.trello.com", self._url)
            answer = super().request(method, to, **more)  # type: ignore[arg-type]
            if answer.status_code != 429:
                return answer
            time.sleep(WINDOW)


def peer(box: Handle, cards: list[Card]) -> Callable[[], None]:
    """A board with the label and the people on it; the work is a plain script that makes the cards."""
    client = TrelloClient(api_key=box.key, api_secret=box.token, http_service=Patient(box.url))
    workspace = Organization.from_json(client, client.fetch_json("/organizations/zinaobeldi"))
    board = client.add_board("Peer", organization_id=workspace.id, default_lists=False)
    column = board.add_list("To do")
    people = {each.username: each for each in workspace.get_members()}
    labels = {name: board.add_label(name, "blue") for name in cards[0].labels}
    for username in cards[0].members:
        board.add_member(people[username])

    def work() -> None:
        for each in cards:
            card = column.add_card(
                each.name,
                each.desc,
                labels=[labels[name] for name in each.labels],
                due=each.due,
                assign=[people[username] for username in each.members],
            )
            card.set_start(dt.datetime.fromisoformat(each.start))
            card.add_checklist(each.checklist, each.items)

    return work


# ---- the run


def main(cards: int, backlog: int) -> None:
    if backlog <= LIMIT:
        sys.exit(f"A backlog of {backlog} cards is gone within one window: give more than {LIMIT}.")
    config = shop_sandbox(port=0, latency_ms=LATENCY, jitter_ms=JITTER)
    with tempfile.TemporaryDirectory() as folder, running(config) as box:
        app = ours(box, Path(folder))
        first = measured(box, owe(app, cards))
        made = cards_made(box)
        with running(replace(config)) as other:
            theirs = measured(other, peer(other, made))
            assert Counter(cards_made(other)) == Counter(made), "the cards differ"
        compare(cards, first, theirs)
        fixed = measured(box, owe(app, backlog, FAR.replace(year=2110)))
        control(box, "POST", "switches", {"sliding_window": True})
        sliding = measured(box, owe(app, backlog, FAR.replace(year=2120)))
        app.close()
    print(f"\n{backlog} cards, {LIMIT} requests allowed in ten seconds")
    print(f"{'':22}{'budget used':>12}{'fullest 10 s':>14}{'429s':>6}{'seconds':>9}")
    for name, log, used in (
        ("fixed windows", fixed, fixed.fixed()),
        ("sliding windows", sliding, sliding.sliding()),
    ):
        print(f"{name:22}{used:12.1%}{log.fullest():14}{log.refused:6}{log.seconds:9.1f}")


def compare(cards: int, mine: Log, theirs: Log) -> None:
    at_best = (math.ceil(cards / LIMIT) - 1) * WINDOW + LATENCY / 1000
    print(f"{cards} cards with an eight-item checklist, answers in {LATENCY} ± {JITTER} ms")
    print(f"{'':22}{'requests a card':>16}{'429s':>6}{'seconds':>9}")
    for name, log in (("trello-ops", mine), ("py-trello", theirs)):
        print(f"{name:22}{len(log.at) / cards:16.2f}{log.refused:6}{log.seconds:9.1f}")
    print(f"{'limit, 1 a card':22}{1:16.2f}{0:6}{at_best:9.1f}")
    ratio = len(theirs.at) / len(mine.at)
    print(f"{'py-trello ÷ trello-ops':22}{ratio:16.2f}{'':6}{theirs.seconds / mine.seconds:9.1f}", flush=True)


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    main(*(int(each) for each in (*sys.argv[1:], *("200", "500")[len(sys.argv) - 1 :])))
