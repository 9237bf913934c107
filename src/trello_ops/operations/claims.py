"""Claims: the right to make one thing, and when somebody else's may be taken over.

The claim is committed before the request leaves, so every crash leaves a visible claim. Whoever finds one
watches it on the *own* monotonic clock, wall clocks being free to jump: only a claim that has stayed
unchanged so long that neither its holder nor a request of its holder can still act is taken over.
"""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field

from trello_ops.core.ledger import Claim
from trello_ops.ports import Services


@dataclass(frozen=True, slots=True)
class LeasePolicy:
    """Seconds. `lease` must exceed two request timeouts; `settle` is how late a lost write may land."""

    settle: float = 90.0
    lease: float = 120.0
    request_timeout: float = 20.0

    def send_before(self, claimed_at: float) -> float:
        """The last monotonic instant at which a request under a claim of `claimed_at` may leave."""
        return claimed_at + self.lease - 2 * self.request_timeout

    def needed(self, claim: Claim) -> float:
        """How long a claim must be seen unchanged before it may be taken over.

        A holder that has said *unknown* sends nothing more; any other may until its lease ends.
        """
        return self.settle if claim.unknown else self.lease + self.settle


@dataclass(slots=True)
class Watch:
    """Since when this process has seen each claim as it is now."""

    _since: dict[str, tuple[Claim, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def observe(self, claims: Iterable[Claim], now: float) -> None:
        """Take note of the claims there are; forget those that are gone or changed."""
        with self._lock:
            self._since = {claim.key: (claim, self._unchanged_since(claim, now)) for claim in claims}

    def waits(self, claim: Claim, policy: LeasePolicy, now: float) -> float:
        """Seconds until a claim may be taken over; zero or less when it may."""
        with self._lock:
            return policy.needed(claim) - (now - self._unchanged_since(claim, now))

    def _unchanged_since(self, claim: Claim, now: float) -> float:
        known, since = self._since.get(claim.key, (None, now))
        return since if known == claim else now


@dataclass(slots=True)
class HeldClaim:
    """A claim of ours, and the monotonic instant until which requests may leave under it.

    It changes in place when the claim is renewed, so that whoever gives it back gives back the newest.
    """

    claim: Claim
    send_before: float


def take(services: Services, policy: LeasePolicy, holder: str, key: str) -> HeldClaim | None:
    """Claim a key that nobody holds."""
    begun = services.clock.monotonic()
    claim = services.store.claim(key, holder, services.clock.now())
    return HeldClaim(claim, policy.send_before(begun)) if claim else None


def keep(services: Services, policy: LeasePolicy, holder: str, held: Claim) -> HeldClaim | None:
    """Renew a claim of ours, or take over one that has settled; `None` when it changed hands."""
    begun = services.clock.monotonic()
    claim = services.store.renew(held, holder)
    return HeldClaim(claim, policy.send_before(begun)) if claim else None


def free(services: Services, policy: LeasePolicy, holder: str, claims: Iterable[Claim]) -> None:
    """Give back settled claims whose holders are gone and which nobody has any use for."""
    for claim in claims:
        held = keep(services, policy, holder, claim)
        if held:
            services.store.release(held.claim)


def settled(services: Services, policy: LeasePolicy, watch: Watch) -> tuple[Claim, ...]:
    """The claims that may be taken over now, the oldest attempt first."""
    now = services.clock.monotonic()
    claims = services.store.claims()
    watch.observe(claims, now)
    return tuple(claim for claim in claims if watch.waits(claim, policy, now) <= 0)


def wait_for_settling(services: Services, policy: LeasePolicy, watch: Watch) -> float:
    """Seconds until the last of the open claims may be taken over; zero when there is none."""
    now = services.clock.monotonic()
    claims = services.store.claims()
    watch.observe(claims, now)
    return max((watch.waits(claim, policy, now) for claim in claims), default=0.0)
