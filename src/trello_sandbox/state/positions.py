"""Where a thing goes among its siblings: Trello's arithmetic of positions, as recorded."""

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
    """The position that `pos` asks for among the `others`: `top`, `bottom` or a number above zero.

    `but` is the thing itself, if it is one of the others. Positions need not differ: two requests at once
    may get the same one.
    """
    sent = params.get("pos", default)
    asked = str(default if sent is None else sent)
    rest = others if but is None else (each for each in others if each is not but)
    if asked in ("top", ""):  # an empty `pos` counts as `top`, whatever the default is
        return min(map(_pos, rest), default=2 * STEP) / 2  # halves: 16384, 8192, 4096 …
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


def written(pos: float) -> float:
    """A position as Trello's JSON has it: whole numbers without a decimal point."""
    return int(pos) if pos == int(pos) else pos
