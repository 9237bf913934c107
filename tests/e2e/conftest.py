"""The small shop of live_kit, in the sandbox of its module; this machine's browser."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chromium
import pytest
from live_kit import CHECKOUT, MONDAY, Live, MovableClock, Shop, apply, live, small_shop


@pytest.fixture(scope="session")
def index(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Where nothing can be installed, nothing is to be seen."""
    folder = tmp_path_factory.mktemp("download")
    asked = (sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, "tzdata")
    try:
        found = subprocess.run(asked, capture_output=True, timeout=60, check=False).returncode == 0
    except subprocess.TimeoutExpired:
        found = False
    if not found:
        refuse = pytest.fail if os.environ.get("CI") else pytest.skip
        refuse("no index of packages can be reached here")


@pytest.fixture(scope="session")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what goes to an index of packages: the source, and the wheel built of that alone."""
    out = tmp_path_factory.mktemp("dist")
    command = (sys.executable, "-m", "build", "--no-isolation", "--outdir", out, CHECKOUT)
    done = subprocess.run(command, cwd=out, capture_output=True, text=True, timeout=100, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="session")
def wheel(dist: Path) -> Path:
    (built,) = dist.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def trello() -> Iterator[Live]:
    with live() as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    pytest.importorskip("playwright", reason="Playwright for Python drives Chromium, and is not installed")
    with chromium.browser() as found:
        yield found


@pytest.fixture
def bare(trello: Live, tmp_path: Path) -> Iterator[Shop]:
    """Nothing is on Trello yet."""
    small_shop(tmp_path)
    trello.reset()
    clock = MovableClock(trello, MONDAY)
    with trello.app(tmp_path, clock) as app:
        yield Shop(trello, tmp_path, clock, app)


@pytest.fixture
def shop(bare: Shop) -> Shop:
    apply(bare.app)
    return bare
