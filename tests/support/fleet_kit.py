"""Nodes as processes of their own, over shops that a file names. Run as a script: one node.

The file holds, by the name of each shop, its settings as environment variables. Who changes it, changes the
fleet.
"""

import datetime as dt
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from clock_kit import environment_at, now
from live_kit import DAILY, Live, apply, small_shop

from trello_ops.adapters.clock import ShiftedClock
from trello_ops.adapters.store.postgres import open_server
from trello_ops.app import open_app
from trello_ops.cli import streams
from trello_ops.cli.fleet_run import serve
from trello_ops.fleet.bounds import Bounds
from trello_ops.fleet.tenant import Fleet, Tenant
from trello_ops.settings import Settings, load
from trello_ops.telemetry import configure_logging, redactor

QUICK = {
    "issue_seconds": 1,
    "observe_seconds": 30,
    "report_seconds": 60,
    "request_timeout_seconds": 4,
    "lease_seconds": 9,
    "settle_seconds": 4,
}
_EVERY_DAY = DAILY.replace("mon-sat", "mon-sun").replace('release: "06:00"', 'release: "00:00"')
_DOING = "SELECT lock, worker_id FROM procrastinate_jobs WHERE status = 'doing' AND lock IS NOT NULL"


def read_fleet(file: Path) -> Fleet:
    shops = json.loads(file.read_text("utf-8"))
    tenants = {name: Tenant(name, "", load(env, None)) for name, env in shops.items()}
    return Fleet(tenants, workspaces={name: name for name in tenants})


def own_settings(address: str, public_url: str, bind: str) -> Settings:
    """A node's own."""
    given = {"DATABASE_URL": address, "PUBLIC_URL": public_url, "WEB_BIND": bind or "off"}
    env = {f"TRELLO_OPS_{name}": value for name, value in given.items() if value}
    return load(env, None, elsewhere=("trello_secret",))


