"""What a service manager hears, on a real socket."""

import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from trello_ops.supervisor import ALIVE, READY, tell


@pytest.fixture(params=["a file", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    """A service manager's socket, and its address as NOTIFY_SOCKET has it."""
    name = str(tmp_path / "notify")
    abstract = request.param == "abstract"
    if abstract and not sys.platform.startswith("linux"):
        pytest.skip("only Linux has abstract addresses")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind("\0" + name if abstract else name)
        listening.settimeout(5)
        yield listening, "@" + name if abstract else name


def test_it_hears_each_state(manager: tuple[socket.socket, str]) -> None:
    listening, address = manager
    for state in (READY, ALIVE):
        tell(state, {"NOTIFY_SOCKET": address})
        assert listening.recv(100) == state.encode()


def test_one_that_does_not_read_holds_nobody_up(manager: tuple[socket.socket, str]) -> None:
    listening, address = manager
    for _ in range(2000):
        tell(ALIVE, {"NOTIFY_SOCKET": address})
    assert listening.recv(100) == ALIVE.encode()


@pytest.mark.parametrize("env", [{}, {"NOTIFY_SOCKET": ""}, {"NOTIFY_SOCKET": "vsock:2:1234"}])
def test_without_one_nothing_happens(env: dict[str, str]) -> None:
    tell(READY, env)


def test_one_that_went_away_is_no_trouble(tmp_path: Path) -> None:
    tell(READY, {"NOTIFY_SOCKET": str(tmp_path / "gone")})
