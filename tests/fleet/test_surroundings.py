"""Whatever stands between nodes and their database, or changes around them, each card is made once."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from fleet_chaos import idle, seconds, two_nodes
from fleet_folder import FleetFolder
from live_kit import Json, live, until
from other_network import other_network
from pgbouncer import pooler

from trello_ops.demo.postgres import Server

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_nodes_behind_a_pooler_that_gives_each_transaction_another_connection(
    postgres: Server, tmp_path: Path
) -> None:
    with pooler(postgres, tmp_path) as pgbouncer, idle(postgres, tmp_path) as six:
        six.way = pgbouncer.url(six.address)
        node, _ = two_nodes(six)
        lost = six.number_of(node)
        node.kill()
        seconds("in hand after kill -9, behind a pooler", lambda: six.all_in_hand(besides=lost), 25)
        until(six.all_issued, 90)
        six.start_node()
        until(lambda: len(set(six.in_hand().values())) == 2, 60)
        said = "".join(six.log(each) for each in six.nodes)
        # A lease of nine seconds is over before the ten for which a shop that was taken over sends nothing.
        wrong = [line for line in said.splitlines() if "rror" in line and "was held back" not in line]
        assert wrong == []
        assert pgbouncer.transactions(six.address) > 1000


def test_a_node_that_is_cut_off_ends_itself_and_leaves_nothing_undone(
    postgres: Server, tmp_path: Path
) -> None:
    with idle(postgres, tmp_path) as six:
        ports = (urlsplit(address).port or 0 for address in (six.address, six.trello.url))
        with other_network(*ports) as network:
            far, near = six.start_node(within=network.within), six.start_node()
            until(lambda: sorted(Counter(six.in_hand().values()).values()) == [3, 3], 60)
            until(six.cards, 60)
            lost = six.number_of(far)
            network.cut()
            seconds("in hand after the link was cut", lambda: six.all_in_hand(besides=lost), 30)
            seconds("ended by itself after that", lambda: far.poll() is not None, 30)
            until(six.all_issued, 90)
            network.mend()
            six.start_node(within=network.within)
            until(lambda: len(set(six.in_hand().values())) == 2, 60)
            assert near.poll() is None


# ---- shops come, change and go


@pytest.fixture
def four(postgres: Server, tmp_path: Path) -> Iterator[FleetFolder]:
    """A fleet of four shops, and the boards of a fifth, that nobody tends yet."""
    with live() as trello:
        made = FleetFolder(trello, tmp_path, postgres.create(f"around_{uuid4().hex}"))
        made.add("same", "edited", "elsewhere", "gone", "new")
        made.declare(["same", "edited", "elsewhere", "gone"])
        with made.until_here():
            yield made


def test_shops_are_added_changed_and_removed_while_nodes_run(four: FleetFolder) -> None:
    two_nodes(four)
    until(four.all_issued, 60)
    before, left = set(four.in_hand()), until(lambda: at_rest(four, "gone"), 30)
    four.add_task("edited", ahead=dt.timedelta(minutes=2))
    four.give_token("elsewhere", four.new_token())
    four.declare(["same", "edited", "elsewhere", "new"])

    def taken_up() -> bool:
        now = set(four.in_hand())
        return four.none_ended() and len(now) == 4 and len(now - before) == 2

    seconds("in hand after an edit of the fleet", taken_up, 75)
    until(lambda: four.all_issued(more=3 + 1), 150)  # of the shop that is gone, and of the new task
    assert len(cards_of(four, "new")) == 3
    assert len(cards_of(four, "edited")) == 4
    assert cards_of(four, "gone") == left
    assert "crashed" not in "".join(four.log(each) for each in four.nodes)


def at_rest(fleet: FleetFolder, name: str) -> list[Json] | None:
    """A shop's cards, once nothing is added to them any more: the items of some come after the card."""
    seen = cards_of(fleet, name)
    time.sleep(2)
    return seen if cards_of(fleet, name) == seen else None


def cards_of(fleet: FleetFolder, name: str) -> list[Json]:
    """All that Trello knows of a shop's cards, archived or not."""
    state = fleet.trello.state()
    (board,) = (each for each in state["boards"] if each["name"] == f"Quotidien {name}")
    assert not board["closed"]
    return [card for card in state["cards"] if card["idBoard"] == board["id"] and not card["isTemplate"]]
