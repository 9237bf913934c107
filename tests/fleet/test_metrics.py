"""A fleet's metrics as text."""

from clock_kit import now
from metrics_kit import metrics_in

from trello_ops.fleet.metrics import exposition
from trello_ops.fleet.overview import KeyShare, Overview


def test_names_are_escaped_and_what_has_no_sample_is_left_out() -> None:
    key = 'back\\slash\nand "quotes"'
    said = exposition(Overview(now(), (), {key: KeyShare(2, 2, None, None)}, ()))
    found = metrics_in(said)
    assert found["trello_ops_key_shops", key] == 2
    assert "trello_ops_lag_median_seconds" not in said
    assert "trello_ops_nodes" not in said
