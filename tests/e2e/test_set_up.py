"""The set-up of a newcomer: with the pip that Python brings or a newer one, from the lock and without it."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from live_kit import CHECKOUT

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

OLDEST_PIP = {11: "22.3", 12: "23.2.1", 13: "24.2", 14: "25.2"}
"""By Python's minor version: what its first release brought."""

Run = Callable[..., str]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a command in a folder, which must succeed; what it printed."""

    def run(*command: str | Path, cwd: Path = tmp_path) -> str:
        left_out = ("TRELLO_OPS", "PYTHONPATH", "ELSEWHEN", "MAKE")
        environment = {name: text for name, text in os.environ.items() if not name.startswith(left_out)}
        done = subprocess.run(
            command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=500, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout}{done.stderr}"
        return done.stdout

    return run


@pytest.fixture(scope="module")
def _index(tmp_path_factory: pytest.TempPathFactory) -> None:
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


def _checkout(folder: Path) -> Path:
    """What git keeps, as a fresh clone has it, and what is not committed yet."""
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(listed, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, folder / name)
    return folder


@pytest.mark.usefixtures("_index")
@pytest.mark.parametrize("pip", ["oldest", "newest"])
def test_the_lock_installs_with_any_pip(run: Run, tmp_path: Path, pip: str) -> None:
    folder = _checkout(tmp_path / "clone")
    run(sys.executable, "-m", "venv", ".venv", cwd=folder)
    python = folder / ".venv" / "bin" / "python"
    wanted = f"pip=={OLDEST_PIP[sys.version_info.minor]}" if pip == "oldest" else "pip"
    run(python, "-m", "pip", "install", "--quiet", "--upgrade", wanted, cwd=folder)
    run("make", "setup", f"PYTHON={sys.executable}", cwd=folder)
    assert "time zone data" in run(folder / ".venv" / "bin" / "trello-ops", "--version")
    run(python, "-m", "pip", "check", cwd=folder)


@pytest.mark.usefixtures("_index")
def test_the_wheel_works_with_what_its_own_ranges_bring(run: Run, tmp_path: Path) -> None:
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", tmp_path, CHECKOUT)
    (wheel,) = tmp_path.glob("*.whl")
    run(sys.executable, "-m", "venv", "venv")
    run(tmp_path / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", wheel)
    trello_ops = tmp_path / "venv" / "bin" / "trello-ops"
    assert "Usage: trello-ops" in run(trello_ops, "--help")
    run(trello_ops, "init", "shop")
    assert "Aucune erreur" in run(trello_ops, "validate", cwd=tmp_path / "shop")
    run(trello_ops, "demo", "--weeks", "1")
    assert len(list((tmp_path / "demo-out").rglob("*.eml"))) == 1
