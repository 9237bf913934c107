"""Faults to order: what is to go wrong between a client and Trello, for the next requests that match."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

Json = dict[str, Any]


@dataclass
class Fault:
    """One failure. It strikes `count` requests, after letting `skip` matching ones through.

    `method`: any when empty. `path`: a regular expression matched from the start of the path, so that a
    plain prefix will do; `/1/card/…` and trailing slashes count as `/1/cards/…`. `by`: whose requests it
    strikes, by username; everybody's when empty. `probability`: how likely it strikes a matching request,
    drawn with `seed`.

    `delay`: real seconds to wait first. Then the first of these that is set happens, else the request is
    served: `reset` drops the connection and does nothing; `land_after` drops it, and does the request that
    many real seconds later; `status` (with `body`) answers without doing anything; `lose_answer` does the
    request, then drops the connection; `trickle` does it, and sends the answer's body a byte at a time, so
    many real seconds apart. With `hold` a connection is not dropped but left silent until the client hangs
    up.
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
    trickle: float = 0.0
    hold: bool = False

    def __post_init__(self) -> None:
        self._dice = Random(self.seed)  # noqa: S311 - chance, not secrecy

    @property
    def kind(self) -> str:
        """What happens to a request that it strikes, named after the field that says so."""
        if self.reset:
            return "reset"
        if self.land_after is not None:
            return "land_after"
        if self.status is not None:
            return "status"
        if self.lose_answer:
            return "lose_answer"
        return "trickle" if self.trickle else "delay"

    def matches(self, method: str, path: str, username: Callable[[], str]) -> bool:
        """Whether it is meant for this request. `username` is asked only when it matters."""
        return (
            self.method in ("", method)
            and re.match(self.path, path) is not None
            and (not self.by or self.by == username())
        )

    def is_drawn(self) -> bool:
        """Whether chance has it strike this time. Every call draws anew."""
        return self._dice.random() < self.probability

    def table(self) -> Json:
        """Its fields by name, as they are ordered and shown over HTTP."""
        return {name: getattr(self, name) for name in _TYPES}


_TYPES: dict[str, tuple[type, ...]] = {
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
    "trickle": (int, float),
    "hold": (bool,),
}


def parse(orders: object) -> list[Fault]:
    """Faults from a JSON list of objects, or from one object. ValueError says what is wrong."""
    return [_fault(each) for each in (orders if isinstance(orders, list) else [orders])]


def _fault(order: object) -> Fault:
    if not isinstance(order, dict) or set(order) - set(_TYPES):
        raise ValueError(f"a fault is an object with some of {', '.join(sorted(_TYPES))}, not {order!r}")
    for name, value in order.items():
        if not isinstance(value, _TYPES[name]):
            raise ValueError(f"a fault's {name} cannot be {value!r}")  # noqa: TRY004 - a bad value
    fault = Fault(**order)
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
        """The fault that strikes this request: the first that matches, skips no more and is drawn."""
        for fault in self.waiting:
            if not fault.matches(method, path, username):
                continue
            if fault.skip:
                fault.skip -= 1
            elif fault.is_drawn():
                fault.count -= 1
                if fault.count <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def table(self) -> list[Json]:
        """Every fault that waits, as JSON."""
        return [fault.table() for fault in self.waiting]
