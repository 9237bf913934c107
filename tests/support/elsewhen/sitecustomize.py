"""Has a Python process live at another time, from before its first import on.

With this folder on PYTHONPATH, ELSEWHEN is the instant at which the first process finds itself, in ISO 8601;
ELSEWHEN_SECONDS is how far its clock is put on, which the processes that it starts go by too.
"""

import os
import sys


def _put_on(seconds: float) -> None:
    sys.modules["pytest"] = None  # type: ignore[assignment]  # time-machine would import all of it
    import time_machine

    del sys.modules["pytest"]
    import time

    time_machine.travel(time.time() + seconds, tick=True).start()


def _seconds() -> float:
    if "ELSEWHEN_SECONDS" not in os.environ:
        import datetime as dt

        there = dt.datetime.fromisoformat(os.environ["ELSEWHEN"])
        ahead = there - dt.datetime.now(dt.UTC)
        os.environ["ELSEWHEN_SECONDS"] = str(ahead.total_seconds())
    return float(os.environ["ELSEWHEN_SECONDS"])


if os.environ.get("ELSEWHEN") or os.environ.get("ELSEWHEN_SECONDS"):
    _put_on(_seconds())
