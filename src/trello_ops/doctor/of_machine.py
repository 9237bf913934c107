"""What the machine brings along."""

import datetime as dt
from typing import Final

from trello_ops import zone_data
from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.messages import say

_OLD: Final = dt.timedelta(days=180)
"""A release says its year alone; the next one comes within months."""


def time_zones(patient: Patient) -> Finding:
    """How new the time zone data in use is."""
    return of_zone_data(zone_data.use_newest(), patient.clock.now().date())


def of_zone_data(found: zone_data.ZoneData, today: dt.date) -> Finding:
    """The same of given data."""
    next_year = dt.date(int(found.version[:4]) + 1, 1, 1)
    if today - next_year < _OLD:
        return Finding("time_zones", Level.FINE, found.words)
    advice = say(
        "Clocks may have changed since: upgrade it (%(command)s) or the system's, then restart the robot.",
        command="pip install --upgrade tzdata",
    )
    return Finding("time_zones", Level.LOOK, found.words, advice)
