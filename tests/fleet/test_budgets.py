"""What the first requests of a group wait for, over a real PostgreSQL."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing
from typing import Any
from uuid import uuid4

import pytest

from trello_ops.adapters.request_limit import RequestLimit
from trello_ops.adapters.store import key_budget
from trello_ops.adapters.store.postgres import open_server
from trello_ops.adapters.trello import budget
from trello_ops.demo.postgres import Server
from trello_ops.errors import Stopped
from trello_ops.fleet.tenant import Tenant
from trello_ops.fleet.tending import Budgets
from trello_ops.settings import load

pytestmark = pytest.mark.slow


@pytest.fixture
def stop() -> threading.Event:
    return threading.Event()


@pytest.fixture
def limit(
    postgres: Server, stop: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RequestLimit[Any]]:
    """Of a new token and a key that nobody knows, whose windows last two seconds."""
    monkeypatch.setattr(key_budget, "WINDOW", 2.0)
    monkeypatch.setattr(budget, "WINDOW", 2.0)
    shop = Tenant("shop", "", load({"TRELLO_OPS_TRELLO_KEY": uuid4().hex}, None))
    with closing(open_server(postgres.create_once("budgets"))) as database:
        yield Budgets(database, stop).take("group", (shop,), had_before=False)


def test_a_new_token_and_its_new_key_wait_at_the_same_time(limit: RequestLimit[Any]) -> None:
    begun = time.monotonic()
    limit.wait(reads=True)
    assert 1.5 < time.monotonic() - begun < 3.5


def test_a_request_that_waits_is_not_sent_once_the_node_stops(
    limit: RequestLimit[Any], stop: threading.Event
) -> None:
    threading.Timer(0.2, stop.set).start()
    begun = time.monotonic()
    with pytest.raises(Stopped):
        limit.wait(reads=True)
    assert time.monotonic() - begun < 1.5
