"""Calls to the webhook receiver: heads and bodies that no honest sender makes, over plain sockets."""

import base64
import hashlib
import hmac
import io
import json
import socket
import time
from functools import cache
from random import Random

from fuzz_kit import hostile
from fuzz_kit.judge import SECRET
from fuzz_kit.stage import Stage
from trello_ops.adapters.trello.webhook import PATH, SIGNATURE_HEADER
from trello_ops.telemetry import Tally, configure_logging, redactor
from trello_ops.web.receiver import create_app
from trello_ops.web.refused import REFUSED
from trello_ops.web.server import listen, serving

_CALLBACK = f"https://robot.example.org{PATH}"
_PATIENCE = 0.5
_BOARD, _ACTION = "5" * 24, "6" * 24
_HEADS = (
    b"", b"\r\n" * 50, b"GET / HTTP/1.1\r\n\r\n", b"POST\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"POST " + b"/" * 100_000, b"HEAD /trello/webhook HTTP/0.9\r\n\r\n",
    b"POST /trello/webhook HTTP/1.1\r\n" + b"x: y\r\n" * 5_000 + b"\r\n",
    b"POST /trello/webhook HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST /%ff%00 HTTP/1.1\r\nHost: a\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n",
    b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", b"POST http://[::1 HTTP/1.1\r\nHost: [::1\r\n\r\n",
    b"POST /trello/webhook HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
)  # fmt: skip
_FRAMES = (
    b"Content-Length: -1", b"Content-Length: 99999999999999999999999", b"Content-Length: 0x10",
    b"Content-Length: 1e3",
    b"Content-Length: 5\r\nContent-Length: 6", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked",
    b"Transfer-Encoding: chunked\r\nContent-Length: 5", b"Content-Length: \xb2", b"Expect: 100-continue",
    b"Content-Encoding: gzip", b"X: \x00", b"X\x00: y", b" folded: x", b"X-Trello-Webhook: \xff\xfe\x80",
)  # fmt: skip


def story(stage: Stage, random: Random) -> None:
    """Some strange calls at once, then a genuine one, which must be heard."""
    stage.step("webhook calls")
    log = io.StringIO()
    configure_logging("debug", "json", redactor([SECRET]), log)
    heard: list[str] = []
    tally = Tally("webhook.refused", REFUSED, time.monotonic)
    app = create_app(lambda: [SECRET], _CALLBACK, heard.append, tally, patience=_PATIENCE)
    entrance = listen(("127.0.0.1", 0))
    address: tuple[str, int] = entrance.getsockname()
    with serving(app, entrance, tally):
        callers = [_call(address, _bytes(random), random) for _ in range(random.choice((1, 3, 20)))]
        for caller in callers:
            answer = _answer(caller)
            stage.look(answer)
            stage.commands += 1
        if heard:
            stage.wrong.append(f"heard {heard[0]!r} of a stranger")
        genuine = _call(
            address, _post(_body(_BOARD), [f"{SIGNATURE_HEADER}: {_sign(_body(_BOARD))}".encode()]), None
        )
        if " 200 " not in (status := _answer(genuine)[:20]) or heard != [_BOARD]:
            stage.wrong.append(f"a genuine call afterwards: {status!r}, heard {heard}")
    tally.close()
    stage.look(log.getvalue())


def _bytes(random: Random) -> bytes:
    act = random.randrange(4)
    if act == 0:
        return random.choice(_HEADS)
    body = random.choice(_bodies())
    if act == 1:  # forged
        word = random.choice(hostile.TEXTS).encode("utf-8", "replace").replace(b"\n", b"")
        return _post(body, [SIGNATURE_HEADER.encode() + b": " + word])
    if act == 2:
        return _post(body, [random.choice(_FRAMES), f"{SIGNATURE_HEADER}: {_sign(body[:-1])}".encode()])
    genuine_but_useless = _post(_useless(random), [])
    return hostile.broken_bytes(genuine_but_useless[:5_000], random)


def _useless(random: Random) -> bytes:
    """A body with a value that is no id."""
    odd = random.choice((None, 1, [], {}, "x", "5" * 23, "5" * 24 + "\n", True, 1e300, [["a"]]))
    return json.dumps({"model": {"id": odd}, "action": {"id": _ACTION}}).encode()


@cache
def _bodies() -> tuple[bytes, ...]:
    return (
        b"", b"null", b"[]", b"{", b"[" * 100_000, b'{"model":' * 20_000, b"\xff" * 1_000, b"9" * 10_000,
        _body(_BOARD), _body(_BOARD) * 2, b"x" * (1 << 20), b"x" * ((1 << 20) + 1), b'{"model": {"id": NaN}}',
    )  # fmt: skip


def _body(board: str) -> bytes:
    return json.dumps({"model": {"id": board}, "action": {"id": _ACTION}}).encode()


def _post(body: bytes, headers: list[bytes]) -> bytes:
    lengths = (
        []
        if any(b"ength" in each or b"ncoding" in each for each in headers)
        else [b"Content-Length: %d" % len(body)]
    )
    lines = [f"POST {PATH} HTTP/1.1".encode(), b"Host: robot.example.org", *lengths, *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def _sign(body: bytes) -> str:
    return base64.b64encode(
        hmac.new(SECRET.encode(), body + _CALLBACK.encode(), hashlib.sha1).digest()
    ).decode()


def _call(address: tuple[str, int], sent: bytes, random: Random | None) -> socket.socket:
    """Send as much as is taken, whole or in two pieces, with or without an end."""
    caller = socket.create_connection(address, timeout=5)
    cut = random.randrange(len(sent) + 1) if random and random.random() < 0.3 else len(sent)
    try:
        caller.sendall(sent[:cut])
        if random and random.random() < 0.5:
            caller.shutdown(socket.SHUT_WR)
    except OSError:
        pass  # refused before it was all sent
    return caller


def _answer(caller: socket.socket) -> str:
    """The first bytes that come back, "" for none in time: whoever sends nothing is owed nothing."""
    caller.settimeout(2 * _PATIENCE)
    try:
        return caller.recv(65_536).decode("latin-1")
    except OSError:
        return ""
    finally:
        caller.close()
