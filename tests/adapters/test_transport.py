"""What leaves us, and what every answer and every broken exchange means."""

import datetime as dt
import json
import logging
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
import requests
import responses
from structlog.testing import capture_logs
from urllib3 import HTTPSConnectionPool
from urllib3.connection import HTTPConnection
from urllib3.exceptions import MaxRetryError, NameResolutionError, SSLError
from wire_kit import BASE, KEY, MADE, TOKEN, Wire, receive, server

from trello_ops.adapters.trello.budget import Budget
from trello_ops.adapters.trello.transport import TrelloSession
from trello_ops.errors import (
    LimitReached,
    NotFound,
    NotSent,
    OutcomeUnknown,
    RateLimited,
    StoreError,
    TokenRefused,
    TrelloError,
    Unauthorised,
    Unavailable,
)
from trello_ops.testing.clock import FixedClock

CARDS = f"{BASE}/1/cards"
CARD = f"{BASE}/1/cards/c1"

JsonObject = dict[str, object]


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock(dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC))


@pytest.fixture
def wire(clock: FixedClock) -> Iterator[Wire]:
    wire = Wire(clock)
    yield wire
    wire.session.close()


@pytest.fixture
def trello() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


# ---- what leaves us


def test_credentials_travel_in_the_header_only(wire: Wire, trello: responses.RequestsMock) -> None:
    trello.get(CARD, json=MADE)
    wire.read(fields="name")
    sent = trello.calls[0].request
    assert sent.headers["Authorization"] == f'OAuth oauth_consumer_key="{KEY}", oauth_token="{TOKEN}"'
    assert sent.url == f"{CARD}?fields=name"
    assert sent.body is None


def test_a_write_puts_its_arguments_into_the_json_body(wire: Wire, trello: responses.RequestsMock) -> None:
    trello.post(CARDS, json=MADE)
    wire.write(name="é" * 10_000, dueComplete=False)
    sent = trello.calls[0].request
    assert sent.url == CARDS
    assert json.loads(sent.body or "") == {"name": "é" * 10_000, "dueComplete": False}
    assert sent.headers["Content-Type"].startswith("application/json")
    assert sent.headers["User-Agent"].startswith("trello-ops/")


def test_writes_alone_are_named_ours_so_that_trello_tells_us_of_them_by_that_name(
    wire: Wire, trello: responses.RequestsMock
) -> None:
    trello.get(CARD, json=MADE)
    trello.post(CARDS, json=MADE)
    wire.read()
    wire.write(name="x")
    read, written = (call.request.headers.get("X-Trello-Client-Identifier") for call in trello.calls)
    assert (read, written) == (None, "trello-ops")


