"""What an agency reads of a week: its shops side by side, each by what its own report says."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.groups import summed
from trello_ops.core.reporting.report import Report, Totals, totals_as_dict
from trello_ops.core.reporting.standing import FALLS, RISES, Standing, Verdict


class Lack(StrEnum):
    """Why a shop has no frozen report of a week.

    `NOT_TENDED`: nothing is done for it. `UNREADABLE`: its part of the store says nothing. `NEVER_IN_FORCE`:
    nothing was ever applied there. `NOTHING_DUE`: nothing had fallen due yet when the week ended. `RUNNING`:
    the week has not closed there, and `WAITING`: it has, but its boards were not read since; of both there
    are provisional figures as a rule.
    """

    NOT_TENDED = "not_tended"
    UNREADABLE = "unreadable"
    NEVER_IN_FORCE = "never_in_force"
    NOTHING_DUE = "nothing_due"
    RUNNING = "running"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class ShopWeek:
    """One shop's week. `name` is the shop's in the fleet, `workspace` the key of its workspace.

    `report` is its own report as `in_short` makes it, `None` where there are no figures at all. `lack` is
    `None` where it is frozen. `not_tended` says in words why nothing is done for the shop, else it is empty.
    """

    name: str
    workspace: str = ""
    report: Report | None = None
    lack: Lack | None = None
    not_tended: str = ""

    @property
    def verdict(self) -> Verdict:
        """What its rate says beyond chance, as in its own report."""
        return self.report.standing.signal.verdict if self.report else Verdict.NONE

    @property
    def marked(self) -> bool:
        """Whether it stands out: its rate fell, and chance does not explain that."""
        return self.verdict in FALLS

    @property
    def rose(self) -> bool:
        """Whether its rate rose, and chance does not explain that."""
        return self.verdict in RISES

    @property
    def provisional(self) -> bool:
        """Whether its figures may still change."""
        return self.report is not None and self.report.frozen_at is None

    @property
    def robot(self) -> int:
        """In how many ways the robot itself failed: with boards, tasks or jobs, in outages, in issuing."""
        if self.report is None:
            return 0
        return len(self.report.system) + bool(self.report.outages) + bool(self.report.totals.not_issued)

    def as_dict(self) -> dict[str, Any]:
        """JSON values in the documented shape."""
        report = self.report
        return {
            "name": self.name,
            "workspace": self.workspace,
            "lack": self.lack and str(self.lack),
            "not_tended": str(self.not_tended) or None,
            "provisional": self.provisional,
            "n": report.totals.judged if report else 0,
            "rate": report.totals.compliance_rate if report else None,
            "verdict": str(self.verdict),
            "marked": self.marked,
            "missed": report.totals.missed if report else 0,
            "needs_you": len(report.needs_you) if report else 0,
            "robot": self.robot,
            "report": report.as_dict() if report else None,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`."""
        report, lack = data["report"], data["lack"]
        return cls(
            data["name"],
            data["workspace"],
            Report.from_dict(report) if report else None,
            Lack(lack) if lack in set(Lack) else None,
            data["not_tended"] or "",
        )


@dataclass(frozen=True, slots=True)
class AgencyReport:
    """The account of a week at every shop, as of `at`; those with the most missed come first.

    `frozen_at` is `None` where it may still change. `name` is what the fleet is called, empty where it has no
    name; `locale` is the language that it is told in.
    """

    week: IsoWeek
    name: str
    locale: str
    at: dt.datetime
    frozen_at: dt.datetime | None
    shops: tuple[ShopWeek, ...]

    @property
    def reported(self) -> tuple[ShopWeek, ...]:
        """The shops of which there are figures."""
        return tuple(shop for shop in self.shops if shop.report)

    @property
    def totals(self) -> Totals:
        """The figures of all shops together."""
        return summed(shop.report.totals for shop in self.shops if shop.report)

    def as_dict(self) -> dict[str, Any]:
        """JSON values in the documented shape."""
        return {
            "week": str(self.week),
            "from": self.week.monday.isoformat(),
            "to": self.week.sunday.isoformat(),
            "name": self.name,
            "locale": self.locale,
            "at": _iso(self.at),
            "frozen_at": _iso(self.frozen_at) if self.frozen_at else None,
            "totals": totals_as_dict(self.totals),
            "shops": [shop.as_dict() for shop in self.shops],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`."""
        frozen_at = data["frozen_at"]
        return cls(
            IsoWeek.parse(data["week"]),
            data["name"],
            data["locale"],
            dt.datetime.fromisoformat(data["at"]),
            dt.datetime.fromisoformat(frozen_at) if frozen_at else None,
            tuple(map(ShopWeek.from_dict, data["shops"])),
        )


def weeks_over(newest: IsoWeek | None, now: dt.datetime) -> tuple[IsoWeek, ...]:
    """The weeks that are over somewhere and come after the `newest` that was frozen, four at most, in order.

    Without any, the last one alone: who asks for reports today wants none of the years before.
    """
    last = IsoWeek.at(now + _EASTMOST, ZoneInfo("UTC")).previous()
    weeks = [last]
    while newest and weeks[0] > newest and len(weeks) <= _MOST_WEEKS:
        weeks.insert(0, weeks[0].previous())
    return tuple(week for week in weeks[-_MOST_WEEKS:] if newest is None or week > newest)


_EASTMOST: Final = dt.timedelta(hours=14)
"""By so much the earliest clocks of the world are ahead of UTC."""

_MOST_WEEKS: Final = 4


def in_order(shops: Iterable[ShopWeek]) -> tuple[ShopWeek, ...]:
    """By how many were missed, then those that stand out, then by name; those without figures last."""
    return tuple(sorted(shops, key=_place))


def in_short(report: Report) -> Report:
    """A shop's report without its lines, for one among thousands: figures, verdict, what needs somebody."""
    standing = report.standing
    signal = replace(standing.signal, weeks=())
    return replace(
        report,
        themes=(),
        people=(),
        occurrences=(),
        caught_up=(),
        standing=Standing(standing.target, signal, standing.outlook, standing.allowance),
        board_standings={},
        chronic=(),
        rare=(),
        doubtful=(),
        next_week=(),
    )


def _place(shop: ShopWeek) -> tuple[bool, int, bool, str]:
    missed = shop.report.totals.missed if shop.report else 0
    return shop.report is None, -missed, not shop.marked, shop.name


def _iso(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
