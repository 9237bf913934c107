"""Figures of a week: totals and groups, counted by pandas."""

from typing import Any

import pandas as pd
from oracle import OUTCOMES

from report_oracle.chance import above_quantile

Json = dict[str, Any]


def totals(lines: pd.DataFrame) -> Json:
    """The figures of some lines."""
    counts = lines["outcome"].value_counts().reindex(OUTCOMES, fill_value=0)
    found: Json = {"scheduled": len(lines), **{name: int(counts[name]) for name in OUTCOMES}}
    n = judged(found)
    found["compliance_rate"] = found["on_time"] / n if n else None
    return {**found, "completed": found["on_time"] + found["late"]}


def judged(figures: Json) -> int:
    return int(figures["on_time"] + figures["late"] + figures["missed"])


def groups(lines: pd.DataFrame, column: str) -> dict[str, Json]:
    """The figures by `board` or `theme`, each marked or not; by `person`, of whom none is marked."""
    whole, rows = totals(lines), lines
    if column == "person":
        rows = lines.assign(person=lines["assignees"].map(lambda who: list(who) or [""])).explode("person")
    found = {str(key): totals(theirs) for key, theirs in rows.groupby(column)}
    return {
        key: {**row, "marked": column != "person" and _is_marked(row, whole)} for key, row in found.items()
    }


def _is_marked(row: Json, whole: Json) -> bool:
    return above_quantile(row["missed"], judged(row), whole["missed"], judged(whole))
