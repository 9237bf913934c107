"""The daemon on Trello's calls, over HTTP: what people do is seen at once, and nobody else is believed."""

import random
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import requests
from callbacks_kit import free_port, nodding
from live_kit import MONDAY, NEWS, PARCELS, Live, MovableClock, apply, live, small_shop, until
from starlette.applications import Starlette
from structlog.testing import capture_logs

from trello_ops.app import App
from trello_ops.core.bindings import Kind
from trello_ops.core.ledger import LedgerEvent, OccurrenceKey
from trello_ops.core.planning.changes import CreateList
from trello_ops.daemon import Daemon
from trello_ops.telemetry import Tally
from trello_ops.web.hints import LONGEST
from trello_ops.web.listening import listening
from trello_ops.web.refused import REFUSED

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

NEVER = dict.fromkeys(("reconcile_seconds", "issue_seconds", "observe_seconds", "report_seconds"), 3600)
Json = dict[str, Any]


@dataclass
class Shop:
    """The small shop on Monday morning, its board applied."""

    trello: Live
    folder: Path
    clock: MovableClock

    @contextmanager
    def app(self, url: str | None, **settings: object) -> Iterator[App]:
        """Wired for a public address."""
        given = {"public_url": url, "trello_secret": self.trello.secret} if url else {}
        with self.trello.app(self.folder, self.clock, **NEVER, **given, **settings) as app:
            yield app

    @contextmanager
    def daemon(self) -> Iterator[tuple[App, str]]:
        """Running, after its first pass, with the address on which it listens; nothing more is polled."""
        stop, port = threading.Event(), free_port()
        url = f"http://127.0.0.1:{port}"
        with self.app(url, web_bind=f"127.0.0.1:{port}") as opened:
            app = replace(opened, runtime=replace(opened.runtime, stopping=stop.is_set))
            thread = threading.Thread(target=Daemon(app, stop).run)
            thread.start()
            try:
                until(lambda: "report" in app.services.store.jobs())
                yield app, f"{url}/trello/webhook"
            finally:
                stop.set()
                thread.join(15)
            assert not thread.is_alive()

    def webhooks(self) -> list[Json]:
        """Of the robot's token, by their address."""
        found = self._ask("GET", f"tokens/{self.trello.token}/webhooks")
        return sorted(found, key=lambda each: each["callbackURL"])

    def disable(self, webhook: Json) -> None:
        self._ask("PUT", f"webhooks/{webhook['id']}", active="false")

    def hook(self, url: str, board: str) -> Json:
        made: Json = self._ask("POST", "webhooks", callbackURL=url, idModel=board)
        return made

    def _ask(self, method: str, path: str, **query: str) -> Any:
        who = {"key": self.trello.key, "token": self.trello.token}
        answer = requests.request(method, f"{self.trello.url}/1/{path}", params={**who, **query}, timeout=30)
        assert answer.ok, answer.text
        return answer.json()


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    small_shop(tmp_path)
    with live() as trello:
        shop = Shop(trello, tmp_path, MovableClock(trello, MONDAY))
        with trello.app(tmp_path, shop.clock) as app:
            apply(app)
        yield shop


def events(app: App, key: str) -> tuple[LedgerEvent, ...]:
    entry = app.services.store.entry(OccurrenceKey.parse(key))
    return entry.events if entry else ()


def board_of(app: App) -> str:
    return app.services.store.bindings().id(Kind.BOARD, "daily") or ""


def tend(app: App) -> None:
    """The daemon's job that makes, mends and removes webhooks."""
    error = app.run(next(job for job in app.standing_jobs() if job.name == "webhooks"))
    assert error is None, error


# ---- what people do, and what we do


def test_what_people_do_is_in_the_ledger_within_two_seconds_and_what_we_do_is_not_read(shop: Shop) -> None:
    with capture_logs() as logs, shop.daemon() as (app, callback):
        (webhook,) = shop.webhooks()
        assert (webhook["callbackURL"], webhook["idModel"]) == (callback, board_of(app))
        for key, person in ((PARCELS, "karim_zina"), (NEWS, "amal_zina")):
            begun = time.monotonic()
            shop.trello.tick(shop.trello.card(key), person)
            (done,) = until(lambda key=key: events(app, key), 5)
            assert time.monotonic() - begun < 2
            assert done.by is not None
            assert (done.by.username, done.approximate) == (person, False)
        polled = app.services.store.jobs()["observe"]
        before = app.services.store.read_cursors()["daily"].read_at

        app.services.trello.perform(
            CreateList(board="daily", key="later", title="Plus tard", position=9.0),
            app.services.store.bindings(),
        )
        time.sleep(LONGEST + 0.5)
        assert app.services.store.read_cursors()["daily"].read_at == before
        assert app.services.store.jobs()["observe"] == polled, "a look at one board is no poll"
        assert app.services.store.problems() == ()
    (stopped,) = (line for line in logs if line["event"] == "web.stopped")
    assert stopped["hint"] >= 2
    assert stopped["own"] >= 1


