"""What a fleet's overview is in numbers, without the names of people, tasks or shops."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from trello_ops.adapters.store.key_budget import PLACES
from trello_ops.fleet.overview import KeyShare, Nodes, Overview
from trello_ops.fleet.standing import Standing

_STATES: Final = ("well", "problems", "not_read", "not_tended")


def exposition(found: Overview) -> str:
    """The metrics of a fleet as Prometheus reads them; what has no sample is left out."""
    registry = CollectorRegistry()
    registry.register(_Overviewed(found))
    return generate_latest(registry).decode()


class _Overviewed(Collector):
    def __init__(self, found: Overview) -> None:
        self._found = found

    def collect(self) -> Iterator[GaugeMetricFamily]:
        return (gauge for gauge in _gauges(self._found) if gauge.samples)


def _gauges(found: Overview) -> Iterator[GaugeMetricFamily]:
    """The metrics; those of nodes where there are nodes."""
    state = dict.fromkeys(found.not_tended, "not_tended") | {s.name: _state(s) for s in found.shops}
    states = Counter(state.values())
    yield _by("state", "shops", "Shops, by how they fare.", {s: states[s] for s in _STATES})
    yield _sum("problems", "Problems of all shops.", sum(len(shop.problems) for shop in found.shops))
    yield _sum("claims", "What is unfinished at all shops.", sum(shop.claims for shop in found.shops))
    yield _sum("mails_owed", "Mails that are not sent yet.", sum(shop.mails_owed for shop in found.shops))
    yield from _of_keys(found.keys)
    if found.nodes:
        yield from _of_nodes(found.nodes)


def _of_keys(keys: Mapping[str, KeyShare]) -> Iterator[GaugeMetricFamily]:
    median = {key: share.lag_median for key, share in keys.items()}
    worst = {key: share.lag_worst for key, share in keys.items()}
    used = {key: share.requests for key, share in keys.items() if share.requests is not None}
    shops = {key: share.shops for key, share in keys.items()}
    since = "since the boards of a key's shops were read, of those that were."
    yield _by("key", "key_shops", "Shops that a key serves.", shops)
    yield _by("key", "lag_median_seconds", f"Median of the seconds {since}", _seconds(median))
    yield _by("key", "lag_worst_seconds", f"Most of the seconds {since}", _seconds(worst))
    yield _by(
        "key", "key_requests", f"Requests of a key that count against the {PLACES} in ten seconds.", used
    )


def _of_nodes(nodes: Nodes) -> Iterator[GaugeMetricFamily]:
    alive = [node for node in nodes.nodes if node.alive]
    groups = Counter({node.name: node.groups for node in alive})
    waiting = sum(node is None for node in nodes.of_groups.values())
    states = {"in_hand": len(nodes.of_groups) - waiting, "waiting": waiting}
    yield _sum("nodes", "Nodes alive.", len(alive))
    yield _by("node", "node_groups", "Groups of shops that a node has in hand.", groups)
    yield _by("state", "groups", "Groups of shops that nodes have in hand, and that wait for one.", states)


def _state(shop: Standing) -> str:
    if shop.trouble:
        return "not_tended"
    if shop.problems:
        return "problems"
    return "well" if shop.observed_at else "not_read"


def _seconds(lags: Mapping[str, dt.timedelta | None]) -> Mapping[str, float]:
    return {key: max(0.0, lag.total_seconds()) for key, lag in lags.items() if lag is not None}


def _sum(name: str, said: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"trello_ops_{name}", said, value=value)


def _by(label: str, name: str, said: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    """A gauge with a sample for each value of one label."""
    gauge = GaugeMetricFamily(f"trello_ops_{name}", said, labels=[label])
    for of, value in values.items():
        gauge.add_metric([of], value)
    return gauge
