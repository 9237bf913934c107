"""What lets requests to Trello leave: a token's budget, a key's, or both."""

from typing import Final, Protocol, TypeVar

from trello_ops.errors import NotSent
from trello_ops.messages import say
from trello_ops.ports import Clock

WINDOW: Final = 10.0
"""Seconds in which Trello counts requests; a request counts so long after its answer."""

UNANSWERED: Final = 30.0 + WINDOW
"""Seconds for which a request without an answer counts: Trello gives up on one after thirty."""

LONGEST_PAUSE: Final = 60.0
"""Seconds."""

P = TypeVar("P")


class RequestLimit(Protocol[P]):
    """Gives a permission to each request. Safe to share between threads; may raise `StoreError`."""

    def wait(self, *, reads: bool, send_before: float | None = None) -> P:
        """Block until a request may leave, and return its permission.

        Raises `NotSent` when it could not leave before `send_before`, an instant of `clock.monotonic()`.
        """

    def answered(self, permission: P, room: int | None = None, of_key: int | None = None) -> None:
        """Tell that the answer is here.

        It may say how many more requests are allowed: `room` by token and member, `of_key` by the key.
        """

    def give_back(self, permission: P) -> None:
        """Tell that the request never left."""

    def pause(self, seconds: float, *, of_key: bool = False) -> None:
        """Let no request leave for `seconds`, a minute at most: of the token, or of the key."""

    @property
    def limit(self) -> int:
        """How many requests may count at once."""

    def used(self) -> int:
        """How many requests count now."""

    def close(self) -> None:
        """Let go of what it holds open."""


def raise_if_late(clock: Clock, send_before: float | None, wait: float) -> None:
    """Raise `NotSent` for a request that leaves in `wait` seconds, but had to before `send_before`."""
    if send_before is not None and clock.monotonic() + wait >= send_before:
        raise NotSent(
            say("The request was held back: the claim it serves would have run out. It is due again.")
        )
