"""The container's image: built and run where an engine can; its steps alone in folders of this machine."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from callbacks_kit import free_port
from container_kit import stages, values
from live_kit import CHECKOUT, Live, small_shop, until

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

BUILD, FINAL = stages(CHECKOUT / "Containerfile")


def engine() -> str:
    """One that works and has the image that ours begins with, without asking the network for it."""
    image = BUILD[0].text.split()[0]
    for name in ("podman", "docker"):
        found = shutil.which(name)
        asked = (found, "image", "inspect", image)
        if found and subprocess.run(asked, capture_output=True, timeout=60, check=False).returncode == 0:
            return found
    pytest.skip(f"no engine for containers runs here that has {image}")


def test_an_engine_builds_and_runs_it() -> None:
    name, tag = engine(), "trello-ops:tested"
    built = (name, "build", "--file", "Containerfile", "--tag", tag, ".")
    subprocess.run(built, cwd=CHECKOUT, timeout=800, check=True)
    inside = (name, "run", "--rm", "--read-only", "--cap-drop=ALL", "--tmpfs=/tmp", tag)
    shown = subprocess.run([*inside, "--version"], capture_output=True, text=True, timeout=60, check=True)
    assert "time zone data" in shown.stdout


# ---- without an engine ------------------------------------------------------------------------------


class Image:
    """The paths of the image, below a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def here(self, text: str) -> str:
        """A text in which the image's own paths stand for those of this machine."""
        for path in ("/opt/trello-ops", "/src", "/data"):
            text = text.replace(path, f"{self.root}{path}")
        return text.replace("python -m", f"{sys.executable} -m")

    def build(self) -> None:
        """Do what the first stage does, in its order."""
        source = self.root / "src"
        source.mkdir()
        for each in BUILD:
            if each.name == "COPY":
                *names, target = each.words()
                for name in names:
                    _copy(CHECKOUT / name, source / target / (name if target == "./" else ""))
            elif each.name == "RUN":
                done = subprocess.run(
                    ["sh", "-e", "-c", self.here(each.text)],
                    cwd=source,
                    capture_output=True,
                    text=True,
                    check=False,
                )
                assert done.returncode == 0, done.stdout + done.stderr

    def environment(self) -> dict[str, str]:
        """That of its programs, on this machine."""
        told = {name: self.here(value) for name, value in values(FINAL).items()}
        outside = {name: value for name, value in os.environ.items() if not name.startswith("TRELLO_OPS")}
        return {**outside, **told, "PATH": told["PATH"].replace("$PATH", os.environ["PATH"])}


def _copy(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy2(source, target)


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory, index: None) -> Image:
    made = Image(tmp_path_factory.mktemp("image"))
    made.build()
    return made


def test_its_program_is_complete(image: Image) -> None:
    python = image.root / "opt" / "trello-ops" / "bin" / "python"
    checked = (sys.executable, "-m", "pip", "--python", python, "check")
    done = subprocess.run(checked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    # What needs no system: time zones, and PostgreSQL.
    code = "import psycopg, procrastinate, zoneinfo as z; z.reset_tzpath(()); z.ZoneInfo('Europe/Paris')"
    subprocess.run([python, "-c", code], cwd=image.root, check=True)


def test_it_runs_lives_and_writes_to_its_store_alone(image: Image, trello: Live) -> None:
    data = image.root / "data"
    small_shop(data)
    store = data / "store"
    store.mkdir()
    before = _files(image.root)
    (program,) = (each.words() for each in FINAL if each.name == "ENTRYPOINT")
    (first,) = (each.words() for each in FINAL if each.name == "CMD")
    port = free_port()
    told = {**trello.environment(store), **image.environment(), "TRELLO_OPS_WEB_BIND": f"127.0.0.1:{port}"}
    del told["TRELLO_OPS_DATABASE_URL"], told["TRELLO_OPS_MAIL_DIR"]
    program[0] = shutil.which(program[0], path=told["PATH"]) or ""
    subprocess.run([*program, "apply"], cwd=store, env=told, check=True)  # pytest shows what it says
    daemon = subprocess.Popen([*program, *first], cwd=store, env=told, stderr=subprocess.DEVNULL)
    try:
        until(lambda: _lives(port))
        (check,) = (each.text.partition("CMD ")[2] for each in FINAL if each.name == "HEALTHCHECK")
        command = json.loads(check.replace("8911", str(port)))
        subprocess.run(command, env=told, check=True)
    finally:
        daemon.terminate()
        assert daemon.wait(20) == 0
    written = _files(image.root) - before
    assert written
    assert [path for path in written if not path.is_relative_to(store)] == []


def _lives(port: int) -> bool:
    try:
        return requests.get(f"http://127.0.0.1:{port}/health/live", timeout=5).ok
    except requests.ConnectionError:
        return False


def _files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}
