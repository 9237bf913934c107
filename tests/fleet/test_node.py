"""Nodes as processes, over a real PostgreSQL and Trello over HTTP: whatever ends one, others go on."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fleet_chaos import idle, seconds, tell, two_nodes
from fleet_kit import Shops
from live_kit import until

from trello_ops.demo.postgres import Server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture
def six(postgres: Server, tmp_path: Path) -> Iterator[Shops]:
    """Six shops whose boards stand on Trello, without cards yet."""
    with idle(postgres, tmp_path) as made:
        yield made


def test_shops_of_a_killed_node_are_in_hand_again(six: Shops) -> None:
    node, _ = two_nodes(six)
    lost = six.number_of(node)
    node.kill()
    seconds("in hand after kill -9", lambda: six.all_in_hand(besides=lost), 25)
    until(six.all_issued, 90)


def test_a_node_that_is_told_to_stop_hands_its_shops_over(six: Shops) -> None:
    node, _ = two_nodes(six)
    left = six.number_of(node)
    begun = time.monotonic()
    node.send_signal(signal.SIGTERM)
    assert node.wait(5) == 0
    tell(f"ended after SIGTERM: {time.monotonic() - begun:.1f} s")
    seconds("in hand after that", lambda: six.all_in_hand(besides=left), 15 - (time.monotonic() - begun))
    until(six.all_issued, 90)


def test_a_node_that_froze_ends_itself_when_it_wakes(six: Shops) -> None:
    node, _ = two_nodes(six)
    lost = six.number_of(node)
    node.send_signal(signal.SIGSTOP)
    seconds("in hand after SIGSTOP", lambda: six.all_in_hand(besides=lost), 25)
    node.send_signal(signal.SIGCONT)
    assert node.wait(2) == 0
    assert "node.frozen" in six.log(node)
    until(six.all_issued, 90)
