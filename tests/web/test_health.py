"""Whether the daemon lives, and whether it is ready."""

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from asgi_kit import Routes
from shop_kit import Shop, daily_task

from trello_ops.adapters.store import open_store
from trello_ops.core.problems import TOKEN
from trello_ops.errors import StoreError
from trello_ops.jobs import pass_jobs, webhooks_job
from trello_ops.ports import Services
from trello_ops.settings import Settings
from trello_ops.testing import MemoryStore
from trello_ops.web.health import LATE_INTERVALS, LATE_SECONDS, health_routes, readiness

JOBS = (*pass_jobs(Settings()), webhooks_job(Settings(), None))


@pytest.fixture
def shop() -> Shop:
    return Shop(daily_task("parcels"))


def client(shop: Shop, *, alive: bool = True, patience: float = 5.0) -> Routes:
    services = shop.context().services
    routes = health_routes(
        lambda: alive, lambda: readiness(services, JOBS), patience=patience, monotonic=shop.clock.monotonic
    )
    return Routes(routes)


def ready(client: Routes) -> tuple[int, dict[str, Any]]:
    """The status, and what is not well."""
    answer = client.get("/health/ready")
    said = answer.json()
    assert said["ready"] == (answer.status_code == 200) == all(each["ok"] for each in said["checks"])
    return answer.status_code, {each["check"]: each["why"] for each in said["checks"] if not each["ok"]}


def succeed(shop: Shop) -> None:
    for job in JOBS:
        shop.store.job_done(job.name, shop.clock.now())


@pytest.mark.parametrize(("alive", "status"), [(True, 200), (False, 503)])
def test_it_lives_as_long_as_alarms_ring(shop: Shop, alive: bool, status: int) -> None:
    answer = client(shop, alive=alive).get("/health/live")
    assert (answer.status_code, answer.json()) == (status, {"live": alive})


def test_it_is_ready_once_each_job_has_succeeded(shop: Shop) -> None:
    asked = client(shop)
    status, wrong = ready(asked)
    assert status == 503
    assert wrong == {f"job:{job.name}": "it has not succeeded yet" for job in JOBS}
    succeed(shop)
    shop.advance(seconds=3)
    assert ready(asked) == (200, {})


def test_a_job_that_has_not_succeeded_for_ten_intervals_is_late(shop: Shop) -> None:
    slow = max(JOBS, key=lambda job: job.seconds)
    asked = client(shop)
    succeed(shop)
    shop.advance(seconds=LATE_SECONDS)
    assert ready(asked) == (200, {})
    shop.advance(seconds=3)
    late = {f"job:{job.name}" for job in JOBS if LATE_INTERVALS * job.seconds <= LATE_SECONDS}
    assert ready(asked)[1].keys() == late
    shop.advance(seconds=LATE_INTERVALS * slow.seconds)
    assert f"job:{slow.name}" in ready(asked)[1]


def test_a_clock_that_was_put_back_makes_nothing_late(shop: Shop) -> None:
    succeed(shop)
    shop.clock.jump(dt.timedelta(days=-2))
    assert ready(client(shop)) == (200, {})


def test_a_refused_token_is_told_and_nothing_of_what_trello_said(shop: Shop) -> None:
    succeed(shop)
    shop.store.note_problem(str(TOKEN), "invalid token ATTAsecret of amal_zina", shop.clock.now())
    shop.store.note_problem("job:mail:2026-W47:amal@example.org", "no such address", shop.clock.now())
    asked = client(shop)
    assert ready(asked) == (503, {"token": "Trello refuses it"})
    assert not any(word in asked.get("/health/ready").text for word in ("amal", "ATTA"))
    shop.store.clear_problem(str(TOKEN))
    shop.advance(seconds=3)
    assert ready(asked) == (200, {})


class Broken(MemoryStore):
    """A store whose looks do something else."""

    def __init__(self, look: Callable[[], None]) -> None:
        super().__init__()
        self._look = look

    def jobs(self) -> dict[str, dt.datetime]:
        self._look()
        return super().jobs()


def test_a_store_that_cannot_be_used_is_told_without_its_name(shop: Shop) -> None:
    def fail() -> None:
        raise StoreError("the database db.example.org/zina cannot be used")

    shop.store = Broken(fail)
    status, wrong = ready(client(shop))
    assert status == 503
    assert wrong.keys() == {"store"}
    assert "zina" not in wrong["store"]


def test_a_store_that_hangs_is_asked_once_and_not_waited_for(shop: Shop) -> None:
    hangs, asked_once = threading.Event(), list[None]()

    def hang() -> None:
        asked_once.append(None)
        hangs.wait(60)

    shop.store = Broken(hang)
    asked = client(shop, patience=0.1)
    for _ in range(3):
        assert ready(asked) == (503, {"store": "no answer within 0.1 seconds"})
        shop.advance(seconds=10)
    assert len(asked_once) == 1
    succeed(shop)
    hangs.set()
    shop.store = MemoryStore()
    assert _soon(lambda: ready(asked)[0] == 200)


def _soon(so: Callable[[], bool]) -> bool:
    return any(so() or threading.Event().wait(0.05) for _ in range(100))


@pytest.fixture
def on_file(tmp_path: Any, shop: Shop) -> Iterator[Routes]:
    with closing(open_store(f"sqlite:///{tmp_path}/store.sqlite3", "zina")) as store:
        for job in JOBS:
            store.job_done(job.name, shop.clock.now())
        services = Services(shop.trello, store, shop.clock, shop.outbox)
        yield Routes(health_routes(lambda: True, lambda: readiness(services, JOBS)))


def test_a_store_in_a_file_is_asked_likewise(on_file: Routes) -> None:
    assert ready(on_file) == (200, {})
