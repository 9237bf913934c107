"""The units for systemd, as systemd itself judges them."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from trello_ops import service_units
from trello_ops.service_units import DAEMON, TICKS, for_user

UNITS = sorted(service_units.shipped().iterdir())
SERVICES = [path for path in UNITS if path.suffix == ".service"]
PROGRAM = "/opt/trello-ops/bin/trello-ops"


def analyzed(*arguments: str | Path, **env: str) -> subprocess.CompletedProcess[str]:
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze, which checks units, is not installed")
    return subprocess.run(
        ["systemd-analyze", *arguments],
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )


def setting(text: str, key: str) -> list[str]:
    return [line.partition("=")[2] for line in text.splitlines() if line.startswith(f"{key}=")]


def test_the_shipped_ones_are_those_that_are_named() -> None:
    assert {path.name for path in UNITS} == {*DAEMON, *TICKS, "trello-ops-fleet.service"}


def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    for path in UNITS:
        text = path.read_text("utf-8").replace(PROGRAM, shutil.which("true") or "/bin/true")
        (tmp_path / path.name).write_text(text, "utf-8")
    found = analyzed("verify", *sorted(tmp_path.iterdir()))
    assert (found.returncode, found.stderr) == (0, "")


@pytest.mark.parametrize("unit", SERVICES, ids=lambda path: path.name)
def test_they_are_hardened(unit: Path) -> None:
    found = analyzed("security", "--offline=true", "--threshold=15", unit)
    assert found.returncode == 0, found.stdout + found.stderr


def test_all_are_hardened_alike() -> None:
    def hardening(path: Path) -> list[str]:
        lines = path.read_text("utf-8").partition("UMask=")[2].partition("[Install]")[0].splitlines()
        return [line for line in lines if line and not line.startswith("#")]

    assert [hardening(path) == hardening(SERVICES[0]) for path in SERVICES] == [True] * 3


def test_the_daemon_tells_when_it_runs_and_is_ended_when_it_hangs() -> None:
    text = for_user(*DAEMON, Path("/home/me/shop"), ["/bin/trello-ops"])
    assert setting(text, "Type") == ["notify"]
    assert setting(text, "WatchdogSec") == ["60"]
    assert setting(text, "Restart") == ["on-failure"]


# ---- for one account --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [*DAEMON, *TICKS])
def test_an_accounts_own_asks_for_nothing_that_only_root_may_give(name: str) -> None:
    text = for_user(name, Path("/home/me/shop"), ["/home/me/.local/bin/trello-ops"])
    assert "/var/lib" not in text
    assert "/opt" not in text
    for key in ("User", "StateDirectory", "ProtectSystem", "CapabilityBoundingSet", "PrivateTmp", "After"):
        assert setting(text, key) == []
    assert setting(text, "WantedBy") in ([], ["default.target"], ["timers.target"])
    assert text.endswith("\n")
    if name.endswith(".service"):
        assert setting(text, "ExecStart")[0].startswith('"/home/me/.local/bin/trello-ops" ')
        assert setting(text, "WorkingDirectory") == ["/home/me/shop"]
        assert setting(text, "NoNewPrivileges") == ["yes"]
        assert setting(text, "SystemCallFilter") == ["@system-service", "~@privileged"]


@pytest.mark.parametrize("odd", ["plain", "a shop", "100% éco"])
@pytest.mark.parametrize("quoting", ["", ' "x"', "\\s"])
def test_systemd_understands_them_whatever_the_folders_are_called(
    odd: str, quoting: str, tmp_path: Path
) -> None:
    folder = tmp_path / f"{odd}{quoting}"
    folder.mkdir()
    (tmp_path / f"{odd} bin").mkdir()
    program = tmp_path / f"{odd} bin" / "trello-ops"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    units = tmp_path / "units"
    units.mkdir()
    for name in (*DAEMON, *TICKS):
        (units / name).write_text(for_user(name, folder, [str(program)]), "utf-8")
    # Sockets of other units of this machine lie there, and a socket's path is short.
    with tempfile.TemporaryDirectory() as runtime:
        found = analyzed("--user", "verify", *sorted(units.iterdir()), XDG_RUNTIME_DIR=runtime)
    assert (found.returncode, found.stderr) == (0, "")


def test_a_program_that_is_not_there_would_be_found_out(tmp_path: Path) -> None:
    (tmp_path / DAEMON[0]).write_text(for_user(*DAEMON, tmp_path, [str(tmp_path / "gone")]), "utf-8")
    found = analyzed("--user", "verify", tmp_path / DAEMON[0], XDG_RUNTIME_DIR=str(tmp_path))
    assert "gone" in found.stderr


def test_the_program_is_that_of_this_installation(tmp_path: Path) -> None:
    python = tmp_path / "python"
    assert service_units.program(python) == (str(python), "-P", "-m", "trello_ops")
    (tmp_path / "trello-ops").touch()
    assert service_units.program(python) == (str(tmp_path / "trello-ops"),)
    assert service_units.program()[0].startswith(str(Path(sys.executable).parent))


def test_systemd_looks_for_them_where_the_account_keeps_its_settings() -> None:
    assert service_units.user_folder({"XDG_CONFIG_HOME": "/etc/me"}) == Path("/etc/me/systemd/user")
    for unset in ({}, {"XDG_CONFIG_HOME": ""}, {"XDG_CONFIG_HOME": "relative"}):
        assert service_units.user_folder(unset) == Path.home() / ".config" / "systemd" / "user"
