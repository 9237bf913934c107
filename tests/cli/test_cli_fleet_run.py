"""trello-ops fleet run on an SQLite file: one process that tends every shop."""

import json
import shutil
import signal
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import requests
from callbacks_kit import free_port
from process_kit import started, until

from trello_sandbox.server import Handle

FLEET = "defaults: {token: ROBOT_TOKEN, templates_from: templates}\nshops: [shops/*/]\n"
HOOKED = "keys: {first: {key: ROBOT_KEY, secret: ROBOT_SECRET}}\n"
QUICK = "TRELLO_OPS_ISSUE_SECONDS=1\nTRELLO_OPS_OBSERVE_SECONDS=1\nTRELLO_OPS_WEB_BIND=off\n"


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


# ---- secret addresses


def test_the_address_that_fleet_link_prints_shows_that_shop(fleet: Path, invoke: Callable[..., Any]) -> None:
    bind = f"127.0.0.1:{free_port()}"
    with (fleet / ".env").open("a") as file:
        file.write(f"TRELLO_OPS_WEB_BIND={bind}\n")
    made = invoke("fleet", "link", "--shop", "zina")
    assert made.exit_code == 0, made.output
    address = made.stdout.strip()
    assert address.startswith(f"http://{bind}/shops/zina/link/")
    feed = invoke("fleet", "feed", "--shop", "casa", "--board", "daily").stdout.strip()

    with started("fleet", "run", folder=fleet), requests.Session() as browser:
        until(lambda: answers(f"http://{bind}/health/ready"))
        page = browser.get(address, timeout=20)
        assert page.url == f"http://{bind}/shops/zina/"
        assert "Every day of zina" in page.text
        assert browser.get(f"http://{bind}/shops/casa/", timeout=20).status_code == 403
        assert requests.get(feed, timeout=20).text.startswith("BEGIN:VCALENDAR")
        assert "trello_ops_shops" in requests.get(f"http://{bind}/metrics", timeout=20).text


def answers(url: str) -> bool:
    with suppress(requests.ConnectionError):
        return requests.get(url, timeout=5).ok
    return False


def test_addresses_of_a_shop_are_listed_and_revoked(fleet: Path, invoke: Callable[..., Any]) -> None:
    made = json.loads(invoke("fleet", "link", "--shop", "zina", "--format", "json").stdout)
    listed = json.loads(invoke("fleet", "link", "--shop", "zina", "--list", "--format", "json").stdout)
    assert [each["name"] for each in listed["links"]] == [made["name"]]
    assert "No address" in invoke("fleet", "link", "--shop", "casa", "--list").stdout
    assert "No address" in invoke("fleet", "feed", "--shop", "zina", "--list").stdout
    of_another = invoke("fleet", "link", "--shop", "casa", "--revoke", made["name"])
    assert of_another.exit_code == 2
    assert invoke("fleet", "link", "--shop", "zina", "--revoke", made["name"]).exit_code == 0
    listed = json.loads(invoke("fleet", "link", "--shop", "zina", "--list", "--format", "json").stdout)
    assert listed["links"][0]["revoked_at"]


@pytest.mark.parametrize(
    ("args", "code", "told"),
    [
        (("--shop", "zin"), 2, "`zina`"),
        ((), 2, "--shop"),
        (("--shop", "zina", "--board", "dayly"), 2, "daily"),
        (("--shop", "fes"), 2, "workspace.yaml"),
    ],
)
def test_a_shop_or_board_that_is_not_there_is_told(
    fleet: Path, invoke: Callable[..., Any], args: tuple[str, ...], code: int, told: str
) -> None:
    (fleet / "shops" / "fes").mkdir()
    refused = invoke("fleet", "link", *args)
    assert refused.exit_code == code, refused.output
    assert told in refused.stderr
