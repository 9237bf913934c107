"""trello-ops sandbox --apply: a local Trello with the declared boards in it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from click.testing import Result

from trello_ops.settings import load

pytestmark = pytest.mark.slow

Invoke = Callable[..., Result]


@contextmanager
def sandbox(folder: Path) -> Iterator[str]:
    """The sandbox as a process; what it says on standard error once the boards are in, or cannot be."""
    command = [
        sys.executable, "-m", "trello_ops", "sandbox",
        "--port", "0", "--data", "kept/trello.json", "--apply",
    ]  # fmt: skip
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert process.stderr
        assert process.stderr.readline().startswith("Bringing in the declared boards")
        yield process.stderr.readline()
        process.terminate()
        assert process.wait(timeout=20) == 0
    finally:
        process.kill()
        process.communicate()


def test_the_declared_boards_are_in_it_once_and_the_credentials_stay(folder: Path) -> None:
    tokens = set()
    for _ in range(2):
        with sandbox(folder) as said:
            assert said.startswith("The declared boards are in it: open http://127.0.0.1:")
            settings = load({}, folder / "kept" / "trello.env")
            home = requests.get(settings.trello_url, headers={"Accept-Language": "en"}, timeout=9).text
            assert re.findall(r'<strong dir="auto">(.*?)</strong><span>(.*?)<', home) == [
                ("Every day", "1 card")
            ]
            assert settings.trello_token
            tokens.add(settings.trello_token.get_secret_value())
    assert len(tokens) == 1
    assert (folder / "kept" / "trello.env").stat().st_mode & 0o777 == (0o600 if os.name == "posix" else 0o666)


def test_what_it_keeps_are_settings_for_every_other_command(invoke: Invoke, folder: Path) -> None:
    with sandbox(folder):
        (folder / ".env").write_text((folder / "kept" / "trello.env").read_text("utf-8"), "utf-8")
        plan = invoke("plan", "--format", "json")
        assert plan.exit_code == 0, plan.stderr
        assert json.loads(plan.stdout)["changes"] == []


def test_boards_that_cannot_be_read_are_named_and_the_sandbox_serves_on(folder: Path) -> None:
    (folder / "boards" / "daily.yaml").write_text("titel: Every day\n")
    with sandbox(folder) as said:
        assert "daily.yaml" in said
        url = load({}, folder / "kept" / "trello.env").trello_url
        assert requests.get(url, timeout=9).status_code == 200


def test_it_needs_a_file_to_keep_things_beside(invoke: Invoke) -> None:
    result = invoke("sandbox", "--apply")
    assert result.exit_code == 2
    assert "--data" in result.stderr
