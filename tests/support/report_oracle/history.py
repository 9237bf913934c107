"""How weeks stand against those before them, from weekly counts alone, by the words of the specification.

A history is a frame with a row for each frozen week, oldest first: `monday` (a date), `n` and `on_time`. What
must be exact (medians, rates, tails) is reckoned in fractions, the rest in doubles.
"""

import datetime as dt
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, cast

import numpy as np
import pandas as pd

from report_oracle.chance import at_least, at_most

Json = dict[str, Any]

_WEEK = dt.timedelta(weeks=1)


@dataclass
class _Replay:
    """What is known after some weeks: where the baseline begins, and which weeks were said to be off."""

    begin: int = 0
    off: set[int] = field(default_factory=set)
    shifts: list[dt.date] = field(default_factory=list)


def replayed(history: pd.DataFrame) -> pd.DataFrame:
    """Each week as it was judged then: `verdict`, `trial`, `p_bar`, `sigma_z`, `lower`, `upper`, `baseline`.

    `baseline` has the positions of its weeks. Attribute `shifts` has the Mondays with which baselines began.
    """
    state = _Replay()
    rows = [_judge(history, at, state) for at in range(len(history))]
    # As objects, in which None stays None.
    found = history.join(pd.DataFrame(rows, index=history.index, dtype=object))
    found.attrs["shifts"] = state.shifts
    return found


def standing(history: pd.DataFrame, target: int) -> Json:
    """What the report of the history's last week must say: its JSON keys."""
    return standing_of(replayed(history), target)


def standing_of(judged: pd.DataFrame, target: int) -> Json:
    """The same of weeks that were replayed. Of fewer of them it is what was said then."""
    last = judged.iloc[-1]
    listed = judged.iloc[[*last["baseline"], len(judged) - 1]]
    recent = judged[judged["monday"] > last["monday"] - 26 * _WEEK]
    return {
        "signal": {
            **{name: last[name] for name in ("verdict", "trial", "p_bar", "sigma_z", "lower", "upper")},
            "weeks": [_count(row) for _, row in listed.iterrows()],
        },
        "target": target / 100,
        "outlook": _outlook(last, target),
        "allowance": _allowance(judged, target),
        "trend": [
            {**_count(row), **{name: row[name] for name in ("verdict", "lower", "upper")}}
            for _, row in recent.iterrows()
        ],
    }


def _count(row: "pd.Series[Any]") -> Json:
    n, on_time = int(row["n"]), int(row["on_time"])
    rate = on_time / n if n else None
    return {"week": f"{row['monday']:%G-W%V}", "n": n, "on_time": on_time, "rate": rate}


def _outlook(last: "pd.Series[Any]", target: int) -> str | None:
    if last["lower"] is None:
        return None
    above = [100 * limit >= target for limit in (last["lower"], last["upper"])]
    return "holds" if all(above) else "chance" if any(above) else "cannot_hold"


def _allowance(history: pd.DataFrame, target: int) -> Json:
    four = history[history["monday"] > history["monday"].iloc[-1] - 4 * _WEEK]
    n, on_time = int(four["n"].sum()), int(four["on_time"].sum())
    return {"allowed": (100 - target) * n // 100, "used": n - on_time}


# ---- one week ---------------------------------------------------------------------------------------


def _judge(history: pd.DataFrame, at: int, state: _Replay) -> Json:
    before = [i for i in range(state.begin, at) if history["n"].iloc[i] > 0][-26:]
    counted = [i for i in before if i not in state.off]
    nothing = {"p_bar": None, "sigma_z": None, "lower": None, "upper": None}
    said: Json = {"verdict": "none", "trial": len(before) < 12, "baseline": before, **nothing}
    n, on_time = int(history["n"].iloc[at]), int(history["on_time"].iloc[at])
    if len(before) < 4 or not counted or n == 0:
        return said
    p_bar, sigma_z = _centre(history.iloc[counted])
    spread = 3 * sigma_z * np.sqrt(float(p_bar * (1 - p_bar)) / n)
    lower, upper = max(0.0, float(p_bar) - spread), min(1.0, float(p_bar) + spread)
    said.update(p_bar=float(p_bar), sigma_z=sigma_z, lower=lower, upper=upper)
    run = _run(history, before, counted, at, sigma_z)
    if run:
        said["verdict"] = run[0]
        state.begin, state.off = run[1], set()
        state.shifts.append(history["monday"].iloc[run[1]])
    elif on_time / n < lower and at_most(on_time, n, p_bar) < Fraction(5, 1000):
        said["verdict"] = "fall"
    elif on_time / n > upper and at_least(on_time, n, p_bar) < Fraction(5, 1000):
        said["verdict"] = "rise"
    else:
        said["verdict"] = "usual"
    if said["verdict"] in ("fall", "rise"):
        state.off.add(at)
    return said


def _rates(weeks: pd.DataFrame) -> "pd.Series[Any]":
    pairs = zip(weeks["on_time"], weeks["n"], strict=True)
    return pd.Series([Fraction(int(k), int(n)) for k, n in pairs], index=weeks.index, dtype=object)


def _pooled(weeks: pd.DataFrame) -> Fraction:
    return Fraction(int(weeks["on_time"].sum()), int(weeks["n"].sum()))


def _centre(weeks: pd.DataFrame) -> tuple[Fraction, float]:
    """p̄, kept off 0 and 1, and σz, at least 1."""
    half = Fraction(1, 2 * int(weeks["n"].sum()))
    p_bar = min(max(_pooled(weeks), half), 1 - half)
    p, n = float(p_bar), weeks["n"].to_numpy(dtype=float)
    z = (weeks["on_time"].to_numpy(dtype=float) / n - p) / np.sqrt(p * (1 - p) / n)
    steps = np.abs(np.diff(z))
    return p_bar, max(1.0, float(np.median(steps)) / 0.954) if len(steps) else 1.0


def _median(rates: "pd.Series[Any]") -> Fraction:
    ordered, half = sorted(rates), len(rates) // 2
    middle = ordered[half] if len(rates) % 2 else (ordered[half - 1] + ordered[half]) / 2
    return cast("Fraction", middle)


def _run(
    history: pd.DataFrame, before: list[int], counted: list[int], at: int, sigma_z: float
) -> tuple[str, int] | None:
    """The verdict and the position of the run's first week, where the run rule holds."""
    seen = history.iloc[[*before, at]]
    median = _median(_rates(history.iloc[counted]))
    side = _rates(seen).map(lambda rate: (rate > median) - (rate < median))
    off = pd.Series(side.to_numpy(dtype=int), index=[*before, at])
    off = off[off != 0]
    if len(off) < 10 or off.index[-1] != at:
        return None
    alike = (off == off.iloc[-1])[::-1].cummin()
    length, first = int(alike.sum()), int(alike[alike].index[-1])
    earlier = [i for i in before if i < first]
    if length <= round(np.log2(len(counted))) + 3 or not earlier:
        return None
    inside = history.iloc[[i for i in (*before, at) if i >= first]]
    if not _differ(inside, history.iloc[earlier], sigma_z):
        return None
    return ("lasting_fall" if off.iloc[-1] < 0 else "lasting_rise"), first


def _differ(one: pd.DataFrame, other: pd.DataFrame, sigma_z: float) -> bool:
    p, n1, n0 = float(_pooled(pd.concat([one, other]))), int(one["n"].sum()), int(other["n"].sum())
    bound = 2.5 * sigma_z * np.sqrt(p * (1 - p) * (1 / n1 + 1 / n0))
    return bool(abs(float(_pooled(one) - _pooled(other))) > bound)
