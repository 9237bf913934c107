"""The built wheel, installed beside its dependencies and used far from the checkout."""

import json
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from live_kit import CHECKOUT
from packaging.metadata import Metadata, parse_email

from trello_ops import __version__

pytestmark = pytest.mark.slow  # minutes, with the others of its kind


def _python(*arguments: str | Path, cwd: Path, path: Path | None = None) -> str:
    """Standard output of a Python process that must succeed; `path` is searched before all else."""
    environment = {name: value for name, value in os.environ.items() if "TRELLO_OPS" not in name}
    if path:
        environment["PYTHONPATH"] = str(path)
    done = subprocess.run(
        [sys.executable, *arguments], cwd=cwd, env=environment, capture_output=True, text=True, timeout=100,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("installed")
    options = ("--quiet", "--no-deps", "--no-index", "--disable-pip-version-check")
    _python("-m", "pip", "install", *options, "--target", target, wheel, cwd=target)
    return target


def _files(folder: Path, above: Path | None = None) -> set[str]:
    return {
        path.relative_to(above or folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }


def test_everything_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    source = _files(CHECKOUT / "src" / "trello_ops", CHECKOUT / "src")
    source |= _files(CHECKOUT / "src" / "trello_sandbox", CHECKOUT / "src")
    samples = {f"trello_ops/starter/boards/{name}" for name in _files(CHECKOUT / "boards")}
    samples |= {f"trello_ops/starter/templates/{name}" for name in _files(CHECKOUT / "templates")}
    samples |= {f"trello_ops/units/{name}" for name in _files(CHECKOUT / "deploy")}
    packs = {name for name in _files(CHECKOUT / "packs") if "/schema/" not in name}
    samples |= {f"trello_ops/starter/packs/{name}" for name in packs}
    assert (source | samples | {"trello_ops/starter/env.example"}) - held == set()


def test_folders_above_take_nothing_out_of_it(wheel: Path, dist: Path, tmp_path: Path) -> None:
    # As in a shop's own folder, or a home kept in git: what these files ignore is part of the program.
    (tmp_path / ".gitignore").write_text("mail/\nsite/\nboards/\n*.md\n.env*\n", "utf-8")
    (packed,) = dist.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        archive.extractall(tmp_path, filter="data")
    source = tmp_path / packed.name.removesuffix(".tar.gz")
    (source / ".gitignore").unlink()  # which would be asked alone; an image is built without it
    _python("-m", "build", "--no-isolation", "--wheel", "--outdir", "out", source, cwd=tmp_path)
    (built,) = (tmp_path / "out").iterdir()
    with zipfile.ZipFile(wheel) as expected, zipfile.ZipFile(built) as found:
        assert set(found.namelist()) == set(expected.namelist())


def test_an_index_is_told_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        said, _ = parse_email(archive.read(name))
        (name,) = (name for name in archive.namelist() if name.endswith(".dist-info/entry_points.txt"))
        assert "trello-ops = trello_ops.cli:main" in archive.read(name).decode()
    metadata = Metadata.from_raw(said)  # which raises for what no index takes
    assert (metadata.name, str(metadata.version)) == ("trello-ops", __version__)
    assert str(metadata.requires_python) == ">=3.11"
    assert metadata.license_expression == "MIT"
    assert "Typing :: Typed" in (metadata.classifiers or [])
    assert metadata.description_content_type == "text/markdown"
    assert "Recurring checklists" in (metadata.description or "")


def test_the_source_has_what_it_takes_to_work_on_it(dist: Path) -> None:
    (packed,) = dist.glob("*.tar.gz")
    with tarfile.open(packed) as archive:
        held = {name.partition("/")[2] for name in archive.getnames()}
    listed = ("git", "ls-files", "-z")
    kept = subprocess.run(listed, cwd=CHECKOUT, capture_output=True, text=True, check=True).stdout
    files = {name for name in kept.split("\0") if name and not (CHECKOUT / name).is_symlink()}
    assert files - held == set()


@pytest.mark.slow
def test_it_works_outside_the_checkout(installed: Path, tmp_path: Path) -> None:
    def trello_ops(*arguments: str, cwd: Path = tmp_path / "shop") -> str:
        return _python("-m", "trello_ops", *arguments, cwd=cwd, path=installed)

    code = "import trello_ops; print(trello_ops.__file__)"
    assert Path(_python("-c", code, cwd=tmp_path, path=installed).strip()).is_relative_to(installed)
    assert trello_ops("--version", cwd=tmp_path).startswith("trello-ops, version ")

    trello_ops("init", "english", "--pack", "kpi", "--lang", "en", cwd=tmp_path)
    assert "sound: 2 boards, 11 tasks" in trello_ops("validate", cwd=tmp_path / "english")

    trello_ops("init", "shop", cwd=tmp_path)
    assert "3 tableaux, 29 tâches" in trello_ops("validate")
    assert "Emballer" in trello_ops("preview", "daily/parcels", "--date", "2026-11-16")
    status = json.loads(trello_ops("status", "--format", "json"))
    assert {board["key"] for board in status["boards"]} == {"daily", "weekly", "monthly"}
    assert (tmp_path / "shop" / "trello-ops.sqlite3").is_file(), "the migrations were found"
    assert _in_order(trello_ops("report", "--format", "html"), ("<html", "Semaine", "</html>"))


def test_its_console_script(installed: Path, tmp_path: Path) -> None:
    script = installed / "bin" / "trello-ops"
    assert script.is_file()
    assert "Usage: trello-ops" in _python(script, "--help", cwd=tmp_path, path=installed)


def _in_order(text: str, words: Sequence[str]) -> bool:
    places = [text.find(word) for word in words]
    return -1 not in places and places == sorted(places)
