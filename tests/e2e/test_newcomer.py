"""A newcomer's first day, typed into real processes: two shells, one sandbox, no help.

It is lived at chosen instants, by processes that find themselves there: what holds must hold on any day.
"""

import datetime as dt
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from clock_kit import environment_at
from live_kit import Live, until
from oracle import Duty, Files, Oracle, Trello, disagreements

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import Handle

pytestmark = pytest.mark.timeout(300)  # Trello's request limits are waited out for real

Json = dict[str, Any]
Cards = dict[str, list[Json]]

DAY, QUARTER = dt.timedelta(days=1), dt.timedelta(minutes=15)
LONG_ENOUGH = dt.timedelta(seconds=20)
"""After an instant that is just before something happens, it has."""

COMMAND = (sys.executable, "-m", "trello_ops")
SECRETS = shop_sandbox()


@dataclass(frozen=True)
class When:
    """Local to a zone, in ISO 8601; `why` says what is special about it."""

    local: str
    zone: str = "Africa/Casablanca"
    why: str = ""

    def __str__(self) -> str:
        return f"{self.local} {self.why}".strip()

    @property
    def instant(self) -> dt.datetime:
        at = dt.datetime.fromisoformat(self.local).replace(tzinfo=ZoneInfo(self.zone))
        return at.astimezone(dt.UTC)


SAMPLE = (When("2026-12-31T23:59:45", why="into the new year"),)
EVERY = (
    *(When(f"2026-12-{day:02d}T00:05") for day in range(7, 14)),
    *(When(f"2026-12-{day:02d}T23:55") for day in range(7, 14)),
    *(When(f"2026-12-{day:02d}T12:00") for day in range(7, 14)),
    When("2026-12-02T09:30", why="a morning"),
    When("2028-02-29T09:30", why="the leap day"),
    When("2028-02-28T23:59:45", why="into the leap day"),
    When("2027-03-28T01:59:45", "Europe/Paris", "as clocks go forward"),
    When("2027-03-28T12:00", "Europe/Paris", "the day of 23 hours"),
    When("2027-10-31T02:59:45", "Europe/Paris", "as clocks go back"),
    When("2027-10-31T12:00", "Europe/Paris", "the day of 25 hours"),
    When("2026-12-14T06:59:45", why="the minute of the close"),
    When("2027-01-04T06:59:45", why="the close of a week 53"),
)
INSTANTS = (
    *(pytest.param(when, id=str(when), marks=pytest.mark.slow) for when in SAMPLE),
    *(pytest.param(when, id=str(when), marks=pytest.mark.soak) for when in EVERY),
)


class Shell:
    """A folder, three settings, the sandbox's address and a time; remembers whatever was said in it."""

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

    def set_time(self, instant: dt.datetime) -> None:
        """When the commands to come find themselves."""
        self.environment |= environment_at(instant)

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


def _edit_boards(folder: Path, zone: str) -> None:
    """Have the shop work every day of the week, in a zone of its own.

    Trello's request limits make applying slow, so that the monthly board is done without.
    """
    (folder / "boards" / "monthly.yaml").unlink()
    for name, old, new in (
        ("workspace.yaml", "timezone: Africa/Casablanca", f"timezone: {zone}"),
        ("daily.yaml", "on: mon-sat", "on: mon-sun"),
    ):
        file = folder / "boards" / name
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize("when", INSTANTS)
def test_the_first_day(trello: Live, tmp_path: Path, when: When) -> None:
    folder = tmp_path / "shop"
    shell = Shell(tmp_path, trello.url)
    _set_up(trello, shell, folder, when)
    files = Files(folder / "boards")
    stood, cards, ticked = _live(trello, shell, files, when)

    assert {key: len(found) for key, found in cards.items()} == dict.fromkeys(cards, 1)
    at = trello.now()
    assert stood <= cards.keys()
    assert cards.keys() <= {duty.key for duty in _released(files, when.instant - DAY, at)}
    for report in (shell.json("status")["week"], shell.json("report")):
        oracle = Oracle(trello.state(), folder / "boards")
        assert disagreements(report, oracle, at) == []
        if ticked in (found := {line["key"]: line for line in report["occurrences"]}):
            assert (found[ticked]["outcome"], found[ticked]["completed_by"]) == ("on_time", "youssef")
    _check_the_close(trello, shell, files, at)
    _check_that_nobody_told(shell, tmp_path)


