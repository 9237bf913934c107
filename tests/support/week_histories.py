"""Histories of sixty weeks: how many occurrences were judged in each, and how many were on time."""

import datetime as dt
from collections.abc import Callable
from random import Random

import pandas as pd

LENGTH = 60
FIRST = dt.date(2024, 1, 1)
"""A Monday; the years to 2026 have a week 53."""

KINDS = ("steady", "fall", "rise", "drift", "empty", "perfect", "small", "gaps", "swings", "outliers")


def history(kind: str, seed: int) -> pd.DataFrame:
    """A frame of `monday`, `n` and `on_time`, with `LENGTH` rows, oldest first."""
    dice = Random(f"{kind} {seed}")  # noqa: S311 - dice, not keys
    base, rate = dice.choice((0.7, 0.9, 0.98)), _RATES.get(kind, _steady)
    monday, rows = FIRST, []
    for number in range(LENGTH):
        if kind == "gaps" and dice.random() < 0.2:
            monday += dt.timedelta(weeks=dice.randint(1, 5))
        n = _size(kind, dice)
        on_time = sum(dice.random() < rate(base, number, dice) for _ in range(n))
        rows.append((monday, n, on_time))
        monday += dt.timedelta(weeks=1)
    return pd.DataFrame(rows, columns=["monday", "n", "on_time"])


def _size(kind: str, dice: Random) -> int:
    if kind == "small":
        return dice.choice((0, 1, 1, 2, 3, 4))
    if kind == "empty" and dice.random() < 0.4:
        return 0
    return dice.randint(40, 70)


def _steady(base: float, _number: int, _dice: Random) -> float:
    return base


def _swings(_base: float, number: int, _dice: Random) -> float:
    return (0.9, 0.6, 0.95, 0.5)[number * 4 // LENGTH]


_Rate = Callable[[float, int, Random], float]
_RATES: dict[str, _Rate] = {
    "fall": lambda base, number, _: base if number < LENGTH // 2 else base - 0.2,
    "rise": lambda base, number, _: base if number >= LENGTH // 2 else base - 0.2,
    "drift": lambda base, number, _: base - 0.006 * number,
    "perfect": lambda *_: 1.0,
    "swings": _swings,
    "outliers": lambda base, number, _: base - 0.35 if number % 7 == 5 else base,
}
