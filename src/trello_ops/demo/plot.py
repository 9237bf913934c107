"""What a demo's weeks are like: how likely the work is done, and when the robot's machine stands still."""

import datetime as dt
from dataclasses import dataclass

_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Plot:
    """`moods` are how likely a card is done on time, by week; drawn by lot where there are none.

    In the `outages`, local days and times from and until, no job runs. `closed` are the local days, both
    included, on which the shop is closed, and `why`; `None` where it never is.
    """

    moods: tuple[float, ...] = ()
    outages: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    closed: tuple[dt.date, dt.date, str] | None = None

    def is_out(self, local: dt.datetime) -> bool:
        """Whether the robot's machine stands still; naive local time."""
        return any(since <= local < until for since, until in self.outages)


AS_IT_COMES = Plot()

STORY_WEEKS = 16
_STEADY, _FALLEN = 0.94, 0.66
# Which week of the story is what, counted from 0.
_HOLIDAY, _OUTAGE, _FALL = 9, 11, 14


def story(monday: dt.date) -> Plot:
    """Steady weeks from `monday` on, but for a week of holidays, an outage of two days, and a fall."""
    tuesday = monday + (_OUTAGE * 7 + 1) * _DAY
    holiday = monday + _HOLIDAY * 7 * _DAY
    return Plot(
        tuple(_FALLEN if week == _FALL else _STEADY for week in range(STORY_WEEKS)),
        ((dt.datetime.combine(tuesday, dt.time(9)), dt.datetime.combine(tuesday + 2 * _DAY, dt.time(6))),),
        (holiday, holiday + 5 * _DAY, "Congés de fin d’année"),
    )