def _set_up(trello: Live, shell: Shell, folder: Path, when: When) -> None:
    """A day before; the daemon comes later."""
    shell.set_time(when.instant - DAY)
    trello.set_clock(when.instant - DAY)
    shell.run("init", str(folder))
    shell.folder = folder
    _edit_boards(folder, when.zone)

    assert "Aucune erreur" in shell.run("validate")
    assert "Suivi quotidien" in shell.run("plan")
    assert trello.state()["boards"] == []
    shell.run("apply")
    written = len(trello.writes())
    assert "Rien à changer" in shell.run("apply")
    assert len(trello.writes()) == written > 0
    shell.run("tick")


def _live(trello: Live, shell: Shell, files: Files, when: When) -> tuple[set[str], Cards, str | None]:
    """Two daemons from `when` on: what stood then, every card in the end, and which one was done."""
    shell.set_time(when.instant)
    trello.set_clock(when.instant)
    quick = {
        "TRELLO_OPS_OBSERVE_SECONDS": "1",
        "TRELLO_OPS_ISSUE_SECONDS": "1",
        "TRELLO_OPS_REPORT_SECONDS": "1",
    }
    with shell.daemon(**quick, TRELLO_OPS_LOG_LEVEL="debug"), shell.daemon(**quick):
        standing = files.standing(when.instant)
        stood = {duty.key for duty in standing}
        cards = until(lambda: _all(stood, Trello(trello.state(), files).cards))
        lasting = sorted(d.key for d in standing if d.due > when.instant + QUARTER)
        ticked = next(iter(lasting), None)
        if ticked:
            trello.tick(cards[ticked][0], "youssef_zina")
            done_in = _week_of(files, ticked, standing)
            until(lambda: _line(shell.json("report", "--week", done_in), ticked)["completed_at"])
        time.sleep(max(0.0, (when.instant + LONG_ENOUGH - trello.now()).total_seconds()))
        _wait_for_the_close(trello, shell, files, when)
        until(
            lambda: _all(
                {duty.key for duty in files.standing(trello.now())}, Trello(trello.state(), files).cards
            )
        )
    return stood, Trello(trello.state(), files).cards, ticked


def _wait_for_the_close(trello: Live, shell: Shell, files: Files, when: When) -> None:
    """Where a week closed meanwhile that had duties: until its report went out."""
    if when.instant < files.closes(_week_before(files, trello.now())) <= trello.now():
        mails = shell.folder / "mail"
        until(lambda: list(mails.glob("*.eml")) if mails.is_dir() else None)


def _check_the_close(trello: Live, shell: Shell, files: Files, at: dt.datetime) -> None:
    """The week that closed last, as it was frozen, where the shop was there already."""
    report = shell.json("report", "--week", "last")
    if report["frozen_at"]:
        assert disagreements(report, Oracle(trello.state(), shell.folder / "boards")) == []
        assert report["week"] == _week_before(files, at)


def _week_of(files: Files, key: str, duties: list[Duty]) -> str:
    due = next(duty.due for duty in duties if duty.key == key)
    return due.astimezone(files.zone).strftime("%G-W%V")


def _week_before(files: Files, at: dt.datetime) -> str:
    return (at.astimezone(files.zone) - 7 * DAY).strftime("%G-W%V")


def _released(files: Files, begin: dt.datetime, end: dt.datetime) -> list[Duty]:
    """The duties that stood at any time between."""
    weeks = {(begin + n * DAY).astimezone(files.zone).strftime("%G-W%V") for n in range(-1, 9)}
    duties = [d for week in weeks for d in files.due_in(week) if not d.excused]
    return [d for d in duties if d.release <= end and d.due > begin]


def _all(keys: set[str], cards: Cards) -> Cards | None:
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
