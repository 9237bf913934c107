"""Properties are judged by what they find, not by how busy the machine is; pytest-timeout guards all.

The gate tries the same examples every time, so that a red one speaks of the change that it judges; `make
test-slow` tries more than twice as many (`thorough`), and `make soak` looks for four times as many new ones
(`search`).

Temporary folders lie in memory where there is room: stores keep their settings, and wait for no disk. What a
test can do to a process, `kill -9` too, is the same there; only a power cut is not, which no test can make.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from hypothesis import settings

from trello_ops.demo.postgres import Server, programs, running

_MEMORY = Path("/dev/shm")  # noqa: S108 - pytest makes folders of its own in it
_ROOM = 2 * 2**30


def _use_memory() -> None:
    """For this process and all that it starts, unless somebody chose a place."""
    if "TMPDIR" in os.environ or not os.access(_MEMORY, os.W_OK) or shutil.disk_usage(_MEMORY).free < _ROOM:
        return
    os.environ["TMPDIR"] = str(_MEMORY)
    tempfile.tempdir = None  # whoever asked before would be told the old place for ever


_use_memory()

# The sample boards are French, and tests quote messages in English (in French: test_cli_language.py).
os.environ["TRELLO_OPS_LANG"] = "en"

settings.register_profile("gate", deadline=None, derandomize=True, max_examples=25)
settings.register_profile("thorough", deadline=None, derandomize=True, max_examples=60)
settings.register_profile("search", deadline=None, max_examples=100)
settings.load_profile("gate")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A PostgreSQL server, whose tests make databases of their own."""
    if programs() is None or find_spec("psycopg") is None:
        pytest.skip("needs PostgreSQL (Debian: apt install postgresql) and trello-ops[fleet]")
    # Not among the tests' folders, which other users, such as the server's, may not enter.
    with running(Path(tempfile.gettempdir())) as server:
        yield server


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are processors: a third of the time tests wait for processes and sockets."""
    return (os.cpu_count() or 1) + 1


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first: one that a worker begins last, others wait for idly."""
    items.sort(key=lambda item: "e2e" not in item.path.parts)
