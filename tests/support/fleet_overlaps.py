"""Where two nodes had one shop in hand at the same time, by what they logged."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import combinations
from subprocess import Popen

from fleet_kit import Shops


@dataclass(frozen=True, slots=True)
class Term:
    """From when until when a node had a group in hand."""

    node: int
    group: str
    begun: dt.datetime
    ended: dt.datetime


def overlaps(shops: Shops, ended: dict[int, dt.datetime]) -> list[float]:
    """For how many seconds each two nodes had one group, of every two that had.

    `ended` is when nodes ended, by process id; what others had in hand, they have still.
    """
    of_group = defaultdict[str, list[Term]](list)
    for node in shops.nodes:
        for term in _terms(shops, node, ended.get(node.pid, dt.datetime.max.replace(tzinfo=dt.UTC))):
            of_group[term.group].append(term)
    found = [
        (min(one.ended, other.ended) - max(one.begun, other.begun)).total_seconds()
        for its in of_group.values()
        for one, other in combinations(its, 2)
        if one.node != other.node
    ]
    return sorted(seconds for seconds in found if seconds > 0)


def _terms(shops: Shops, node: "Popen[bytes]", last: dt.datetime) -> Iterator[Term]:
    """Those of one node: what no line ends, ends with its process."""
    begun: dict[str, dt.datetime] = {}
    number = shops.nodes.index(node)
    for line in shops.log(node).splitlines():
        with suppress(ValueError):  # half a line of a process that was killed
            told = json.loads(line)
            at = dt.datetime.fromisoformat(told["timestamp"])
            if told["event"] == "group.begun":
                begun[told["group"]] = at
            elif told["event"] == "group.ended":
                yield Term(number, told["group"], begun.pop(told["group"]), at)
    for group, since in begun.items():
        yield Term(number, group, since, last)
