"""Occurrence keys and events."""

import datetime as dt

import pytest

from trello_ops.core.ledger import EventKind, EventSource, LedgerEvent, OccurrenceKey

NOW = dt.datetime(2026, 11, 16, tzinfo=dt.UTC)
KEY = OccurrenceKey("weekly", "stock", dt.date(2026, 11, 16))


def test_a_key_is_written_board_task_date() -> None:
    assert str(KEY) == "weekly/stock/2026-11-16"
    assert OccurrenceKey.parse("weekly/stock/2026-11-16") == KEY


@pytest.mark.parametrize("text", ["", "weekly", "weekly/stock", "weekly/stock/today", "a/b/2026-11-16/c"])
def test_other_text_is_no_key(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        OccurrenceKey.parse(text)


def test_without_an_action_a_completion_is_approximate() -> None:
    assert LedgerEvent(KEY, EventKind.DONE, NOW, EventSource.STATE).approximate
    assert not LedgerEvent(KEY, EventKind.DONE, NOW, EventSource.TICK, None, "a1").approximate
