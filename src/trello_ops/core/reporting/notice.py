"""What a report points at: one value for all of its short lists."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Why(StrEnum):
    """Why something is pointed at.

    Of what needs somebody: `MISSED`, `MISSED_UNASSIGNED`, `UNASSIGNED` (next week). Chronic: `NOT_ON_TIME`.
    Of rare duties: `IN_A_ROW`, `NOT_ON_TIME`. Doubtful: `AT_ONCE`, `TOO_QUICK`, `BURST`, `AUTOMATED`. Of next
    week: `HOLIDAY`, `CLOSURE`, `ABSENCE`, `RARE`, `OVERBOOKED`.
    """

    MISSED = "missed"
    MISSED_UNASSIGNED = "missed_unassigned"
    UNASSIGNED = "unassigned"
    NOT_ON_TIME = "not_on_time"
    IN_A_ROW = "in_a_row"
    AT_ONCE = "at_once"
    TOO_QUICK = "too_quick"
    BURST = "burst"
    AUTOMATED = "automated"
    HOLIDAY = "holiday"
    CLOSURE = "closure"
    ABSENCE = "absence"
    RARE = "rare"
    OVERBOOKED = "overbooked"


MISSED: Final = frozenset({Why.MISSED, Why.MISSED_UNASSIGNED})
"""What was missed, whoever had it."""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing that a report points at.

    `key` is an occurrence's, else empty; `board` and `task` are keys, `task` is empty where it is about a
    board, both where it is about all. `title` is the task's, the holiday's, the person's (`ABSENCE`) or the
    slot's. `count` of `of`: of a task, so many of its last `of` judged occurrences; `BURST`: completions;
    `OVERBOOKED`: minutes of minutes; `TOO_QUICK`: minutes taken of those declared.
    `first` and `last` are the local days that it concerns, the same where it is one. `who` are names.
    `estimated`: the day of a holiday is not certain.
    """

    why: Why | str
    key: str = ""
    board: str = ""
    task: str = ""
    title: str = ""
    count: int = 0
    of: int = 0
    first: dt.date | None = None
    last: dt.date | None = None
    who: tuple[str, ...] = ()
    estimated: bool = False
