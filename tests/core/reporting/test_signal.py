"""What a week's rate says beyond chance: worked by hand, and what holds for any weeks."""

import math
import time
from collections.abc import Sequence
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.binomial import at_least, at_most
from trello_ops.core.reporting.signal import allowance, outlook, replay, row_is_marked, signal, standing
from trello_ops.core.reporting.standing import Allowance, Outlook, Signal, Verdict, WeekCount

FIRST = IsoWeek(2026, 1)


def weeks(counts: Sequence[tuple[int, int]], first: IsoWeek = FIRST) -> list[WeekCount]:
    """Weeks in a row from (on time, n)."""
    found, week = [], first
    for on_time, n in counts:
        found.append(WeekCount(week, n, on_time))
        week = week.next()
    return found


def verdicts(counts: Sequence[tuple[int, int]]) -> list[str]:
    return [str(each.verdict) for each in replay(weeks(counts))]


def last(counts: Sequence[tuple[int, int]]) -> Signal:
    *before, this = weeks(counts)
    return signal(before, this)


def steady(rate: float, count: int, seed: int = 1, n: int = 55) -> list[tuple[int, int]]:
    rng = Random(seed)  # noqa: S311 (weeks, not secrets)
    return [(sum(rng.random() < rate for _ in range(n)), n) for _ in range(count)]


# ---- one week, worked by hand -----------------------------------------------------------------------


def test_the_limits_of_four_weeks() -> None:
    said = last([(18, 20), (16, 20), (18, 20), (16, 20), (17, 20)])
    assert said.p_bar == pytest.approx(68 / 80)
    # Each week is 0.05 off 0.85, so that z is ±0.05 ÷ √(0.85 × 0.15 ÷ 20) and each step twice that.
    step = 0.1 / math.sqrt(0.85 * 0.15 / 20)
    assert said.sigma_z == pytest.approx(step / 0.954)
    spread = 3 * step / 0.954 * math.sqrt(0.85 * 0.15 / 20)
    assert (said.lower, said.upper) == pytest.approx((0.85 - spread, 1))
    assert (said.verdict, said.trial) == (Verdict.USUAL, True)


def test_weeks_as_even_as_can_be_have_the_limits_of_chance() -> None:
    said = last([(18, 20)] * 13)
    assert (said.sigma_z, said.trial) == (1, False)
    assert said.lower == pytest.approx(0.9 - 3 * math.sqrt(0.09 / 20))


def test_a_perfect_baseline_leaves_room_for_one_miss() -> None:
    said = last([*[(20, 20)] * 12, (19, 20)])
    assert said.p_bar == 1 - 0.5 / 240
    assert said.verdict is Verdict.USUAL
    assert last([*[(20, 20)] * 12, (10, 20)]).verdict is Verdict.FALL


@pytest.mark.parametrize(
    "counts", [[(9, 10)] * 4, [*[(9, 10)] * 12, (0, 0)], [(0, 0)], [*[(0, 0)] * 20, (9, 10)]]
)
def test_no_verdict_without_enough_weeks_or_anything_judged(counts: list[tuple[int, int]]) -> None:
    said = last(counts)
    assert (said.verdict, said.p_bar, said.sigma_z, said.lower, said.upper) == (Verdict.NONE, *[None] * 4)
    assert outlook(said, 90) is None


def test_weeks_in_which_nothing_was_judged_are_no_part_of_the_baseline() -> None:
    counts = [(9, 10), (0, 0), (8, 10), (9, 10), (0, 0), (10, 10), (9, 10)]
    assert [week.on_time for week in last(counts).weeks] == [9, 8, 9, 10, 9]


def test_outside_the_limits_is_no_fall_where_chance_alone_explains_it() -> None:
    # 0.99 of 5 is 4.95: 4 of 5 lie outside the limits, but come up every twentieth week.
    said = last([*[(99, 100)] * 12, (4, 5)])
    assert said.lower is not None
    assert said.lower > 0.8
    assert said.verdict is Verdict.USUAL
    assert last([*[(1, 100)] * 12, (1, 5)]).verdict is Verdict.USUAL


