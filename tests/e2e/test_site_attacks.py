"""Those who are no visitors, over real HTTP: none gets in, and the daemon goes on issuing."""

import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
import requests
from callbacks_kit import free_port
from live_kit import DAILY, MONDAY, Live, MovableClock, apply, live, small_shop, until

from trello_ops.app import App
from trello_ops.core.calendar.agenda import EVERYTHING
from trello_ops.core.links import Opens
from trello_ops.daemon import Daemon
from trello_ops.operations.links import new_link

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

TASKS = 40


@dataclass
class Attacked:
    """A running daemon of a shop with many tasks, whose pages are at `url`."""

    trello: Live
    app: App
    url: str
    port: int

    def secret(self) -> str:
        store, clock = self.app.services.store, self.app.services.clock
        return new_link(store, clock, Opens.PAGES, EVERYTHING)[1]

    def visitor(self) -> requests.Session:
        browser = requests.Session()
        browser.trust_env = False
        entered = browser.get(f"{self.url}/link/{self.secret()}", timeout=30, allow_redirects=False)
        assert entered.status_code == 303
        return browser

    def issued(self) -> int:
        return len([card for card in self.trello.state()["cards"] if not card["isTemplate"]])


@contextmanager
def attacked(folder: Path, **settings: object) -> Iterator[Attacked]:
    small_shop(folder)
    more = "".join(
        f"  more-{n}: {{title: Encore {n}, theme: data, template: news.md}}\n" for n in range(TASKS)
    )
    (folder / "boards" / "daily.yaml").write_text(DAILY + more, "utf-8")
    stop, port = threading.Event(), free_port()
    with live() as trello:
        clock = MovableClock(trello, MONDAY)
        with trello.app(folder, clock, web_bind=f"127.0.0.1:{port}", **settings) as opened:
            apply(opened)
            app = replace(opened, runtime=replace(opened.runtime, stopping=stop.is_set))
            thread = threading.Thread(target=Daemon(app, stop).run)
            thread.start()
            until(lambda: _listens(port))
            try:
                yield Attacked(trello, app, f"http://127.0.0.1:{port}", port)
            finally:
                stop.set()
                thread.join(15)
            assert not thread.is_alive()


def _listens(port: int) -> bool:
    with socket.socket() as attempt:
        return attempt.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Attacked]:
    with attacked(tmp_path) as made:
        yield made


ATTEMPTS = (
    "/",
    "/reports",
    "/link/{n}",
    "/calendar/{n}.ics",
    "/reports/../../../../etc/passwd",
    "/site/..%2f..%2fsettings.py",
    "/reports/{{{{7*7}}}}",
    "/reports/2026-W46%00",
    "/link/%ff%fe",
    "/?<script>alert({n})</script>",
    "//evil.example/{n}",
    "/.env",
)


@pytest.mark.timeout(180)
def test_ten_thousand_requests_get_nobody_in_and_every_card_is_issued_once(shop: Attacked) -> None:
    local = threading.local()

    def attempt(number: int) -> int:
        if not hasattr(local, "session"):
            local.session = requests.Session()
            local.session.trust_env = False
        path = ATTEMPTS[number % len(ATTEMPTS)].format(n=number)
        headers = {
            "Cookie": f"trello-ops-{shop.port}={number}",
            "X-Forwarded-For": f"203.0.{number % 256}.{number // 256}",
        }
        if number % 50 == 0:
            headers["Host"] = "evil.example"
        answer = local.session.get(shop.url + path, headers=headers, timeout=60, allow_redirects=False)
        assert "Petite boutique" not in answer.text
        return int(answer.status_code)

    with ThreadPoolExecutor(8) as pool:
        answers = Counter(pool.map(attempt, range(10_000)))
    assert sum(answers.values()) == 10_000
    assert set(answers) <= {403, 404, 421, 429}
    assert requests.get(f"{shop.url}/health/live", timeout=30).json() == {"live": True}
    assert "Petite" not in requests.get(f"{shop.url}/metrics", timeout=30).text
    until(lambda: shop.issued() == TASKS + 3, 60)
    assert {job for job, _ in shop.app.services.store.jobs().items()} >= {"issue", "observe"}


def test_slow_clients_keep_nobody_from_being_answered(shop: Attacked) -> None:
    idle = [socket.create_connection(("127.0.0.1", shop.port), timeout=5) for _ in range(60)]
    try:
        for number, connection in enumerate(idle):
            connection.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: " + b"x" * number)
        begun = time.monotonic()
        assert shop.visitor().get(f"{shop.url}/reports", timeout=30).status_code == 200
        assert time.monotonic() - begun < 20
    finally:
        for connection in idle:
            connection.close()
    until(lambda: shop.issued() == TASKS + 3, 60)


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET http://evil.example/ HTTP/1.1\r\nHost: evil.example\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\n\r\n",
        b"GET /reports/../../etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /site//etc/passwd HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /site/%2e%2e%2fframe.html.j2 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"GET /link/" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"POST /link/x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\n\r\nx",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: " + b"a=b; " * 5_000 + b"\r\n\r\n",
        "GET /é HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode(),
        b"\x16\x03\x01\x02\x00\x01\x00",
    ],
    ids=range(12),
)
def test_what_no_browser_sends_is_refused_and_others_are_answered(shop: Attacked, head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", shop.port), timeout=15) as connection:
        connection.sendall(head)
        connection.shutdown(socket.SHUT_WR)
        said = b""
        try:
            while piece := connection.recv(65_536):
                said += piece
        except ConnectionError:
            pass
    assert not said or said.split()[1] in {b"400", b"403", b"404", b"405", b"421"}
    assert b"root:" not in said
    assert b"Petite boutique" not in said
    assert shop.visitor().get(f"{shop.url}/reports", timeout=30).status_code == 200
