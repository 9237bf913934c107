"""The shop in a sandbox as people find it on a Friday afternoon, and a visitor of the sandbox's pages."""

import datetime as dt
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import requests

from trello_ops import starter
from trello_ops.app import App, open_app
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.operations import issue, observe, reconcile
from trello_ops.settings import load
from trello_ops.testing import FixedClock
from trello_sandbox.server import Handle

CASABLANCA = ZoneInfo("Africa/Casablanca")
THURSDAY = dt.datetime(2026, 11, 19, 6, 5, tzinfo=CASABLANCA)
FRIDAY = dt.datetime(2026, 11, 20, 6, 5, tzinfo=CASABLANCA)


class Visitor:
    """A browser without its looks: fetches pages, sends forms, keeps cookies."""

    def __init__(self, url: str, language: str = "fr") -> None:
        self.url = url
        self.session = requests.Session()
        self.session.headers.update({"Accept-Language": language, "Origin": url})

    def get(self, path: str, **options: Any) -> requests.Response:
        return self.session.get(self.url + path, timeout=20, **options)

    def send(self, path: str, **form: str) -> requests.Response:
        """Submit a form; the answer is that before any redirect."""
        return self.session.post(self.url + path, data=form, timeout=20, allow_redirects=False)

    def be(self, name: str) -> "Visitor":
        """Choose who to be, by full name, from the list that every page shows."""
        member = re.search(rf'<option value="([0-9a-f]+)"[^>]*>{re.escape(name)}', self.get("/").text)
        assert member, f"{name} is not to be chosen"
        assert self.send("/me", person=member[1]).status_code == 303
        return self


@dataclass
class Shop:
    """The shop's own boards on a sandbox, with the product beside it and one clock for both."""

    handle: Handle
    app: App
    clock: FixedClock

    def go_to(self, moment: dt.datetime) -> None:
        """Move both clocks on to an instant; the sandbox's ticks on from there."""
        self.clock.advance_to(moment)
        set_clock(self.handle, moment)

    def issue(self) -> None:
        issue.issue(self.app.context())

    def observe(self) -> int:
        return observe.observe(self.app.context())

    def state(self) -> Any:
        return requests.get(f"{self.handle.url}/sandbox/state", timeout=20).json()

    def link(self, title: str) -> str:
        """The short link of the newest card whose title begins so."""
        cards = [c for c in self.state()["cards"] if c["name"].startswith(title) and not c["isTemplate"]]
        return str(max(cards, key=lambda card: str(card["id"]))["shortLink"])

    def visitor(self, name: str) -> Visitor:
        return Visitor(self.handle.url).be(name)


def set_clock(handle: Handle, moment: dt.datetime) -> None:
    sent = {"now": moment.isoformat()}
    requests.post(f"{handle.url}/sandbox/clock", json=sent, timeout=20).raise_for_status()


@contextmanager
def open_shop(
    handle: Handle, folder: Path, moment: dt.datetime = THURSDAY, pack: str = starter.SHOP
) -> Iterator[Shop]:
    """A pack's boards applied at that moment, and what is due by then issued."""
    boards, templates = folder / "boards", folder / "templates"
    starter.copy((pack,), boards, templates)
    clock = FixedClock(moment)
    settings = {
        "TRELLO_OPS_TRELLO_URL": handle.url,
        "TRELLO_OPS_TRELLO_KEY": handle.key,
        "TRELLO_OPS_TRELLO_TOKEN": handle.token,
        "TRELLO_OPS_BOARDS_DIR": str(boards),
        "TRELLO_OPS_TEMPLATES_DIR": str(templates),
        "TRELLO_OPS_DATABASE_URL": f"sqlite:///{folder / 'shop.sqlite3'}",
    }
    set_clock(handle, moment)
    app = open_app(load(settings, None), clock=clock)
    try:
        shop = Shop(handle, app, clock)
        reconcile.apply(app.context(), reconcile.plan(app.context()).only(EVERY_RISK))
        shop.issue()
        yield shop
    finally:
        app.close()
