"""Clients of other people that tests fetch from a registry, once, into .cache."""

import re
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

CACHE = Path(__file__).parents[2] / ".cache"
SECONDS = 30.0


def fetched(name: str, command: Callable[[Path], list[str]]) -> Path:
    """The folder .cache/`name`, filled by `command(folder)` if it is not there yet.

    `name` tells the version, as what is there is not looked at again. Where it cannot be filled the test is
    skipped.
    """
    home = CACHE / name
    if not home.exists():
        CACHE.mkdir(exist_ok=True)
        (CACHE / ".gitignore").write_text("*\n", encoding="utf-8")
        with tempfile.TemporaryDirectory(dir=CACHE) as made:
            fresh = Path(made) / name
            fresh.mkdir()
            _fill(name, command(fresh))
            fresh.rename(home)
    return home


def _fill(name: str, command: list[str]) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        pytest.skip(f"{name} could not be fetched within {SECONDS:.0f} s: is its registry reached from here?")
    except subprocess.CalledProcessError as error:
        said = re.search(r"^.*\berror\b.*$", error.stderr, re.IGNORECASE | re.MULTILINE)
        pytest.skip(f"{name} could not be fetched: {said[0] if said else 'no reason given'}")
