"""Which completions of a week are doubtful, by the raw log of each card."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

import pandas as pd

from report_oracle.lines import MonthOracle, instant

Json = dict[str, Any]

_SECONDS, _QUARTER = dt.timedelta(seconds=10), dt.timedelta(minutes=15)
_MINUTE, _DAY = dt.timedelta(minutes=1), dt.timedelta(days=1)


def doubtful(oracle: MonthOracle, robots: set[str], lines: pd.DataFrame, week: str) -> list[Json]:
    """Those of what was done in a week, and of its boards."""
    close, found = oracle.files.closes(week), []
    done = lines[(lines["week"] == week) & lines["outcome"].isin(["on_time", "late"])]
    for _, line in done.iterrows():
        told = {name: line[name] for name in ("key", "board", "task", "title")}
        told |= {"first": line["day"], "last": line["day"]}
        log = [a for a in oracle.trello.log.get(line["card"], []) if instant(a) <= close]
        if at_once(oracle, line["card"], log):
            found.append({"why": "at_once", **told})
        taken, declared = _taken(log, robots, line["completed_at"]), line["duration"]
        if taken is not None and 10 * taken < declared * _MINUTE:
            found.append({"why": "too_quick", **told, "count": taken // _MINUTE, "of": declared})
        if any(_by_program(a) for a in log if instant(a) == line["completed_at"]):
            found.append({"why": "automated", **told})
    for board, theirs in done.groupby("board"):
        if rush := burst(list(theirs["completed_at"]), close):
            most, begin = rush
            days = dict.fromkeys(("first", "last"), oracle.local_day(begin))
            found.append({"why": "burst", "board": str(board), "count": most, "of": len(theirs), **days})
    return found


def at_once(oracle: MonthOracle, card: str, log: list[Json]) -> bool:
    """Whether a card's items, at least three, were all ticked within ten seconds."""
    ticked: dict[str, dt.datetime] = {}
    every = set(oracle.trello.items.get(card, {}))
    for action in log:
        if action["type"] != "updateCheckItemStateOnCard":
            continue
        item = action["data"]["checkItem"]
        ticked.pop(item["id"], None)
        if item["state"] == "complete":
            ticked[item["id"]] = instant(action)
        if every <= ticked.keys() and max(ticked.values()) - min(ticked.values()) <= _SECONDS:
            return len(every) >= 3
    return False


def _taken(log: list[Json], robots: set[str], completed: dt.datetime) -> dt.timedelta | None:
    """From the first thing that somebody did on the card to its completion, where that was not the first."""
    # What the API's log does not tell, nobody can know of.
    told = [a for a in log if a["type"] not in _UNTOLD and a["idMemberCreator"] not in robots]
    first = min((instant(action) for action in told), default=completed)
    return completed - first if first < completed else None


_UNTOLD = {"addLabelToCard", "removeLabelFromCard", "createCheckItem", "deleteCheckItem"}


def _by_program(action: Json) -> bool:
    app = action.get("appCreator") or {"name": "Trello"}
    return bool(action.get("agenticIdentity")) or not app["name"].startswith("Trello")


def burst(completed: Sequence[dt.datetime], close: dt.datetime) -> tuple[int, dt.datetime] | None:
    """How many completions came within the busiest quarter of an hour of the last day, and when it began.

    `None` where they are not more than half, or too few in all.
    """
    times = pd.Series(sorted(completed))
    late = times[(times >= close - _DAY) & (times <= close)]
    if len(times) < 5 or late.empty:
        return None
    counts = late.map(lambda begin: int(((late >= begin) & (late <= begin + _QUARTER)).sum()))
    most = int(counts.max())
    return (most, late[counts.idxmax()].to_pydatetime()) if 2 * most > len(times) else None
