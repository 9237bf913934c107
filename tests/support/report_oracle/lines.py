"""What became of each occurrence of a month, as a frame made of raw cards, actions and board files."""

import datetime as dt
from pathlib import Path
from typing import Any

import pandas as pd
from oracle import Duty, Oracle, Trello, Verdict

Json = dict[str, Any]

JUDGED = ("on_time", "late", "missed")


def lines_of(oracle: Oracle, weeks: list[str]) -> pd.DataFrame:
    """A row for each occurrence that fell due in these weeks, by due and key."""
    rows = []
    for week in weeks:
        verdicts = oracle.week(week)
        rows += [_row(oracle, duty, verdicts[duty.key], week) for duty in oracle.owed(week)]
    return pd.DataFrame(rows, dtype=object).sort_values(["due", "key"], ignore_index=True)


def assigned_names(oracle: Oracle, assignees: tuple[str, ...]) -> tuple[str, ...]:
    """Declared people by name, others by their Trello username."""
    people = oracle.files.workspace["people"]
    return tuple(people[who]["name"] if who in people else who for who in assignees)


def local_day(oracle: Oracle, at: dt.datetime) -> str:
    return at.astimezone(oracle.files.zone).date().isoformat()


def task_title(oracle: Oracle, key: str) -> str:
    board, task, _ = key.split("/")
    return str(oracle.files.boards[board]["tasks"][task]["title"])


def _row(oracle: Oracle, duty: Duty, verdict: Verdict, week: str) -> Json:
    card, close = oracle.trello.card_of(duty.key), oracle.files.closes(week)
    assignees = verdict.assignees or duty.assignees
    spans = oracle.trello.done_spans(card, duty) if card else []
    return {
        "week": week,
        "key": duty.key,
        "board": duty.board,
        "task": duty.key.split("/")[1],
        "theme": duty.theme,
        "title": task_title(oracle, duty.key),
        "due": duty.due,
        "day": local_day(oracle, duty.due),
        "outcome": verdict.outcome,
        "completed_at": verdict.completed_at,
        "completed_by": verdict.completed_by,
        "assignees": assignees,
        "names": assigned_names(oracle, assignees),
        "unproven": verdict.unproven,
        "due_moves": _due_moves(oracle, card, duty, close) if card else (),
        "reopened": any(span.end is not None and span.end <= close for span in spans),
        "reasons": _reasons(oracle, duty, card, close) if verdict.outcome == "excused" else {""},
        "card": card["id"] if card else "",
    }


def _due_moves(oracle: Oracle, card: Json, duty: Duty, close: dt.datetime) -> tuple[tuple[str, str], ...]:
    """When and by whom the due was taken elsewhere than it is declared, or away."""
    found = []
    for action in oracle.trello.log.get(card["id"], []):
        if "due" not in action["data"].get("old", {}) or instant(action) > close:
            continue
        due = action["data"]["card"]["due"]
        if due is None or dt.datetime.fromisoformat(due) != duty.due:
            username = oracle.trello.usernames[action["idMemberCreator"]]
            found.append((action["date"], oracle.files.people.get(username, username)))
    return tuple(found)


def _reasons(oracle: Oracle, duty: Duty, card: Json | None, close: dt.datetime) -> set[str]:
    """Why it may be said to be excused: where label and list both say so, by either."""
    if card is None:
        day = dt.date.fromisoformat(duty.key[-10:])
        return {f"holiday:{holiday_name(oracle, day)}"}
    look = [event.look for event in oracle.trello.story(card) if event.at <= close][-1]
    found = {"label"} if oracle.files.excused in look.labels else set()
    return found | ({"list"} if look.list_id in oracle.trello.excused_lists else set())


def holiday_name(oracle: Oracle, day: dt.date) -> str:
    return str(oracle.files._holidays.get(day))


def instant(action: Json) -> dt.datetime:
    return dt.datetime.fromisoformat(action["date"])


def open_oracle(state: Json, boards: Path) -> Oracle:
    """The judge of raw objects, with holidays named in the workspace's language."""
    import holidays

    oracle = Oracle(state, boards)
    country, locale = oracle.files.workspace["holidays"]["country"], oracle.files.workspace["locale"]
    oracle.files._holidays = holidays.country_holidays(country, language=locale)
    return oracle


def robots(trello: Trello, state: Json) -> set[str]:
    """Who makes our cards: the account of the robot."""
    made = {found[0]["idMemberCreator"] for found in trello.cards.values() if "idMemberCreator" in found[0]}
    assert len(made) <= 1, f"cards of {made}"
    return made or {each["id"] for each in state["members"] if each["username"] == "robot"}
