"""The daemon in numbers, as Prometheus reads them: without the names of people and tasks, or any text."""

import datetime as dt
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from trello_ops import __version__
from trello_ops.core.trello import Traffic
from trello_ops.errors import StoreError, TrelloOpsError
from trello_ops.jobs import Passes
from trello_ops.operations.context import Context
from trello_ops.operations.vitals import Vitals, vitals
from trello_ops.ports import TrelloGateway
from trello_ops.telemetry import Tally
from trello_ops.web.look import Look

_KEEP, _PATIENCE = 5.0, 8.0
"""Seconds. Prometheus gives a scrape up after ten, unless told otherwise."""

T = TypeVar("T")


def metrics_routes(
    context: Callable[[], Context],
    trello: TrelloGateway,
    passes: Passes,
    calls: Tally,
    *,
    patience: float = _PATIENCE,
    monotonic: Callable[[], float] = time.monotonic,
) -> list[Route]:
    """`/metrics`: what the store and this process know; `calls` are those to the webhook address."""
    registry = CollectorRegistry()
    registry.register(_OfDaemon(context, trello, passes, calls))
    return scraped(lambda: generate_latest(registry), patience=patience, monotonic=monotonic)


def scraped(
    find: Callable[[], str | bytes],
    *,
    patience: float = _PATIENCE,
    monotonic: Callable[[], float] = time.monotonic,
) -> list[Route]:
    """`/metrics`, as `find` tells it in a thread.

    It is some seconds old. A store that does not answer within `patience` seconds is not waited for.
    """
    look = Look(find, _KEEP, patience, monotonic)

    async def metrics(_: Request) -> Response:
        try:
            return Response(await look.now(), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4})
        except TimeoutError:
            return Response(f"no answer within {patience:g} seconds\n", 503)
        except StoreError:
            return Response("the store cannot be used\n", 503)

    return [Route("/metrics", metrics)]


class _OfDaemon(Collector):
    def __init__(
        self, context: Callable[[], Context], trello: TrelloGateway, passes: Passes, calls: Tally
    ) -> None:
        self._context, self._trello, self._passes, self._calls = context, trello, passes, calls

    def collect(self) -> Iterator[Metric]:
        yield InfoMetricFamily("trello_ops", "The program.", {"version": __version__})
        yield from _of_process(self._passes, self._calls)
        if traffic := _told(self._trello.traffic):
            yield from _of_requests(traffic)
        found = _told(lambda: vitals(self._context()))
        yield _gauge("store_up", "Whether the store could be read.", found is not None)
        if found:
            yield from _of_work(found)
            yield from _of_times(found)


def _told(find: Callable[[], T]) -> T | None:
    """What is found; `None` where the store is in the way, of which the log says why."""
    try:
        return find()
    except TrelloOpsError:
        return None


def _of_process(passes: Passes, calls: Tally) -> Iterator[Metric]:
    ended = (((job, "well" if well else "failed"), count) for (job, well), count in passes.counts().items())
    said = "Passes of each job since the start; those of observe are the polls."
    yield _counter("passes", said, ("job", "result"), ended)
    yield _counter("cards_issued", "Cards made or found since the start.", (), [((), passes.cards())])
    by_kind = (((kind,), count) for kind, count in calls.counts().items())
    said = "Calls to the webhook address since the start: hint and own were accepted, all others refused."
    yield _counter("webhook_calls", said, ("kind",), by_kind)


def _of_requests(traffic: Traffic) -> Iterator[Metric]:
    sent = (((result,), count) for result, count in traffic.sent.items())
    yield _counter("requests", "Requests to Trello since the start.", ("result",), sent)
    said = "Requests that count against the limit of ten seconds, of all processes that share it."
    yield _gauge("request_budget_used", said, traffic.used)
    yield _gauge("request_budget_limit", "How many may count at once.", traffic.limit)


def _of_work(found: Vitals) -> Iterator[Metric]:
    due = GaugeMetricFamily(
        "trello_ops_due_last_day",
        "Occurrences that fell due in the last 24 hours, by whether their card was made in time.",
        labels=["card"],
    )
    for word, count in found.due.items():
        due.add_metric([word], count)
    yield due
    yield _gauge("waiting", "Occurrences that wait for their card.", found.waiting)
    yield _gauge("waiting_seconds", "Since when the first of them has.", found.waits.total_seconds())
    yield _gauge("claims", "What is under way, or was left unfinished.", found.claims)
    yield _gauge("claims_unknown", "Claims of which an answer was lost.", found.unknown)
    yield _gauge("mails_owed", "Mails that are not sent yet.", found.mails_owed)
    yield _gauge("problems", "Problems, as `trello-ops status` tells them.", found.problems)


def _of_times(found: Vitals) -> Iterator[Metric]:
    if found.report_age is not None:
        said = "Since the close of the last week that has a report."
        yield _gauge("report_age_seconds", said, found.report_age.total_seconds())
    yield _instants("job_success_timestamp_seconds", "When each job last succeeded.", "job", found.jobs)
    said = "When each board was last read."
    yield _instants("board_read_timestamp_seconds", said, "board", found.boards)


def _gauge(name: str, said: str, value: float) -> Metric:
    return GaugeMetricFamily(f"trello_ops_{name}", said, value=value)


def _instants(name: str, said: str, label: str, values: Mapping[str, dt.datetime]) -> Metric:
    gauge = GaugeMetricFamily(f"trello_ops_{name}", said, labels=[label])
    for of, instant in values.items():
        gauge.add_metric([of], instant.timestamp())
    return gauge


def _counter(
    name: str, said: str, labels: tuple[str, ...], values: Iterable[tuple[tuple[str, ...], int]]
) -> Metric:
    counter = CounterMetricFamily(f"trello_ops_{name}", said, labels=labels)
    for of, value in values:
        counter.add_metric(of, value)
    return counter