@dataclass
class Shops:
    """Small shops of one local Trello, each with a token of its own, and the nodes that tend them."""

    trello: Live
    folder: Path
    address: str
    nodes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    replaced: list[subprocess.Popen[bytes]] = field(default_factory=list)
    """Nodes that ended by themselves, and in whose place another was started."""
    public_url: str = ""
    way: str = ""
    """The address by which nodes reach the database, where it is another one."""

    @property
    def file(self) -> Path:
        return self.folder / "fleet.json"

    def add(self, *names: str) -> None:
        """Declare more shops, whose boards are made as of yesterday: today's cards are due to be made."""
        shops = json.loads(self.file.read_text("utf-8")) if self.file.exists() else {}
        yesterday = ShiftedClock(now() - dt.timedelta(days=1))
        self.trello.set_clock(yesterday.now())
        with closing(open_server(self.address)) as database:
            for name in names:
                shops[name] = self._environment(name)
                settings = load(shops[name], None)
                opened = open_app(settings, yesterday, database=database, neighbours=shops)
                with closing(opened) as app:
                    app.take_up()
                    apply(app)
        self.trello.set_clock(now())
        self._declare(shops)

    def _environment(self, name: str) -> dict[str, str]:
        """The settings of a new shop, in a place where it is about noon now, whenever that is."""
        boards = small_shop(self.folder / name) / "boards"
        noon = f"timezone: Etc/GMT{now().hour - 12:+d}"
        workspace = (boards / "workspace.yaml").read_text("utf-8")
        workspace = workspace.replace("key: small", f"key: {name}").replace("timezone: Europe/Paris", noon)
        (boards / "workspace.yaml").write_text(workspace, "utf-8")
        (boards / "daily.yaml").write_text(_EVERY_DAY.replace("Quotidien", f"Quotidien {name}"), "utf-8")
        given = {"trello_token": self.new_token(), "database_url": self.address, **QUICK}
        if self.public_url:
            given |= {"public_url": self.public_url, "trello_secret": self.trello.secret}
        return self.trello.environment(self.folder / name, **given)

    def new_token(self) -> str:
        """A token that no shop has yet."""
        token: str = self.trello.control("POST", "tokens", {"scopes": ["read", "write"]})["token"]
        return token

    def remove(self, name: str) -> None:
        """Take a shop out of what is declared."""
        shops = json.loads(self.file.read_text("utf-8"))
        del shops[name]
        self._declare(shops)

    def _declare(self, shops: dict[str, dict[str, str]]) -> None:
        new = self.file.with_suffix(".new")
        new.write_text(json.dumps(shops), "utf-8")
        new.replace(self.file)
        self.names = list(shops)

    def start_node(
        self,
        term_seconds: float = 600,
        bind: str = "",
        ahead: dt.timedelta = dt.timedelta(),
        within: tuple[str, ...] = (),
    ) -> subprocess.Popen[bytes]:
        """One more node, which listens for Trello's calls where it is to `bind`. Its log goes to a file.

        Its machine's clock is `ahead`. `within` is a command that runs it, as in another network.
        """
        with (self.folder / f"node-{len(self.nodes)}.log").open("wb") as log:
            node = subprocess.Popen(
                [*within, *self._command(term_seconds, bind)],
                stdout=log,
                stderr=log,
                env={**os.environ, **(environment_at(now() + ahead) if ahead else {})},
            )
        self.nodes.append(node)
        return node

    def _command(self, term_seconds: float, bind: str) -> list[str]:
        own = [self.way or self.address, self.public_url, bind]
        return [sys.executable, __file__, str(self.file), str(term_seconds), *own]

    def log(self, node: subprocess.Popen[bytes]) -> str:
        return (self.folder / f"node-{self.nodes.index(node)}.log").read_text("utf-8")

    def number_of(self, node: subprocess.Popen[bytes]) -> int:
        """The number that the queue knows a node by."""
        its = dict.fromkeys(self._told(node, "group.begun"))
        # What it had at first it may have left to a node that came later.
        for left in self._told(node, "group.ended"):
            its.pop(left, None)
        return self.in_hand()[next(iter(its))]

    def shops_of(self, node: subprocess.Popen[bytes]) -> list[str]:
        """The shops that a node tends, by its log."""
        lines = [json.loads(line) for line in self.log(node).splitlines()]
        left = Counter(line["group"] for line in lines if line["event"] == "group.ended")
        begun = Counter(line["group"] for line in lines if line["event"] == "group.begun")
        shops = {line["group"]: line["shops"] for line in lines if line["event"] == "group.begun"}
        return [name for group in begun - left for name in shops[group]]

    def _told(self, node: subprocess.Popen[bytes], event: str) -> list[str]:
        """The groups of an event's lines in a node's log."""
        lines = [json.loads(line) for line in self.log(node).splitlines() if f'"{event}"' in line]
        return [line["group"] for line in lines]

    def none_ended(self) -> bool:
        assert [node.poll() for node in self.nodes] == [None] * len(self.nodes), self.log(self.nodes[0])
        return True

    def in_hand(self) -> dict[str, int]:
        """Each group that a node alive has in hand, and the number of that node."""
        alive = " AND worker_id IN (SELECT id FROM procrastinate_workers"
        # Not before a node has made the tables.
        with suppress(psycopg.errors.UndefinedTable), psycopg.connect(self.address) as server:
            return dict(
                server.execute(_DOING + alive + " WHERE last_heartbeat > now() - interval '8 s')").fetchall()
            )
        return {}

    def all_in_hand(self, besides: int | None = None) -> bool:
        """Whether a node has each of the shops in hand, another one than that number."""
        found = self.in_hand()
        return len(found) == len(self.names) and besides not in found.values()

    def cards(self) -> list[int]:
        """How many cards each task of each shop has today. More than one never is right."""
        state = self.trello.state()
        found: dict[str, int] = {}
        for card in state["cards"]:
            marker = card["desc"].partition("trello-ops:card:")[2].split()
            if marker:
                found[marker[0]] = found.get(marker[0], 0) + 1
        return list(found.values())

    def all_issued(self, more: int = 0) -> bool:
        """Whether each of the three tasks of each shop has its card, once, and so many `more` are there."""
        counts = self.cards()
        assert set(counts) <= {1}, counts
        return len(counts) == 3 * len(self.names) + more

    @contextmanager
    def until_here(self) -> Iterator[None]:
        """Its nodes end with the block."""
        try:
            yield
        finally:
            for node in self.nodes:
                node.kill()
                node.wait()


@contextmanager
def shops(trello: Live, folder: Path, address: str) -> Iterator[Shops]:
    """Shops without any yet; their nodes end with the block."""
    made = Shops(trello, folder, address)
    with made.until_here():
        yield made


if __name__ == "__main__":
    streams.take_over()
    configure_logging("info", "json", redactor(()))
    _file, _term, *_own = sys.argv[1:]
    serve(own_settings(*_own), lambda: read_fleet(Path(_file)), Bounds(threads=8, term_seconds=float(_term)))
