"""What a report's short lists must point at: what needs somebody, keeps failing, is rare, or comes next."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pandas as pd

from report_oracle.lines import JUDGED, MonthOracle
from report_oracle.plan import Declaration, Owed

Json = dict[str, Any]

_DAY = dt.timedelta(days=1)


def needs_you(oracle: MonthOracle, lines: pd.DataFrame, week: str) -> list[Json]:
    """What was missed, with how often lately; then what of the next week has nobody."""
    found = []
    for _, line in lines[(lines["week"] == week) & (lines["outcome"] == "missed")].iterrows():
        last = _judged_upto(lines, line).tail(4)
        found.append({
            "why": "missed" if line["assignees"] else "missed_unassigned",
            **{name: line[name] for name in ("key", "board", "task", "title")},
            "count": int((last["outcome"] != "on_time").sum()),
            "of": len(last),
            "first": line["day"],
            "last": line["day"],
            "who": list(line["names"]),
        })  # fmt: skip
    return found + [
        {**_coming(oracle, "unassigned", owed), "who": [name for _, name, *_ in owed.absent]}
        for owed in _next(oracle, week)
        if not owed.assignees and (owed.absent or owed.lacks) and _waits(oracle, owed, week)
    ]


def _waits(oracle: MonthOracle, owed: Owed, week: str) -> bool:
    """Whether it was still to be done when the week closed, and nobody had put themselves on its card."""
    card, close = oracle.trello.card_of(owed.key), oracle.files.closes(week)
    if card is None:
        return True
    taken = oracle.trello.assignees(card, owed, close)
    return not (taken or oracle.trello.done(card, owed, close) or oracle.trello.excused_at(card, close))


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


def rare(lines: pd.DataFrame, week: str) -> list[Json]:
    """How monthly tasks fared that were judged this week."""
    found = []
    for (board, task), theirs in _of_week(lines, week):
        if not theirs["is_rare"].iloc[-1]:
            continue
        on_time = theirs["outcome"] == "on_time"
        row = int(on_time[::-1].cummin().sum())
        last = on_time.tail(4)
        why, count, of = ("in_a_row", row, row) if row else ("not_on_time", int((~last).sum()), len(last))
        title = theirs["title"].iloc[-1]
        found.append({"why": why, "board": board, "task": task, "title": title, "count": count, "of": of})
    return found


def next_week(oracle: MonthOracle, week: str) -> list[Json]:
    """Days off, absences, rare duties and overbooked slots of the week after."""
    files, monday = _files(oracle, week), oracle.files.monday(week) + 7 * _DAY
    days = [monday + n * _DAY for n in range(7)]
    coming = _next(oracle, week)
    return [
        *_days_off(files, days),
        *_absences(files, days),
        *(
            {**_coming(oracle, "rare", owed), "who": list(oracle.names(owed.assignees))}
            for owed in coming
            if owed.is_rare
        ),
        *_overbooked(oracle, files, coming),
    ]


def _files(oracle: MonthOracle, week: str) -> Declaration:
    """What was declared when the week closed."""
    return oracle.plan.declared(oracle.files.closes(week))


def _days_off(files: Declaration, days: list[dt.date]) -> Iterator[Json]:
    for day in days:
        name = files.feasts.get(day)
        if name and (day == days[0] or files.feasts.get(day - _DAY) != name):
            last = day
            while last < days[-1] and files.feasts.get(last + _DAY) == name:
                last += _DAY
            yield {"why": "holiday", "title": name, "first": str(day), "last": str(last)}
    for begin, end, reason in files.closures:
        first, last = max(begin, days[0]), min(end, days[-1])
        if first <= last:
            yield {"why": "closure", "title": reason, "first": str(first), "last": str(last)}


def _absences(files: Declaration, days: list[dt.date]) -> Iterator[Json]:
    people = files.workspace["people"]
    for person in people.values():
        for away in person.get("absences", []):
            first, last = max(away["from"], str(days[0])), min(away["to"], str(days[-1]))
            who = [people[away["stand_in"]]["name"]] if "stand_in" in away else []
            if first <= last:
                yield {"why": "absence", "title": person["name"], "first": first, "last": last, "who": who}


def _overbooked(oracle: MonthOracle, files: Declaration, coming: list[Owed]) -> Iterator[Json]:
    rows = [
        {"slot": owed.slot, "day": str(owed.day), "who": who, "minutes": owed.duration}
        for owed in coming
        if owed.slot
        for who in owed.assignees or ("",)
    ]
    if not rows:
        return
    for (slot, day, who), theirs in pd.DataFrame(rows).groupby(["slot", "day", "who"]):
        said, minutes = files.workspace["slots"][slot], int(theirs["minutes"].sum())
        begin, end = (dt.datetime.fromisoformat(f"{day}T{said[name]}") for name in ("from", "to"))
        lasts = int((end - begin).total_seconds()) // 60
        if minutes > lasts:
            names = list(oracle.names((who,))) if who else []
            told = {"title": slot, "count": minutes, "of": lasts, "first": day, "last": day, "who": names}
            yield {"why": "overbooked", **told}


def _judged_upto(lines: pd.DataFrame, line: "pd.Series[Any]") -> pd.DataFrame:
    same = (lines["board"] == line["board"]) & (lines["task"] == line["task"])
    # Of one instant they come by key, as the lines do.
    return lines[same & lines["outcome"].isin(JUDGED)].loc[: line.name]


def _of_week(lines: pd.DataFrame, week: str) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    """The judged lines up to a week of each task that was judged in it."""
    known = lines[lines["outcome"].isin(JUDGED) & (lines["week"] <= week)]
    grouped = known.groupby(["board", "task"])
    return [(name, theirs) for name, theirs in grouped if theirs["week"].iloc[-1] == week]


def _next(oracle: MonthOracle, week: str) -> list[Owed]:
    """What falls due in the week after and has to be done, as was declared then."""
    following = f"{oracle.files.monday(week) + 7 * _DAY:%G-W%V}"
    return [owed for owed in _files(oracle, week).by_week.get(following, []) if not owed.skip]


def _coming(oracle: MonthOracle, why: str, owed: Owed) -> Json:
    board, task, _ = owed.key.split("/")
    day = oracle.local_day(owed.due)
    told = {"key": owed.key, "board": board, "task": task, "title": owed.title}
    return {"why": why, **told, "first": day, "last": day}
