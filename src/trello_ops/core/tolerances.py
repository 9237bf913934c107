"""How far apart two instants may be that belong together.

Trello's clock dates actions and cards; this machine's dates readings, bindings and claims. The three
tolerances for their difference serve different ends, so one value would not do for all.
"""

import datetime as dt

CLOCK_TOLERANCE = dt.timedelta(minutes=5)
"""Within this, an instant of one clock may have come before or after an instant of the other.

Ample for clocks kept by NTP. Less than `MAX_CLOCK_DIFFERENCE` because it delays: for so long after its last
known change a card is not judged by what it shows, as the log may have more to tell.
"""

MAX_CLOCK_DIFFERENCE = dt.timedelta(minutes=10)
"""Beyond this, one of the clocks is wrong: nothing is issued, read or closed, as the ledger is for ever.

More than `CLOCK_TOLERANCE`, so that a drifting clock does not stop the robot before it does harm.
"""

LOOK_BACK = dt.timedelta(minutes=15)
"""Trello is asked for cards and actions from so much before an instant of our clock.

More than `MAX_CLOCK_DIFFERENCE`, so that nothing is missed for as long as we go on. It is also the longest
that making a card takes from its release when all goes well.
"""

MAKING = dt.timedelta(seconds=10)
"""How long after a card's creation second its making is still logged (trello-behaviour.md#action-log)."""
