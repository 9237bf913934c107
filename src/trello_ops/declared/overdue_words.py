"""What the words about reminders mean, before the due and after it.

Each function raises `ValueError` for a value that it does not understand, as those of `words` do.
"""

from typing import Final

from trello_ops.declared.duration_words import DAY, HOUR, minutes, spoken, working_days
from trello_ops.declared.words import NEVER
from trello_ops.messages import Message, say
from trello_ops.wording import near, shown

REMINDERS: Final = (0, 5, 10, 15, HOUR, 2 * HOUR, DAY, 2 * DAY)
"""Minutes before its due at which Trello can remind of a card, as in its menu."""

SHORTEST_AFTER, SHORTEST_EVERY, LONGEST = 5, 30, 7 * DAY
"""Minutes: people need time to tick a card, and a card's week is closed after the longest."""
MOST_WORKING_DAYS = 5


def remind(value: object) -> int | None:
    """Minutes before the due, one of `REMINDERS`; `None` for `never`."""
    if value == NEVER:
        return None
    # `false` is 0 to Python, and nobody who writes it wants a reminder at the due.
    if value in (0, "0") and not isinstance(value, bool):
        return 0
    found = minutes(value) if isinstance(value, str) else None
    if found in REMINDERS:
        return found
    if unit := _without_unit(value):
        raise ValueError(unit)
    advice = near(shown(value), [NEVER]) or say(
        "write `0`, `5 min`, `10 min`, `15 min`, `1h`, `2h`, `1 day`, `2 days` or `never`"
    )
    raise ValueError(
        say(
            "is `%(value)s`, which is no time before the due that Trello offers: %(advice)s",
            value=shown(value),
            advice=advice,
        )
    )


def nag(value: object) -> object:
    """The reminders of an overdue card, as a group of words; `None` for `never`."""
    if isinstance(value, dict):
        return value
    if value == NEVER:
        return None
    advice = near(shown(value), [NEVER]) or say(
        "write `{after: 2h, every: 1 day, most: 3}`, or `never` where the board's are not wanted"
    )
    raise ValueError(say("is `%(value)s`: %(advice)s", value=shown(value), advice=advice))


def after(value: object) -> int:
    """Minutes from the due to the first reminder."""
    if isinstance(value, str) and working_days(value):
        raise ValueError(
            say(
                "is `%(value)s`: the first reminder counts in minutes or hours, such as `2h`",
                value=shown(value),
            )
        )
    return _between(SHORTEST_AFTER, value, LONGEST, "2h")


def every(value: object) -> tuple[int, int]:
    """Minutes between reminders, or so many working days; the other of the two is 0."""
    days = working_days(value) if isinstance(value, str) else None
    if days is None:
        return _between(SHORTEST_EVERY, value, LONGEST, "1 day"), 0
    if 1 <= days <= MOST_WORKING_DAYS:
        return 0, days
    raise ValueError(
        say(
            "is `%(value)s`: use 1 to %(most)s working days, as a card's week is closed then",
            value=shown(value),
            most=MOST_WORKING_DAYS,
        )
    )


def _between(least: int, value: object, most: int, example: str) -> int:
    found = minutes(value) if isinstance(value, str) else None
    if found is None:
        raise ValueError(
            _without_unit(value)
            or say(
                "`%(value)s` is no length of time: write it like `%(example)s`",
                value=shown(value),
                example=example,
            )
        )
    if least <= found <= most:
        return found
    raise ValueError(
        say(
            "is `%(value)s`: use a time from `%(least)s` to `%(most)s`",
            value=shown(value),
            least=spoken(least),
            most=spoken(most),
        )
    )


def _without_unit(value: object) -> Message | None:
    """What is said of a number alone; `None` of anything else."""
    if isinstance(value, bool) or not str(value).strip().isdecimal():
        return None
    return say("is %(value)s without a unit: write it like `15 min`, `1h` or `2 days`", value=shown(value))
