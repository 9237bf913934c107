"""What a report's short lists must point at: what needs somebody, keeps failing, is rare, or comes next."""

import datetime as dt
from typing import Any

import pandas as pd
from oracle import Oracle

from report_oracle.lines import JUDGED, assigned_names, holiday_name, local_day, task_title

Json = dict[str, Any]

_DAY = dt.timedelta(days=1)


def needs_you(oracle: Oracle, lines: pd.DataFrame, week: str) -> list[Json]:
    """What was missed, with how often lately; then what of the next week has nobody."""
    found = []
    for _, line in lines[(lines["week"] == week) & (lines["outcome"] == "missed")].iterrows():
        last = _judged_upto(lines, line).tail(4)
        found.append({
            "why": "missed" if line["assignees"] else "missed_unassigned",
            **_of(line),
            "count": int((last["outcome"] != "on_time").sum()),
            "of": len(last),
            "first": line["day"],
            "last": line["day"],
            "who": list(line["names"]),
        })  # fmt: skip
    return found + [
        _coming(oracle, "unassigned", duty) for duty in _next(oracle, week) if _lacks(oracle, duty)
    ]


def chronic(lines: pd.DataFrame, week: str) -> list[Json]:
    """Tasks that were not on time in three of their last five, of which the newest is this week's."""
    found = []
    for (board, task), theirs in _of_week(lines, week):
        last = theirs.tail(5)
        late = int((last["outcome"] != "on_time").sum())
        if len(last) == 5 and late >= 3:
            title = last["title"].iloc[-1]
            found.append(
                {"why": "not_on_time", "board": board, "task": task, "title": title, "count": late, "of": 5}
            )
    return found


def rare(oracle: Oracle, lines: pd.DataFrame, week: str) -> list[Json]:
    """How monthly tasks fared that were judged this week."""
    found = []
    for (board, task), theirs in _of_week(lines, week):
        if not _is_rare(oracle, board):
            continue
        on_time = theirs["outcome"] == "on_time"
        row = int(on_time[::-1].cummin().sum())
        last = on_time.tail(4)
        why, count, of = ("in_a_row", row, row) if row else ("not_on_time", int((~last).sum()), len(last))
        title = theirs["title"].iloc[-1]
        found.append({"why": why, "board": board, "task": task, "title": title, "count": count, "of": of})
    return found


def next_week(oracle: Oracle, week: str) -> list[Json]:
    """Holidays, absences and rare duties of the week after."""
    files = oracle.files
    monday = files.monday(week) + 7 * _DAY
    days = [monday + n * _DAY for n in range(7)]
    found: list[Json] = [
        {"why": "holiday", "title": holiday_name(oracle, day), "first": str(day), "last": str(day)}
        for day in days
        if day in files._holidays
    ]
    for person in files.workspace["people"].values():
        for away in person.get("absences", []):
            first, last = max(away["from"], str(days[0])), min(away["to"], str(days[-1]))
            if first <= last:
                found.append({"why": "absence", "title": person["name"], "first": first, "last": last})
    return found + [
        _coming(oracle, "rare", duty) for duty in _next(oracle, week) if _is_rare(oracle, duty.board)
    ]


def _of(line: "pd.Series[Any]") -> Json:
    return {name: line[name] for name in ("key", "board", "task", "title")}


def _judged_upto(lines: pd.DataFrame, line: "pd.Series[Any]") -> pd.DataFrame:
    same = (lines["board"] == line["board"]) & (lines["task"] == line["task"])
    return lines[same & lines["outcome"].isin(JUDGED) & (lines["due"] <= line["due"])]


def _of_week(lines: pd.DataFrame, week: str) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    """The judged lines up to a week of each task that was judged in it."""
    known = lines[lines["outcome"].isin(JUDGED) & (lines["week"] <= week)]
    grouped = known.groupby(["board", "task"])
    return [(name, theirs) for name, theirs in grouped if theirs["week"].iloc[-1] == week]


def _next(oracle: Oracle, week: str) -> list[Any]:
    following = f"{oracle.files.monday(week) + 7 * _DAY:%G-W%V}"
    return [duty for duty in oracle.owed(following) if not duty.excused]


def _coming(oracle: Oracle, why: str, duty: Any) -> Json:
    board, task, _ = duty.key.split("/")
    day = local_day(oracle, duty.due)
    who = list(assigned_names(oracle, duty.assignees))
    title = task_title(oracle, duty.key)
    return {
        "why": why,
        "key": duty.key,
        "board": board,
        "task": task,
        "title": title,
        "first": day,
        "last": day,
        "who": who,
    }


def _lacks(oracle: Oracle, duty: Any) -> bool:
    """Whether no file says who does it, nor that nobody is meant."""
    board, task, _ = duty.key.split("/")
    declared = oracle.files.boards[board]
    return "assign" not in {**declared, **declared["tasks"][task]}


def _is_rare(oracle: Oracle, board: str) -> bool:
    return bool(oracle.files.boards[board]["cadence"] == "monthly")