def test_netrc_is_not_read(
    wire: Wire, trello: responses.RequestsMock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine trello.test login somebody password else")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    trello.get(CARD, json=MADE)
    wire.read()
    assert trello.calls[0].request.headers["Authorization"].startswith("OAuth ")


def test_cookies_are_not_kept(wire: Wire, trello: responses.RequestsMock) -> None:
    trello.get(CARD, json=MADE, headers={"Set-Cookie": "dsc=1; Path=/"})
    trello.get(CARD, json=MADE)
    wire.read()
    wire.read()
    assert "Cookie" not in trello.calls[1].request.headers


@pytest.mark.parametrize(
    ("key", "token"), [("", TOKEN), (KEY, ""), (KEY, 'to"ken'), (KEY, "tok\nen"), (KEY, "tök")]
)
def test_credentials_that_cannot_travel_are_refused_without_being_shown(
    key: str, token: str, clock: FixedClock
) -> None:
    with pytest.raises(Unauthorised, match=r"TRELLO_OPS_TRELLO_(KEY|TOKEN) is empty or has") as caught:
        TrelloSession(BASE, key, token, budget=Budget.private(90, clock), clock=clock, timeout=1)
    assert token not in str(caught.value) or not token


# ---- answers


@pytest.mark.parametrize("status", [200, 201, 202])
def test_any_2xx_is_a_success(status: int, wire: Wire, trello: responses.RequestsMock) -> None:
    trello.get(CARD, json=MADE, status=status)
    trello.post(CARDS, json=MADE, status=status)
    assert wire.read() == MADE
    assert wire.write() == MADE


REFUSALS = [
    (400, "invalid value for idList", TrelloError),
    (403, "forbidden", LimitReached),
    (404, "The requested resource was not found.", NotFound),
    (414, "", TrelloError),
    (418, "short and stout", TrelloError),
    (429, {"error": "API_TOKEN_LIMIT_EXCEEDED", "message": "Rate limit exceeded"}, RateLimited),
    (301, "", TrelloError),
    (307, "", TrelloError),
    (401, "unauthorized card permission requested", Unauthorised),
]
LOST = [(status, "sorry", OutcomeUnknown) for status in (408, 409, 449, 500, 502, 503, 504)]


@pytest.mark.parametrize(("status", "body", "expected"), [*REFUSALS, *LOST])
def test_what_a_write_s_refusal_means(
    status: int,
    body: str | JsonObject,
    expected: type[TrelloError],
    wire: Wire,
    trello: responses.RequestsMock,
) -> None:
    text = body if isinstance(body, str) else json.dumps(body)
    trello.post(CARDS, body=text, status=status, headers={"Location": "http://elsewhere.test/"})
    with pytest.raises(TrelloError, match=rf"^POST /1/cards: .*{status}") as caught:
        wire.write(name="x")
    assert type(caught.value) is expected
    assert len(trello.calls) == 1


@pytest.mark.parametrize(
    ("status", "expected", "tries"),
    [
        *[(status, expected, 1) for status, _, expected in REFUSALS if expected is not RateLimited],
        (429, RateLimited, 3),
        *[(status, Unavailable, 3) for status, _, _ in LOST],
    ],
)
def test_what_a_read_s_refusal_means(
    status: int, expected: type[TrelloError], tries: int, wire: Wire, trello: responses.RequestsMock
) -> None:
    trello.get(CARD, body="sorry", status=status, headers={"Location": "http://elsewhere.test/"})
    with pytest.raises(TrelloError, match=rf"^GET /1/cards/c1: .*{status}") as caught:
        wire.read(fields="name")
    assert type(caught.value) is expected
    assert len(trello.calls) == tries


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("invalid token", TokenRefused),
        ("expired token", TokenRefused),
        ("invalid key", TokenRefused),
        ("invalid app key", TokenRefused),
        ('{"message":"missing scopes"}', Unauthorised),
        ("webhook does not belong to token", Unauthorised),
        ("unauthorized permission requested", Unauthorised),
    ],
)
def test_a_refused_token_is_told_from_a_missing_right(
    said: str, expected: type[TrelloError], wire: Wire, trello: responses.RequestsMock
) -> None:
    trello.get(CARD, body=said, status=401)
    with pytest.raises(Unauthorised) as caught:
        wire.read()
    assert type(caught.value) is expected


@pytest.mark.parametrize(
    "body", ["", "<html>", "[]", "{}", '{"id": null}', '"x"', '{"id": "x"}', '{"id": "\\ud800"}']
)
def test_a_2xx_without_an_id_leaves_a_write_unknown(
    body: str, wire: Wire, trello: responses.RequestsMock
) -> None:
    trello.post(CARDS, body=body)
    with pytest.raises(OutcomeUnknown, match="POST /1/cards: it was sent"):
        wire.write()


@pytest.mark.parametrize("body", ["", "<html>", '"x"', "3"])
def test_a_2xx_that_makes_no_sense_is_a_failed_read(
    body: str, wire: Wire, trello: responses.RequestsMock
) -> None:
    trello.get(CARD, body=body)
    with pytest.raises(Unavailable):
        wire.read()


