"""A shop over real HTTP: a sandbox, people with tokens of their own, and apps wired as in production."""

import datetime as dt
import http.client
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit
from zoneinfo import ZoneInfo

import requests
from clock_kit import now
from oracle import Oracle, disagreements

from trello_ops.app import App, open_app
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.core.reporting.report import Report
from trello_ops.demo.shop import shop_sandbox
from trello_ops.errors import TrelloOpsError
from trello_ops.operations import reconcile
from trello_ops.operations.report import account
from trello_ops.ports import Clock
from trello_ops.settings import Settings, load
from trello_sandbox.server import Handle, running

Json = dict[str, Any]

CHECKOUT = Path(__file__).parents[2]
PARIS = ZoneInfo("Europe/Paris")
MONDAY = dt.datetime(2026, 11, 16, 6, 30, tzinfo=PARIS)
"""Half an hour after the small shop's cards are released."""

EIGHT = [f"Étape {n}" for n in range(1, 9)]

_WORKSPACE = """\
key: small
name: Petite boutique
trello_workspace: zinaobeldi
locale: fr
timezone: Europe/Paris
people:
  amal: {trello: amal_zina, name: Amal}
  karim: {trello: karim_zina, name: Karim}
themes:
  operations: {title: Opérationnel, colour: orange}
  data: {title: Données, colour: green_light}
excused_label: {title: Excusé, colour: black_light}
report:
  to: [gerante@example.org]
"""

DAILY = """\
title: Quotidien
cadence: daily
on: mon-sat
release: "06:00"
due: "18:00"
lists: {todo: À faire, doing: En cours, done: Terminé}
tasks:
  parcels: {title: Colis, theme: operations, template: parcels.md, assign: [amal, karim]}
  emails: {title: E-mails, theme: operations, template: emails.md, assign: amal}
  news: {title: Actualité, theme: data, template: news.md, assign: karim}
"""

_TEMPLATES = {
    "parcels.md": '---\ntitle: "Colis du {{ occurrence.date }}"\nchecklists:\n  - title: Envoi\n    items: '
    + str(EIGHT)
    + "\n---\nPréparer et envoyer.\n",
    "emails.md": '---\nchecklists:\n  - title: "Courrier du {{ occurrence.date }}"\n'
    "    items: [Lire, Répondre]\n---\nRépondre.\n",
    "news.md": "---\n---\nLire.\n",
}


def small_shop(folder: Path) -> Path:
    """A daily board of three tasks: eight items to copy, two that name the day, no checklist at all."""
    cards = folder / "templates" / "cards"
    for made in (folder / "boards", cards):
        made.mkdir(parents=True)
    (folder / "boards" / "workspace.yaml").write_text(_WORKSPACE, "utf-8")
    (folder / "boards" / "daily.yaml").write_text(DAILY, "utf-8")
    for name, text in _TEMPLATES.items():
        (cards / name).write_text(text, "utf-8")
    return folder


class MovableClock:
    """A clock that ticks, jumps forward when asked to, and takes the sandbox's clock with it.

    Whoever sleeps moves it on, so that nobody waits for a budget, a pause or a claim to settle.
    """

    def __init__(self, live: "Live", start: dt.datetime) -> None:
        self._live = live
        self._lock = threading.Lock()
        self._moved = 0.0
        self._offset = start - now()
        live.set_clock(start)

    def now(self) -> dt.datetime:
        return now() + self._offset

    def monotonic(self) -> float:
        return time.monotonic() + self._moved

    def sleep(self, seconds: float) -> None:
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        with self._lock:
            self._offset += dt.timedelta(seconds=seconds)
            self._moved += seconds
            self._live.set_clock(self.now())

    def advance_to(self, moment: dt.datetime) -> None:
        self.advance(max(0.0, (moment - self.now()).total_seconds()))


