"""run and sandbox as processes of their own: what they print, and how they end."""

import re
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import Result
from process_kit import started, until

from trello_sandbox.server import Handle

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_run_makes_todays_card_once_and_ends_when_asked(
    invoke: Invoke, trello: Any, sandbox: Handle, folder: Path, number: signal.Signals
) -> None:
    assert invoke("apply").exit_code == 0
    with started("run", folder=folder) as daemon:
        until(lambda: bool(trello.cards))
        asked = time.monotonic()
        daemon.send_signal(number)
        stdout, stderr = daemon.communicate(timeout=20)
    assert time.monotonic() - asked < 12
    assert daemon.returncode == 0
    assert stdout == ""
    assert "card.issued" in stderr
    assert "Traceback" not in stderr
    assert sandbox.token not in stderr
    assert len(trello.cards) == 1


def test_sandbox_prints_what_to_copy_and_keeps_its_data(folder: Path) -> None:
    key, token = "a" * 32, "b" * 64
    given = ("--port", "0", "--data", "kept/trello.json", "--key", key, "--token", token, "--no-rate-limit")
    for visit in range(2):
        with started("sandbox", *given, folder=folder) as sandbox:
            assert sandbox.stdout
            lines = [sandbox.stdout.readline() for _ in range(8)]
            settings = dict(line.strip().split("=") for line in lines if line.startswith("TRELLO_OPS_"))
            assert settings["TRELLO_OPS_TRELLO_KEY"] == key
            assert settings["TRELLO_OPS_TRELLO_TOKEN"] == token
            url = settings["TRELLO_OPS_TRELLO_URL"]
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
            credentials = {"key": key, "token": token}
            boards = f"{url}/1/members/me/boards"
            assert len(requests.get(boards, params=credentials, timeout=5).json()) == visit
            if not visit:
                board = {**credentials, "name": "Kept"}
                requests.post(f"{url}/1/boards", params=board, timeout=5).raise_for_status()
            sandbox.terminate()
            assert sandbox.wait(timeout=10) == 0
            assert sandbox.stderr
            assert sandbox.stderr.read() == ""
    assert token not in (folder / "kept" / "trello.json").read_text()


def test_sandbox_says_when_its_address_is_taken(invoke: Invoke, sandbox: Handle) -> None:
    result = invoke("sandbox", "--port", sandbox.url.rpartition(":")[2])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: The sandbox cannot be served: ")


def test_demo_refuses_no_weeks(invoke: Invoke) -> None:
    result = invoke("demo", "--weeks", "0")
    assert result.exit_code == 2
    assert "--weeks" in result.stderr