@pytest.mark.parametrize(
    "failure", [requests.ConnectionError("gone"), requests.ReadTimeout("slow"), 503, 429]
)
def test_a_read_is_tried_three_times(
    failure: Exception | int, wire: Wire, trello: responses.RequestsMock
) -> None:
    for _ in range(2):
        if isinstance(failure, int):
            trello.get(CARD, status=failure)
        else:
            trello.get(CARD, body=failure)
    trello.get(CARD, json=MADE)
    assert wire.read() == MADE


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("invalid key", "TRELLO_OPS_TRELLO_KEY"),
        ("invalid app key", "TRELLO_OPS_TRELLO_KEY"),
        ("invalid token", "TRELLO_OPS_TRELLO_TOKEN"),
        ('{"message":"missing scopes"}', "scopes read and write"),
        ("unauthorized card permission requested", "member of the Trello Workspace and of the board"),
    ],
)
def test_a_401_says_what_to_check(said: str, advice: str, wire: Wire, trello: responses.RequestsMock) -> None:
    trello.post(CARDS, body=said, status=401)
    with pytest.raises(Unauthorised, match=advice):
        wire.write()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        (b'{"message":"invalid date","error":"ERROR"}', "400: invalid date ERROR"),
        (b'["list"]', '400: ["list"]'),
        (b"  two\r\nlines\t", "400: two lines"),
        (b"red\x1b[31m\xe2\x80\xaeback", r"400: red\x1b[31m\u202eback"),
        (b"\xff\xfe", "400: \ufffd\ufffd"),
        (b"<html><head><title>x</title></head><body><h1>No</h1>way</body></html>", "400: No way)"),
        (b"", "400: no reason given"),
        (b"x" * 5000, "x" * 199 + "…)"),
    ],
)
def test_trello_s_words_are_shown_on_one_printable_line(
    body: bytes, shown: str, wire: Wire, trello: responses.RequestsMock
) -> None:
    trello.post(CARDS, body=body, status=400)
    with pytest.raises(TrelloError) as caught:
        wire.write()
    assert shown in str(caught.value)
    assert str(caught.value).isprintable()


# ---- secrets


@pytest.mark.parametrize(
    "answer", [400, 401, 404, 500, requests.ConnectionError(TOKEN), requests.ReadTimeout(KEY)]
)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_no_error_nor_log_line_holds_a_secret(
    answer: int | Exception,
    method: str,
    wire: Wire,
    trello: responses.RequestsMock,
    caplog: pytest.LogCaptureFixture,
) -> None:
    echo = f"Cannot {method} /1/x?key={KEY}&token={TOKEN}" + "y" * 190
    for _ in range(3 if method == "GET" else 1):
        if isinstance(answer, int):
            trello.add(method, f"{BASE}/1/tokens/{TOKEN}/webhooks", body=echo, status=answer)
        else:
            trello.add(method, f"{BASE}/1/tokens/{TOKEN}/webhooks", body=answer)
    trello.assert_all_requests_are_fired = False
    caplog.set_level(logging.DEBUG)
    send = wire.read if method == "GET" else wire.write
    with capture_logs() as logged, pytest.raises(TrelloError) as caught:
        send(f"/tokens/{TOKEN}/webhooks")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None
    told = "".join(traceback.format_exception(caught.value)) + repr(logged) + caplog.text + repr(vars(wire))
    assert KEY not in told
    assert TOKEN not in told
    assert "[secret]" in told


def test_a_request_is_one_line_in_the_log(wire: Wire, trello: responses.RequestsMock) -> None:
    trello.get(CARD, json=MADE)
    with capture_logs() as logged:
        wire.read(fields="name")
    assert logged == [
        {
            "event": "trello.request",
            "log_level": "debug",
            "method": "GET",
            "path": "/1/cards/c1",
            "status": 200,
            "ms": 0,
        }
    ]


# ---- broken exchanges, on real sockets


def hang_up(_: socket.socket) -> None:
    """Close without reading."""


def hang_up_after_the_request(connection: socket.socket) -> None:
    receive(connection)


def reset(connection: socket.socket) -> None:
    receive(connection)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def break_off(connection: socket.socket) -> None:
    receive(connection)
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")


def gibberish(connection: socket.socket) -> None:
    receive(connection)
    connection.sendall(b"220 mail.example ESMTP\r\n")


BREAKS = [hang_up, hang_up_after_the_request, reset, break_off, gibberish]