def test_a_fall_stays_among_the_weeks_and_out_of_the_rate() -> None:
    counts = [*[(18, 20)] * 12, (5, 20), (18, 20)]
    assert verdicts(counts)[12:] == ["fall", "usual"]
    said = last(counts)
    assert said.p_bar == pytest.approx(0.9)
    assert 5 in [week.on_time for week in said.weeks]


def test_a_rise_is_seen() -> None:
    assert verdicts([*[(10, 20)] * 6, *[(11, 20), (9, 20)] * 3, (20, 20)])[-1] == "rise"


# ---- lasting shifts ---------------------------------------------------------------------------------

LOW = [(18, 20), (19, 20), (20, 20), (19, 20)] * 5
"""Twenty weeks around 95 %."""


def test_a_run_on_one_side_is_a_lasting_fall_from_which_the_baseline_begins_anew() -> None:
    counts = [*LOW, *[(16, 20)] * 12]
    told = verdicts(counts)
    first = told.index("lasting_fall")
    # log₂ 26 is 4.7, so that a run of nine weeks is the first that is longer than 5 + 3.
    assert first == 20 + 8
    restarted = last([*counts[: first + 1], (16, 20)])
    assert [week.week for week in restarted.weeks] == [week.week for week in weeks(counts)[20 : first + 2]]
    assert restarted.p_bar == pytest.approx(0.8)
    assert restarted.trial


def test_a_lasting_rise() -> None:
    assert "lasting_rise" in verdicts([*[(16, 20), (15, 20), (14, 20), (15, 20)] * 5, *[(18, 20)] * 12])


def test_weeks_on_the_median_neither_end_nor_lengthen_a_run() -> None:
    low = [(16, 20)] * 4 + [(19, 20)] + [(16, 20)] * 5
    told = verdicts([*LOW, *low])
    assert told.index("lasting_fall") == 29


def test_a_fall_that_lasts_counts_once_the_shift_is_confirmed() -> None:
    counts = [*LOW, *[(8, 20)] * 9, (8, 20)]
    told = verdicts(counts)
    assert told[20] == "fall"
    confirmed = told.index("lasting_fall")
    after = last([*counts[: confirmed + 1], (8, 20)])
    assert after.p_bar == pytest.approx(0.4)


def test_two_shifts_follow_each_other() -> None:
    counts = [*LOW, *[(14, 20), (15, 20)] * 10, *LOW]
    told = [verdict for verdict in verdicts(counts) if verdict.startswith("lasting")]
    assert told == ["lasting_fall", "lasting_rise"]
    assert last([*counts, (19, 20)]).p_bar == pytest.approx(0.95)


def test_a_week_on_the_median_confirms_no_shift() -> None:
    # The median of LOW and of the first weeks below it is 95 %.
    assert verdicts([*LOW, *[(16, 20)] * 8, (19, 20), (16, 20)])[-3:] == ["usual", "usual", "lasting_fall"]
    assert set(verdicts([(19, 20)] * 60)) == {"none", "usual"}


def test_a_run_that_differs_too_little_is_no_shift() -> None:
    counts = [(190, 200), (192, 200)] * 10 + [(189, 200)] * 12
    assert "lasting_fall" not in verdicts(counts)


def test_falls_alone_are_lasting_once_ten_weeks_lie_off_the_median() -> None:
    told = verdicts([*[(95, 100)] * 4, *[(60, 100)] * 10])
    assert told[4:] == [*["fall"] * 9, "lasting_fall"]


def test_no_verdict_where_no_week_counts() -> None:
    before = [(10, 20)] * 4
    wild = [(0, 20), (20, 20)] * 13
    assert set(verdicts([*before, *wild])[4:]) == {"fall", "rise"}
    said = last([*before, *wild, (10, 20)])
    assert (said.verdict, said.trial, said.p_bar, len(said.weeks)) == (Verdict.NONE, False, None, 27)


# ---- target and allowance ---------------------------------------------------------------------------


