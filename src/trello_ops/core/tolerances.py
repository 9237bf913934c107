"""Tolerances for the difference between Trello's clock and ours.

Trello's clock dates actions and cards; this machine's dates reads, bindings and claims. Each tolerance serves
another end, so one value would not do for all.
"""

import datetime as dt

CLOCK_TOLERANCE = dt.timedelta(minutes=5)
"""Within this, an instant of one clock may have come before or after an instant of the other.

Ample for clocks kept by NTP. Less than `MAX_CLOCK_DIFFERENCE` because it costs a delay: until this long after
its last known change, a card is not judged by what it shows, as the log may have more to tell.
"""

MAX_CLOCK_DIFFERENCE = dt.timedelta(minutes=10)
"""Beyond this, one of the clocks is wrong: nothing is issued, read or closed, as the ledger is permanent.

More than `CLOCK_TOLERANCE`, so that a drifting clock does not stop the robot before it does harm.
"""

LOOK_BACK = dt.timedelta(minutes=15)
"""Cards and actions are asked for from this long before an instant of our clock.

More than `MAX_CLOCK_DIFFERENCE`, so that nothing is missed while we go on at all. It is also the longest time
from an occurrence's release to its card when all goes well.
"""

MAKING = dt.timedelta(seconds=10)
"""How long after a card's creation second its making is still logged (trello-behaviour.md#action-log)."""
