"""The set-up of a newcomer: with the pip that Python brings or a newer one, from the lock and without it."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from live_kit import CHECKOUT

from trello_ops import __version__

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


def _checkout(folder: Path) -> Path:
    """What git keeps, as a fresh clone has it, and what is not committed yet."""
    listed = ("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    names = subprocess.run(listed, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, names.split("\0")):
        if (CHECKOUT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, folder / name)
    return folder


@pytest.mark.usefixtures("index")
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


@pytest.mark.usefixtures("index")
def test_the_wheel_works_with_what_its_own_ranges_bring(run: Run, tmp_path: Path, wheel: Path) -> None:
    run(sys.executable, "-m", "venv", "venv")
    run(tmp_path / "venv" / "bin" / "python", "-m", "pip", "install", "--quiet", wheel)
    trello_ops = tmp_path / "venv" / "bin" / "trello-ops"
    assert "Usage: trello-ops" in run(trello_ops, "--help")
    run(trello_ops, "init", "shop")
    assert "Aucune erreur" in run(trello_ops, "validate", cwd=tmp_path / "shop")
    run(trello_ops, "demo", "--weeks", "1")
    assert len(list((tmp_path / "demo-out").rglob("*.eml"))) == 1


@pytest.mark.usefixtures("index")
@pytest.mark.parametrize("tool", ["pipx", "uv"])
def test_one_command_installs_it(
    run: Run, tmp_path: Path, wheel: Path, tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As somebody would who has an account, Python and a folder, and nothing of ours."""
    places = ("PIPX_HOME", "PIPX_BIN_DIR", "PIPX_MAN_DIR", "UV_TOOL_DIR", "UV_TOOL_BIN_DIR", "HOME")
    for name in places:
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    asked = ("install",) if tool == "pipx" else ("tool", "install")
    run(Path(sys.executable).with_name(tool), *asked, "--python", sys.executable, wheel)
    trello_ops = tmp_path / f"{tool}{'_tool' if tool == 'uv' else ''}_bin_dir" / "trello-ops"
    assert run(trello_ops, "--version").startswith(f"trello-ops, version {__version__}")
    run(trello_ops, "init", "shop", "--lang", "en")
    shop = tmp_path / "shop"
    assert "sound" in run(trello_ops, "validate", cwd=shop)
    assert "_TRELLO_OPS_COMPLETE=bash_complete" in run(trello_ops, "completion", "bash")
    assert "trello\\-ops" in run(trello_ops, "man")
    asked = subprocess.run(
        [trello_ops, "doctor", "--format", "json"], cwd=shop, capture_output=True, check=False
    )
    found = {each["check"]: each["level"] for each in json.loads(asked.stdout)["findings"]}
    assert (asked.returncode, found["settings"], found["files"]) == (2, "broken", "fine"), asked.stderr
    settings = (shop / ".env").read_text("utf-8")
    (shop / ".env").write_text(settings.replace("_KEY=", "_KEY=key", 1).replace("_TOKEN=", "_TOKEN=token", 1))
    run(trello_ops, "service", "install", "--user", cwd=shop)
    unit = (tmp_path / "home" / ".config" / "systemd" / "user" / "trello-ops.service").read_text("utf-8")
    (program,) = re.findall(r'^ExecStart="(.*)" run$', unit, re.MULTILINE)
    assert "trello-ops, version" in run(program, "--version")
