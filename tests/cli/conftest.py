"""A folder with a small declaration, a sandbox where it is wanted, and the command line to use on both."""

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
import structlog
import time_machine
from click.testing import CliRunner, Result
from clock_kit import environment_at

from trello_ops.cli import commands
from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import Handle, running

Invoke = Callable[..., Result]

WORKSPACE = """\
key: shop
name: The shop
trello_workspace: zinaobeldi
locale: en
timezone: UTC
people:
  amal: {trello: amal_zina, name: Amal Benali}
themes:
  operations: {title: Operations, colour: orange}
report:
  to: [manager@shop.example, owner@shop.example]
"""

DAILY = """\
title: Every day
cadence: daily
on: [mon, tue, wed, thu, fri, sat, sun]
due: "23:59"
tasks:
  parcels:
    title: Send the parcels
    theme: operations
    template: parcels.md
    assign: amal
"""

TEMPLATE = """\
---
title: "{{ task.title }}"
checklists:
  - title: Steps
    items: [Pack, Send]
---
Before noon, please.
"""


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """A command sets up logging for its process; tests go on in theirs."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


NOON = dt.datetime(2026, 12, 2, 12, 0, tzinfo=dt.UTC)
"""On a Wednesday."""


@pytest.fixture
def now() -> dt.datetime:
    """When a test begins; a file of tests may have its own."""
    return NOON


@pytest.fixture(autouse=True)
def _at_a_chosen_time(monkeypatch: pytest.MonkeyPatch, now: dt.datetime) -> Iterator[None]:
    """For the commands of this process and of others: what is due never depends on today."""
    for name, text in environment_at(now).items():
        monkeypatch.setenv(name, text)
    with time_machine.travel(now, tick=True):
        yield


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with one board of one daily task, and no settings from outside."""
    for name in [name for name in os.environ if name.startswith("TRELLO_OPS_")]:
        monkeypatch.delenv(name)
    (tmp_path / "boards").mkdir()
    (tmp_path / "boards" / "workspace.yaml").write_text(WORKSPACE)
    (tmp_path / "boards" / "daily.yaml").write_text(DAILY)
    (tmp_path / "templates" / "cards").mkdir(parents=True)
    (tmp_path / "templates" / "cards" / "parcels.md").write_text(TEMPLATE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def invoke(folder: Path) -> Invoke:
    """Run a command in the folder, as somebody would."""

    def call(*args: str) -> Result:
        return CliRunner().invoke(commands, args, prog_name="trello-ops")

    return call


@pytest.fixture
def sandbox(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Handle]:
    """A sandbox that the folder's settings name, and short patience with it."""
    with running(shop_sandbox(port=0, rate_limit=False)) as handle:
        settings = {
            "TRELLO_URL": handle.url,
            "DATABASE_URL": "sqlite:///trello-ops.sqlite3",
            "TRELLO_KEY": handle.key,
            "TRELLO_TOKEN": handle.token,
            "SETTLE_SECONDS": "0.3",
            "REQUEST_TIMEOUT_SECONDS": "3",
            "LEASE_SECONDS": "10.5",
        }
        (folder / ".env").write_text(
            "".join(f"TRELLO_OPS_{name}={value}\n" for name, value in settings.items())
        )
        yield handle


class Trello:
    """The sandbox as a person and its keeper see it."""

    def __init__(self, sandbox: Handle) -> None:
        self._sandbox = sandbox
        granted = self.control("tokens", {"username": "amal_zina", "name": "Amal Benali"})
        self._amal = {"key": sandbox.key, "token": granted["token"]}

    def control(self, route: str, sent: object) -> dict[str, str]:
        answer = requests.post(f"{self._sandbox.url}/sandbox/{route}", json=sent, timeout=5)
        answer.raise_for_status()
        found: dict[str, str] = answer.json()
        return found

    def _state(self, what: str) -> list[dict[str, object]]:
        state = requests.get(f"{self._sandbox.url}/sandbox/state", timeout=5).json()
        found: list[dict[str, object]] = state[what]
        return found

    @property
    def boards(self) -> list[dict[str, object]]:
        return self._state("boards")

    @property
    def cards(self) -> list[dict[str, object]]:
        return [card for card in self._state("cards") if not card["isTemplate"]]

    def make(self, path: str, **params: str) -> dict[str, str]:
        """Something new, such as a board, as a person makes it."""
        answer = requests.post(f"{self._sandbox.url}/1{path}", params={**self._amal, **params}, timeout=5)
        answer.raise_for_status()
        made: dict[str, str] = answer.json()
        return made

    def tick(self, card: dict[str, object]) -> None:
        url = f"{self._sandbox.url}/1/cards/{card['id']}"
        requests.put(url, params={**self._amal, "dueComplete": "true"}, timeout=5).raise_for_status()


@pytest.fixture
def trello(sandbox: Handle) -> Trello:
    return Trello(sandbox)
