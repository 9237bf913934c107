"""Where a thing goes among its like: Trello's arithmetic of positions."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Protocol

from trello_sandbox.params import Params

STEP = 16_384.0


class Placed(Protocol):
    """Whatever has a position."""

    pos: float


_pos = attrgetter("pos")


def place(
    params: Params, others: Iterable[Placed], default: str = "bottom", *, but: Placed | None = None
) -> float:
    """The position that `pos` asks for among the `others`, of which `but` is the thing itself.

    Recorded: top is half of the smallest, bottom the largest plus 16384, an empty `pos` means top.
    """
    sent = params.get("pos", default)
    asked = str(default if sent is None else sent)
    rest = others if but is None else (each for each in others if each is not but)
    if asked in ("top", ""):
        return min(map(_pos, rest), default=2 * STEP) / 2
    if asked == "bottom":
        return bottom(rest)
    try:
        number = float(asked)
    except ValueError:
        raise params.invalid("pos") from None
    if not 0 < number < float("inf"):
        raise params.invalid("pos")
    return number


def bottom(others: Iterable[Placed]) -> float:
    """The position below all of them."""
    return max(map(_pos, others), default=0.0) + STEP
