"""How many groups a node takes, by what it sees."""

from trello_ops.fleet.engine import Seen
from trello_ops.fleet.share import Share


def test_groups_are_shared_evenly_and_none_is_left_over() -> None:
    share = Share(most=100)
    share.look(Seen(nodes=3, groups=10, waiting=10), 0)
    assert share.size == 4


def test_a_newcomer_gets_what_others_have_beyond_their_share_once() -> None:
    share = Share(most=100)
    assert share.look(Seen(nodes=1, groups=6, waiting=0), 6) == 0
    assert share.look(Seen(nodes=2, groups=6, waiting=0), 6) == 3
    assert share.look(Seen(nodes=2, groups=6, waiting=0), 4) == 0


def test_what_waits_in_vain_is_taken_beyond_the_share_as_far_as_there_is_room() -> None:
    share = Share(most=8)
    for _ in range(2):
        share.look(Seen(nodes=2, groups=12, waiting=4), 6)
        assert share.size == 6, "it may be on its way to another"
    share.look(Seen(nodes=2, groups=12, waiting=4), 6)
    assert share.size == 8
    share.look(Seen(nodes=2, groups=12, waiting=4), 8)
    assert share.size == 8, "there is no more room"


def test_of_nodes_that_start_together_the_first_to_look_leaves_the_others_their_share() -> None:
    first = Share(most=100)
    first.look(Seen(nodes=3, groups=50, waiting=50), 0)
    first.look(Seen(nodes=3, groups=50, waiting=33), 17)
    assert first.size == 17
