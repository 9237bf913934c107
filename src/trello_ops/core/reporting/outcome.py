"""The outcome of an occurrence, as of a cutoff."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from trello_ops.core.days_off import Skip
from trello_ops.core.ledger import IssuedCard, LedgerEntry
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
    done = is_done(entry.events, cutoff.at)
    # An edit that brings a due forward makes nobody late who was promised another.
    in_time = done and is_done(entry.events, min(entry.promised_due, cutoff.at))
    # Nobody is charged for an edit of the files: what they named no more before it was due owes nothing.
    withdrawn = withdrawal(entry.events, cutoff.at) is not None and not in_time
    if withdrawn or Skip.parse(entry.skipped) or is_excused(entry.events, cutoff.at):
        return Outcome.EXCUSED
    if entry.skipped:
        return Outcome.NOT_ISSUED
    # A card made after its due would be late from the start: it is charged to nobody, done or not.
    if entry.card is None or entry.card.created_at > entry.occurrence.due:
        return Outcome.NOT_ISSUED if entry.occurrence.due <= cutoff.at else Outcome.OPEN
    if in_time:
        return Outcome.ON_TIME
    # While nobody knows whether its card was amended, nobody is charged with what it may not have said.
    settled = done or (cutoff.final and entry.promised_due <= cutoff.at)
    if entry.unwritten or not settled:
        return Outcome.OPEN
    return _uncharged(entry, entry.card, unseen) or (Outcome.LATE if done else Outcome.MISSED)


def _uncharged(entry: LedgerEntry, card: IssuedCard, unseen: Sequence[OutOfSight]) -> Outcome | None:
    """What it counts as where people had the card for too short a time to be charged; else `None`."""
    # Neither the robot's delay nor a board that is away must count against people: they had the card when it
    # was due, and for half of the time from release to due. Who did it in time all the same is on time.
    due = entry.promised_due
    half = (due - entry.occurrence.release) / 2
    there = due - card.created_at
    if there < half:
        return Outcome.NOT_ISSUED
    there -= sum((each.within(card.created_at, due) for each in unseen), dt.timedelta(0))
    return Outcome.OPEN if there < half or any(each.covers(due) for each in unseen) else None
