"""The daemon as a service: what it tells systemd, and what it asks of the kernel."""

import functools
import os
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from callbacks_kit import free_port
from live_kit import Live, small_shop, until

from trello_ops import service_units
from trello_ops.supervisor import ALIVE, READY, STOPPING

pytestmark = pytest.mark.slow

BY_ROOT_ALONE = {"fchown"}
"""What SQLite asks for when root runs it, and does without."""


def allowed() -> set[str]:
    """The system calls that the units allow."""
    text = (service_units.shipped() / service_units.DAEMON[0]).read_text("utf-8")
    found: set[str] = set()
    for each in re.findall(r"^SystemCallFilter=(.+)$", text, re.MULTILINE):
        found = found - members(each[1:]) if each.startswith("~") else found | members(each)
    return found


@functools.cache
def members(name: str) -> set[str]:
    """The system calls of a set of systemd's, those of the sets in it too."""
    asked = ("systemd-analyze", "syscall-filter", name)
    lines = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    found: set[str] = set()
    for word in (line.strip() for line in lines if not line.strip().startswith("#")):
        found |= members(word) if word.startswith("@") else {word}
    return found


def called(trace: Path) -> set[str]:
    """The system calls in a trace."""
    return set(
        re.findall(r"^\d+ +(?:<\.\.\. )?([a-z_]\w*)(?:\(| resumed)", trace.read_text("utf-8"), re.MULTILINE)
    )


def test_it_tells_how_it_fares_and_needs_no_more_than_units_allow(trello: Live, tmp_path: Path) -> None:
    for tool in ("strace", "systemd-analyze"):
        if not shutil.which(tool):
            pytest.skip(f"{tool} is not installed")
    small_shop(tmp_path)  # whose board the daemon makes
    here = f"127.0.0.1:{free_port()}"
    trace, log, address = tmp_path / "trace", tmp_path / "log", tmp_path / "notify"
    given = {**os.environ, **trello.environment(tmp_path, web_bind=here), "NOTIFY_SOCKET": str(address)}
    command = ["strace", "-D", "-f", "-qq", "-o", trace, sys.executable, "-m", "trello_ops", "run"]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager, log.open("wb") as lines:
        manager.bind(str(address))
        manager.settimeout(60)
        process = subprocess.Popen(command, cwd=tmp_path, env=given, stderr=lines)
        try:
            assert manager.recv(100).decode() == READY
            # By then it has read files, asked Trello, written to its store, and rendered in a second process.
            until(lambda: "CreateTemplateCard" in log.read_text(), 60)
            process.terminate()
            while (heard := manager.recv(100).decode()) == ALIVE:
                pass
            assert heard == STOPPING
            assert process.wait(20) == 0
        finally:
            process.kill()
            process.wait()
    calls = called(trace)
    assert {"socket", "execve", "openat"} <= calls
    assert calls - allowed() - BY_ROOT_ALONE == set()
