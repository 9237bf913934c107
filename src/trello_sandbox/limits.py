"""What Trello allows: objects per holder, and requests per window. Windows are in real seconds."""

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from trello_sandbox import errors
from trello_sandbox.switches import Switches

Json = dict[str, Any]

# ---- objects

# Recorded on a free Workspace in 2022 and again, unchanged, in 2023. The documentation's figures are lower,
# and by its own words examples only: a client must read `limits` and know none by heart.
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
# What a card's `limits` tell, and what a comment's do.
PER_CARD = {
    thing: {"perCard": OBJECTS[thing]["perCard"]} for thing in ("attachments", "checklists", "stickers")
}
REACTIONS = {"reactions": OBJECTS["reactions"]}
COLLECTION = 1_000
"""The most that one request returns of cards or actions. There are no cursors: clients page by id."""


def refuse_over(count: int, thing: str, scope: str) -> None:
    """Raise 403 when a holder that has `count` things can take no more."""
    if count >= OBJECTS[thing][scope]:
        raise errors.over_limit(f"{thing} {scope}")


def as_field(counts: Mapping[str, Mapping[str, int]], table: Mapping[str, Mapping[str, int]]) -> Json:
    """The `limits` field for a table of limits, given how much of each there is (0 where not given)."""
    return {
        thing: {scope: _standing(most, counts.get(thing, {}).get(scope, 0)) for scope, most in scopes.items()}
        for thing, scopes in table.items()
    }


def _standing(most: int, count: int) -> Json:
    warn_at = most * 8 // 10  # all recorded ones are at 80 %
    status = "ok" if count < warn_at else "warning" if count < most else "disabled"
    field = {"status": status, "disableAt": most, "warnAt": warn_at}
    # `count` is present in some live answers only. That it comes with the warning is a guess.
    return field if count < warn_at else {**field, "count": count}


# ---- requests


@dataclass(frozen=True, slots=True)
class Bucket:
    """One rate limit: `most` requests per window of `seconds`, refused with `error`."""

    name: str
    most: int
    seconds: float
    error: str
    in_headers: bool = True


TOKEN = Bucket("api-token", 100, 10, "API_TOKEN_LIMIT_EXCEEDED")
# One key serves all tokens of an app, so a busy colleague can use up what is ours.
KEY = Bucket("api-key", 300, 10, "API_KEY_LIMIT_EXCEEDED")
# Undocumented, known from recorded headers only: 200 in 2020, 375 since 2022.
MEMBER = Bucket("member", 375, 10, "MEMBER_LIMIT_EXCEEDED")
# For `/members/{id}` alone; the routes below it, such as `/members/me/boards`, do not count.
MEMBERS_ROUTE = Bucket("members-route", 100, 900, "MEMBER_LIMIT_EXCEEDED", in_headers=False)
ACTION_DELETION = Bucket("action", 15_000, 3_600, "API_TOKEN_LIMIT_EXCEEDED")
PENALTY = 200
"""More 429s than this for a key in one of its windows, and all its requests get 429 until it ends."""


class Window(Protocol):
    """Counts the requests of late."""

    def taken(self, now: float) -> int:
        """How many count now."""
        ...

    def take(self, now: float) -> None:
        """Count one more."""
        ...

    def ends(self, now: float) -> float:
        """Seconds until there is room again, when it is full."""
        ...


class FixedWindow:
    """Begins with the first request after the window before has ended."""

    def __init__(self, seconds: float) -> None:
        self.seconds, self.end, self.count = seconds, 0.0, 0

    def taken(self, now: float) -> int:
        """How many there were since it began."""
        return self.count if now < self.end else 0

    def take(self, now: float) -> None:
        """Count one more, in a new window when this one has ended."""
        if now >= self.end:
            self.end, self.count = now + self.seconds, 0
        self.count += 1

    def ends(self, now: float) -> float:
        """Seconds until the next one may begin."""
        return max(0.0, self.end - now)


class SlidingWindow:
    """The last `seconds`, at every moment."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.times: deque[float] = deque()

    def taken(self, now: float) -> int:
        """How many there were in the last `seconds`."""
        while self.times and self.times[0] <= now - self.seconds:
            self.times.popleft()
        return len(self.times)

    def take(self, now: float) -> None:
        """Count one more."""
        self.times.append(now)

    def ends(self, now: float) -> float:
        """Seconds until the oldest no longer counts."""
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
        """Forget every request so far."""
        self._windows: dict[tuple[str, str, bool], Window] = {}
        self._refused = FixedWindow(KEY.seconds)

    def special(self, method: str, words: tuple[str, ...]) -> Bucket | None:
        """The further limit that some routes have."""
        if words[0] == "members" and len(words) == 2:
            return MEMBERS_ROUTE
        if words[0] == "search" and self._switches.search_limit:
            # The documentation calls it "much stricter" and gives no figure, hence a switch.
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
        full = next(
            ((bucket, window) for bucket, window in windows if window.taken(now) >= bucket.most), None
        )
        # Documented: who goes on asking after a 429 is shut out, so clients must pause, all at once.
        if full or (key and self._refused.taken(now) > PENALTY):
            self._refused.take(now)
            bucket, window = full or (KEY, self._refused)
            return Charge(self._headers(windows, now), bucket, window.ends(now))
        for _, window in windows:
            window.take(now)
        return Charge(self._headers(windows, now))

    def _window(self, bucket: Bucket, who: str) -> Window:
        sliding = self._switches.sliding_window
        name = bucket.name, who, sliding
        if name not in self._windows or not self._enforced:
            self._windows[name] = SlidingWindow(bucket.seconds) if sliding else FixedWindow(bucket.seconds)
        return self._windows[name]

    def _headers(self, windows: list[tuple[Bucket, Window]], now: float) -> tuple[tuple[str, str], ...]:
        """Three headers for each bucket. `remaining` counts the request that is being answered."""
        headers: list[tuple[str, str]] = []
        for bucket, window in windows:
            if bucket.in_headers and (bucket is not MEMBER or self._switches.member_headers):
                name = f"x-rate-limit-{bucket.name}"
                headers += [
                    (f"{name}-interval-ms", str(int(bucket.seconds * 1000))),
                    (f"{name}-max", str(bucket.most)),
                    (f"{name}-remaining", str(max(0, bucket.most - window.taken(now)))),
                ]
        return tuple(headers)
