"""Time zones: whichever of the system's data and the tzdata package's is newer, whatever lies around."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import tzdata
from live_kit import small_shop
from zone_kit import zone_file

from trello_ops.zone_data import ZoneData

OLD, NEWER = "2025b", "2099a"
ALWAYS_AHEAD = "<+01>-1"
"""Casablanca as Debian 12 has it for November 2026, and as it was before the law changed."""


@pytest.fixture
def system(tmp_path: Path) -> Path:
    """A system's folder of zones, in which Casablanca never leaves UTC+1."""
    folder = tmp_path / "zoneinfo"
    (folder / "Africa").mkdir(parents=True)
    (folder / "Africa" / "Casablanca").write_bytes(zone_file(ALWAYS_AHEAD))
    (folder / "tzdata.zi").write_text(f"# version {OLD}\n# ddeps\n")
    return folder


def run(system: Path | str, *arguments: str, cwd: Path) -> str:
    environment = {name: value for name, value in os.environ.items() if "TRELLO_OPS" not in name}
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment | {"PYTHONTZPATH": str(system)},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


NOON = """
import {first}
import datetime as dt, zoneinfo
print(dt.datetime(2026, 11, 20, 12, tzinfo=zoneinfo.ZoneInfo("Africa/Casablanca")).isoformat())
"""


def noon(system: Path | str, cwd: Path, first: str = "trello_ops") -> str:
    return run(system, "-c", NOON.format(first=first), cwd=cwd).strip()


def test_a_system_that_is_behind_is_not_gone_by(system: Path, tmp_path: Path) -> None:
    assert noon(system, tmp_path, first="sys") == "2026-11-20T12:00:00+01:00", "without us it would be"
    assert noon(system, tmp_path) == "2026-11-20T12:00:00+00:00"


def test_a_system_that_is_ahead_is_gone_by(system: Path, tmp_path: Path) -> None:
    (system / "tzdata.zi").write_text(f"# version {NEWER}\n")
    assert noon(system, tmp_path) == "2026-11-20T12:00:00+01:00"
    assert f"time zone data {NEWER} from the system" in run(system, "-m", "trello_ops", "-V", cwd=tmp_path)


@pytest.mark.parametrize("told", [None, "", "no version", "\xff\xfe"])
def test_a_system_that_does_not_tell_its_age_is_not_gone_by(
    system: Path, tmp_path: Path, told: str | None
) -> None:
    (system / "tzdata.zi").unlink()
    if told is not None:
        (system / "tzdata.zi").write_text(told, "latin-1")
    assert noon(system, tmp_path) == "2026-11-20T12:00:00+00:00"


def test_a_version_is_also_found_where_other_systems_keep_it(system: Path, tmp_path: Path) -> None:
    (system / "tzdata.zi").rename(system / "+VERSION")
    (system / "+VERSION").write_text(NEWER + "\n")
    assert noon(system, tmp_path) == "2026-11-20T12:00:00+01:00"


@pytest.mark.parametrize("path", ["", "/nowhere"])
def test_a_system_without_zones_is_no_error(path: str, tmp_path: Path) -> None:
    assert noon(path, tmp_path) == "2026-11-20T12:00:00+00:00"


def test_of_several_folders_the_newest_is_gone_by_and_no_other(system: Path, tmp_path: Path) -> None:
    newest = tmp_path / "newest"
    newest.mkdir()
    (newest / "tzdata.zi").write_text(f"# version {NEWER}\n")
    said = run(f"{system}:{newest}", "-m", "trello_ops", "--version", cwd=tmp_path)
    assert f"time zone data {NEWER} from the system" in said
    found = noon(f"{system}:{newest}", tmp_path)
    assert found == "2026-11-20T12:00:00+00:00", "what it lacks comes from the package"


@pytest.mark.parametrize("kind", ["a loop", "a fifo", "too long"])
def test_what_cannot_be_read_is_no_system(system: Path, tmp_path: Path, kind: str) -> None:
    path: Path | str = system
    (system / "tzdata.zi").unlink()
    if kind == "a loop":
        (system / "tzdata.zi").symlink_to(system / "tzdata.zi")
    elif kind == "a fifo":
        os.mkfifo(system / "tzdata.zi")
    else:
        path = "/" + "a" * 300
    assert noon(path, tmp_path) == "2026-11-20T12:00:00+00:00"


def test_releases_sort_by_age() -> None:
    ages = ["2025b", "2025c", "2026a", "2026z", "2026za"]
    assert [ZoneData("", each).version for each in ages] == sorted(ages)
    assert not ZoneData("2026a", "2026a").from_system, "the package is as good, and the same everywhere"


def test_version_and_status_say_which(system: Path, tmp_path: Path) -> None:
    small_shop(tmp_path)
    said = f"time zone data {tzdata.IANA_VERSION} from tzdata (the system has {OLD})"
    assert said in run(system, "-m", "trello_ops", "--version", cwd=tmp_path)
    in_french = f"{tzdata.IANA_VERSION}, celles de tzdata (le système a {OLD})"
    assert in_french in run(system, "-m", "trello_ops", "status", cwd=tmp_path)
    status = json.loads(run(system, "-m", "trello_ops", "status", "--format", "json", cwd=tmp_path))
    assert status["zone_data"] == {
        "version": tzdata.IANA_VERSION,
        "source": "package",
        "system": OLD,
        "package": tzdata.IANA_VERSION,
    }


def test_a_due_of_casablanca_is_right_on_an_old_system(system: Path, tmp_path: Path) -> None:
    small_shop(tmp_path)
    workspace = tmp_path / "boards" / "workspace.yaml"
    workspace.write_text(workspace.read_text().replace("Europe/Paris", "Africa/Casablanca"))
    shown = run(
        system, "-m", "trello_ops", "preview", "parcels", "--date", "2026-11-20", "--format", "json",
        cwd=tmp_path,
    )  # fmt: skip
    assert json.loads(shown)["due_at"] == "2026-11-20T18:00:00Z"
