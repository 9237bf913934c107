"""How long a claim entitles its holder to act, and when somebody else's may be taken over.

Wall clocks jump and differ between machines, so a claim holds no expiry instant. Each process watches the
claims on its *own* monotonic clock: one that has stayed unchanged so long that neither its holder nor a
request of its holder can still act may be taken over.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from trello_ops.core.claims import Claim


@dataclass(frozen=True, slots=True)
class LeasePolicy:
    """Seconds. `settle` is how late a lost write may land.

    `lease` must exceed two request timeouts: one for the request, and one for what no deadline can end, such
    as the look-up of a name.
    """

    settle: float = 90.0
    lease: float = 120.0
    request_timeout: float = 20.0

    def send_before(self, claimed_at: float) -> float:
        """The last monotonic instant at which a request under a claim of `claimed_at` may leave."""
        return claimed_at + self.lease - 2 * self.request_timeout

    def needed(self, claim: Claim) -> float:
        """How long a claim must be seen unchanged before it may be taken over.

        A holder that has marked it *unknown* sends nothing more; any other may until its lease ends.
        """
        return self.settle if claim.unknown else self.lease + self.settle


@dataclass(slots=True)
class Watch:
    """Since when this process has seen each claim as it is now. Shared by the process's threads."""

    _since: dict[str, tuple[Claim, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def observe(self, claims: Iterable[Claim], now: float) -> None:
        """Remember all open claims, at monotonic `now`; those that are gone or changed are forgotten."""
        with self._lock:
            self._since = {claim.key: (claim, self._unchanged_since(claim, now)) for claim in claims}

    def waits(self, claim: Claim, policy: LeasePolicy, now: float) -> float:
        """Seconds until a claim may be taken over; zero or less when it may."""
        with self._lock:
            return policy.needed(claim) - (now - self._unchanged_since(claim, now))

    def _unchanged_since(self, claim: Claim, now: float) -> float:
        known, since = self._since.get(claim.key, (None, now))
        return since if known == claim else now
