"""The address that webhooks call: forged, replayed, altered, oversized and senseless calls change nothing."""

import asyncio
import datetime as dt
import json
from collections import Counter
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Message
from structlog.testing import capture_logs
from webhook_calls import BOARD, CALLBACK, PATH, SECRET, call, signature

from trello_ops.telemetry import Tally
from trello_ops.testing import FixedClock
from trello_ops.web.hints import QUIET, Hints
from trello_ops.web.receiver import LARGEST_BODY, create_app
from trello_ops.web.refused import REFUSED

HEAD, POST = "HEAD", "POST"
SECRETS = ["ab" * 32, SECRET]
"""Of two keys."""


class Door:
    """A receiver, asked as an ASGI server would."""

    def __init__(self) -> None:
        self.clock = FixedClock(dt.datetime(2026, 11, 16, 8, tzinfo=dt.UTC))
        self.heard = list[str]()
        self.tally = Tally("webhook.refused", REFUSED, self.clock.monotonic)
        self._app = create_app(lambda: SECRETS, CALLBACK, self.heard.append, self.tally, patience=0.05)

    def send(self, body: bytes, **headers: str) -> int:
        """With its true signature, unless another is given."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask(POST, [body], {"x-trello-webhook": signature(body), **named}.items())

    def ask(
        self,
        method: str = POST,
        chunks: Sequence[bytes | None] = (b"",),
        headers: Iterable[tuple[str | bytes, str | bytes]] = (),
        path: str = PATH,
        *,
        stalled: bool = False,
    ) -> int:
        """The status of the answer.

        `None` for a chunk is a client that goes away; one that is `stalled` sends no more, and stays.
        """
        encoded = [(_bytes(name).lower(), _bytes(value)) for name, value in headers]
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": b"",
            "headers": encoded,
            "server": ("127.0.0.1", 80),
            "client": None,
            "scheme": "http",
            "root_path": "",
        }
        waiting = [_message(chunk, more=stalled or n + 1 < len(chunks)) for n, chunk in enumerate(chunks)]
        answered = list[Message]()

        async def receive() -> Message:
            if not waiting:
                await asyncio.sleep(60)
            return waiting.pop(0)

        async def send(message: Message) -> None:
            answered.append(message)

        asyncio.run(self._app(scope, receive, send))
        return int(answered[0]["status"])


def _bytes(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("latin-1")


def _message(chunk: bytes | None, *, more: bool) -> Message:
    if chunk is None:
        return {"type": "http.disconnect"}
    return {"type": "http.request", "body": chunk, "more_body": more}


@pytest.fixture
def door() -> Door:
    return Door()


# ---- Trello's own calls


def test_head_is_answered_and_a_signed_call_is_a_hint(door: Door) -> None:
    assert door.ask(HEAD) == 200
    assert door.send(call()) == 200
    assert door.heard == [BOARD]
    assert door.tally.counts() == {"hint": 1}


def test_a_body_in_pieces_is_checked_as_a_whole(door: Door) -> None:
    body = call()
    pieces = [body[:7], b"", body[7:]]
    assert door.ask(POST, pieces, [("X-Trello-Webhook", signature(body))]) == 200
    assert door.heard == [BOARD]


def test_a_call_is_signed_by_any_of_the_keys(door: Door) -> None:
    for number, secret in enumerate(SECRETS):
        body = call(number)
        assert door.ask(POST, [body], [("x-trello-webhook", signature(body, secret))]) == 200
    assert door.heard == [BOARD, BOARD]


def test_what_we_wrote_ourselves_is_no_news_and_what_a_person_did_is(door: Door) -> None:
    assert door.send(call(1), x_trello_client_identifier="trello-ops") == 200
    assert door.heard == []
    assert door.send(call(2), x_trello_client_identifier="another-tool") == 200
    assert door.heard == [BOARD]
    assert door.tally.counts() == {"own": 1, "hint": 1}


def test_a_thousand_calls_about_one_board_are_one_reading() -> None:
    door = Door()
    hints = Hints[str](door.clock.monotonic)
    for number in range(1000):
        assert door.send(call(number)) == 200
    for board in door.heard:
        hints.add(board)
    door.clock.sleep(QUIET)
    assert hints.take(0) == {BOARD}
    assert hints.take(0) == frozenset()


# ---- and others'


def test_a_call_signed_with_another_secret_is_forged(door: Door) -> None:
    body = call()
    assert door.send(body, x_trello_webhook=signature(body, "another")) == 403
    assert door.ask(POST, [body]) == 403
    assert (door.heard, door.tally.counts()) == ([], {"forged": 2})


def test_a_call_that_was_altered_on_its_way_is_forged(door: Door) -> None:
    assert door.send(call(2), x_trello_webhook=signature(call(1))) == 403
    assert (door.heard, door.tally.counts()) == ([], {"forged": 1})


def test_a_genuine_call_that_is_sent_again_is_counted_and_not_heard(door: Door) -> None:
    for _ in range(3):
        assert door.send(call()) == 200, "Trello itself repeats what it believes to be lost"
    assert (door.heard, door.tally.counts()) == ([BOARD], {"hint": 1, "replayed": 2})


def test_the_same_action_on_another_board_is_another_call(door: Door) -> None:
    """A card that moves is told of by the boards that it left and came to."""
    other = "6f" * 12
    door.send(call(1))
    door.send(call(1, other))
    assert door.heard == [BOARD, other]


def test_only_the_newest_calls_are_remembered() -> None:
    door = Door()
    for number in range(2_001):
        door.send(call(number))
    door.send(call(2_000))
    assert door.tally.counts() == {"hint": 2_001, "replayed": 1}
    door.send(call(0))
    assert door.tally.counts()["hint"] == 2_002


def test_a_body_is_not_read_beyond_what_trello_sends(door: Door) -> None:
    largest = b" " * (LARGEST_BODY - len(call())) + call()
    assert door.send(largest) == 200
    assert door.send(b" " + largest) == 413
    assert door.ask(POST, [b" " * LARGEST_BODY, b"x", None]) == 413
    assert (len(door.heard), door.tally.counts()) == (1, {"hint": 1, "oversized": 2})


def test_a_client_that_goes_away_is_no_error(door: Door) -> None:
    assert door.ask(POST, [b"{", None]) == 400
    assert door.tally.counts() == {"malformed": 1}


def test_a_client_that_sends_no_more_is_not_waited_for(door: Door) -> None:
    assert door.ask(POST, [b"{"], stalled=True) == 408
    assert (door.heard, door.tally.counts()) == ([], {"slow": 1})


def test_a_signed_call_that_makes_no_sense_is_answered_well_and_counted(door: Door) -> None:
    """Sent again it would make no more sense, and Trello sends again what is not answered well."""
    assert door.send(b"[]") == 200
    assert (door.heard, door.tally.counts()) == ([], {"malformed": 1})


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", PATH, 405),
        ("PUT", PATH, 405),
        ("DELETE", PATH, 405),
        (POST, "/", 404),
        (POST, PATH + "/", 404),
        (HEAD, "/status", 404),
    ],
)
def test_nothing_else_is_served(method: str, path: str, status: int, door: Door) -> None:
    assert door.ask(method, path=path) == status
    assert door.tally.counts() == {}


def test_a_storm_of_forgeries_is_a_line_a_minute(door: Door) -> None:
    with capture_logs() as logs:
        for _ in range(100):
            door.ask(POST, [b"forged"])
        door.clock.sleep(60)
        door.ask(POST, [b" " * (LARGEST_BODY + 1)])
        door.ask(POST, [b"forged"])
        door.tally.close()
        door.tally.close()
    assert [{**line, "log_level": ""} for line in logs] == [
        {"event": "webhook.refused", "log_level": "", "forged": 1},
        {"event": "webhook.refused", "log_level": "", "forged": 99, "oversized": 1},
        {"event": "webhook.refused", "log_level": "", "forged": 1},
    ]


# ---- and whatever else there may be

json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text() | st.just(BOARD),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["model", "action", "webhook", "id", ""]) | st.text(), inner, max_size=4
        )
    ),
    max_leaves=12,
)
bodies = st.binary(max_size=200) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass"))
bodies |= json_values.map(lambda value: json.dumps(value).encode())
header_bytes = st.binary(max_size=40)
names = st.sampled_from(
    [
        b"x-trello-webhook",
        b"x-trello-client-identifier",
        b"content-length",
        b"content-type",
        b"transfer-encoding",
    ]
)
headers = st.lists(st.tuples(names | header_bytes, header_bytes), max_size=5)


@given(body=bodies, headers=headers, cut=st.integers(0, 200), gone=st.booleans())
def test_no_call_without_the_secret_does_anything(
    body: bytes, headers: list[tuple[bytes, bytes]], cut: int, gone: bool
) -> None:
    door = Door()
    chunks = [body[:cut], None if gone else body[cut:]]
    assert door.ask(POST, chunks, headers) == (400 if gone else 403)
    assert door.heard == []
    assert Counter(door.tally.counts()).total() == 1


@given(body=bodies | st.builds(call, st.integers(0, 1 << 64)), headers=headers)
def test_no_genuine_call_does_more_than_name_a_board(body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    door = Door()
    assert door.ask(POST, [body], [("x-trello-webhook", signature(body)), *headers]) == 200
    assert set(door.heard) <= {BOARD}
