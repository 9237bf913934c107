"""Standings and notices as JSON values, and back from what any version froze."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.notice import Notice, Why
from trello_ops.core.reporting.standing import (
    Allowance,
    Outlook,
    Signal,
    Standing,
    TrendWeek,
    Verdict,
    WeekCount,
)


def standing_as_dict(standing: Standing) -> dict[str, Any]:
    """The keys `signal`, `target`, `outlook`, `allowance` and `trend` of a report."""
    signal, allowance = standing.signal, standing.allowance
    return {
        "signal": {
            "verdict": str(signal.verdict),
            "trial": signal.trial,
            "p_bar": signal.p_bar,
            "sigma_z": signal.sigma_z,
            "lower": signal.lower,
            "upper": signal.upper,
            "weeks": [_count_as_dict(each) for each in signal.weeks],
        },
        "target": None if standing.target is None else standing.target / 100,
        "outlook": None if standing.outlook is None else str(standing.outlook),
        "allowance": None if allowance is None else asdict(allowance),
        "trend": [
            {
                **_count_as_dict(each.count),
                "verdict": str(each.verdict),
                "lower": each.lower,
                "upper": each.upper,
            }
            for each in standing.trend
        ],
    }


def to_standing(data: Mapping[str, Any]) -> Standing:
    """The inverse of `standing_as_dict`; what an older version did not freeze is empty."""
    target, outlook, allowance = data.get("target"), data.get("outlook"), data.get("allowance")
    return Standing(
        target=None if target is None else round(target * 100),
        signal=_signal(data["signal"]) if "signal" in data else Signal(),
        outlook=Outlook(outlook) if outlook in set(Outlook) else None,
        allowance=Allowance(allowance["allowed"], allowance["used"]) if allowance else None,
        trend=tuple(
            TrendWeek(_count(each), _verdict(each["verdict"]), each["lower"], each["upper"])
            for each in data.get("trend", ())
        ),
    )


def notice_as_dict(notice: Notice) -> dict[str, Any]:
    """What a notice says: `why`, and each other field that says something."""
    told = {name: value for name, value in asdict(notice).items() if value}
    days: dict[str, Any] = {name: told[name].isoformat() for name in ("first", "last") if name in told}
    who: dict[str, Any] = {"who": list(notice.who)} if notice.who else {}
    return {**told, **days, **who, "why": str(notice.why)}


def to_notice(data: Mapping[str, Any]) -> Notice:
    """The inverse of `notice_as_dict`. `why` stays a plain string where this version does not know it."""
    known = {field.name for field in fields(Notice)}
    values = {name: value for name, value in data.items() if name in known}
    days: dict[str, Any] = {
        name: dt.date.fromisoformat(values[name]) for name in ("first", "last") if name in values
    }
    why = data["why"]
    return Notice(
        **{**values, **days, "who": tuple(data.get("who", ())), "why": Why(why) if why in set(Why) else why}
    )


def _count_as_dict(count: WeekCount) -> dict[str, Any]:
    return {"week": str(count.week), "n": count.n, "on_time": count.on_time, "rate": count.rate}


def _count(data: Mapping[str, Any]) -> WeekCount:
    return WeekCount(IsoWeek.parse(data["week"]), data["n"], data["on_time"])


def _signal(data: Mapping[str, Any]) -> Signal:
    return Signal(
        _verdict(data["verdict"]),
        data["trial"],
        data["p_bar"],
        data["sigma_z"],
        data["lower"],
        data["upper"],
        tuple(map(_count, data["weeks"])),
    )


def _verdict(text: str) -> Verdict:
    return Verdict(text) if text in set(Verdict) else Verdict.NONE
