"""Trello's ids."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from trello_ops.core.objectid import created_at


def test_an_id_begins_with_the_second_of_its_creation() -> None:
    made = dt.datetime(2012, 10, 17, 21, 13, 27, tzinfo=dt.UTC)
    assert created_at("507f1f77bcf86cd799439011") == made
    assert created_at("507F1F77FFFFFFFFFFFFFFFF") == made


@given(st.integers(0, 16**8 - 1), st.integers(0, 16**16 - 1))
def test_every_second_comes_back(second: int, rest: int) -> None:
    made = dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(seconds=second)
    assert created_at(f"{second:08x}{rest:016x}") == made
