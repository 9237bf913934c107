"""trello-ops fleet run on an SQLite file: one process that tends every shop."""

import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from callbacks_kit import free_port
from process_kit import started, until

from trello_sandbox.server import Handle

FLEET = "defaults: {token: ROBOT_TOKEN, templates_from: templates}\nshops: [shops/*/]\n"
HOOKED = "keys: {first: {key: ROBOT_KEY, secret: ROBOT_SECRET}}\n"
QUICK = "TRELLO_OPS_ISSUE_SECONDS=1\nTRELLO_OPS_OBSERVE_SECONDS=1\n"


def add_shop(folder: Path, name: str) -> None:
    boards = folder / "shops" / name / "boards"
    shutil.copytree(folder / "boards", boards)
    for file, old, new in (
        ("workspace.yaml", "key: shop", f"key: {name}"),
        ("daily.yaml", "title: Every day", f"title: Every day of {name}"),
    ):
        (boards / file).write_text((boards / file).read_text().replace(old, new))


@pytest.fixture
def fleet(folder: Path, sandbox: Handle, invoke: Callable[..., Any]) -> Path:
    """A folder with two shops whose boards stand."""
    with (folder / ".env").open("a") as file:
        file.write(f"ROBOT_TOKEN={sandbox.token}\n{QUICK}")
    (folder / "fleet.yaml").write_text(FLEET)
    for name in ("casa", "zina"):
        add_shop(folder, name)
    applied = invoke("fleet", "apply", "--yes")
    assert applied.exit_code == 0, applied.output
    return folder


def test_every_shop_is_tended_until_told_to_stop(fleet: Path, trello: Any, sandbox: Handle) -> None:
    with started("fleet", "run", folder=fleet) as process:
        until(lambda: len(trello.cards) == 2)
        for card in trello.cards:
            trello.tick(card)
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=6)
    assert process.returncode == 0
    assert '"drained": true' in logged
    assert sandbox.token not in logged
    assert len(trello.cards) == 2


def test_what_trello_tells_of_is_read_at_once(fleet: Path, trello: Any, sandbox: Handle) -> None:
    address = f"127.0.0.1:{free_port()}"
    (fleet / "fleet.yaml").write_text(HOOKED + FLEET)
    with (fleet / ".env").open("a") as file:
        file.write(f"ROBOT_KEY={sandbox.key}\nROBOT_SECRET={sandbox.secret}\n")
        file.write(f"TRELLO_OPS_PUBLIC_URL=http://{address}\nTRELLO_OPS_WEB_BIND={address}\n")
        file.write("TRELLO_OPS_OBSERVE_SECONDS=3600\n")

    def count(table: str) -> int:
        with sqlite3.connect(next(fleet.glob("*.sqlite3"))) as store:
            return int(store.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608

    with started("fleet", "run", folder=fleet):
        until(lambda: count("jobs WHERE name = 'report'") == len(trello.cards) == 2)
        assert count("completions") == 0
        for number, card in enumerate(trello.cards, 1):
            trello.tick(card)
            until(lambda number=number: count("completions") == number, 5)  # type: ignore[misc]
