"""Where a thing goes among its like: Trello's arithmetic of positions."""

from collections.abc import Iterable

from trello_ops.sandbox.params import Params

STEP = 16_384.0


def place(params: Params, others: Iterable[float], default: str = "bottom") -> float:
    """The position that `pos` asks for among the positions of the `others`.

    Recorded: top is half of the smallest, bottom the largest plus 16384, an empty `pos` means top.
    """
    sent = params.get("pos", default)
    asked = str(default if sent is None else sent)
    if asked in ("top", ""):
        return min(others, default=2 * STEP) / 2
    if asked == "bottom":
        return max(others, default=0.0) + STEP
    try:
        number = float(asked)
    except ValueError:
        raise params.invalid("pos") from None
    if not 0 < number < float("inf"):
        raise params.invalid("pos")
    return number