@pytest.mark.parametrize("behaviour", BREAKS)
def test_a_write_whose_connection_breaks_is_unknown_and_sent_once(
    behaviour: Callable[[socket.socket], None], clock: FixedClock
) -> None:
    with server(behaviour) as (url, connections):
        wire = Wire(clock, url)
        with pytest.raises(OutcomeUnknown, match="connection broke or timed out"):
            wire.write(name="x")
        wire.session.close()
    assert len(connections) == 1


@pytest.mark.parametrize("behaviour", BREAKS)
def test_a_read_whose_connection_breaks_is_unavailable(
    behaviour: Callable[[socket.socket], None], clock: FixedClock
) -> None:
    with server(behaviour) as (url, connections):
        wire = Wire(clock, url)
        with pytest.raises(Unavailable):
            wire.read()
        wire.session.close()
    assert len(connections) == 3


def test_a_write_on_a_stale_kept_connection_is_not_sent_again(clock: FixedClock) -> None:
    """The server answers once and hangs up on the second request of the same connection."""
    requests_seen: list[bytes] = []

    def answer_once(connection: socket.socket) -> None:
        requests_seen.append(receive(connection))
        body = json.dumps(MADE).encode()
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        requests_seen.append(receive(connection))

    with server(answer_once) as (url, connections):
        wire = Wire(clock, url)
        wire.write()
        with pytest.raises(OutcomeUnknown):
            wire.write()
        wire.session.close()
    assert len(connections) == 1
    assert len(requests_seen) == 2


def test_a_timeout_after_sending_leaves_a_write_unknown(clock: FixedClock) -> None:
    listener = socket.create_server(("127.0.0.1", 0))
    with listener:
        port = listener.getsockname()[1]
        wire = Wire(clock, f"http://127.0.0.1:{port}", timeout=0.05)
        with pytest.raises(OutcomeUnknown, match="ReadTimeout"):
            wire.write()
        wire.session.close()


def closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:{port}", "https://127.0.0.1:{port}", "http://no-such.invalid"]
)
def test_without_a_connection_a_write_did_nothing(url: str, clock: FixedClock) -> None:
    wire = Wire(clock, url.format(port=closed_port()))
    with pytest.raises(Unavailable, match=r"no connection .*TRELLO_OPS_TRELLO_URL"):
        wire.write()
    wire.session.close()


