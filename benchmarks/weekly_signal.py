"""How often a steady shop is told of a change, and how soon a real one is seen, beside a plainer rule.

    python benchmarks/weekly_signal.py [SHOPS]

Each week of a simulated shop has 55 judged occurrences, each on time by the same chance. A steady shop is
judged for two years after its first half year; of a falling one, 40 weeks at 90 % come first. The peer is the
rule that people go by without another: "changed by more than 4 points since last week".
"""

import statistics
import sys
from collections.abc import Callable, Sequence
from itertools import pairwise
from random import Random

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.signal import replay
from trello_ops.core.reporting.standing import FALLS, TrendWeek, Verdict, WeekCount

N = 55
WARM_UP, JUDGED = 26, 104
BEFORE, AFTER = 40, 26
QUIET = {Verdict.NONE, Verdict.USUAL}
POINTS = 0.04


def weeks(rate: Callable[[int], float], count: int, rng: Random) -> list[WeekCount]:
    """So many weeks, each with the rate of its place."""
    found, week = [], IsoWeek(2024, 1)
    for place in range(count):
        on_time = sum(rng.random() < rate(place) for _ in range(N))
        found.append(WeekCount(week, N, on_time))
        week = week.next()
    return found


def jumps(found: Sequence[WeekCount]) -> list[float]:
    """How far each week's rate lies from that of the week before."""
    rates = [each.on_time / each.n for each in found]
    return [0.0, *(after - before for before, after in pairwise(rates))]


def alarms_a_year(rate: float, shops: int) -> tuple[float, float]:
    """False alarms a year of a steady shop: by the signal, and by the plainer rule."""
    rng, ours, plain = Random(rate), 0, 0
    for _ in range(shops):
        found = weeks(lambda _: rate, WARM_UP + JUDGED, rng)
        ours += sum(each.verdict not in QUIET for each in replay(found)[WARM_UP:])
        plain += sum(abs(jump) > POINTS for jump in jumps(found)[WARM_UP:])
    return ours / shops / JUDGED * 52, plain / shops / JUDGED * 52


def seen_after(rate: float, shops: int) -> tuple[float, float]:
    """The week, counted from 1, in which a fall to this rate is seen: the median; and how often the first."""
    rng = Random(rate)
    found = [
        _first_fall(replay(weeks(lambda n: 0.9 if n < BEFORE else rate, BEFORE + AFTER, rng))[BEFORE:])
        for _ in range(shops)
    ]
    return statistics.median(found), sum(each == 1 for each in found) / shops


def _first_fall(told: Sequence[TrendWeek]) -> int:
    return next((n for n, each in enumerate(told, 1) if each.verdict in FALLS), AFTER + 1)


def main(shops: int) -> None:
    print(f"{shops} shops, {N} judged a week\n")
    print("steady at   false alarms a year   by more than 4 points")
    for rate in (0.9, 0.98, 0.99):
        ours, plain = alarms_a_year(rate, shops)
        print(f"{rate:>8.0%} {ours:>21.2f} {plain:>23.1f}")
    print("\nfall to     median week   in the first week")
    for rate in (0.7, 0.8):
        median, first = seen_after(rate, shops)
        print(f"{rate:>8.0%} {median:>13.0f} {first:>18.0%}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 500)
