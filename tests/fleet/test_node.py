"""Nodes as processes, over a real PostgreSQL and Trello over HTTP: whatever ends one, others go on."""

import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fleet_kit import Shops, shops
from live_kit import live, until

from trello_ops.demo.postgres import Server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SIX = [f"shop-{number}" for number in range(6)]


@pytest.fixture
def six(postgres: Server, tmp_path: Path) -> Iterator[Shops]:
    """Six shops whose boards stand on Trello, without cards yet."""
    with (
        live() as trello,
        shops(trello, tmp_path, postgres.create(f"node_{uuid4().hex}")) as made,
    ):
        made.add(*SIX)
        yield made


def two_nodes(six: Shops) -> tuple[subprocess.Popen[bytes], subprocess.Popen[bytes]]:
    """Two nodes with three shops each, in the middle of making cards."""
    nodes = six.start_node(), six.start_node()
    until(lambda: six.none_ended() and list(Counter(six.in_hand().values()).values()) == [3, 3], 60)
    until(six.cards, 60)
    return nodes


def seconds(what: str, look: Callable[[], object], most: float) -> float:
    """How long it takes until so; it must not be longer than `most`."""
    begun = time.monotonic()
    until(look, most)
    took = time.monotonic() - begun
    print(f"{what}: {took:.1f} s")  # noqa: T201 - pytest -rP shows it
    return took


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
    print(f"ended after SIGTERM: {time.monotonic() - begun:.1f} s")  # noqa: T201
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
