"""Whatever stands between nodes and their database, or changes around them, each card is made once."""

from pathlib import Path

import pytest
from fleet_chaos import idle, seconds, two_nodes
from live_kit import until
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
        assert "rror" not in "".join(six.log(each) for each in six.nodes)
        assert pgbouncer.transactions(six.address) > 1000
