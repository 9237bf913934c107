"""Standard streams that are closed, full, without a reader or in ASCII: the work is done all the same."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from trello_ops import __version__
from trello_sandbox.server import Handle

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]
Done = subprocess.CompletedProcess[bytes]

READING = (
    "validate",
    "preview parcels",
    "calendar",
    "plan",
    "report",
    "status",
    "history parcels",
    "export",
    "--help",
)
WORKING = ("init new", "apply", "tick", "backup {n}.sqlite3", "recover", "demo --weeks 1 --out demo-{n}")
BROKEN = (">&-", ">/dev/full", "2>&-", "2>/dev/full", "<&-", "<&- >&- 2>&-", ">/dev/full 2>/dev/full")
LOST_OUTPUT = (">&-", ">/dev/full", "<&- >&- 2>&-", ">/dev/full 2>/dev/full")


def run(command: str, redirected: str, folder: Path, **environment: str) -> Done:
    """Run a command in a shell that redirects its streams."""
    return subprocess.run(
        ["/bin/sh", "-c", f'exec "{sys.executable}" -m trello_ops {command} {redirected}'],
        cwd=folder, capture_output=True, check=False, timeout=120, env=os.environ | environment,
    )  # fmt: skip


def judge(done: Done, command: str, redirected: str) -> None:
    """Nothing but one sentence is said of the stream, and the exit code tells of what was to be done."""
    assert b"Traceback" not in done.stdout + done.stderr, done.stderr.decode()
    assert b"Exception ignored" not in done.stderr
    lost = redirected in LOST_OUTPUT
    assert done.returncode == (1 if lost and command in READING else 0), (done.returncode, done.stderr)
    if lost and "2>" not in redirected:
        assert done.stderr.decode().splitlines()[-1].startswith("Standard output cannot be written (")


@pytest.mark.parametrize(
    "redirected", ["2>&-", pytest.param(">/dev/full 2>/dev/full", marks=pytest.mark.slow)]
)
def test_tick_makes_the_card_whatever_becomes_of_what_it_says(
    invoke: Invoke, trello: Any, folder: Path, redirected: str
) -> None:
    assert invoke("apply").exit_code == 0
    judge(run("tick", redirected, folder), "tick", redirected)
    assert len(trello.cards) == 1


@pytest.mark.parametrize("redirected", [">/dev/full", pytest.param(">&-", marks=pytest.mark.slow)])
def test_a_command_that_only_reads_says_so_in_one_line(folder: Path, redirected: str) -> None:
    done = run("preview parcels", redirected, folder)
    judge(done, "preview parcels", redirected)
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.slow
def test_a_plan_is_saved_even_if_it_cannot_be_printed(sandbox: Handle, folder: Path) -> None:
    done = run("plan --out plan.json", ">/dev/full", folder)
    assert done.returncode == 1
    assert json.loads((folder / "plan.json").read_text())["checksum"]


# Of ASCII, click takes the liberty to make UTF-8.
@pytest.mark.parametrize("encoding", ["latin-1", pytest.param("ascii", marks=pytest.mark.slow)])
def test_what_an_encoding_lacks_is_shown_by_its_number(folder: Path, encoding: str) -> None:
    board = folder / "boards" / "daily.yaml"
    board.write_text(board.read_text().replace("Send the parcels", "Colis → été 📦"), "utf-8")
    done = run("preview parcels --format json", "", folder, PYTHONIOENCODING=encoding)
    assert done.stderr == b""
    assert (
        json.loads(done.stdout.decode("utf-8" if encoding == "ascii" else encoding))["title"]
        == "Colis → été 📦"
    )


def test_a_reader_that_went_away_ends_a_command_quietly(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "trello_ops", "preview", "parcels"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False, cwd=folder)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def fill(writing: int) -> None:
    """Write into a pipe until nothing more goes into it."""
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while os.write(writing, b"." * 4096):
            pass
    os.set_blocking(writing, True)


def full_pipe() -> tuple[int, int]:
    """A pipe into which nothing more goes."""
    reading, writing = os.pipe()
    fill(writing)
    return reading, writing


def test_a_reader_that_stopped_reading_holds_up_no_card(invoke: Invoke, trello: Any, folder: Path) -> None:
    assert invoke("apply").exit_code == 0
    reading, writing = full_pipe()
    command = [sys.executable, "-m", "trello_ops", "tick"]
    begun = time.monotonic()
    with subprocess.Popen(command, cwd=folder, stdout=writing, stderr=writing) as tick:
        assert tick.wait(timeout=60) == 0
    assert time.monotonic() - begun < 30
    assert len(trello.cards) == 1
    os.close(reading)
    os.close(writing)


@pytest.mark.slow
@pytest.mark.parametrize("commands", [READING, WORKING], ids=["reading", "working"])
@pytest.mark.parametrize("redirected", BROKEN)
def test_every_command_bears_every_broken_stream(
    invoke: Invoke, sandbox: Handle, folder: Path, redirected: str, commands: tuple[str, ...]
) -> None:
    assert invoke("apply").exit_code == 0
    assert invoke("tick").exit_code == 0
    for number, command in enumerate(commands):
        called = command.format(n=number)
        where = folder
        if command == "recover":  # into an empty store
            (folder / "trello-ops.sqlite3").unlink()
        judge(run(called, redirected, where), command, redirected)


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-16"])
def test_every_command_prints_in_every_encoding(
    invoke: Invoke, sandbox: Handle, folder: Path, encoding: str
) -> None:
    assert invoke("apply").exit_code == 0
    for command in (*READING, "tick"):
        done = run(command, "", folder, PYTHONIOENCODING=encoding, TRELLO_OPS_LANG="fr")
        assert done.returncode == 0, (command, done.stderr)
        assert b"Traceback" not in done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full", "2>pipe", "2>&1 | true", "<&- >&- 2>&-"])
def test_the_daemon_makes_its_card_and_ends_whatever_becomes_of_its_log(
    invoke: Invoke, trello: Any, folder: Path, redirected: str
) -> None:
    assert invoke("apply").exit_code == 0
    os.mkfifo(folder / "pipe")
    unread = os.open(folder / "pipe", os.O_RDWR)  # kept open, and never read
    fill(unread)
    # With a pipe, `exec` is of no use: the shell waits, and the daemon is its child.
    shell = f'echo $$ >pid; exec "{sys.executable}" -m trello_ops run'
    line = f"sh -c '{shell}' {redirected}"
    with subprocess.Popen(["/bin/sh", "-c", line], cwd=folder, stdout=subprocess.DEVNULL) as daemon:
        until = time.monotonic() + 40
        while not trello.cards and time.monotonic() < until:
            time.sleep(0.2)
        time.sleep(1)
        os.kill(int((folder / "pid").read_text()), signal.SIGTERM)
        begun = time.monotonic()
        assert daemon.wait(timeout=20) == 0
    assert time.monotonic() - begun < 6
    assert len(trello.cards) == 1
    os.close(unread)


@pytest.mark.slow
def test_a_reader_who_comes_back_reads_what_waited(invoke: Invoke, trello: Any, folder: Path) -> None:
    assert invoke("apply").exit_code == 0
    reading, writing = full_pipe()
    command = [sys.executable, "-m", "trello_ops", "run"]
    with subprocess.Popen(command, cwd=folder, stderr=writing) as daemon:
        os.close(writing)
        until = time.monotonic() + 40
        while not trello.cards and time.monotonic() < until:
            time.sleep(0.2)
        daemon.send_signal(signal.SIGTERM)
        with os.fdopen(reading) as log:
            said = log.read()
        assert daemon.wait(timeout=20) == 0
    assert all(event in said for event in ("daemon.started", "card.issued", "daemon.stopped"))
    assert f'"version": "{__version__}"' in said
