"""Pings: which address, how often, and that nothing about them holds up or gives away anything."""

import contextlib
import threading
import time as real_time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

import pytest
import requests
import responses
import structlog

from trello_ops.adapters.heartbeat import HttpHeartbeat

URL = "https://hc.example/0a1b2c3d-secret"


class Time:
    """Monotonic seconds."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def http() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for ending in ("", "/start", "/fail"):
            mock.get(URL + ending)
        yield mock


def pinged(http: responses.RequestsMock) -> list[str]:
    return [(call.request.url or "").removeprefix(URL) for call in http.calls]


def test_a_pass_has_a_beginning_and_an_end(http: responses.RequestsMock, time: Time) -> None:
    heartbeat = HttpHeartbeat(URL, time)
    heartbeat.begun()
    heartbeat.went_well()
    heartbeat.failed()
    assert pinged(http) == ["/start", "", "/fail"]


def test_each_kind_is_pinged_once_a_minute(http: responses.RequestsMock, time: Time) -> None:
    heartbeat = HttpHeartbeat(URL, time)
    for _ in range(10):
        heartbeat.went_well()
        time.now += 15
    assert pinged(http) == [""] * 3


def test_what_stands_behind_a_question_mark_stays_there(time: Time) -> None:
    with responses.RequestsMock() as mock:
        mock.get(f"{URL}/fail?rid=1")
        HttpHeartbeat(f"{URL}/?rid=1", time).failed()


@pytest.mark.parametrize("trouble", [requests.ConnectionError(URL), requests.Timeout(URL), 404, 500])
def test_no_trouble_with_it_raises_or_names_the_address(trouble: Exception | int, time: Time) -> None:
    with responses.RequestsMock() as mock, structlog.testing.capture_logs() as logged:
        if isinstance(trouble, int):
            mock.get(URL, status=trouble)
        else:
            mock.get(URL, body=trouble)
        HttpHeartbeat(URL, time).went_well()
    assert len(logged) == 1
    assert "secret" not in repr(logged)


def test_it_is_an_ordinary_request_over_real_http(time: Time) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        HttpHeartbeat(f"http://127.0.0.1:{server.server_port}/check", time, seconds=0.3).begun()
        server.shutdown()
    assert asked == ["/check/start"]


@pytest.mark.parametrize(
    "head", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"]
)
def test_an_answer_that_trickles_in_holds_nothing_up(head: bytes, time: Time) -> None:
    done = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(head)
            while not done.wait(0.05):
                with contextlib.suppress(OSError):
                    self.wfile.write(b"X")

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server, structlog.testing.capture_logs() as logged:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        heartbeat = HttpHeartbeat(f"http://127.0.0.1:{server.server_port}/secret", time, seconds=0.3)
        begun = real_time.monotonic()
        heartbeat.went_well()
        took = real_time.monotonic() - begun
        done.set()
        server.shutdown()
    assert took < 2
    assert "secret" not in repr(logged)


def test_who_redirects_for_ever_is_left_in_time(time: Time) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            real_time.sleep(0.2)
            self.send_response(302)
            self.send_header("Location", "/again")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        begun = real_time.monotonic()
        HttpHeartbeat(f"http://127.0.0.1:{server.server_port}/check", time, seconds=0.3).begun()
        assert real_time.monotonic() - begun < 2
        server.shutdown()
