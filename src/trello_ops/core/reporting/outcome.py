"""The outcome of an occurrence, as of a cutoff."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from trello_ops.core.days_off import Skip
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.tracking.events import is_done, is_excused, withdrawal
from trello_ops.core.tracking.sight import OutOfSight


class Outcome(StrEnum):
    """What became of an occurrence; derived from its events, never stored but in frozen reports."""

    ON_TIME = "on_time"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"
    EXCUSED = "excused"
    NOT_ISSUED = "not_issued"


JUDGED: Final = (Outcome.ON_TIME, Outcome.LATE, Outcome.MISSED)
"""The outcomes that the compliance rate is made of, in the order of figures."""


class Rule(StrEnum):
    """The rule by which an occurrence has its outcome: the first of these that holds.

    Of the calendar, `CALENDAR`; of a person, `EXCUSED`. `SKIPPED` is why a ledger entry is, `CARD_AFTER_DUE`
    and `SHORT_TIME` are delays of the robot. `UNKNOWN_CARD`: nobody knows what its card shows. `UNREAD`: its
    week is not over, or its board not read since. `BOARD_AWAY`: people could not see its card.
    """

    WITHDRAWN = "withdrawn"
    CALENDAR = "calendar"
    EXCUSED = "excused"
    SKIPPED = "skipped"
    NO_CARD = "no_card"
    CARD_AFTER_DUE = "card_after_due"
    AHEAD = "ahead"
    DONE_IN_TIME = "done_in_time"
    UNKNOWN_CARD = "unknown_card"
    UNREAD = "unread"
    SHORT_TIME = "short_time"
    BOARD_AWAY = "board_away"
    DONE_LATE = "done_late"
    NOT_DONE = "not_done"

    @property
    def outcome(self) -> Outcome:
        """What it makes of an occurrence."""
        return _OUTCOMES[self]


_OUTCOMES = {
    Rule.WITHDRAWN: Outcome.EXCUSED,
    Rule.CALENDAR: Outcome.EXCUSED,
    Rule.EXCUSED: Outcome.EXCUSED,
    Rule.SKIPPED: Outcome.NOT_ISSUED,
    Rule.NO_CARD: Outcome.NOT_ISSUED,
    Rule.CARD_AFTER_DUE: Outcome.NOT_ISSUED,
    Rule.AHEAD: Outcome.OPEN,
    Rule.DONE_IN_TIME: Outcome.ON_TIME,
    Rule.UNKNOWN_CARD: Outcome.OPEN,
    Rule.UNREAD: Outcome.OPEN,
    Rule.SHORT_TIME: Outcome.NOT_ISSUED,
    Rule.BOARD_AWAY: Outcome.OPEN,
    Rule.DONE_LATE: Outcome.LATE,
    Rule.NOT_DONE: Outcome.MISSED,
}


@dataclass(frozen=True, slots=True)
class Cutoff:
    """The instant at which an occurrence is judged.

    `final` once its week has closed and its board was wholly read after that; until then nothing is missed.
    """

    at: dt.datetime
    final: bool


def outcome_at(entry: LedgerEntry, cutoff: Cutoff, unseen: Sequence[OutOfSight] = ()) -> Outcome:
    """The outcome of an occurrence, as *Outcomes* in docs/architecture.md defines it.

    `unseen` is when its card's board was out of sight.
    """
    return rule_at(entry, cutoff, unseen).outcome


def rule_at(entry: LedgerEntry, cutoff: Cutoff, unseen: Sequence[OutOfSight] = ()) -> Rule:
    """The rule by which an occurrence has its outcome; the same of `unseen`."""
    done = is_done(entry.events, cutoff.at)
    # An edit that brings a due forward makes nobody late who was promised another.
    in_time = done and is_done(entry.events, min(entry.promised_due, cutoff.at))
    if uncounted := _excused(entry, cutoff.at, in_time=in_time) or _without_card(entry, cutoff.at):
        return uncounted
    if in_time:
        return Rule.DONE_IN_TIME
    # While nobody knows whether its card was amended, nobody is charged with what it may not have said.
    if entry.unwritten:
        return Rule.UNKNOWN_CARD
    if not done and not (cutoff.final and entry.promised_due <= cutoff.at):
        return Rule.UNREAD
    return _uncharged(entry, unseen) or (Rule.DONE_LATE if done else Rule.NOT_DONE)


def _excused(entry: LedgerEntry, at: dt.datetime, *, in_time: bool) -> Rule | None:
    # Nobody is charged for an edit of the files: what they named no more before it was due owes nothing.
    if withdrawal(entry.events, at) is not None and not in_time:
        return Rule.WITHDRAWN
    if Skip.parse(entry.skipped):
        return Rule.CALENDAR
    return Rule.EXCUSED if is_excused(entry.events, at) else None


def _without_card(entry: LedgerEntry, at: dt.datetime) -> Rule | None:
    """What it counts as where there was no card to be done in time."""
    if entry.skipped:
        return Rule.SKIPPED
    # A card made after its due would be late from the start: it is charged to nobody, done or not.
    if entry.card and entry.card.created_at <= entry.occurrence.due:
        return None
    if entry.occurrence.due > at:
        return Rule.AHEAD
    return Rule.CARD_AFTER_DUE if entry.card else Rule.NO_CARD


def _uncharged(entry: LedgerEntry, unseen: Sequence[OutOfSight]) -> Rule | None:
    """What it counts as where people had the card for too short a time to be charged; else `None`."""
    # Neither the robot's delay nor a board that is away must count against people: they had the card when it
    # was due, and for half of the time from release to due. Who did it in time all the same is on time.
    due = entry.promised_due
    made = entry.card.created_at if entry.card else due
    half = (due - entry.occurrence.release) / 2
    there = due - made
    if there < half:
        return Rule.SHORT_TIME
    there -= sum((each.within(made, due) for each in unseen), dt.timedelta(0))
    return Rule.BOARD_AWAY if there < half or any(each.covers(due) for each in unseen) else None
