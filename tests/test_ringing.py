"""Alarms: how often they ring."""

import datetime as dt
import threading
from itertools import pairwise

from trello_ops.adapters.clock import SystemClock
from trello_ops.ringing import Alarms


def test_the_pace_is_asked_anew_for_each_ring() -> None:
    asked, rung = list[float](), list[dt.datetime]()
    enough = threading.Event()

    def pace(seconds: float) -> float:
        asked.append(seconds)
        return 0.05 * len(asked)

    def ring() -> None:
        rung.append(SystemClock().now())
        if len(rung) == 3:
            enough.set()

    alarms = Alarms(threads=1, pace=pace)
    alarms.start()
    try:
        alarms.every(0.01, ring)
        assert enough.wait(10)
    finally:
        alarms.stop()
    assert set(asked) == {0.01}
    assert all((later - sooner).total_seconds() > 0.05 for sooner, later in pairwise(rung))
