"""What a process of a fleet serves, over small shops in folders, as browsers ask for it."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from live_kit import small_shop
from site_kit import Browser, settings_of

from trello_ops.adapters.store import Database, SqlStore, open_database
from trello_ops.app import open_app
from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.links import Opens
from trello_ops.fleet.reading import Reading
from trello_ops.fleet.serving import Serving
from trello_ops.fleet.tenant import Fleet, Tenant
from trello_ops.fleet.tending import Tending
from trello_ops.operations.links import new_link
from trello_ops.own_store import store_address
from trello_ops.settings import Settings
from trello_ops.telemetry import Tally
from trello_ops.testing.clock import FixedClock
from trello_ops.web.addresses import entrance, feed
from trello_ops.web.refused import REFUSED


@dataclass
class FleetSite:
    """The shops of a fleet on one SQLite store; `load` is what its process reads."""

    folder: Path
    clock: FixedClock
    settings: Settings
    database: Database
    runner: asyncio.Runner
    fleet: Fleet = field(default_factory=Fleet)
    heard: list[str] = field(default_factory=list)
    alive: bool = True

    def __post_init__(self) -> None:
        self.tending = Tending(self.database, 1, "node", clock=self.clock)
        self.reading = Reading(lambda: self.fleet)
        self.tally = Tally("webhook.refused", REFUSED, self.clock.monotonic)
        self.web = self.serving().create_app(self.heard.append, self.tally)

    def serving(self) -> Serving:
        """What the process serves."""
        return Serving(self.tending, self.settings, self.reading, lambda: self.alive, threading.Event())

    def declare(self, *tenants: Tenant, **problems: str) -> None:
        """Let the fleet consist of these shops, and of those that have a problem."""
        names = [*(tenant.name for tenant in tenants), *problems]
        self.fleet = Fleet(
            {tenant.name: tenant for tenant in tenants},
            problems=problems,
            workspaces={name: name for name in names},
        )
        self.reading.read(-1)

    def shop(self, name: str) -> Tenant:
        """A shop in a folder of its name, in force."""
        folder = self.folder / name
        if not folder.exists():
            workspace = small_shop(folder) / "boards" / "workspace.yaml"
            text = workspace.read_text("utf-8").replace("key: small", f"key: {name}")
            workspace.write_text(text.replace("name: Petite boutique", f"name: Boutique {name}"), "utf-8")
        tenant = Tenant(name, "", settings_of(folder, database_url=store_address(self.settings)))
        with closing(open_app(tenant.settings, self.clock, database=self.database)) as app:
            app.take_up(alarming=True)
        return tenant

    def link(self, name: str, choice: Choice = EVERYTHING, opens: Opens = Opens.PAGES) -> str:
        """A secret of a shop."""
        return new_link(SqlStore(self.database, name), self.clock, opens, choice)[1]

    def stranger(self, base: str = "http://127.0.0.1:8911") -> Browser:
        """A browser without a link."""
        return Browser(self.web, self.runner, "127.0.0.1", base)

    def visitor(self, name: str, choice: Choice = EVERYTHING) -> Browser:
        """A browser that has been to a secret address of a shop."""
        browser = self.stranger()
        found = browser.get(entrance(f"/shops/{name}", self.link(name, choice)))
        assert (found.status_code, found.headers["location"]) == (303, f"/shops/{name}/")
        return browser

    def feed(self, name: str) -> str:
        """The path of a shop's calendar."""
        return feed(f"/shops/{name}", self.link(name, opens=Opens.FEED))


@contextmanager
def fleet_site(folder: Path, clock: FixedClock, **settings: str) -> Iterator[FleetSite]:
    """The site of a fleet without shops yet."""
    own = settings_of(folder, **settings)
    with (
        closing(open_database(store_address(own), new=True)) as database,
        closing(asyncio.Runner()) as runner,
    ):
        yield FleetSite(folder, clock, own, database, runner)
