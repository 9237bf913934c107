"""Where the frozen reports of a month say something else than the raw objects do."""

from pathlib import Path
from typing import Any

import pandas as pd
from oracle import Oracle

from report_oracle import doubts, figures, lists
from report_oracle.history import standing
from report_oracle.lines import lines_of, open_oracle, robots

Json = dict[str, Any]

_STANDING = ("signal", "target", "outlook", "allowance", "trend")


def disagreements(reports: list[Json], state: Json, boards: Path, target: int = 90) -> list[str]:
    """Of every figure, flag and signal of a month's reports, from its first week on."""
    oracle = open_oracle(state, boards)
    weeks = [report["week"] for report in reports]
    lines, ours = lines_of(oracle, weeks), robots(oracle.trello, state)
    counts = pd.DataFrame([_count(oracle, lines, week) for week in weeks])
    found = []
    for number, report in enumerate(reports):
        week = weeks[number]
        expected = expectation(oracle, ours, lines, week)
        expected |= standing(counts.iloc[: number + 1], target)
        found += [f"{week} {each}" for each in _differences(said(report), expected)]
    return found


def _count(oracle: Oracle, lines: pd.DataFrame, week: str) -> Json:
    total = figures.totals(lines[lines["week"] == week])
    return {"monday": oracle.files.monday(week), "n": figures.judged(total), "on_time": total["on_time"]}


def expectation(oracle: Oracle, ours: set[str], lines: pd.DataFrame, week: str) -> Json:
    """What the report of a week must say, but for its standing; `ours` are the robot's accounts."""
    this = lines[lines["week"] == week]
    return {
        "totals": figures.totals(this),
        "boards": figures.groups(this, "board"),
        "themes": figures.groups(this, "theme"),
        "people": figures.groups(this, "person"),
        "lines": {line["key"]: _line(line) for _, line in this.iterrows()},
        "caught_up": sorted(oracle.caught_up(week)),
        "needs_you": _sorted(lists.needs_you(oracle, lines, week)),
        "chronic": _sorted(lists.chronic(lines, week)),
        "rare": _sorted(lists.rare(oracle, lines, week)),
        "doubtful": _sorted(doubts.doubtful(oracle, ours, lines, week)),
        "next_week": _sorted(lists.next_week(oracle, week)),
        "system": [],
        "outages": [],
    }


def _line(line: "pd.Series[Any]") -> Json:
    at = line["completed_at"]
    return {
        "board": line["board"],
        "task": line["task"],
        "theme": line["theme"],
        "title": line["title"],
        "due_at": _z(line["due"]),
        "outcome": line["outcome"],
        "completed_at": _z(at) if at else None,
        "completed_by": line["completed_by"],
        "assignees": list(line["assignees"]),
        "assignee_names": list(line["names"]),
        "unproven": line["unproven"],
        "reopened": line["reopened"],
        "due_moves": [list(move) for move in line["due_moves"]],
        "due_moved_by": line["due_moves"][-1][1] if line["due_moves"] else None,
        "excused_reason": line["reasons"],
        "approximate": False,
    }


def said(report: Json) -> Json:
    """A report's JSON in the shape of an expectation."""
    found = {name: report[name] for name in ("totals", "system", "outages", *_STANDING)}
    for name in ("boards", "themes", "people"):
        rows = [row for row in report[name] if row["scheduled"]]
        found[name] = {
            row["key"]: {k: v for k, v in row.items() if k not in ("key", "title", "url")} for row in rows
        }
    for name in ("needs_you", "chronic", "rare", "doubtful", "next_week"):
        found[name] = _sorted(report[name])
    names = _NAMES - {"due_moves"}
    found["lines"] = {
        line["key"]: {name: line[name] for name in names}
        | {"due_moves": [[_millis(move["at"]), move["by"]] for move in line["due_moves"]]}
        for line in report["occurrences"]
    }
    found["caught_up"] = sorted(line["key"] for line in report["caught_up"])
    return found


_NAMES = {
    "board", "task", "theme", "title", "due_at", "outcome", "completed_at", "completed_by", "assignees",
    "assignee_names", "unproven", "reopened", "due_moves", "due_moved_by", "excused_reason", "approximate",
}  # fmt: skip


def _sorted(notices: list[Json]) -> list[Json]:
    """Without what says nothing, in an order of their own."""
    told = [{name: value for name, value in each.items() if value} for each in notices]
    return sorted(told, key=lambda each: sorted((name, str(value)) for name, value in each.items()))


def _differences(one: Any, other: Any, where: str = "") -> list[str]:
    """Where what was said (`one`) is something else than expected; of a set, any of it will do."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted({*one, *other})
        pairs = ((f"{where}.{name}", one.get(name), other.get(name)) for name in names)
        return [each for place, a, b in pairs for each in _differences(a, b, place)]
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        pairs = ((f"{where}[{n}]", a, b) for n, (a, b) in enumerate(zip(one, other, strict=True)))
        return [each for place, a, b in pairs for each in _differences(a, b, place)]
    same = abs(one - other) < 1e-9 if isinstance(one, float) and isinstance(other, float) else one == other
    if same or (isinstance(other, set) and one in other):
        return []
    return [f"{where}: {one!r} instead of {other!r}"]


def _z(at: Any) -> str:
    return str(at.isoformat()).replace("+00:00", "Z")


def _millis(text: str) -> str:
    """As Trello writes an instant: always with milliseconds."""
    return text if "." not in text else text.replace("000Z", "Z")
