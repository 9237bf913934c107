"""Failures on order: what goes wrong between a client and Trello, for the next requests that match."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from trello_sandbox.state.records import Json


@dataclass
class Fault:
    """One failure. It strikes `count` times, after letting `skip` matching requests through.

    `method`: any when empty. `path`: a regular expression matched from the start of the path, so a plain
    prefix will do; `/1/card/…` and trailing slashes count as `/1/cards/…`. `by`: whose requests it strikes,
    by username; everybody's when empty. `probability`: how likely it strikes one that matches, drawn with
    `seed`.
    `delay`: real seconds to wait first. Then the first of these that is set happens, else the request
    is served: `reset` drops the connection and does nothing; `land_after` drops it, and does the
    request that many real seconds later; `status` (with `body`) answers without doing anything;
    `lose_answer` does the request, then drops the connection. With `hold` a connection is not dropped
    but left silent until the client is gone.
    """

    path: str = ""
    method: str = ""
    by: str = ""
    count: int = 1
    skip: int = 0
    probability: float = 1.0
    seed: int = 0
    delay: float = 0.0
    reset: bool = False
    land_after: float | None = None
    status: int | None = None
    body: Any = ""
    lose_answer: bool = False
    hold: bool = False

    def __post_init__(self) -> None:
        self._dice = Random(self.seed)  # noqa: S311 - chance, not secrecy

    @property
    def kind(self) -> str:
        """What happens, in one word of the above."""
        if self.reset:
            return "reset"
        if self.land_after is not None:
            return "land_after"
        if self.status is not None:
            return "status"
        return "lose_answer" if self.lose_answer else "delay"

    def matches(self, method: str, path: str, username: Callable[[], str]) -> bool:
        return (
            self.method in ("", method)
            and re.match(self.path, path) is not None
            and (not self.by or self.by == username())
        )

    def is_drawn(self) -> bool:
        return self._dice.random() < self.probability

    def table(self) -> Json:
        return {name: getattr(self, name) for name in _KINDS}


_KINDS: dict[str, tuple[type, ...]] = {
    "path": (str,),
    "method": (str,),
    "by": (str,),
    "count": (int,),
    "skip": (int,),
    "probability": (int, float),
    "seed": (int,),
    "delay": (int, float),
    "reset": (bool,),
    "land_after": (int, float, type(None)),
    "status": (int, type(None)),
    "body": (object,),
    "lose_answer": (bool,),
    "hold": (bool,),
}


def parsed(orders: object) -> list[Fault]:
    """Faults from a JSON list of objects, or one object. ValueError says what is wrong."""
    rows = orders if isinstance(orders, list) else [orders]
    return [_fault(row) for row in rows]


def _fault(row: object) -> Fault:
    if not isinstance(row, dict) or set(row) - set(_KINDS):
        raise ValueError(f"a fault is an object with some of {', '.join(sorted(_KINDS))}, not {row!r}")
    for name, value in row.items():
        if not isinstance(value, _KINDS[name]):
            raise ValueError(f"a fault's {name} cannot be {value!r}")  # noqa: TRY004 - a bad value
    fault = Fault(**row)
    fault.method = fault.method.upper()
    try:
        re.compile(fault.path)
    except (re.error, TypeError) as error:
        raise ValueError(f"path {fault.path!r} is no regular expression: {error}") from error
    return fault


class Faults:
    """The faults that are still to strike, in the order they were asked for."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def take(self, method: str, path: str, username: Callable[[], str]) -> Fault | None:
        """The fault that strikes this request of `username`.

        The first that matches, has no more to let through and is drawn.
        """
        for fault in self.waiting:
            if fault.matches(method, path, username):
                if fault.skip:
                    fault.skip -= 1
                elif fault.is_drawn():
                    self._use(fault)
                    return fault
        return None

    def _use(self, fault: Fault) -> None:
        fault.count -= 1
        if fault.count <= 0:
            self.waiting.remove(fault)

    def table(self) -> list[Json]:
        return [fault.table() for fault in self.waiting]
