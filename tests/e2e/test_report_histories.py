"""What a report says of its week among sixty others: counts in a store, judged by an independent oracle."""

import datetime as dt
from fractions import Fraction
from functools import cache
from random import Random
from typing import Any

import pandas as pd
import pytest
from effort import slow_but_for
from report_oracle.chance import above_quantile, at_least, at_most, quantile
from report_oracle.doubts import burst
from report_oracle.history import replayed, standing, standing_of
from shop_kit import workspace_of
from week_histories import KINDS, LENGTH, history

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting import signal
from trello_ops.core.reporting.doubtful import doubtful
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.core.reporting.standing import WeekCount
from trello_ops.core.reporting.standing_json import standing_as_dict

Json = dict[str, Any]
CASES = [(kind, seed) for kind in KINDS for seed in range(4)]
QUICK = ("fall", "rise", "empty", "swings", "outliers")
TARGETS = (90, 80, 95, 100)
HOUR = dt.timedelta(hours=1)


def of_counts(*counts: tuple[int, int]) -> pd.DataFrame:
    """Weeks without a gap, of `(n, on_time)`."""
    mondays = [dt.date(2026, 1, 5) + dt.timedelta(weeks=i) for i in range(len(counts))]
    return pd.DataFrame({"monday": mondays, "n": [n for n, _ in counts], "on_time": [k for _, k in counts]})


def verdicts(*counts: tuple[int, int]) -> list[str]:
    return list(replayed(of_counts(*counts))["verdict"])


# ---- the oracle, worked by hand ---------------------------------------------------------------------


def test_exact_tails() -> None:
    assert at_most(1, 3, Fraction(1, 2)) == Fraction(1, 2)
    assert at_least(3, 3, Fraction(1, 3)) == Fraction(1, 27)
    assert quantile(Fraction(1, 2), 3, Fraction(1, 2)) == 1
    assert quantile(Fraction(995, 1000), 10, Fraction(1, 10)) == 4  # 0.99837; of 3, 0.98720
    assert [above_quantile(missed, 10, 10, 100) for missed in (4, 5)] == [False, True]
    assert not above_quantile(0, 5, 0, 50)


def test_limits_of_a_steady_rate() -> None:
    """Four weeks of 90 of 100: no step at all, so σz is 1, and 3 √(0.9 · 0.1 ÷ 100) is 0.09."""
    said = standing(of_counts(*[(100, 90)] * 4, (100, 82)), 90)["signal"]
    assert (said["verdict"], said["trial"], said["p_bar"], said["sigma_z"]) == ("usual", True, 0.9, 1.0)
    assert (said["lower"], said["upper"]) == pytest.approx((0.81, 0.99))
    assert [week["week"] for week in said["weeks"]] == [f"2026-W0{n}" for n in range(2, 7)]


def test_weeks_that_swing_widen_the_limits() -> None:
    """80, 100, 80, 100 of 100: z is ∓ 0.1 ÷ 0.03, each step 6.667, and σz 6.667 ÷ 0.954."""
    said = standing(of_counts((100, 80), (100, 100), (100, 80), (100, 100), (100, 70)), 90)["signal"]
    assert said["sigma_z"] == pytest.approx(0.2 / 0.03 / 0.954)
    assert (said["verdict"], said["lower"], said["upper"]) == (
        "usual",
        pytest.approx(0.9 - 0.09 * 6.98812),
        1,
    )


def test_perfect_weeks_keep_a_little_chance() -> None:
    """p̄ is 1 − 0.5 ÷ 40; P(X ≤ 8) of Bin(10, 0.9875) is 0.0065, P(X ≤ 7) 0.0002."""
    perfect = [(10, 10)] * 4
    assert verdicts(*perfect, (10, 8))[-1] == "usual"
    assert verdicts(*perfect, (10, 7))[-1] == "fall"
    assert replayed(of_counts(*perfect, (10, 7)))["p_bar"].iloc[-1] == 0.9875


def test_no_verdict_without_four_weeks_or_without_anything_judged() -> None:
    assert verdicts(*[(50, 45)] * 5, (0, 0)) == ["none"] * 4 + ["usual", "none"]
    said = standing(of_counts(*[(50, 45)] * 5, (0, 0)), 90)
    assert (said["signal"]["p_bar"], said["outlook"], len(said["signal"]["weeks"])) == (None, None, 6)
    assert said["allowance"] == {"allowed": 15, "used": 15}


def test_a_week_said_to_fall_stays_out_of_the_rate_but_among_the_weeks() -> None:
    said = standing(of_counts(*[(50, 45)] * 5, (50, 25), (50, 45)), 90)["signal"]
    assert (said["p_bar"], len(said["weeks"])) == (0.9, 7)


