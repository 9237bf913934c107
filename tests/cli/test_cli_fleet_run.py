"""trello-ops fleet run on an SQLite file: one process that tends every shop."""

import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from process_kit import started, until

from trello_sandbox.server import Handle

FLEET = "defaults: {token: ROBOT_TOKEN, templates_from: templates}\nshops: [shops/*/]\n"
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


def test_every_shop_is_tended_until_told_to_stop(fleet: Path, trello: Any) -> None:
    with started("fleet", "run", folder=fleet) as process:
        until(lambda: len(trello.cards) == 2)
        for card in trello.cards:
            trello.tick(card)
        process.send_signal(signal.SIGTERM)
        _, logged = process.communicate(timeout=6)
    assert process.returncode == 0
    assert '"drained": true' in logged
    assert len(trello.cards) == 2
