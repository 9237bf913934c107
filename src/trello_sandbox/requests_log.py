"""What the sandbox was asked: the latest requests, and how many there were of each kind."""

import re
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import parse_qsl

_KEPT = 10_000
# In a query, or in the path of `/tokens/{token}/…`.
_CREDENTIAL = re.compile(
    r"((?:^|[?&,])(?:key|token|oauth_token)=)[^&,]*|((?:^|/)tokens?/)[^/?&,]+", re.IGNORECASE
)


def without_credentials(text: str) -> str:
    """A path, or a parameter's value (a batch holds whole URLs), with every key and token masked."""
    return _CREDENTIAL.sub(lambda match: (match[1] or match[2]) + "***", text)


@dataclass(frozen=True, slots=True)
class Entry:
    """One request. `at` is the sandbox's time, `status` None when the connection was dropped instead.

    `seconds` are real ones. `route` is the pattern of the route that served it, "" for none. `username` is
    who sent it, `bucket` the rate limit that refused it, `fault` what a fault did to it.
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
        """Forget all of them, and begin to count anew."""
        self._entries: deque[Entry] = deque(maxlen=_KEPT)
        self._counts: Counter[str] = Counter()

    def add(self, entry: Entry) -> None:
        """Note one more request."""
        self._entries.append(entry)
        self._counts[f"{entry.method} {entry.route or '?'}"] += 1

    def table(self) -> dict[str, Any]:
        """The latest requests and the counts, as JSON."""
        return {
            "total": self._counts.total(),
            "counts": dict(self._counts.most_common()),
            "requests": [asdict(entry) for entry in self._entries],
        }


def safe_query(query: str) -> dict[str, str]:
    """A query's parameters by name, key and token left out."""
    pairs = parse_qsl(query, keep_blank_values=True)
    return {name: without_credentials(value) for name, value in pairs if name not in ("key", "token")}