def test_the_outlook_says_whether_a_target_can_be_met() -> None:
    said = last([(90, 100), (89, 100), (91, 100), (90, 100), (90, 100)])
    assert [outlook(said, target) for target in (50, 90, 100)] == [
        Outlook.HOLDS,
        Outlook.CHANCE,
        Outlook.CANNOT_HOLD,
    ]


def test_the_allowance_is_that_of_four_calendar_weeks() -> None:
    *before, this = weeks([(0, 99), (50, 55), (52, 55), (55, 55), (49, 55)])
    assert allowance(before, this, 90) == Allowance(allowed=22, used=14)
    # A week that was never closed is not made up for by an older one.
    assert allowance([before[0], before[2]], this, 90) == Allowance(allowed=11, used=9)


def test_the_trend_is_that_of_26_calendar_weeks() -> None:
    *before, this = weeks(steady(0.9, 40))
    del before[30]
    shown = [each.count.week for each in standing(before, this, 90).trend]
    assert len(shown) == 25
    assert (shown[0], shown[-1]) == (weeks([(0, 0)] * 15)[14].week, this.week)


def test_a_row_is_marked_beyond_the_quantile_alone() -> None:
    # Bin(10, 0.1): 4 or fewer in 99.84 %, 3 or fewer in 98.72 %.
    assert [row_is_marked(10, missed, 100, 10) for missed in range(7)] == [False] * 5 + [True] * 2
    assert not row_is_marked(0, 0, 0, 0)
    assert not row_is_marked(5, 5, 5, 5)


# ---- what holds for any weeks -----------------------------------------------------------------------

COUNTS = st.lists(
    st.integers(0, 60).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1, max_size=70
)


@given(COUNTS)
def test_any_weeks_have_a_verdict_with_sound_limits(counts: list[tuple[int, int]]) -> None:
    *before, this = weeks(counts)
    said = signal(before, this)
    assert len(said.weeks) <= 27
    assert said.weeks[-1] == this
    assert all(week.n for week in said.weeks[:-1])
    if said.verdict is Verdict.NONE:
        assert said.p_bar is None
        return
    assert said.p_bar is not None
    assert said.lower is not None
    assert said.upper is not None
    assert said.sigma_z is not None
    assert 0 <= said.lower <= said.p_bar <= said.upper <= 1
    assert 0 < said.p_bar < 1
    assert said.sigma_z >= 1


@given(COUNTS)
def test_a_week_is_judged_by_those_before_it_alone(counts: list[tuple[int, int]]) -> None:
    found = weeks(counts)
    told = replay(found)
    assert [(each.verdict, each.lower) for each in told] == [
        (said.verdict, said.lower)
        for said in (signal(found[:place], week) for place, week in enumerate(found))
    ]


@given(st.integers(1, 40), st.floats(0, 1), st.data())
def test_tails_are_those_of_exact_arithmetic(n: int, chance: float, data: st.DataObject) -> None:
    k = data.draw(st.integers(0, n))
    p = Fraction(chance)
    exact = [math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(n + 1)]
    assert at_most(k, n, chance) == pytest.approx(float(sum(exact[: k + 1])), abs=1e-12)
    assert at_least(k, n, chance) == pytest.approx(float(sum(exact[k:])), abs=1e-12)


def test_thousands_of_tasks_are_no_trouble() -> None:
    assert at_most(4_500, 5_000, 0.9) == pytest.approx(0.5, abs=0.02)


def test_each_verdict_is_reached() -> None:
    shifts = [*LOW, *[(14, 20), (15, 20)] * 10, *LOW]
    assert {*verdicts(shifts), *verdicts([*[(10, 20)] * 6, (20, 20)])} == set(map(str, Verdict))


def test_ten_years_are_replayed_at_once() -> None:
    found = weeks(steady(0.9, 500))
    began = time.process_time()
    replay(found)
    assert time.process_time() - began < 1


def test_steady_weeks_give_next_to_no_alarm() -> None:
    told = [verdict for seed in range(5) for verdict in verdicts(steady(0.9, 130, seed))[26:]]
    assert sum(verdict != "usual" for verdict in told) <= 3
