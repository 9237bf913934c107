"""How far boards were read, and when nobody could see them. Instants are aware UTC datetimes."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadCursor:
    """How far a board has been read.

    `read_at` is when the last full read *began*; `last_action_at` is the date of the newest action seen.
    `active_at` is when the board was last active, as it told then; `None` for a board that was closed.
    """

    board: str
    # Its beginning, as what happens while a board is being read may be in none of the answers.
    read_at: dt.datetime
    last_action_at: dt.datetime | None = None
    active_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch, longer than any day, in which a board was not read. What people did then was read later."""

    board: str
    since: dt.datetime
    until: dt.datetime


@dataclass(frozen=True, slots=True)
class BoardSight:
    """From an instant on, a Trello board was `shown`, or it was closed, gone, or kept from the token.

    A board that nothing is recorded of was always shown.
    """

    board: str
    # Not the key alone: what stood on a board that was deleted is not on the one that took its place.
    trello_id: str
    at: dt.datetime
    shown: bool


def sight_order(sight: BoardSight) -> tuple[dt.datetime, str, str, bool]:
    """The sort key of sights: a board was shown at an instant before it went out of sight at that instant."""
    return sight.at, sight.board, sight.trello_id, not sight.shown
