"""A newcomer's first quarter of an hour, typed into real processes: two shells, one sandbox, no help."""

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from live_kit import Live, until
from oracle import Files, Oracle, Trello, disagreements

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import Handle

Json = dict[str, Any]

COMMAND = (sys.executable, "-m", "trello_ops")
SECRETS = shop_sandbox()


class Shell:
    """A folder, three settings and the sandbox's address; remembers whatever was said in it."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder
        self.said: list[str] = []
        self.environment = {name: value for name, value in os.environ.items() if "TRELLO_OPS" not in name}
        self.environment |= {
            "TRELLO_OPS_TRELLO_KEY": SECRETS.key,
            "TRELLO_OPS_TRELLO_TOKEN": SECRETS.token,
            "TRELLO_OPS_TRELLO_SECRET": SECRETS.secret,
            "TRELLO_OPS_TRELLO_URL": url,
        }

    def run(self, *arguments: str) -> str:
        """A command that must succeed; what it wrote to standard output."""
        done = subprocess.run(
            [*COMMAND, *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True,
            timeout=100, check=False,
        )  # fmt: skip
        self.said += [done.stdout, done.stderr]
        assert done.returncode == 0, f"{arguments}: {done.stderr}"
        return done.stdout

    def json(self, *arguments: str) -> Json:
        found: Json = json.loads(self.run(*arguments, "--format", "json"))
        return found

    @contextmanager
    def daemon(self, **settings: str) -> Iterator[subprocess.Popen[str]]:
        """`trello-ops run` with its log in a file; it must end with 0 soon after SIGTERM."""
        log = self.folder.parent / f"run-{len(self.said)}.log"
        with log.open("w") as file:
            process = subprocess.Popen(
                [*COMMAND, "run"], cwd=self.folder, env=self.environment | settings, stdout=file, stderr=file,
                text=True,
            )  # fmt: skip
            self.said.append("")
            try:
                yield process
                assert process.poll() is None, log.read_text()
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=8) == 0
            finally:
                process.kill()
                process.wait()
                self.said.append(log.read_text())


@pytest.fixture
def trello(tmp_path: Path) -> Iterator[Live]:
    """`trello-ops sandbox` in a process of its own, with the limits of the real thing."""
    credentials = ("--key", SECRETS.key, "--token", SECRETS.token, "--secret", SECRETS.secret)
    with (tmp_path / "sandbox.log").open("w+") as log:
        process = subprocess.Popen([*COMMAND, "sandbox", "--port", "0", *credentials], stdout=log, stderr=log)
        try:
            url = until(
                lambda: re.search(r"http://127\.0\.0\.1:\d+", (tmp_path / "sandbox.log").read_text())
            )[0]
            yield Live(Handle(url, SECRETS.key, SECRETS.token, SECRETS.secret))
        finally:
            process.terminate()
            assert process.wait(timeout=8) == 0


def _edit_boards(folder: Path) -> None:
    """Have the shop where it is past nine now, and work every day: then each daily duty stands.

    Trello's request limits make applying slow, so that the monthly board is done without.
    """
    (folder / "boards" / "monthly.yaml").unlink()
    east = (9 - dt.datetime.now(dt.UTC).hour + 12) % 24 - 12
    for name, old, new in (
        ("workspace.yaml", "timezone: Africa/Casablanca", f"timezone: Etc/GMT{-east:+d}"),
        ("daily.yaml", "on: mon-sat", "on: mon-sun"),
    ):
        file = folder / "boards" / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")


def test_the_first_quarter_of_an_hour(trello: Live, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    shell = Shell(tmp_path, trello.url)
    shell.run("init", str(folder))
    shell.folder = folder
    _edit_boards(folder)

    assert "No problems" in shell.run("validate")
    assert "Suivi quotidien" in shell.run("plan")
    assert trello.state()["boards"] == []
    shell.run("apply")
    written = len(trello.writes())
    assert "Nothing to change" in shell.run("apply")
    assert len(trello.writes()) == written > 0

    files = Files(folder / "boards")
    quick = {"TRELLO_OPS_OBSERVE_SECONDS": "1", "TRELLO_OPS_ISSUE_SECONDS": "1"}
    with shell.daemon(**quick, TRELLO_OPS_LOG_LEVEL="debug"), shell.daemon(**quick):
        due = {duty.key for duty in files.standing(dt.datetime.now(dt.UTC))}
        assert sum(key.startswith("daily/") for key in due) == 7
        cards = until(lambda: _all(due, Trello(trello.state(), files).cards))
        ticked = next(key for key in sorted(due) if key.startswith("daily/parcels/"))
        trello.tick(cards[ticked][0], "youssef_zina")
        until(lambda: _line(shell.json("status")["week"], ticked)["completed_at"])

    cards = Trello(trello.state(), files).cards
    assert {key: len(found) for key, found in cards.items()} == dict.fromkeys(due, 1)
    for report in (shell.json("status")["week"], shell.json("report")):
        line = _line(report, ticked)
        assert (line["outcome"], line["completed_by"]) == ("on_time", "youssef")
        oracle = Oracle(trello.state(), folder / "boards")
        assert disagreements(report, oracle, dt.datetime.now(dt.UTC)) == []
    _check_that_nobody_told(shell, tmp_path)


def _all(keys: set[str], cards: dict[str, list[Json]]) -> dict[str, list[Json]] | None:
    return cards if keys <= set(cards) else None


def _line(report: Json, key: str) -> Json:
    found: Json = next(line for line in report["occurrences"] if line["key"] == key)
    return found


def _check_that_nobody_told(shell: Shell, folder: Path) -> None:
    """Key, token and secret are in no output, log or file; the sandbox's own output is there to tell them."""
    assert any("trello.request" in said for said in shell.said), "the log of every request was on"
    said = {f"output {number}": text.encode() for number, text in enumerate(shell.said)}
    files = {str(p): p.read_bytes() for p in folder.rglob("*") if p.is_file() and p.name != "sandbox.log"}
    assert any(name.endswith(".sqlite3") for name in files)
    for name, text in (said | files).items():
        for secret in (SECRETS.key, SECRETS.token, SECRETS.secret):
            assert secret.encode() not in text.lower(), f"{name} holds a secret"
