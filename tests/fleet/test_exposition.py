"""Metrics as text, by the letter of the format."""

from trello_ops.fleet.exposition import Gauge, exposition


def test_each_gauge_has_its_help_its_type_and_a_line_for_each_sample() -> None:
    gauges = [
        Gauge("nodes", "Nodes alive.", (({}, 3),)),
        Gauge("lag", "Seconds.", (({"key": "first"}, 0.25), ({"key": "second", "of": "x"}, 1e15))),
    ]
    assert exposition(gauges) == (
        "# HELP nodes Nodes alive.\n# TYPE nodes gauge\nnodes 3\n"
        "# HELP lag Seconds.\n# TYPE lag gauge\n"
        'lag{key="first"} 0.25\nlag{key="second",of="x"} 1e+15\n'
    )


def test_what_the_format_would_read_otherwise_is_escaped() -> None:
    text = exposition([Gauge("a", 'back\\slash\nand "quotes"', (({"of": 'a\\b\n"c"'}, 1),))])
    assert text.splitlines() == [
        r'# HELP a back\\slash\nand "quotes"',
        "# TYPE a gauge",
        r'a{of="a\\b\n\"c\""} 1',
    ]


def test_without_samples_there_is_nothing() -> None:
    assert exposition([Gauge("a", "None.", ())]) == ""
