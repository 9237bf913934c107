"""Claims: the right to make one thing.

A claim is committed before the request leaves, so every crash leaves a visible claim. Others may take it over
once it has *settled* (`leases.py` says when), and then look for what it made before they try again.
"""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import copy_context
from dataclasses import dataclass

from trello_ops.core.claims import Claim, ClaimKey
from trello_ops.errors import ClaimLost, OutcomeUnknown, StoreError, TrelloError
from trello_ops.messages import say
from trello_ops.operations.context import Context


@dataclass(slots=True)
class HeldClaim:
    """A claim of ours, and the monotonic instant until which requests may leave under it.

    It changes in place when the claim is renewed: the store gives back only its newest version.
    """

    claim: Claim
    send_before: float


def take(context: Context, key: ClaimKey) -> HeldClaim | None:
    """Claim a key; `None` when somebody holds it."""
    begun = context.clock.monotonic()  # before the store is asked: the lease must not seem longer than it is
    claim = context.store.claim(str(key), context.runtime.holder, context.clock.now())
    return HeldClaim(claim, context.config.lease_policy.send_before(begun)) if claim else None


def keep(context: Context, claim: Claim) -> HeldClaim | None:
    """Renew a claim of ours, or take over one that has settled; `None` when it changed hands."""
    begun = context.clock.monotonic()
    renewed = context.store.renew(claim, context.runtime.holder)
    return HeldClaim(renewed, context.config.lease_policy.send_before(begun)) if renewed else None


@contextmanager
def released(context: Context, held: HeldClaim) -> Iterator[None]:
    """Give a claim back in the end. A lost answer leaves it, to be freed once it has settled."""
    try:
        yield
    except OutcomeUnknown:
        context.store.mark_unknown(held.claim)
        raise
    except TrelloError:
        context.store.release(held.claim)
        raise
    # Not in a `finally`: what no one foresaw may have made something, which has to settle as well.
    context.store.release(held.claim)


@contextmanager
def renewing(context: Context, held: HeldClaim) -> Iterator[Callable[[], None]]:
    """Renew a claim of ours from another thread while the block runs, however long that takes.

    Gives a function that renews it at once, and raises `ClaimLost` when it has changed hands.
    """
    alone, ended = threading.Lock(), threading.Event()

    def renew() -> None:
        with alone:
            renewed = keep(context, held.claim)
            if renewed is None:
                raise ClaimLost(say("another process has taken over %(claim)s", claim=held.claim.key))
            held.claim, held.send_before = renewed.claim, renewed.send_before

    def go_on() -> None:
        while not ended.wait(context.config.lease_policy.lease / 3):
            with suppress(StoreError):  # there are two more tries before anybody may take over
                try:
                    renew()
                except ClaimLost:
                    return

    thread = threading.Thread(target=copy_context().run, args=[go_on], name="renewing", daemon=True)
    thread.start()
    try:
        yield renew
    finally:
        ended.set()
        thread.join()


def free(context: Context, claims: Iterable[Claim]) -> None:
    """Give back settled claims that are of no use any more."""
    for claim in claims:
        # Taken over first: another process may have begun to work under it since it was seen.
        if held := keep(context, claim):
            context.store.release(held.claim)


def settled(context: Context) -> tuple[Claim, ...]:
    """The claims that may be taken over now, the oldest attempt first."""
    return tuple(claim for claim, seconds in _waits(context) if seconds <= 0)


def wait_for_settling(context: Context) -> float:
    """Seconds until the last of the open claims may be taken over; zero when there is none."""
    return max((seconds for _, seconds in _waits(context)), default=0.0)


def _waits(context: Context) -> list[tuple[Claim, float]]:
    """Every open claim, and in how many seconds it may be taken over."""
    now, watch = context.clock.monotonic(), context.runtime.watch
    claims = context.store.claims()
    watch.observe(claims, now)
    return [(claim, watch.waits(claim, context.config.lease_policy, now)) for claim in claims]
