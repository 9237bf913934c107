"""What Trello allows: requests per window, and objects per holder. Windows are in real seconds."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from trello_sandbox import errors
from trello_sandbox.state.records import Json
from trello_sandbox.switches import Switches

OBJECTS = {
    "cards": {
        "openPerBoard": 5_000,
        "openPerList": 5_000,
        "totalPerBoard": 2_000_000,
        "totalPerList": 1_000_000,
    },
    "lists": {"openPerBoard": 500, "totalPerBoard": 3_000},
    "labels": {"perBoard": 1_000},
    "checklists": {"perBoard": 1_800_000, "perCard": 500},
    "checkItems": {"perChecklist": 200},
    "attachments": {"perBoard": 36_000, "perCard": 1_000},
    "customFields": {"perBoard": 50},
    "customFieldOptions": {"perField": 50},
    "stickers": {"perCard": 70},
    "boards": {"totalMembersPerBoard": 1_600, "totalAccessRequestsPerBoard": 4_000},
    "reactions": {"perAction": 900, "uniquePerAction": 17},
}
PER_CARD = {
    thing: {"perCard": OBJECTS[thing]["perCard"]} for thing in ("attachments", "checklists", "stickers")
}
REACTIONS = {"reactions": OBJECTS["reactions"]}
COLLECTION = 1_000
PENALTY = 200


def refuse_over(count: int, thing: str, scope: str) -> None:
    """403 when a holder that has `count` things can take no more."""
    if count >= OBJECTS[thing][scope]:
        raise errors.over_limit(f"{thing} {scope}")


def shape(counts: Mapping[str, Mapping[str, int]], table: Mapping[str, Mapping[str, int]]) -> Json:
    """The `limits` field for a table of limits, given how much of each there is (0 where not given)."""
    return {
        thing: {scope: _limit(most, counts.get(thing, {}).get(scope, 0)) for scope, most in scopes.items()}
        for thing, scopes in table.items()
    }


def _limit(most: int, count: int) -> Json:
    """The count is told near the limit only; where that begins is a guess."""
    warn_at = most * 8 // 10
    status = "ok" if count < warn_at else "warning" if count < most else "disabled"
    said = {"status": status, "disableAt": most, "warnAt": warn_at}
    return said if count < warn_at else {**said, "count": count}


@dataclass(frozen=True, slots=True)
class Bucket:
    """One limit: `most` requests per window of `seconds`, refused with `error`."""

    name: str
    most: int
    seconds: float
    error: str
    in_headers: bool = True


TOKEN = Bucket("api-token", 100, 10, "API_TOKEN_LIMIT_EXCEEDED")
KEY = Bucket("api-key", 300, 10, "API_KEY_LIMIT_EXCEEDED")
MEMBER = Bucket("member", 375, 10, "MEMBER_LIMIT_EXCEEDED")
MEMBERS_ROUTE = Bucket("members-route", 100, 900, "MEMBER_LIMIT_EXCEEDED", in_headers=False)
ACTION_DELETION = Bucket("action", 15_000, 3_600, "API_TOKEN_LIMIT_EXCEEDED")


class Window(Protocol):
    """Counts what was taken lately."""

    def taken(self, now: float) -> int: ...
    def take(self, now: float) -> None: ...
    def ends(self, now: float) -> float:
        """Seconds until there is room again, when it is full."""
        ...


class FixedWindow:
    """Begins with the first request after the one before has ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.end, self.count = seconds, 0.0, 0

    def taken(self, now: float) -> int:
        return self.count if now < self.end else 0

    def take(self, now: float) -> None:
        if now >= self.end:
            self.end, self.count = now + self.seconds, 0
        self.count += 1

    def ends(self, now: float) -> float:
        return max(0.0, self.end - now)


class SlidingWindow:
    """The last `seconds`, at every moment."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.times: deque[float] = deque()

    def taken(self, now: float) -> int:
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return len(self.times)

    def take(self, now: float) -> None:
        self.times.append(now)

    def ends(self, now: float) -> float:
        return self.times[0] + self.seconds - now if self.times else 0.0


@dataclass(frozen=True, slots=True)
class Charge:
    """What the limits said to one request: the headers, and the bucket that is empty, if any."""

    headers: tuple[tuple[str, str], ...] = ()
    refused_by: Bucket | None = None
    retry_after: float = 0.0


class RateLimits:
    """The windows of every key, token and member. Without `enforced` every window is always fresh."""

    def __init__(
        self, switches: Switches, *, enforced: bool, now: Callable[[], float] = time.monotonic
    ) -> None:
        self._switches = switches
        self._enforced = enforced
        self._now = now
        self.clear()

    def clear(self) -> None:
        self._windows: dict[tuple[str, str, bool], Window] = {}
        self._refusals = FixedWindow(KEY.seconds)

    def special(self, method: str, words: tuple[str, ...]) -> Bucket | None:
        """The further limit of some routes. Search has one whose figure nobody published: a switch."""
        if words[0] == "members" and len(words) == 2:
            return MEMBERS_ROUTE
        if words[0] == "search" and self._switches.search_limit:
            most = self._switches.search_limit
            return Bucket("search", most, 900, "API_TOKEN_LIMIT_EXCEEDED", in_headers=False)
        if method == "DELETE" and words[0] == "actions":
            return ACTION_DELETION
        return None

    def charge(self, key: str, token: str, member: str, special: Bucket | None = None) -> Charge:
        """Count a request of this key, token and member ("" where there is none), and on a special limit."""
        subjects = [(TOKEN, token), (KEY, key), (MEMBER, member)]
        if special:
            subjects.append((special, token))
        windows = [(bucket, self._window(bucket, who)) for bucket, who in subjects if who]
        now = self._now()
        full = next(((b, w) for b, w in windows if w.taken(now) >= b.most), None)
        if full or (key and self._penalty(now)):
            return self._refuse(windows, full, now)
        for _, window in windows:
            window.take(now)
        return Charge(self._headers(windows, now))

    def _window(self, bucket: Bucket, who: str) -> Window:
        sliding = self._switches.sliding_window
        name = bucket.name, who, sliding
        if name not in self._windows or not self._enforced:
            self._windows[name] = SlidingWindow(bucket.seconds) if sliding else FixedWindow(bucket.seconds)
        return self._windows[name]

    def _penalty(self, now: float) -> bool:
        """More than 200 answers of 429 for the key in its window: all further ones get 429 until it ends."""
        return self._refusals.taken(now) > PENALTY

    def _refuse(
        self, windows: list[tuple[Bucket, Window]], full: tuple[Bucket, Window] | None, now: float
    ) -> Charge:
        self._refusals.take(now)
        bucket, window = full or (KEY, self._refusals)
        return Charge(self._headers(windows, now), bucket, window.ends(now))

    def _headers(self, windows: list[tuple[Bucket, Window]], now: float) -> tuple[tuple[str, str], ...]:
        return tuple(
            pair
            for bucket, window in windows
            if bucket.in_headers and (bucket is not MEMBER or self._switches.member_headers)
            for pair in _trio(bucket, max(0, bucket.most - window.taken(now)))
        )


def _trio(bucket: Bucket, remaining: int) -> tuple[tuple[str, str], ...]:
    name = f"x-rate-limit-{bucket.name}"
    return (
        (f"{name}-interval-ms", str(int(bucket.seconds * 1000))),
        (f"{name}-max", str(bucket.most)),
        (f"{name}-remaining", str(remaining)),
    )
