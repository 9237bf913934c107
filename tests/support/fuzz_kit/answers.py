"""What a broken, overloaded or malicious Trello may answer; afterwards every card is there once.

A lie that could be true, such as an empty list of cards, is not among them: nobody could tell.
"""

import gzip
import io
import json
import traceback
from collections.abc import Callable
from contextlib import ExitStack
from functools import cache, partial
from random import Random
from typing import Any

from live_kit import MONDAY, TODAY, Live, MovableClock, cards, items, one_pass

from fuzz_kit.judge import KEY, SECRET, TOKEN
from fuzz_kit.proxy import Answer, Asked, Proxy, Spoilt, proxy
from fuzz_kit.stage import Stage, fresh_shop, keep, trello
from trello_ops.app import App
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.errors import TrelloOpsError
from trello_ops.operations import reconcile
from trello_ops.telemetry import configure_logging, redactor

_TIMEOUT = 0.5
_STATUSES = (
    "100 Continue", "101 Switching Protocols", "199 X", "201 Created", "202 Accepted", "203 X",
    "204 No Content",
    "205 X", "206 Partial", "226 X", "300 X", "301 Moved", "302 Found", "303 X", "304 Not Modified", "307 X",
    "308 X",
    "400 Bad", "401 Unauthorized", "402 X", "403 Forbidden", "404 Not Found", "405 X", "408 X",
    "409 Conflict", "410 X",
    "411 X", "413 X", "414 X", "415 X", "418 X", "421 X", "422 X", "425 X", "429 Slow", "431 X", "449 X",
    "451 X",
    "499 X", "500 X", "501 X", "502 X", "503 X", "504 X", "505 X", "507 X", "520 X", "521 X", "522 X",
    "524 X", "530 X",
    "598 X", "599 X", "600 X", "999 X", "000 X", "42 X", "-1 X", "2000 X", "abc X", "200 \xe9\x1b[31m", "200",
)  # fmt: skip
_BODIES = (
    b"", b" ", b"null", b"true", b"0", b'"x"', b"[]x", b"{", b"[" * 100_000, b'{"id":' * 50_000,
    b"9" * 6_000, b"NaN",
    b"-Infinity", b"1e999", b"<html>\xe9\x1b[31m</html>", b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}",
    b"\x00" * 100,
    b'{"id": "\\ud800"}', b'{"a": 1, "a": 2}', b"'id'", b"{}{}", b"x" * 2_000_000, b"\xed\xa0\x80",
    b"invalid token",
    f"invalid key {KEY} token={TOKEN}".encode(),
    json.dumps({"message": f"{TOKEN} {KEY}", "error": TOKEN}).encode(),
    json.dumps({"message": {"deep": ["odd"]}, "error": 5}).encode(),
)  # fmt: skip
_HEADERS: tuple[tuple[tuple[str, str], ...], ...] = (
    (("Content-Length", "-1"),), (("Content-Length", "5"),), (("Content-Length", "x"),),
    (("Content-Length", "1"), ("Content-Length", "2")), (("Content-Length", "99999999999999999999"),),
    (("Transfer-Encoding", "chunked"),), (("Transfer-Encoding", "gzip, chunked"),),
    (("Content-Encoding", "gzip"),),
    (("Content-Encoding", "br"),), (("Content-Encoding", "deflate, gzip, gzip"),),
    (("Content-Encoding", "zstd"),),
    (("Content-Type", "text/html"),), (("Content-Type", "application/json; charset=utf-16"),),
    (("Content-Type", "application/json; charset=nonesuch"),), (("Content-Type", "\xe9; \x1b[31m"),),
    (("Content-Type", "application/json; charset=latin-1"),),
    (("Location", f"http://{KEY}.example.org/{TOKEN}"),),
    (("Retry-After", "9" * 400),), (("Retry-After", "-5"),), (("Retry-After", "Fri, 99 Xyz"),),
    (("Retry-After", "nan"),),
    (("X-Server-Time", "9" * 14),), (("X-Server-Time", "\xb2"),), (("X-Server-Time", "-1"),),
    (("Date", "nonsense"),),
    (("X-Rate-Limit-Api-Token-Remaining", "-1"),), (("X-Rate-Limit-Api-Token-Remaining", "9" * 5_000),),
    (("Set-Cookie", f"a={TOKEN}; Domain=.com"),), (("X", "y" * 70_000),),
    tuple(("X", "y") for _ in range(300)),
    (("Connection", "close"),), (("X-Trello-Sandbox", "\x1b[31m"),),
)  # fmt: skip
_ODD: tuple[Any, ...] = (
    True, 0, -1, 1e300, 10**40, "", "x", "\u0000\u001b[31m", "x" * 100_000, [], {}, [[]], [None],
    {"id": None},
    {"deep": {"er": []}}, "9999-12-31T23:59:59.999Z", "0000-00-00T00:00:00Z", "not a date", "\u202e",
)  # fmt: skip


