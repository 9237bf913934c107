"""How a week stands against those before it and against its target, as frozen values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trello_ops.core.calendar.week import IsoWeek


class Verdict(StrEnum):
    """What a week's rate says beyond chance; `NONE` where nothing can be said."""

    NONE = "none"
    USUAL = "usual"
    FALL = "fall"
    RISE = "rise"
    LASTING_FALL = "lasting_fall"
    LASTING_RISE = "lasting_rise"


FALLS: Final = frozenset({Verdict.FALL, Verdict.LASTING_FALL})
RISES: Final = frozenset({Verdict.RISE, Verdict.LASTING_RISE})
LASTING: Final = frozenset({Verdict.LASTING_FALL, Verdict.LASTING_RISE})


class Outlook(StrEnum):
    """Whether the target can be expected to be met, as things are."""

    HOLDS = "holds"
    CHANCE = "chance"
    CANNOT_HOLD = "cannot_hold"


@dataclass(frozen=True, slots=True)
class WeekCount:
    """How many occurrences of a week were judged (on time, late or missed), and how many were on time."""

    week: IsoWeek
    n: int
    on_time: int

    @property
    def rate(self) -> float | None:
        """The part that was on time, or `None` where nothing was judged."""
        return self.on_time / self.n if self.n else None


@dataclass(frozen=True, slots=True)
class Signal:
    """The verdict on a week with what it was reached by.

    `weeks` are the baseline and this week, oldest first. `p_bar` is the baseline's rate, `sigma_z` how much
    more its weeks vary than chance alone, and `lower` and `upper` are the limits for this week's rate, from 0
    to 1: `None` where there is no verdict. `trial`: the baseline is still short.
    """

    verdict: Verdict = Verdict.NONE
    trial: bool = False
    p_bar: float | None = None
    sigma_z: float | None = None
    lower: float | None = None
    upper: float | None = None
    weeks: tuple[WeekCount, ...] = ()


@dataclass(frozen=True, slots=True)
class TrendWeek:
    """One week of the chart, as it was judged then; `lower` and `upper` are `None` without a verdict."""

    count: WeekCount
    verdict: Verdict
    lower: float | None
    upper: float | None


@dataclass(frozen=True, slots=True)
class Allowance:
    """How many may be not on time over this and the three weeks before, and how many were not."""

    allowed: int
    used: int


@dataclass(frozen=True, slots=True)
class Standing:
    """All of this for a report. `target` is a whole percentage, `None` in reports of older versions.

    `trend` are those of the last 26 calendar weeks that have a report, this one last.
    """

    target: int | None = None
    signal: Signal = Signal()
    outlook: Outlook | None = None
    allowance: Allowance | None = None
    trend: tuple[TrendWeek, ...] = ()