def test_a_lasting_fall_begins_a_new_baseline() -> None:
    """Twelve weeks about 90 %, none on the median: the run must be longer than round(log₂ 12) + 3 = 7.

    The seventh and later weeks at 82 % come after six that are each usual: 0.82 is above 0.9 − 0.127.
    """
    weeks = [(50, 44), (50, 46)] * 6
    judged = replayed(of_counts(*weeks, *[(50, 41)] * 9))
    first = list(judged["verdict"]).index("lasting_fall")
    assert first > 12 + 6
    assert judged.attrs["shifts"] == [judged["monday"].iloc[12]]
    after = judged.iloc[first + 1]
    assert (after["baseline"], after["p_bar"], after["trial"]) == (list(range(12, first + 1)), 0.82, True)


@pytest.mark.parametrize(
    ("n", "on_time", "outlook"), [(20, 20, "holds"), (20, 6, "cannot_hold"), (20, 17, "chance")]
)
def test_the_outlook(n: int, on_time: int, outlook: str) -> None:
    assert standing(of_counts(*[(n, on_time)] * 9), 80)["outlook"] == outlook


def test_the_allowance_is_of_four_calendar_weeks() -> None:
    weeks = of_counts((50, 0), (55, 50), (55, 50))
    weeks["monday"] = [dt.date(2026, 10, 26), dt.date(2026, 11, 2), dt.date(2026, 11, 23)]
    assert standing(weeks, 90)["allowance"] == {"allowed": 11, "used": 10}
    assert [week["week"] for week in standing(weeks, 90)["trend"]] == ["2026-W44", "2026-W45", "2026-W48"]


# ---- the program ------------------------------------------------------------------------------------


def near(one: Any, other: Any) -> bool:
    """Whether JSON values are the same, but for the last digits of doubles."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(near(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(near, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return one == pytest.approx(other, abs=1e-9)
    return bool(one == other)


def _counts(weeks: pd.DataFrame) -> list[WeekCount]:
    rows = weeks.itertuples(index=False)
    return [WeekCount(IsoWeek(*row.monday.isocalendar()[:2]), int(row.n), int(row.on_time)) for row in rows]


@cache
def judged(kind: str, seed: int) -> pd.DataFrame:
    return replayed(history(kind, seed))


@pytest.mark.parametrize(("kind", "seed"), slow_but_for([(kind, 0) for kind in QUICK], CASES))
def test_the_signal_of_a_history(kind: str, seed: int) -> None:
    weeks, target = judged(kind, seed), TARGETS[seed]
    counts = _counts(weeks)
    for upto in range(1, LENGTH + 1):
        said = standing_as_dict(signal.standing(counts[: upto - 1], counts[upto - 1], target))
        assert near(said, standing_of(weeks.iloc[:upto], target)), f"after {upto} weeks"


def test_the_histories_have_every_verdict() -> None:
    found = pd.concat([judged(kind, 0)["verdict"] for kind in QUICK])
    assert set(found) == {"none", "usual", "fall", "rise", "lasting_fall", "lasting_rise"}


def test_marked_rows() -> None:
    dice = Random(1)  # noqa: S311 - dice, not keys
    found = set()
    for _ in range(2000):
        others, n = dice.randrange(60), dice.randrange(1, 40)
        missed = round(n * dice.random() ** 3)
        whole = (n + others, missed + round(others * dice.random() ** 3))
        said = signal.row_is_marked(n, missed, *whole)
        assert said == above_quantile(missed, n, whole[1], whole[0]), (n, missed, whole)
        found.add(said)
    assert found == {True, False}


CLOSE = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)


def _done(number: int, at: dt.datetime) -> ReportedOccurrence:
    key = f"daily/t{number}/2026-11-22"
    return ReportedOccurrence(key, "daily", f"t{number}", "", "", (), CLOSE, Outcome.ON_TIME, at, None, None)


def test_bursts() -> None:
    dice, found = Random(2), set()  # noqa: S311 - dice, not keys
    for _ in range(1000):
        begin, count = CLOSE - dice.randrange(0, 30) * HOUR, dice.randrange(1, 9)
        minutes = [dice.choice((0, 3, 7, 15, 16, 40, -600)) for _ in range(count)]
        times = [begin + dt.timedelta(minutes=each) for each in minutes]
        lines = [_done(number, at) for number, at in enumerate(times)]
        said = [each.count for each in doubtful(workspace_of(), lines, (), CLOSE, CLOSE)]
        expected = burst(times, CLOSE)
        assert said == ([expected[0]] if expected else []), times
        found.add((expected is not None, count))
    assert {(True, 5), (False, 4), (False, 5)} <= found