def story(stage: Stage, random: Random) -> None:
    """Passes whose answers are spoilt, then honest ones until all is well; what the judge sees then."""
    fresh_shop(stage.folder)
    log = io.StringIO()
    configure_logging("debug", "json", redactor([KEY, TOKEN, SECRET]), log)
    with ExitStack() as stack:
        live, between = _wires()
        live.reset()
        between.spoil = None
        clock = MovableClock(live, MONDAY)
        wiring = {"trello_url": between.url, "request_timeout_seconds": _TIMEOUT, "lease_seconds": 5}
        app = stack.enter_context(live.app(stage.folder, clock, **wiring))
        ready = random.random() < 0.7
        if ready:
            _apply(app)
        between.spoil = _spoiler(random, stage)
        for number in range(random.choice((1, 2, 3))):
            _try(stage, f"pass {number}", partial(one_pass, app))
            if random.random() < 0.5:
                _try(stage, f"apply {number}", partial(_apply, app))
            clock.advance(random.choice((1, 20, 110)))
        between.spoil = None
        _heal(stage, app, clock, applied=ready)
        stage.wrong += _wrong(app, live)
    stage.look(log.getvalue())


@cache
def _wires() -> tuple[Live, Proxy]:
    """A sandbox and the proxy before it, for the life of this process."""
    _bombs()  # in time: it takes a moment
    live = keep(trello())
    return live, keep(proxy(live.url))


def _try(stage: Stage, what: str, act: Callable[[], object]) -> None:
    """Our own errors are expected; others are not."""
    stage.step(what)
    stage.commands += 1
    try:
        act()
    except TrelloOpsError as error:
        stage.look(f"{error!r} {error.message}")
    except Exception:  # noqa: BLE001 - what the daemon would log as a crash
        stage.wrong.append("".join(traceback.format_exc()[-1_500:]))


def _apply(app: App) -> None:
    context = app.context()
    reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK))


def _heal(stage: Stage, app: App, clock: MovableClock, *, applied: bool) -> None:
    """As days go by: passes, at first with an `apply`, until one finds nothing to complain of."""
    for number in range(12):
        if number < 4 or not applied:
            _try(stage, f"healing apply {number}", partial(_apply, app))
        stage.step(f"healing {number}")
        troubles = one_pass(app)
        if number and not troubles and not app.services.store.claims() and not app.services.store.problems():
            return
        clock.advance(300)
    told = [each.message for each in app.services.store.problems()]
    stage.wrong.append(f"not healed: {troubles}, {app.services.store.claims()}, {told}"[:1_500])


def _wrong(app: App, live: Live) -> list[str]:
    """What is not as it would be after a calm morning."""
    state = live.state()
    wrong = [f"{len(state['boards'])} boards"] * (len(state["boards"]) != 1)
    for kind in ("lists", "labels"):
        names = [each["name"] for each in state[kind] if not each.get("closed")]
        wrong += [f"{kind} twice: {sorted(names)}"] * (len(names) != len(set(names)))
    for key, held in TODAY.items():
        found = cards(state, key)
        if len(found) != 1:
            wrong.append(f"{len(found)} cards for {key}")
        elif items(state, found[0]) != [(item, False) for item in held]:
            wrong.append(f"check items of {key}: {items(state, found[0])}")
    return wrong


# ---- spoiling --------------------------------------------------------------------------------------


