"""What the sandbox was asked: the latest requests, and how many there were of each kind."""

import re
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl

_KEPT = 10_000
_CREDENTIAL = re.compile(
    r"((?:^|[?&,])(?:key|token|oauth_token)=)[^&,]*|((?:^|/)tokens?/)[^/?&,]+", re.IGNORECASE
)


def without_credentials(text: str) -> str:
    """A path or a parameter's value with every key and token masked."""
    return _CREDENTIAL.sub(lambda match: (match[1] or match[2]) + "***", text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `at`: the sandbox's time. `status` is None when the connection was dropped instead.

    `seconds` are real ones. `route` is the pattern that served it, "" for none. `bucket` names the rate
    limit that refused it, `fault` what a fault did to it, `username` who sent it.
    """

    at: str
    method: str
    path: str
    query: dict[str, str]
    status: int | None
    seconds: float
    route: str
    username: str
    bucket: str
    fault: str


class RequestLog:
    """The last 10,000 requests, and counts of all since the log was cleared."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._counts: Counter[str] = Counter()

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._counts[f"{entry.method} {entry.route or '?'}"] += 1

    def table(self) -> dict[str, Any]:
        return {
            "total": self._counts.total(),
            "counts": dict(self._counts.most_common()),
            "requests": [asdict(entry) for entry in self._entries],
        }


def safe_query(query: str) -> dict[str, str]:
    """A query's parameters without credentials."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return {name: without_credentials(value) for name, value in pairs if name not in ("key", "token")}
