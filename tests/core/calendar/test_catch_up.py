"""What catching up makes of occurrences without card."""

import datetime as dt
from collections.abc import Sequence

import pytest
from calendar_kit import at, between, task
from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.cadence import CatchUp, CatchUpMode
from trello_ops.core.calendar.catch_up import CatchUpSplit, catch_up
from trello_ops.core.ledger import Occurrence, OccurrenceKey

NOW = at("2026-11-20T12:00")
DAILY = task("daily", (1, 2, 3, 4, 5, 6, 7))


def week() -> tuple[Occurrence, ...]:
    """Monday to Friday: four are past due at NOW, Friday's due lies ahead."""
    return between(DAILY, "2026-11-16", "2026-11-20T12:00")


def caught(
    mode: CatchUpMode, owed: Sequence[Occurrence], newest: str | None = None, cap: int = 20
) -> tuple[list[int], list[int]]:
    """The days of the month to issue, and those to skip."""
    last = dt.date.fromisoformat(newest) if newest else None
    result = catch_up(CatchUp(mode, cap), owed, last, NOW)
    return [o.day.day for o in result.issue], [o.day.day for o in result.skip]


def test_nothing_owed_is_nothing_to_do() -> None:
    assert catch_up(CatchUp(), (), None, NOW) == CatchUpSplit((), ())


@pytest.mark.parametrize("mode", CatchUpMode)
def test_what_lies_ahead_is_issued_in_every_mode(mode: CatchUpMode) -> None:
    ahead = week()[-1:]
    assert caught(mode, ahead) == ([20], [])
    assert caught(mode, ahead, newest="2026-11-21") == ([20], [])


def test_due_at_this_very_instant_is_past() -> None:
    now = week()[-1].due
    assert catch_up(CatchUp(CatchUpMode.NONE), week()[-1:], None, now).issue == ()


def test_latest_issues_the_newest_past_one() -> None:
    assert caught(CatchUpMode.LATEST, week()[:4]) == ([19], [16, 17, 18])


def test_latest_issues_no_past_one_when_one_lies_ahead() -> None:
    assert caught(CatchUpMode.LATEST, week()) == ([20], [16, 17, 18, 19])


def test_latest_issues_no_past_one_when_a_newer_one_is_recorded() -> None:
    assert caught(CatchUpMode.LATEST, week()[:3], newest="2026-11-19") == ([], [16, 17, 18])


def test_latest_issues_the_newest_even_when_it_is_recorded_itself() -> None:
    assert caught(CatchUpMode.LATEST, week()[:3], newest="2026-11-18") == ([18], [16, 17])


def test_all_issues_the_newest_up_to_its_cap() -> None:
    assert caught(CatchUpMode.ALL, week()) == ([16, 17, 18, 19, 20], [])
    assert caught(CatchUpMode.ALL, week(), cap=2) == ([18, 19, 20], [16, 17])
    assert caught(CatchUpMode.ALL, week(), cap=0) == ([20], [16, 17, 18, 19])


def test_all_does_not_mind_newer_ones() -> None:
    assert caught(CatchUpMode.ALL, week()[:2], newest="2026-11-19") == ([16, 17], [])


def test_none_skips_all_that_is_past() -> None:
    assert caught(CatchUpMode.NONE, week()) == ([20], [16, 17, 18, 19])


@given(
    st.lists(st.integers(0, 40), unique=True, max_size=15),
    st.builds(CatchUp, st.sampled_from(CatchUpMode), st.integers(0, 5)),
    st.none() | st.integers(0, 40),
    st.integers(0, 40),
)
def test_catching_up_splits_what_is_owed(
    numbers: list[int], policy: CatchUp, newest: int | None, now: int
) -> None:
    owed = [_numbered(number) for number in numbers]
    last = _numbered(newest).key.date if newest is not None else None
    issue, skip = catch_up(policy, owed, last, _numbered(now).due)
    past = [number for number in sorted(numbers) if number <= now]
    ahead = [number for number in sorted(numbers) if number > now]
    assert sorted([*issue, *skip], key=lambda o: o.due) == [_numbered(n) for n in sorted(numbers)]
    assert [o for o in issue if o.due > _numbered(now).due] == [_numbered(n) for n in ahead]
    issued_past = len(issue) - len(ahead)
    assert list(issue) == [_numbered(n) for n in (*past[len(past) - issued_past :], *ahead)]
    if policy.mode is CatchUpMode.ALL:
        assert issued_past == min(policy.cap, len(past))
    if policy.mode is CatchUpMode.LATEST:
        assert issued_past == (bool(past) and not ahead and (newest is None or past[-1] >= newest))
    if policy.mode is CatchUpMode.NONE:
        assert issued_past == 0


def _numbered(number: int) -> Occurrence:
    """The first of some days' occurrences, made without asking the calendar."""
    day, due = dt.date(2026, 1, 1) + dt.timedelta(days=number), at("2026-01-01") + dt.timedelta(days=number)
    key = OccurrenceKey("shop", "stock", day)
    return Occurrence(key, "", "", "", "", (), day, due - dt.timedelta(hours=1), due, number + 1)
