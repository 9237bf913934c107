"""Where the frozen reports of some months say something else than the raw objects do."""

import datetime as dt
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, cast

import pandas as pd
from oracle import DAY

from report_oracle import doubts, figures, lists
from report_oracle.history import replayed, standing_of
from report_oracle.lines import MonthOracle, Within, lines_of, robots
from report_oracle.plan import Owed, Plan

Json = dict[str, Any]

_STANDING = ("signal", "target", "outlook", "allowance", "trend")


class Judge:
    """Whoever knows raw objects, board files, and when boards were read, and expects reports."""

    def __init__(self, state: Json, plan: Plan, read_at: Sequence[dt.datetime]) -> None:
        self.state, self.plan, self.weeks = state, plan, plan.weeks
        self.oracle, self.read_at = MonthOracle(state, plan), sorted(read_at)
        self._judged: dict[str, pd.DataFrame] = {}
        self.robots = robots(self.oracle.trello)
        self.lines = lines_of(self.oracle, self.weeks)
        self.target = int(self.plan.workspace["report"].get("target", 90))

    def disagreements(self, reports: Sequence[Json]) -> list[str]:
        """Of every figure, flag and signal of the weeks' reports."""
        return [
            f"{report['week']} {each}"
            for report in reports
            for each in _differences(said(report), self.expectation(report["week"]))
        ]

    def expectation(self, week: str) -> Json:
        """What the report of a week must say."""
        this, late = self.lines[self.lines["week"] == week], self._caught_up(week)
        files = self.plan.declared(self.plan.closes(week))
        left = {who for line in late for who in line["assignees"] if who in self.plan.names}
        people = {key: person["name"] for key, person in files.workspace["people"].items()}
        people |= {who: self.plan.names[who] for who in left}
        monday = self.plan.monday(week)
        return {
            "workspace": files.workspace["key"],
            "name": files.workspace["name"],
            "locale": files.workspace["locale"],
            "week": week,
            "from": str(monday),
            "to": str(monday + 6 * DAY),
            "closes_at": _z(self.plan.closes(week)),
            "timezone": files.workspace["timezone"],
            "people_shown": False,
            "totals": figures.totals(this),
            "boards": self._groups(this, "board", {key: each["title"] for key, each in files.boards.items()}),
            "themes": self._groups(
                this, "theme", {key: each["title"] for key, each in files.workspace["themes"].items()}
            ),
            "people": self._groups(this, "person", people),
            "lines": {line["key"]: _line(line) for _, line in this.iterrows()},
            "caught_up": {line["key"]: _line(line) for line in late},
            "needs_you": _sorted(lists.needs_you(self.oracle, self.lines, week)),
            "chronic": _sorted(lists.chronic(self.lines, week)),
            "rare": _sorted(lists.rare(self.lines, week)),
            "doubtful": _sorted(doubts.doubtful(self.oracle, self.robots, self.lines, week)),
            "next_week": _sorted(lists.next_week(self.oracle, week)),
            "system": [],
            "outages": self._outages(week),
            **self._standing(week),
            "board_standings": {
                key: self._standing(week, key) for key in files.workspace["report"].get("boards", {})
            },
        }

    def _groups(self, lines: pd.DataFrame, column: str, declared: dict[str, str]) -> Json:
        """Rows with their titles; also those of nothing."""
        found, nothing = figures.groups(lines, column), {**figures.totals(lines[:0]), "marked": False}
        titles = {**{key: self.plan.names.get(key, key) for key in found}, **declared}
        rows = {key: {**found.get(key, nothing), "title": title} for key, title in titles.items()}
        urls = {board["name"]: board["shortUrl"] for board in self.state["boards"]}
        return {
            key: {**row, "url": urls[row["title"]]} if column == "board" else row for key, row in rows.items()
        }

    def _caught_up(self, week: str) -> list[Json]:
        keys = self.oracle.caught_up(week)
        before = ((each, duty) for each in self.weeks for duty in self.oracle.owed(each))
        return [self.oracle.row(cast("Owed", duty), each, week) for each, duty in before if duty.key in keys]

    def _standing(self, week: str, board: str = "") -> Json:
        if board not in self._judged:
            counts = pd.DataFrame([self._count(each, board) for each in self.weeks])
            self._judged[board] = replayed(counts)
        return standing_of(self._judged[board].iloc[: self.weeks.index(week) + 1], self.target)

    def _count(self, week: str, board: str) -> Json:
        theirs = self.lines[(self.lines["week"] == week) & (not board or self.lines["board"] == board)]
        total = figures.totals(theirs)
        return {"monday": self.plan.monday(week), "n": figures.judged(total), "on_time": total["on_time"]}

    def _outages(self, week: str) -> list[Json]:
        """Stretches of more than 26 hours without a reading, known by the close, that touch the week."""
        begin, end = (self.plan.midnight(self.plan.monday(week) + n * DAY) for n in (0, 7))
        known = [at for at in self.read_at if at <= self.plan.closes(week) + dt.timedelta(hours=1)]
        gaps = [
            (one, other)
            for one, other in pairwise(known)
            if other - one > dt.timedelta(hours=26) and one < end and other > begin
        ]
        return [
            {"board": board, "from": Within(one, one), "to": Within(other, other)}
            for one, other in gaps
            for board in sorted(self.plan.boards)
        ]


def _line(line: Any) -> Json:
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
        "due_moves": [{"at": _z(at), "by": by} for at, by in line["due_moves"]],
        "due_moved_by": line["due_moves"][-1][1] if line["due_moves"] else None,
        "excused_reason": line["reasons"],
        "excused_at": line["excused_at"],
        "excused_by": line["excused_by"],
        "note": line["note"],
        "card_url": line["url"],
        "approximate": False,
        "amended_at": None,
        "absent": [
            dict(zip(("person", "name", "stand_in", "reason"), each, strict=True)) for each in line["absent"]
        ],
        "nobody_left": line["nobody_left"],
    }


def said(report: Json) -> Json:
    """A report's JSON in the shape of an expectation: without the instant at which it was frozen."""
    found = {name: value for name, value in report.items() if name not in ("frozen_at", "occurrences")}
    for name in ("boards", "themes", "people"):
        found[name] = {
            row["key"]: {k: v for k, v in row.items() if k != "key" and (k != "url" or name == "boards")}
            for row in report[name]
        }
    for name in ("needs_you", "chronic", "rare", "doubtful", "next_week"):
        found[name] = _sorted(report[name])
    for name, source in (("lines", "occurrences"), ("caught_up", "caught_up")):
        found[name] = {
            line["key"]: {field: value for field, value in line.items() if field != "key"}
            for line in report[source]
        }
    found["outages"] = sorted(report["outages"], key=lambda each: (each["from"][:13], each["board"]))
    return found


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
