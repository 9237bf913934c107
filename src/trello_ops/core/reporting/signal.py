"""What a week's rate says beyond chance.

Of a week, n = on time + late + missed, and p = on time ÷ n. The *baseline* are the latest 26 frozen weeks
with n > 0 since the last confirmed shift. Weeks said `fall` or `rise` stay among the 26, but do not *count*
until a shift is confirmed. Of those that count:

    p̄  = Σ on time ÷ Σ n, within [0.5 ÷ Σ n, 1 − 0.5 ÷ Σ n]
    zᵢ = (pᵢ − p̄) ÷ √(p̄ (1 − p̄) ÷ nᵢ)
    σz = median of |zᵢ − zᵢ₋₁| ÷ 0.954, at least 1
    limits for n: p̄ ± 3 σz √(p̄ (1 − p̄) ÷ n), cut to 0…1

That is Laney's P′ chart (D. B. Laney, "Improved control charts for attributes", Quality Engineering 14,
2002): σz says by how much more than chance the weeks vary among themselves. 0.954 is the median of |a − b|
for two standard normal values, so that single odd weeks do not widen the limits.

A week outside the limits is a `fall` or a `rise` if the exact binomial tail at p̄ is under 0.5 % as well, as
the limits assume a normal distribution, which rates near 100 % do not have.

A shift is *lasting* by a run longer than round(log₂ N) + 3 on one side of the median (J. Anhøj and
A. V. Olesen, "Run charts revisited", PLoS ONE 9(11), 2014), if its pooled rate also differs from that of the
weeks before it by more than 2.5 σz standard errors.

The allowance is what site reliability engineering calls an error budget (B. Beyer et al., "Site Reliability
Engineering", 2016, chapter 3).
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from statistics import median
from typing import Final

from trello_ops.core.reporting.binomial import at_least, at_most
from trello_ops.core.reporting.standing import (
    LASTING,
    Allowance,
    Outlook,
    Signal,
    Standing,
    TrendWeek,
    Verdict,
    WeekCount,
)

_BASELINE: Final = 26
_LEAST, _SETTLED = 4, 12
_OFF_MEDIAN: Final = 10
_UNLIKELY: Final = 0.005
_NORMAL: Final = 0.954
_SINGLE: Final = frozenset({Verdict.FALL, Verdict.RISE})
_ALLOWED_OVER: Final = 4


@dataclass(frozen=True, slots=True)
class _Baseline:
    """Weeks since the last shift, oldest first, all with n > 0; `odd` are those said to fall or rise."""

    weeks: tuple[WeekCount, ...] = ()
    odd: frozenset[WeekCount] = frozenset()

    @property
    def counting(self) -> tuple[WeekCount, ...]:
        """Those that count in p̄ and σz."""
        return tuple(each for each in self.weeks if each not in self.odd)

    def followed_by(self, this: WeekCount, verdict: Verdict) -> "_Baseline":
        """The baseline of the week after this one."""
        if not this.n:
            return self
        if verdict in LASTING:
            run = _run(self, this)
            return _Baseline(run.weeks if run else (this,))
        odd = self.odd | {this} if verdict in _SINGLE else self.odd
        return _Baseline((*self.weeks, this)[-_BASELINE:], odd)


@dataclass(frozen=True, slots=True)
class _Run:
    """The latest run on one side of the median: its weeks, and how many of them lie off the median."""

    weeks: tuple[WeekCount, ...]
    length: int
    below: bool
    before: tuple[WeekCount, ...]


# ---- what is asked ----------------------------------------------------------------------------------


def signal(history: Sequence[WeekCount], this: WeekCount) -> Signal:
    """The verdict on this week. `history` are all frozen weeks before it, oldest first."""
    *_, (_, said) = _replayed([*history, this])
    return said


def standing(history: Sequence[WeekCount], this: WeekCount, target: int) -> Standing:
    """How this week stands, with a target in percent; `history` as in `signal`."""
    replayed = tuple(_replayed([*history, this]))
    said = replayed[-1][1]
    return Standing(
        target=target,
        signal=said,
        outlook=outlook(said, target),
        allowance=allowance(history, this, target),
        trend=tuple(_trend_week(*each) for each in replayed if _is_recent(each[0], this)),
    )


def replay(weeks: Iterable[WeekCount]) -> tuple[TrendWeek, ...]:
    """Each of all frozen weeks as it was judged then, oldest first."""
    return tuple(_trend_week(*each) for each in _replayed(weeks))


def outlook(said: Signal, target: int) -> Outlook | None:
    """Whether a target in percent can be expected to be met; `None` without a verdict."""
    if said.lower is None or said.upper is None:
        return None
    if said.lower >= target / 100:
        return Outlook.HOLDS
    return Outlook.CANNOT_HOLD if said.upper < target / 100 else Outlook.CHANCE


def allowance(history: Sequence[WeekCount], this: WeekCount, target: int) -> Allowance:
    """How many may be not on time over this and the three calendar weeks before, of those frozen."""
    weeks = [each for each in (*history, this) if 0 <= _weeks_between(each, this) < _ALLOWED_OVER]
    judged = sum(each.n for each in weeks)
    return Allowance((100 - target) * judged // 100, judged - sum(each.on_time for each in weeks))


def row_is_marked(n: int, missed: int, whole_n: int, whole_missed: int) -> bool:
    """Whether more of a row was missed than chance explains, were it like the whole that it is part of.

    That is above the 99.5 % quantile of the binomial distribution.
    """
    if not (missed and whole_n):
        return False
    return at_most(missed - 1, n, whole_missed / whole_n) >= 1 - _UNLIKELY


# ---- one week ---------------------------------------------------------------------------------------


def _replayed(weeks: Iterable[WeekCount]) -> Iterator[tuple[WeekCount, Signal]]:
    """Each week with the signal of then; what was judged makes the baseline of what follows."""
    baseline = _Baseline()
    for week in weeks:
        said = _judged(baseline, week)
        yield week, said
        baseline = baseline.followed_by(week, said.verdict)


def _trend_week(week: WeekCount, said: Signal) -> TrendWeek:
    return TrendWeek(week, said.verdict, said.lower, said.upper)


def _judged(baseline: _Baseline, this: WeekCount) -> Signal:
    weeks, counting = baseline.weeks, baseline.counting
    said = Signal(trial=len(weeks) < _SETTLED, weeks=(*weeks, this))
    if len(weeks) < _LEAST or not counting or not this.n:
        return said
    p_bar = _pooled(counting)
    sigma_z = _sigma_z(counting, p_bar)
    spread = 3 * sigma_z * math.sqrt(p_bar * (1 - p_bar) / this.n)
    lower, upper = max(0.0, p_bar - spread), min(1.0, p_bar + spread)
    said = replace(said, p_bar=p_bar, sigma_z=sigma_z, lower=lower, upper=upper)
    return replace(said, verdict=_lasting(baseline, this, sigma_z) or _single(this, said))


def _pooled(weeks: Sequence[WeekCount]) -> float:
    judged = sum(each.n for each in weeks)
    rate = sum(each.on_time for each in weeks) / judged
    return min(max(rate, 0.5 / judged), 1 - 0.5 / judged)


def _sigma_z(weeks: Sequence[WeekCount], p_bar: float) -> float:
    z = [(each.on_time / each.n - p_bar) / math.sqrt(p_bar * (1 - p_bar) / each.n) for each in weeks]
    steps = [abs(b - a) for a, b in pairwise(z)]
    return max(1.0, median(steps) / _NORMAL) if steps else 1.0


def _single(this: WeekCount, said: Signal) -> Verdict:
    """What this week says by itself."""
    rate, p_bar = this.on_time / this.n, said.p_bar or 0.0
    if rate < (said.lower or 0.0) and at_most(this.on_time, this.n, p_bar) < _UNLIKELY:
        return Verdict.FALL
    if rate > (said.upper or 0.0) and at_least(this.on_time, this.n, p_bar) < _UNLIKELY:
        return Verdict.RISE
    return Verdict.USUAL


# ---- runs -------------------------------------------------------------------------------------------


def _lasting(baseline: _Baseline, this: WeekCount, sigma_z: float) -> Verdict | None:
    """The verdict where the run rule holds."""
    run = _run(baseline, this)
    if run is None or run.length <= round(math.log2(len(baseline.counting))) + 3 or not run.before:
        return None
    during, before = _sums(run.weeks), _sums(run.before)
    rate = (during[1] + before[1]) / (during[0] + before[0])
    error = math.sqrt(rate * (1 - rate) * (1 / during[0] + 1 / before[0]))
    if abs(during[1] / during[0] - before[1] / before[0]) <= 2.5 * sigma_z * error:
        return None
    return Verdict.LASTING_FALL if run.below else Verdict.LASTING_RISE


def _run(baseline: _Baseline, this: WeekCount) -> _Run | None:
    """The run that this week lies in; `None` on the median, or where too few weeks lie off it."""
    weeks = (*baseline.weeks, this)
    # Exact, since a week on the median belongs to neither side.
    middle = median([Fraction(each.on_time, each.n) for each in baseline.counting])
    sides = [_side(each, middle) for each in weeks]
    side = sides[-1]
    if not side or sum(map(bool, sides)) < _OFF_MEDIAN:
        return None
    first, length = len(weeks) - 1, 0
    for place in reversed(range(len(weeks))):
        if sides[place] == -side:
            break
        if sides[place]:
            first, length = place, length + 1
    return _Run(weeks[first:], length, side < 0, weeks[:first])


def _side(week: WeekCount, middle: Fraction) -> int:
    rate = Fraction(week.on_time, week.n)
    return (rate > middle) - (rate < middle)


def _sums(weeks: Iterable[WeekCount]) -> tuple[int, int]:
    found = tuple(weeks)
    return sum(each.n for each in found), sum(each.on_time for each in found)


def _weeks_between(earlier: WeekCount, later: WeekCount) -> int:
    return (later.week.monday - earlier.week.monday).days // 7


def _is_recent(count: WeekCount, this: WeekCount) -> bool:
    return _weeks_between(count, this) < _BASELINE
