"""The second channel: a real request by apprise, and no trouble that raises or names the address."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
import structlog

from trello_ops.adapters.notify import AppriseNotifier


class Channel(HTTPServer):
    """Keeps what it is told."""

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.status = status
        self.told: list[Any] = []


class Handler(BaseHTTPRequestHandler):
    server: Channel

    def do_POST(self) -> None:
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(params=[200])
def channel(request: pytest.FixtureRequest) -> Iterator[Channel]:
    with Channel(request.param) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


def test_it_is_told(channel: Channel) -> None:
    notifier = AppriseNotifier(f"json://user:s3cret@127.0.0.1:{channel.server_port}/ops")
    assert notifier.tell("Zina ô Beldi", "Le rapport <47> n’est pas parti.\nVoir status.")
    (told,) = channel.told
    assert (told["title"], told["message"]) == (
        "Zina ô Beldi",
        "Le rapport <47> n’est pas parti.\nVoir status.",
    )


@pytest.mark.parametrize("channel", [500], indirect=True)
def test_a_refusal_raises_nothing_and_names_no_address(
    channel: Channel, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as logged:
        assert not AppriseNotifier(f"json://user:s3cret@127.0.0.1:{channel.server_port}").tell("a", "b")
    assert [each["event"] for each in logged] == ["notify.refused"]
    assert "s3cret" not in repr(logged) + caplog.text


def test_an_address_of_no_known_kind_is_told_in_the_log() -> None:
    with structlog.testing.capture_logs() as logged:
        assert not AppriseNotifier("pigeon://s3cret@roof").tell("a", "b")
    assert [each["event"] for each in logged] == ["notify.not_understood"]
