"""Answers kept for some seconds, so that many visitors cost hardly more than one."""

import threading
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Final, Generic, TypeVar

_MOST: Final = 500
"""Answers that are kept: some tens of kilobytes each."""

_SHARE: Final = 10
"""How many times as long as it took to make an answer is kept at least: the robot's own work goes first."""

A = TypeVar("A")


@dataclass(slots=True)
class _Place(Generic[A]):
    """Where an answer is kept, until an instant of the monotonic clock; whoever makes it holds the lock."""

    until: float
    making: threading.Lock = field(default_factory=threading.Lock)
    answer: A | None = None


class Kept(Generic[A]):
    """Answers by what was asked. Safe to share between threads, of which one makes an answer."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._places: dict[Hashable, _Place[A]] = {}
        self._finding = threading.Lock()

    def get(self, asked: Hashable, seconds: float, make: Callable[[], A]) -> A:
        """The answer of some seconds ago at most, made where there is none. Raises what `make` raises."""
        place = self._place(asked, seconds)
        with place.making:
            if place.answer is None or self._monotonic() >= place.until:
                begun = self._monotonic()
                place.answer = make()
                made = self._monotonic()
                place.until = made + max(seconds, _SHARE * (made - begun))
            return place.answer

    def _place(self, asked: Hashable, seconds: float) -> _Place[A]:
        with self._finding:
            # What is too old goes at once, or the memory of one busy minute would be held all week; of the
            # others, that which was asked for longest ago.
            now = self._monotonic()
            self._places = {
                key: each for key, each in self._places.items() if now < each.until or each.making.locked()
            }
            place = self._places.pop(asked, None) or _Place[A](until=now + seconds)
            self._places[asked] = place
            if len(self._places) > _MOST:
                del self._places[next(iter(self._places))]
            return place
