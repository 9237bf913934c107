"""The tests' clock: what this machine shows, and processes to which it shows something else."""

import datetime as dt
import os
from collections.abc import Mapping
from pathlib import Path

from trello_ops.adapters.clock import SystemClock

_ELSEWHEN = Path(__file__).with_name("elsewhen")


def now() -> dt.datetime:
    """By this machine's clock, as a daemon beside this test would see it: aware UTC."""
    return SystemClock().now()


def environment_at(instant: dt.datetime) -> Mapping[str, str]:
    """The variables with which a Python process finds itself at `instant`; its children live on with it."""
    put_on = float(os.environ.get("ELSEWHEN_SECONDS", "0"))
    seconds = (instant - now()).total_seconds() + put_on
    path = os.pathsep.join([str(_ELSEWHEN), *filter(None, [os.environ.get("PYTHONPATH")])])
    return {"PYTHONPATH": path, "ELSEWHEN_SECONDS": str(seconds)}