def _spoiler(random: Random, stage: Stage) -> Callable[[Asked], Spoilt | None]:
    share, kinds = random.choice((0.05, 0.2, 0.6)), random.sample(_KINDS, random.choice((1, 2, len(_KINDS))))
    only = random.choice((None, None, "POST", "GET"))

    def spoil(asked: Asked) -> Spoilt | None:
        if (only and asked.method != only) or random.random() >= share:
            return None
        what, spoilt = random.choice(kinds)(random)
        # Threads ask in an order of their own, so what befell whom is kept for whoever tells the story again.
        stage.note(f"{asked.method} {asked.path.partition('?')[0]}: {what}")
        return spoilt

    return spoil


_Kind = tuple[str, Spoilt]


def _cut(random: Random) -> _Kind:
    """Fewer bytes than were told of, or none."""
    forward, keep = random.random() < 0.7, random.choice((0, 0.01, 0.3, 0.9, 0.999))
    end = random.choice(("close", "reset", "reset", "silent"))
    what = f"{'done' if forward else 'not done'}, {keep:.1%} of the answer, then {end}"
    return what, Spoilt(forward, keep=keep, end=end)


def _trickle(random: Random) -> _Kind:
    """Byte by byte, each in time."""
    pause, piece = random.choice((0.05, 0.3)), random.choice((1, 10, 300))
    return f"{piece} bytes every {pause} s", Spoilt(pause=pause, piece=piece)


def _other_status(random: Random) -> _Kind:
    status, body = random.choice(_STATUSES), random.choice((None, *_BODIES))
    headers = random.choice(_HEADERS) if random.random() < 0.3 else ()
    # What was done is answered as if it had been, or as of unknown outcome: a refusal of it would be a lie.
    forward = status[:1] in ("2", "5") and random.random() < 0.5
    what = f"{'done' if forward else 'not done'}, {status!r}, {str(headers)[:80]}, {str(body)[:40]}"
    sent = lambda answer: answer.sent(status=status, headers=headers, body=body)  # noqa: E731 - as elsewhere here
    return what, Spoilt(forward, sent, end="close")


def _other_body(random: Random) -> _Kind:
    body = random.choice(_BODIES)
    return f"{body[:40]!r}", Spoilt(sent=lambda answer: answer.sent(body=body))


def _other_headers(random: Random) -> _Kind:
    headers = random.choice(_HEADERS)
    return f"{str(headers)[:100]}", Spoilt(sent=lambda answer: answer.sent(headers=headers), end="close")


def _wrong_types(random: Random) -> _Kind:
    """One value of the answer is of another type."""
    seed = random.random()

    def sent(answer: Answer) -> bytes:
        value = _spoilt(json.loads(answer.body or b"{}"), Random(seed))  # noqa: S311
        return answer.sent(body=json.dumps(value).encode())

    return f"a wrong type ({seed})", Spoilt(sent=sent)


def _spoilt(value: Any, random: Random) -> Any:
    """A value with one inside it, at any depth, of another type."""
    if isinstance(value, dict) and value and random.random() < 0.9:
        key = random.choice(sorted(value))
        return {**value, key: _spoilt(value[key], random)}
    if isinstance(value, list) and value and random.random() < 0.9:
        at = random.randrange(len(value))
        return [*value[:at], _spoilt(value[at], random), *value[at + 1 :]]
    return random.choice([odd for odd in _ODD if type(odd) is not type(value)])


def _bomb(random: Random) -> _Kind:
    """Small on the wire, huge when it is unpacked."""
    body = random.choice(_bombs())
    return "a bomb", Spoilt(
        sent=lambda answer: answer.sent(headers=(("Content-Encoding", "gzip"),), body=body)
    )


@cache
def _bombs() -> tuple[bytes, ...]:
    return tuple(gzip.compress(byte * (megabytes << 20), 1) for byte, megabytes in ((b"[", 2), (b" ", 100)))


def _twice(random: Random) -> _Kind:
    """The same answer two times over."""
    return "twice", Spoilt(sent=lambda answer: answer.sent() * 2)


_KINDS = (_cut, _trickle, _other_status, _other_body, _other_headers, _wrong_types, _bomb, _twice)
