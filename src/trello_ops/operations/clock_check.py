"""Whether this machine's clock can be trusted.

The ledger and frozen weeks are kept for ever. A clock that is months ahead (an empty battery, a restored
virtual machine) would skip and close all the time between.
"""

import datetime as dt

from trello_ops.core.tolerances import MAX_CLOCK_DIFFERENCE
from trello_ops.errors import WrongClock
from trello_ops.messages import say
from trello_ops.operations.context import Context


def require_true_clock(context: Context) -> dt.datetime:
    """Now, by a clock that agrees with Trello's. Decide by this instant: the clock may jump right after.

    Raises `WrongClock` when our clock and Trello's are more than `MAX_CLOCK_DIFFERENCE` apart.
    """
    now, apart = _compared(context, fresh=False)
    # Trello's time is counted on by the monotonic clock, which stands still while a laptop sleeps.
    if apart > MAX_CLOCK_DIFFERENCE:
        now, apart = _compared(context, fresh=True)
    if apart > MAX_CLOCK_DIFFERENCE:
        minutes = round(apart.total_seconds() / 60)
        raise WrongClock(
            say(
                "this machine's clock and Trello's are %(minutes)s minutes apart: nothing is issued or read,"
                " and no week is closed, until they agree. Set the machine's clock, best by NTP.",
                minutes=minutes,
            )
        )
    return now


def _compared(context: Context, *, fresh: bool) -> tuple[dt.datetime, dt.timedelta]:
    """Now, and how far apart our clock and Trello's are; `fresh` asks Trello."""
    theirs = context.trello.time(fresh=fresh)
    now = context.clock.now()
    return now, abs(theirs - now)
