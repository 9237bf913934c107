"""The pages of a small shop, as browsers ask for them."""

import asyncio
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from live_kit import small_shop
from starlette.applications import Starlette

from trello_ops.app import App, open_app
from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.links import Link, Opens
from trello_ops.operations.links import new_link
from trello_ops.settings import Settings, load
from trello_ops.telemetry import Tally
from trello_ops.testing.clock import FixedClock
from trello_ops.web.refused import REFUSED
from trello_ops.web.served import create_app


class Browser:
    """Somebody's browser, at an address of the network: it keeps cookies, and follows no redirection."""

    def __init__(self, web: Starlette, runner: asyncio.Runner, address: str, base: str) -> None:
        transport = httpx.ASGITransport(web, raise_app_exceptions=False, client=(address, 50_000))
        self._client = httpx.AsyncClient(transport=transport, base_url=base)
        self._runner = runner
        self.cookies = self._client.cookies

    def get(self, path: str, **headers: str) -> httpx.Response:
        """A page; `if_none_match="…"` sets a header."""
        return self.request("GET", path, **headers)

    def request(self, method: str, path: str, **headers: str) -> httpx.Response:
        """The answer to any request."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._runner.run(self._client.request(method, path, headers=named))


REQUESTS = 40
"""That an address has answered in a minute."""


@dataclass(frozen=True)
class SmallSite:
    """The pages of an app. `clock` is the app's and the machine's."""

    app: App
    clock: FixedClock
    web: Starlette
    runner: asyncio.Runner

    def link(self, choice: Choice = EVERYTHING, opens: Opens = Opens.PAGES) -> tuple[Link, str]:
        """A link and its secret."""
        return new_link(self.app.services.store, self.clock, opens, choice)

    def stranger(self, address: str = "127.0.0.1", base: str = "http://127.0.0.1:8911") -> Browser:
        """A browser without a link."""
        return Browser(self.web, self.runner, address, base)

    def visitor(self, choice: Choice = EVERYTHING) -> Browser:
        """A browser that has been to a secret address."""
        browser = self.stranger()
        assert browser.get(f"/link/{self.link(choice)[1]}").status_code == 303
        return browser


def settings_of(folder: Path, **settings: str) -> Settings:
    """The settings of the small shop in a folder, whose Trello is out of reach."""
    given = {
        "TRELLO_KEY": "k" * 32,
        "TRELLO_TOKEN": "t" * 64,
        "TRELLO_URL": "http://127.0.0.1:1",
        "DATABASE_URL": f"sqlite:///{folder / 'store.sqlite3'}",
        "BOARDS_DIR": str(folder / "boards"),
        "TEMPLATES_DIR": str(folder / "templates"),
        "MAIL_DIR": str(folder / "mails"),
        **{name.upper(): value for name, value in settings.items()},
    }
    return load({f"TRELLO_OPS_{name}": value for name, value in given.items()}, None)


@contextmanager
def site(folder: Path, clock: FixedClock, requests: int = REQUESTS, **settings: str) -> Iterator[SmallSite]:
    """The site of a small shop, made in a folder, by a clock that stands still."""
    small_shop(folder)
    with site_in(folder, clock, requests, **settings) as shop:
        yield shop


@contextmanager
def site_in(
    folder: Path, clock: FixedClock, requests: int = REQUESTS, **settings: str
) -> Iterator[SmallSite]:
    """The site of the shop that is in a folder."""
    # Not entered: its loop is begun by the first browser of ours, as a real one has a loop of its own.
    with (
        closing(open_app(settings_of(folder, **settings), clock)) as app,
        closing(asyncio.Runner()) as runner,
    ):
        tally = Tally("webhook.refused", REFUSED, clock.monotonic)
        yield SmallSite(app, clock, create_app(app, clock, lambda: True, tally, requests=requests), runner)
