"""Whatever befalls the database of a fleet, each card is made once, and all shops are soon in hand again."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from fleet_kit import Shops, shops
from live_kit import live, until

from trello_ops.demo.postgres import Server, running

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]

SIX = [f"shop-{number}" for number in range(6)]
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = %s"
)


@pytest.fixture
def own() -> Iterator[Server]:
    """A server that a test may stop."""
    try:
        with running(Path(tempfile.gettempdir())) as server:
            yield server
    except LookupError as none:
        pytest.skip(str(none))


@pytest.fixture
def six(own: Server, tmp_path: Path) -> Iterator[Shops]:
    """Six shops in the middle of having cards made by two nodes."""
    with live() as trello, shops(trello, tmp_path, own.create(f"chaos_{uuid4().hex}")) as made:
        made.add(*SIX)
        made.start_node()
        made.start_node()
        until(made.all_in_hand, 60)
        until(made.cards, 60)
        yield made


def start_again(six: Shops) -> None:
    """As systemd would: a new node for each that has ended, which has to be with exit code 0."""
    for node in list(six.nodes):
        if node.poll() is not None and node not in six.replaced:
            assert node.returncode == 0, six.log(node)
            six.replaced.append(node)
            six.start_node()


def served(six: Shops, what: str) -> None:
    """All are in hand within a minute, and each card is made once."""
    begun = time.monotonic()

    def look() -> bool:
        start_again(six)
        return six.all_in_hand()

    until(look, 60)
    print(f"in hand after {what}: {time.monotonic() - begun:.1f} s")  # noqa: T201 - pytest -rP shows it
    until(lambda: start_again(six) or six.all_issued(), 90)


def test_all_connections_of_the_nodes_are_terminated_again_and_again(six: Shops) -> None:
    name = six.address.rpartition("/")[2]
    for _ in range(5):
        with psycopg.connect(six.address) as server:
            server.execute(OTHERS, (name,))
        time.sleep(1)
    served(six, "terminated connections")


def test_the_server_is_restarted_as_after_a_crash(six: Shops, own: Server) -> None:
    own.stop("immediate")
    own.start()
    served(six, "a restart of the server")


def test_the_server_is_away_for_half_a_minute(six: Shops, own: Server) -> None:
    own.stop()
    time.sleep(30)
    own.start()
    served(six, "30 s without the server")
