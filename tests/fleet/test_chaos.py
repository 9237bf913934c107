"""Whatever befalls the database of a fleet, each card is made once, and all shops are soon in hand again."""

import datetime as dt
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from clock_kit import now
from fleet_chaos import Storm, busy, idle, seconds, served, terminate
from fleet_kit import Shops
from live_kit import until

from trello_ops.demo.postgres import Server, running

pytestmark = pytest.mark.timeout(600)


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
    with busy(own, tmp_path) as made:
        yield made


@pytest.mark.slow
def test_all_connections_of_the_nodes_are_terminated_again_and_again(six: Shops) -> None:
    for _ in range(5):
        terminate(six)
        time.sleep(1)
    served(six, "terminated connections")


@pytest.mark.slow
def test_the_server_is_restarted_as_after_a_crash(six: Shops, own: Server) -> None:
    own.stop("immediate")
    own.start()
    served(six, "a restart of the server")


@pytest.mark.slow
def test_the_server_is_away_for_half_a_minute(six: Shops, own: Server) -> None:
    own.stop()
    time.sleep(30)
    own.start()
    served(six, "30 s without the server")


@pytest.mark.slow
@pytest.mark.parametrize("hours", [1, -1])
def test_a_node_whose_clock_is_an_hour_off_leaves_its_shops_to_others(
    own: Server, tmp_path: Path, hours: int
) -> None:
    with idle(own, tmp_path) as six:
        wrong = six.start_node(ahead=dt.timedelta(hours=hours))
        until(six.all_in_hand, 60)
        six.start_node()
        until(six.all_issued, 120)
        assert '"node.wrong_clock"' in six.log(wrong)
        assert wrong.poll() is None


@pytest.mark.slow
def test_nodes_that_all_took_their_clocks_for_wrong_go_on_as_soon_as_these_agree(
    own: Server, tmp_path: Path
) -> None:
    with idle(own, tmp_path) as six:
        six.trello.set_clock(now() + dt.timedelta(hours=1))
        nodes = six.start_node(), six.start_node()
        until(lambda: all("minutes apart" in six.log(node) for node in nodes), 60)
        time.sleep(6)  # each has looked around since
        six.trello.set_clock(now())
        seconds("all issued after the clocks agree", six.all_issued, 60)
        six.none_ended()


@pytest.mark.parametrize(
    "seed",
    [pytest.param(seed, marks=pytest.mark.soak if seed else pytest.mark.slow) for seed in range(20)],
)
def test_a_storm_of_all_that_can_befall_them(six: Shops, own: Server, seed: int) -> None:
    storm = Storm(six, own, seed)
    struck = [storm.strike() for _ in range(6)]
    served(six, f"{', '.join(struck)}")