def test_whatever_strangers_send_the_daemon_goes_on_and_the_ledger_stays(shop: Shop) -> None:
    with shop.daemon() as (app, callback):
        port = int(callback.split(":")[2].split("/")[0])
        before = _everything_in(shop.folder / "ops.sqlite3")
        dice = random.Random(7)  # noqa: S311 - dice, not keys
        for number in range(60):
            assert b" 500 " not in _send(port, _nonsense(dice, number))
        forged = {"X-Trello-Webhook": "c2lnbmVk", "Content-Type": "application/json"}
        body = f'{{"model": {{"id": "{board_of(app)}"}}, "action": {{"id": "{"6a" * 12}"}}}}'
        assert requests.post(callback, body, headers=forged, timeout=10).status_code == 403
        assert requests.post(callback, b"x" * (2 << 20), timeout=10).status_code == 413
        time.sleep(LONGEST)
        assert _everything_in(shop.folder / "ops.sqlite3") == before
        assert requests.head(callback, timeout=10).status_code == 200
        shop.trello.tick(shop.trello.card(PARCELS), "karim_zina")
        until(lambda: events(app, PARCELS), 5)


def _everything_in(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def _nonsense(dice: random.Random, number: int) -> bytes:
    """Requests as they should not be: noise, heads that lie, bodies that are not there."""
    noise = dice.randbytes(dice.randrange(400))
    heads = (
        b"",
        b"POST /trello/webhook HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % dice.randrange(1 << 16),
        b"POST /trello/webhook HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /trello/webhook HTTP/1.1\r\nHost: x\r\nX-Trello-Webhook: "
        + noise[:20].hex().encode()
        + b"\r\n\r\n",
        b"HEAD /trello/webhook HTTP/9.9\r\n\r\n",
        b"GET /" + noise.hex().encode() + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    )
    return heads[number % len(heads)] + noise


def _send(port: int, data: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=2) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)
        try:
            return connection.recv(4096)
        except OSError:
            return b""


def test_without_its_port_the_daemon_goes_on_polling(shop: Shop) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with (
            shop.app("http://127.0.0.1:1", web_bind=f"127.0.0.1:{port}") as app,
            capture_logs() as logs,
            listening(app.settings, Starlette, Tally("refused", REFUSED, time.monotonic)),
        ):
            pass
    (line,) = logs
    assert line["event"] == "web.not_listening"
    assert "TRELLO_OPS_WEB_BIND" in line["error"]


# ---- which webhooks there are


def test_a_webhook_that_trello_disabled_is_enabled_and_an_address_moves_without_doubles(shop: Shop) -> None:
    with nodding() as here, nodding() as there:
        with shop.app(here) as app:
            theirs = shop.hook(f"{here}/theirs", board_of(app))
            tend(app)
            made = _ours(shop, theirs)
            assert made["callbackURL"] == f"{here}/trello/webhook"
            shop.disable(made)
            tend(app)
            assert _ours(shop, theirs) == made
        with shop.app(there) as app:
            tend(app)
            assert _ours(shop, theirs) == {**made, "callbackURL": f"{there}/trello/webhook"}
            (shop.folder / "boards" / "daily.yaml").rename(shop.folder / "daily.yaml")
            (shop.folder / "boards" / "other.yaml").write_text(
                "new: true\n" + (shop.folder / "daily.yaml").read_text("utf-8").replace("Quotidien", "Autre"),
                "utf-8",
            )
            app.take_up(alarming=True)  # as `apply` does
            tend(app)
            assert shop.webhooks() == [theirs], "the board is retired, the other one is not made yet"
            (shop.folder / "boards" / "other.yaml").unlink()
            (shop.folder / "boards" / "daily.yaml").write_text(
                "new: true\n" + (shop.folder / "daily.yaml").read_text("utf-8"), "utf-8"
            )
            app.take_up(alarming=True)
            tend(app)
            assert len(shop.webhooks()) == 2
        with shop.app(None) as app:
            tend(app)
            assert shop.webhooks() == [theirs]


def _ours(shop: Shop, theirs: Json) -> Json:
    (found,) = (each for each in shop.webhooks() if each != theirs)
    return found


def test_an_address_that_nobody_serves_is_a_problem_that_shows_no_secret(shop: Shop) -> None:
    with capture_logs() as logs, shop.app("http://127.0.0.1:1") as app:
        tend(app)
        (problem,) = app.services.store.problems()
    assert problem.subject == "daily:webhook"
    assert "did not return 200 status code" in problem.message
    requested = [line["path"] for line in logs if line["event"] == "trello.request"]
    assert "/1/tokens/{token}/webhooks" in requested
    for secret in (shop.trello.key, shop.trello.token, shop.trello.secret):
        assert secret not in problem.message + str(logs)