@pytest.mark.parametrize(
    ("url", "proxied"), [("http://127.0.0.1:8910", False), ("https://api.trello.com", True)]
)
def test_a_proxy_does_not_lie_between_us_and_this_machine(
    url: str,
    proxied: bool,
    clock: FixedClock,
    monkeypatch: pytest.MonkeyPatch,
    trello: responses.RequestsMock,
) -> None:
    for name in ("http_proxy", "https_proxy"):
        monkeypatch.setenv(name, "http://proxy.example:3128")
    used: list[bool] = []

    def answer(request: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        used.append(bool(request.req_kwargs["proxies"]))  # type: ignore[attr-defined]  # set by responses
        return 200, {}, json.dumps(MADE)

    trello.add_callback("GET", f"{url}/1/cards/c1", answer)
    wire = Wire(clock, url)
    wire.read()
    wire.session.close()
    assert used == [proxied]


def test_a_connect_timeout_did_nothing(wire: Wire, trello: responses.RequestsMock) -> None:
    trello.post(CARDS, body=requests.ConnectTimeout("5 s"))
    with pytest.raises(Unavailable):
        wire.write()


@pytest.mark.parametrize(
    ("cause", "expected"),
    [
        (ssl.SSLCertVerificationError("self-signed certificate"), Unavailable),
        (ssl.SSLError("bad record"), OutcomeUnknown),
    ],
)
def test_a_certificate_that_is_not_trusted_did_nothing(
    cause: ssl.SSLError, expected: type[TrelloError], wire: Wire, trello: responses.RequestsMock
) -> None:
    """As urllib3 and requests wrap it: `SSLError(MaxRetryError(reason=SSLError(cause)))`."""
    exhausted = MaxRetryError(HTTPSConnectionPool("trello.test"), CARDS, SSLError(cause))
    trello.post(CARDS, body=requests.exceptions.SSLError(exhausted))
    with pytest.raises(expected):
        wire.write()


def test_an_unreachable_proxy_did_nothing(clock: FixedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", f"http://user:pass@127.0.0.1:{closed_port()}")
    monkeypatch.setenv("no_proxy", "")
    wire = Wire(clock)
    with pytest.raises(Unavailable) as caught:
        wire.write()
    assert "pass" not in str(caught.value)
    wire.session.close()


@pytest.mark.parametrize("url", ["trello.test", "ftp://trello.test", "http://", "http://[bad"])
def test_an_address_that_cannot_be_is_named(url: str, clock: FixedClock) -> None:
    with pytest.raises(TrelloError, match="TRELLO_OPS_TRELLO_URL") as caught:
        Wire(clock, url).write()
    assert type(caught.value) is TrelloError


# ---- the budget


def rate(**remaining: int) -> dict[str, str]:
    return {
        f"x-rate-limit-{name.replace('_', '-')}-remaining": str(count) for name, count in remaining.items()
    }


@pytest.mark.parametrize(
    ("headers", "sent_at_once"),
    [
        ({}, 9),
        (rate(api_token=2, api_key=299, member=374), 3),
        (rate(api_token=99, api_key=1, member=374), 2),
        (rate(api_token=99, api_key=299, member=0), 1),
        (rate(db_query_time=0), 9),
        ({"x-rate-limit-api-token-remaining": "soon"}, 9),
    ],
)
def test_what_the_headers_leave_is_not_exceeded(
    headers: dict[str, str], sent_at_once: int, clock: FixedClock, trello: responses.RequestsMock
) -> None:
    trello.get(CARD, json=MADE, headers=headers)
    trello.get(CARD, json=MADE)
    wire = Wire(clock, budget=Budget.private(9, clock))
    begun, count = clock.monotonic(), 0
    while clock.monotonic() == begun:
        wire.read()
        count += 1
    wire.session.close()
    assert count - 1 == sent_at_once


def test_the_pause_after_a_429_holds_for_other_processes_too(
    clock: FixedClock, tmp_path: Path, trello: responses.RequestsMock
) -> None:
    file = tmp_path / "budget.sqlite3"
    one, two = (Wire(clock, budget=Budget.shared(100, clock, file, TOKEN)) for _ in range(2))
    trello.post(CARDS, status=429, headers=rate(api_token=0))
    trello.get(CARD, json=MADE)
    with pytest.raises(RateLimited):
        one.write()
    begun = clock.monotonic()
    two.read()
    assert 10 < clock.monotonic() - begun < 10.1
    for wire in (one, two):
        wire.session.close()


def test_a_write_stands_although_its_answer_cannot_be_counted(
    clock: FixedClock, tmp_path: Path, trello: responses.RequestsMock
) -> None:
    file = tmp_path / "own" / "budget.sqlite3"
    wire = Wire(clock, budget=Budget.shared(100, clock, file, TOKEN))

    def answer(_: requests.PreparedRequest) -> tuple[int, dict[str, str], str]:
        file.unlink()
        file.mkdir()
        return 200, {}, json.dumps(MADE)

    trello.add_callback("POST", CARDS, answer)
    assert wire.write() == MADE
    with pytest.raises(StoreError, match="budget"):
        wire.write()
    wire.session.close()


def test_the_budget_spreads_requests_over_ten_seconds(
    clock: FixedClock, trello: responses.RequestsMock
) -> None:
    trello.get(CARD, json=MADE)
    wire = Wire(clock, budget=Budget.private(3, clock))
    sent = []
    for _ in range(10):
        wire.read()
        sent.append(clock.monotonic())
    assert all(later - earlier > 10 for earlier, later in zip(sent, sent[3:], strict=False))
    assert sent[-1] - sent[0] < 31


def test_a_429_keeps_every_request_quiet(
    wire: Wire, clock: FixedClock, trello: responses.RequestsMock
) -> None:
    trello.post(CARDS, status=429)
    trello.get(CARD, json=MADE)
    begun = clock.monotonic()
    with pytest.raises(RateLimited) as caught:
        wire.write()
    assert caught.value.pause == 10
    assert clock.monotonic() == begun
    wire.read()
    assert clock.monotonic() >= begun + 10


@pytest.mark.parametrize(
    ("header", "pause"), [("3", 3), ("0", 0), ("9999", 60), ("soon", 10), ("-1", 10), ("nan", 10)]
)
def test_retry_after_is_honoured_within_reason(
    header: str, pause: float, wire: Wire, trello: responses.RequestsMock
) -> None:
    trello.post(CARDS, status=429, headers={"Retry-After": header})
    with pytest.raises(RateLimited) as caught:
        wire.write()
    assert caught.value.pause == pause


def test_nothing_leaves_after_send_before(
    wire: Wire, clock: FixedClock, trello: responses.RequestsMock
) -> None:
    trello.post(CARDS, json=MADE)
    with wire.session.sending_before(clock.monotonic() + 5):
        assert wire.write() == MADE
        clock.sleep(5)
        with pytest.raises(NotSent, match="held back"):
            wire.write()
    assert wire.write() == MADE
    assert len(trello.calls) == 2


def test_a_request_does_not_wait_for_a_budget_that_comes_too_late(
    clock: FixedClock, trello: responses.RequestsMock
) -> None:
    trello.post(CARDS, json=MADE)
    wire = Wire(clock, budget=Budget.private(1, clock))
    wire.write()
    begun = clock.monotonic()
    with pytest.raises(NotSent), wire.session.sending_before(begun + 5):
        wire.write()
    assert clock.monotonic() == begun


def test_send_before_holds_for_its_own_thread_only(
    wire: Wire, clock: FixedClock, trello: responses.RequestsMock
) -> None:
    trello.post(CARDS, json=MADE)
    answers: list[object] = []
    with wire.session.sending_before(clock.monotonic()):
        thread = threading.Thread(target=lambda: answers.append(wire.write()))
        thread.start()
        thread.join()
    assert answers == [MADE]


def test_a_host_that_has_no_address_was_sent_nothing(wire: Wire, trello: responses.RequestsMock) -> None:
    nowhere = NameResolutionError("trello.test", HTTPConnection("trello.test"), socket.gaierror("unknown"))
    trello.post(CARDS, body=requests.ConnectionError(MaxRetryError(HTTPSConnectionPool("x"), CARDS, nowhere)))
    with pytest.raises(Unavailable, match="Check the network"):
        wire.write()


def test_while_nobody_answers_a_read_is_tried_once(
    wire: Wire, clock: FixedClock, trello: responses.RequestsMock
) -> None:
    """Or each pass would wait anew, and a `tick` for as long as all of its passes together."""
    gone = trello.get(CARD, body=requests.ConnectionError("gone"))
    begun = clock.monotonic()
    with pytest.raises(Unavailable):
        wire.read()
    assert gone.call_count == 3
    waited = clock.monotonic()
    assert waited > begun
    with pytest.raises(Unavailable):
        wire.read()
    assert gone.call_count == 4
    assert clock.monotonic() == waited
    trello.replace(responses.GET, CARD, json=MADE)
    wire.read()
    back = trello.replace(responses.GET, CARD, body=requests.ConnectionError("gone again"))
    with pytest.raises(Unavailable):
        wire.read()
    assert back.call_count == 3


def test_requests_are_counted_by_what_became_of_them(
    wire: Wire, trello: responses.RequestsMock, clock: FixedClock
) -> None:
    trello.get(CARD, json=MADE)
    trello.get(CARD, status=429)
    trello.get(CARD, status=503)
    trello.get(CARD, status=404)
    for _ in range(2):
        with suppress(NotFound):
            wire.read()
    trello.post(CARDS, status=500)
    with pytest.raises(OutcomeUnknown):
        wire.write()
    traffic = wire.session.traffic()
    assert traffic.sent == {"answered": 1, "limited": 1, "failed": 2, "refused": 1}
    assert traffic.limit == 90
    assert 0 < traffic.used <= 5
