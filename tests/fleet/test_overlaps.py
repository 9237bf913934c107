"""Two nodes that have one shop in hand at the same time: how often that is, and that it does no harm."""

import datetime as dt
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from clock_kit import now
from fleet_chaos import idle, seconds, tell, two_nodes
from fleet_kit import Shops
from fleet_overlaps import overlaps
from live_kit import until

from trello_ops.demo.postgres import Server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def six(postgres: Server, tmp_path: Path) -> Iterator[Shops]:
    """Six shops whose boards stand on Trello, without cards yet."""
    with idle(postgres, tmp_path) as made:
        yield made


def ended(node: "subprocess.Popen[bytes]") -> dict[int, dt.datetime]:
    """When it ended, which is now."""
    node.wait(5)
    return {node.pid: now()}


def test_a_frozen_node_has_its_shops_at_the_same_time_as_others_until_it_ends(six: Shops) -> None:
    node, _ = two_nodes(six)
    lost = six.number_of(node)
    node.send_signal(signal.SIGSTOP)
    seconds("in hand after SIGSTOP", lambda: six.all_in_hand(besides=lost), 25)
    awake = now()
    node.send_signal(signal.SIGCONT)
    found = overlaps(six, ended(node))
    tell(f"overlaps around a freeze: {len(found)}, the longest of {found[-1]:.1f} s")
    tell(f"awake with them for {(now() - awake).total_seconds():.2f} s")
    assert len(found) == 3
    until(six.all_issued, 90)


def test_nobody_has_what_a_killed_node_had_before_it_was_dead(six: Shops) -> None:
    node, _ = two_nodes(six)
    lost = six.number_of(node)
    node.kill()
    gone = ended(node)
    seconds("in hand after kill -9", lambda: six.all_in_hand(besides=lost), 25)
    assert overlaps(six, gone) == []
    until(six.all_issued, 90)


def test_a_node_that_stops_lets_go_before_others_begin(six: Shops) -> None:
    node, _ = two_nodes(six)
    left = six.number_of(node)
    node.terminate()
    gone = ended(node)
    seconds("in hand after SIGTERM", lambda: six.all_in_hand(besides=left), 15)
    tell(f"overlaps around SIGTERM: {len(found := overlaps(six, gone))}")
    assert found == []
    until(six.all_issued, 90)