class Live:
    """A running sandbox, told what to do by its control routes, and worked on by people."""

    def __init__(self, handle: Handle) -> None:
        self.url, self.key, self.token, self.secret = handle.url, handle.key, handle.token, handle.secret
        self._tokens: dict[str, str] = {}
        self._http = threading.local()

    # ---- control

    def set_clock(self, now: dt.datetime) -> None:
        self.control("POST", "clock", {"now": now.isoformat()})

    def now(self) -> dt.datetime:
        return dt.datetime.fromisoformat(self.control("GET", "clock")["now"])

    def fault(self, **order: object) -> None:
        self.control("POST", "faults", order)

    def reset(self) -> None:
        """An empty Trello that errs in nothing and behaves as we guess; people keep their tokens."""
        self.control("POST", "reset")
        self.turn(**{name: switch["default"] for name, switch in self.switches().items()})

    def switches(self) -> dict[str, Json]:
        found: dict[str, Json] = self.control("GET", "switches")
        return found

    def turn(self, **switches: bool | int) -> None:
        self.control("POST", "switches", switches)

    def state(self) -> Json:
        found: Json = self.control("GET", "state")
        return found

    def forget_requests(self) -> None:
        self.control("DELETE", "requests")

    def requests(self) -> list[Json]:
        found: list[Json] = self.control("GET", "requests")["requests"]
        return found

    def writes(self) -> list[Json]:
        return [each for each in self.requests() if each["method"] != "GET"]

    # ---- people

    def act(self, username: str, method: str, path: str, **params: str) -> Any:
        """A request to the API in somebody's name."""
        query = {"key": self.key, "token": self._token(username), **params}
        return self._send(method, f"/1{path}", params=query)

    def tick(self, card: Json, by: str) -> None:
        self.act(by, "PUT", f"/cards/{card['id']}", dueComplete="true")

    def untick(self, card: Json, by: str) -> None:
        self.act(by, "PUT", f"/cards/{card['id']}", dueComplete="false")

    def move(self, card: Json, title: str, by: str) -> None:
        """To the list of that title on the card's board."""
        lists = self.act(by, "GET", f"/boards/{card['idBoard']}/lists")
        target = next(each["id"] for each in lists if each["name"] == title)
        self.act(by, "PUT", f"/cards/{card['id']}", idList=target)

    def label(self, card: Json, title: str, by: str) -> None:
        labels = self.act(by, "GET", f"/boards/{card['idBoard']}/labels", limit="1000")
        wanted = next(each["id"] for each in labels if each["name"] == title)
        self.act(by, "POST", f"/cards/{card['id']}/idLabels", value=wanted)

    def write_notes(self, list_id: str, count: int, by: str) -> None:
        """Many cards that are none of ours, as fast as can be."""
        query = {"key": self.key, "token": self._token(by), "idList": list_id, "name": "Note", "pos": "top"}
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc)
        for _ in range(count):
            connection.request("POST", f"/1/cards?{urlencode(query)}")
            answer = connection.getresponse()
            assert answer.status < 300, answer.read()
            answer.read()
        connection.close()

    # ---- looking

    def cards(self, key: str) -> list[Json]:
        """Every card that bears an occurrence's marker, archived ones too."""
        return cards(self.state(), key)

    def card(self, key: str) -> Json:
        (found,) = self.cards(key)
        return found

    # ---- apps

    def environment(self, folder: Path, **settings: object) -> dict[str, str]:
        """The settings of an installation in `folder`, as environment variables."""
        given: Mapping[str, object] = {
            "trello_url": self.url,
            "trello_key": self.key,
            "trello_token": self.token,
            "database_url": f"sqlite:///{folder / 'ops.sqlite3'}",
            "boards_dir": folder / "boards",
            "templates_dir": folder / "templates",
            "mail_dir": folder / "mail",
            "web_bind": "off",  # tests that run at once would all have the same port
            **settings,
        }
        return {f"TRELLO_OPS_{name.upper()}": str(value) for name, value in given.items()}

    def settings(self, folder: Path, **settings: object) -> Settings:
        return load(self.environment(folder, **settings), env_file=None)

    @contextmanager
    def app(
        self, folder: Path, clock: Clock, *, new_store: bool = False, **settings: object
    ) -> Iterator[App]:
        app = open_app(self.settings(folder, **settings), clock, new_store=new_store)
        try:
            yield app
        finally:
            app.close()

    # ---- HTTP

    def _token(self, username: str) -> str:
        if username not in self._tokens:
            self._tokens[username] = self.control("POST", "tokens", {"username": username})["token"]
        return self._tokens[username]

    def control(self, method: str, name: str, body: object = None) -> Any:
        return self._send(method, f"/sandbox/{name}", json=body)

    def _send(self, method: str, path: str, **arguments: Any) -> Any:
        if not hasattr(self._http, "session"):
            self._http.session = requests.Session()
            self._http.session.trust_env = False
        answer = self._http.session.request(method, self.url + path, timeout=60, **arguments)
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()


