"""Which overdue occurrences still get a card, when none could be made in time."""

import datetime as dt
from collections.abc import Iterable
from typing import NamedTuple

from trello_ops.core.cadence import CatchUp, CatchUpMode
from trello_ops.core.ledger import Occurrence


class CatchUpSplit(NamedTuple):
    """What catching up makes of the occurrences without a card."""

    issue: tuple[Occurrence, ...]
    skip: tuple[Occurrence, ...]


def catch_up(
    policy: CatchUp, owed: Iterable[Occurrence], newest: dt.date | None, now: dt.datetime
) -> CatchUpSplit:
    """Split a task's occurrences without card into those to issue and those to skip, each by due.

    Those with their due ahead are always issued. Of the overdue ones, `latest` issues the newest, unless a
    newer occurrence exists; `all` issues the newest `cap`, `none` none. `newest` is the latest date among the
    task's occurrences that have been recorded already.
    """
    by_due = sorted(owed, key=lambda occurrence: occurrence.urgency)
    ahead = tuple(o for o in by_due if o.due > now)
    past = tuple(o for o in by_due if o.due <= now)
    # A newer occurrence, ahead or recorded, makes the overdue ones stale: people work on its card.
    outdated = bool(ahead) or (newest is not None and bool(past) and past[-1].key.date < newest)
    keep = {
        CatchUpMode.LATEST: 0 if outdated else 1,
        CatchUpMode.ALL: policy.cap,
        CatchUpMode.NONE: 0,
    }[policy.mode]
    split = max(0, len(past) - keep)
    return CatchUpSplit(past[split:] + ahead, past[:split])
