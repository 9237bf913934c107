"""Pings: which address, how often, and that nothing about them holds up or gives away anything."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

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
        HttpHeartbeat(f"http://127.0.0.1:{server.server_port}/check", time).begun()
        server.shutdown()
    assert asked == ["/check/start"]
