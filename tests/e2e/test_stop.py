"""SIGTERM ends the daemon within five seconds, whatever it has in hand."""

import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from live_kit import PARIS, Live, apply, live, small_shop, until
from mail_kit import MailServer, after, serving

from trello_ops.adapters.clock import SystemClock
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import ReportPolicy
from trello_ops.core.mails import reports_of
from trello_ops.operations.report import account

pytestmark = pytest.mark.slow

RECIPIENT = "gerante@example.org"


@pytest.fixture
def trello() -> Iterator[Live]:
    with live() as trello:
        yield trello


@contextmanager
def daemon(trello: Live, folder: Path, **settings: object) -> Iterator[subprocess.Popen[bytes]]:
    given = {**os.environ, **trello.environment(folder, **settings)}
    if "smtp_url" in settings:
        del given["TRELLO_OPS_MAIL_DIR"]
    command = [sys.executable, "-m", "trello_ops", "run"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, cwd=folder, env=given, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def end(process: subprocess.Popen[bytes], signals: int = 1) -> float:
    """How long it takes to end, with exit code 0."""
    begun = time.monotonic()
    for _ in range(signals):
        process.send_signal(signal.SIGTERM)
        time.sleep(0.2)
    assert process.wait(10) == 0
    return time.monotonic() - begun


def plain(port: int) -> str:
    """The address of a mail server without encryption."""
    return f"smtp://127.0.0.1:{port}?starttls=never"


def prepare(trello: Live, folder: Path, *recipients: str) -> None:
    """A shop on Trello, with a report that these are owed."""
    with trello.app(small_shop(folder), SystemClock()) as app:
        apply(app)
        last = IsoWeek.at(SystemClock().now(), PARIS).previous()
        app.services.store.freeze(account(app.context(), last), reports_of(ReportPolicy(recipients), last))


def in_hand(folder: Path) -> Callable[[], object]:
    """Whether a claim on a mail is held."""

    def look() -> object:
        with closing(sqlite3.connect(folder / "ops.sqlite3")) as store:
            return store.execute("SELECT * FROM claims WHERE key LIKE 'mail:%'").fetchall()

    return look


def test_during_the_long_wait_for_a_mail_server(trello: Live, tmp_path: Path) -> None:
    prepare(trello, tmp_path, RECIPIENT)
    server = MailServer(DATA=after(8))
    with (
        serving(server) as port,
        daemon(trello, tmp_path, smtp_url=plain(port)) as process,
    ):
        until(lambda: server.accepted)
        assert end(process) < 5
        assert in_hand(tmp_path)(), "what may have gone out is left claimed"
        with daemon(trello, tmp_path, smtp_url=plain(port)) as again:
            until(lambda: "daemon.started" in (tmp_path / "log").read_text())
            time.sleep(3)
            assert end(again) < 5
    assert server.asked.count("MAIL") == 1, "nobody sends it again at once"


def test_during_a_slow_request_to_trello(trello: Live, tmp_path: Path) -> None:
    prepare(trello, tmp_path)
    trello.fault(path="/1/", count=100, delay=8)
    with daemon(trello, tmp_path) as process:
        until(lambda: "daemon.started" in (tmp_path / "log").read_text())
        time.sleep(1)
        assert end(process) < 5


def listens(pid: int) -> bool:
    """Whether a process has something of its own for SIGTERM, as Linux tells."""
    (mask,) = re.findall(r"SigCgt:\s*(\w+)", Path(f"/proc/{pid}/status").read_text())
    return bool(int(mask, 16) & 1 << signal.SIGTERM - 1)


@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="only Linux tells what a process listens to"
)
def test_while_the_database_is_locked_at_its_start(trello: Live, tmp_path: Path) -> None:
    prepare(trello, tmp_path)
    with closing(sqlite3.connect(tmp_path / "ops.sqlite3", isolation_level=None)) as store:
        store.execute("BEGIN IMMEDIATE")
        with daemon(trello, tmp_path) as process:
            until(lambda: listens(process.pid))
            time.sleep(1)
            assert end(process) < 5


def test_a_second_signal_ends_it_at_once(trello: Live, tmp_path: Path) -> None:
    prepare(trello, tmp_path)
    trello.fault(path="/1/", count=100, delay=8)
    with daemon(trello, tmp_path) as process:
        until(lambda: "daemon.started" in (tmp_path / "log").read_text())
        time.sleep(1)
        assert end(process, signals=2) < 2


def test_an_idle_daemon_ends_by_itself(trello: Live, tmp_path: Path) -> None:
    prepare(trello, tmp_path)
    with daemon(trello, tmp_path) as process:
        until(lambda: "daemon.started" in (tmp_path / "log").read_text())
        time.sleep(2)
        assert end(process) < 5
    assert "daemon.stopped" in (tmp_path / "log").read_text()


def test_while_a_template_runs_away_and_it_goes_on_by_what_was_in_force(trello: Live, tmp_path: Path) -> None:
    prepare(trello, tmp_path)
    log = tmp_path / "log"
    with daemon(trello, tmp_path) as process:
        until(lambda: "daemon.started" in log.read_text())
        (tmp_path / "templates" / "cards" / "news.md").write_text(
            "\n{{ 1 | round(100000000, 'ceil') }}", "utf-8"
        )
        until(lambda: "declaration.refused" in log.read_text())
        assert "news.md:2:1: takes far too long" in log.read_text()
        with closing(sqlite3.connect(tmp_path / "ops.sqlite3")) as store:
            subjects = {subject for (subject,) in store.execute("SELECT subject FROM problems")}
        assert "job:declaration" in subjects
        (tmp_path / "templates" / "cards" / "news.md").write_text(
            "{{ 2 | round(100000000, 'ceil') }}", "utf-8"
        )
        time.sleep(1)
        assert end(process) < 5