@contextmanager
def live() -> Iterator[Live]:
    """A sandbox in this process, without rate limits."""
    with running(shop_sandbox(port=0, rate_limit=False)) as handle:
        yield Live(handle)


def cards(state: Json, key: str) -> list[Json]:
    """Every card that bears an occurrence's marker, archived ones too."""
    return [card for card in state["cards"] if re.search(f"trello-ops:card:[a-z0-9-]+/{key}", card["desc"])]


def items(state: Json, card: Json) -> list[tuple[str, bool]]:
    """Name of each of a card's check items, and whether it is ticked, by position."""
    lists = [each for each in state["checklists"] if each["idCard"] == card["id"]]
    return [
        (item["name"], item["state"] == "complete")
        for each in sorted(lists, key=lambda each: float(each["pos"]))
        for item in sorted(each["checkItems"], key=lambda item: float(item["pos"]))
    ]


T = TypeVar("T")


def until(look: Callable[[], T | None], seconds: float = 30) -> T:
    """What `look` finds, as soon as it finds something."""
    end, pause = time.monotonic() + seconds, 0.02
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(pause)
        pause = min(0.5, pause * 1.5)  # whoever waits long leaves the processor to what it waits for
    raise AssertionError("waited in vain")


def apply(app: App) -> None:
    """Everything that `trello-ops apply` would do; fails when a change does."""
    context = app.context()
    applied = reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK))
    assert applied.failed == {}


def one_pass(app: App) -> dict[str, TrelloOpsError]:
    """Every job once, in order, as the daemon runs them; what went wrong, by job."""
    outcome = {job.name: app.run(job) for job in app.jobs()}
    return {name: error for name, error in outcome.items() if error}


# ---- the small shop ---------------------------------------------------------------------------------

PARCELS, EMAILS, NEWS = (f"daily/{task}/2026-11-16" for task in ("parcels", "emails", "news"))
TODAY = {PARCELS: EIGHT, EMAILS: ["Lire", "Répondre"], NEWS: []}
"""Monday's occurrences, and the check items of each."""


class Shop:
    """The small shop in a sandbox of its own, on Monday morning."""

    def __init__(self, trello: Live, folder: Path, clock: MovableClock, app: App) -> None:
        self.trello, self.folder, self.clock, self.app = trello, folder, clock, app

    def job(self, name: str) -> None:
        """Run a job that must succeed."""
        error = self.app.run(next(job for job in self.app.jobs() if job.name == name))
        assert error is None, error

    def heal(self) -> None:
        """Pass after pass, until whatever was left behind has settled; the last finds nothing wrong."""
        for _ in range(4):
            one_pass(self.app)
            self.clock.advance(110)
        assert one_pass(self.app) == {}

    def check_today(self) -> None:
        """Each of today's cards once, whole, and nobody waits for anything."""
        state = self.trello.state()
        for key, held in TODAY.items():
            (card,) = cards(state, key)
            assert items(state, card) == [(item, False) for item in held], key
        assert self.app.services.store.claims() == ()
        assert self.app.services.store.problems() == ()

    def outcomes(self) -> dict[str, str]:
        """Of the first week, once it has closed and the oracle agrees."""
        report = self._account().as_dict()
        assert disagreements(report, Oracle(self.trello.state(), self.folder / "boards")) == []
        return {line["key"]: line["outcome"] for line in report["occurrences"]}

    def outcome(self, key: str) -> str:
        """Of one occurrence of the first week, as of now."""
        return next(str(line.outcome) for line in self._account().occurrences if line.key == key)

    def _account(self) -> Report:
        return account(self.app.context(), IsoWeek.parse("2026-W47"))
