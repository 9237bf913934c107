"""What became of each occurrence of some months, as a frame made of raw cards, actions and board files."""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast
from unittest.mock import ANY

import pandas as pd
from oracle import Duty, Event, Oracle, Span, Trello, Verdict

from report_oracle.plan import Owed, Plan

Json = dict[str, Any]

JUDGED = ("on_time", "late", "missed")


@dataclass(frozen=True)
class Within:
    """Any text of an instant from one to another, or soon after: clocks go on while programs work."""

    first: dt.datetime
    last: dt.datetime

    def __eq__(self, other: object) -> bool:
        soon = self.last + dt.timedelta(seconds=90)
        return isinstance(other, str) and self.first <= dt.datetime.fromisoformat(other) <= soon

    __hash__ = None  # type: ignore[assignment]  # equal to many


class _Remembering(Trello):
    """Raw objects that are asked about week by week."""

    def __init__(self, state: Json, plan: Plan) -> None:
        super().__init__(state, plan)
        self._stories: dict[str, list[Event]] = {}
        self._spans: dict[str, list[Span]] = {}

    def story(self, card: Json) -> list[Event]:
        if card["id"] not in self._stories:
            self._stories[card["id"]] = super().story(card)
        return self._stories[card["id"]]

    def done_spans(self, card: Json, duty: Duty) -> list[Span]:
        if card["id"] not in self._spans:
            self._spans[card["id"]] = super().done_spans(card, duty)
        return self._spans[card["id"]]


class MonthOracle(Oracle):
    """The judge of raw objects, who knows that files are edited."""

    def __init__(self, state: Json, plan: Plan) -> None:
        self.plan = self.files = plan
        self.trello = _Remembering(state, plan)

    def _outcome(self, duty: Duty, card: Json, at: dt.datetime, *, closed: bool) -> str:
        said = super()._outcome(duty, card, at, closed=closed)
        withdrawn = cast("Owed", duty).withdrawn and not (
            self.trello.done(card, duty, at) and self.trello.done(card, duty, duty.due)
        )
        return "excused" if withdrawn else said

    def row(self, owed: Owed, week: str, until: str | None = None) -> Json:
        """The line of an occurrence in the report of its week; or, caught up, in that of a later one."""
        close, at = self.files.closes(week), self.files.closes(until or week)
        card, verdict = self.trello.card_of(owed.key), self._judge(owed, close, closed=True)
        if until and card:
            verdict = self._caught_up(owed, card, verdict.outcome, at)
        assignees = verdict.assignees or owed.assignees
        spans = self.trello.done_spans(card, owed) if card else []
        return {
            "week": week,
            "key": owed.key,
            "board": owed.board,
            "task": owed.key.split("/")[1],
            "theme": owed.theme,
            "title": owed.title,
            "due": owed.due,
            "day": self.local_day(owed.due),
            "outcome": verdict.outcome,
            "completed_at": verdict.completed_at,
            "completed_by": verdict.completed_by,
            "assignees": assignees,
            "names": self.names(assignees),
            "unproven": verdict.unproven,
            "due_moves": self._due_moves(card, owed, at) if card else (),
            "reopened": any(span.end is not None and span.end <= at for span in spans),
            "card": card["id"] if card else "",
            "url": card["shortUrl"] if card else None,
            "absent": owed.absent,
            "nobody_left": owed.nobody_left,
            "duration": owed.duration,
            "is_rare": owed.is_rare,
            **self._excuse(owed, card, verdict.outcome, at),
        }

    def _caught_up(self, owed: Owed, card: Json, outcome: str, at: dt.datetime) -> Verdict:
        done = self.trello.done(card, owed, at)
        assert done
        return Verdict(
            outcome,
            done.start,
            self.files.people.get(done.by, done.by),
            self.trello.assignees(card, owed, done.start),
            self.trello.unproven(card, owed, at),
        )

    def _due_moves(self, card: Json, duty: Duty, close: dt.datetime) -> tuple[tuple[dt.datetime, str], ...]:
        """When and by whom the due was taken elsewhere than it is declared, or away."""
        found = []
        for action in self.trello.log.get(card["id"], []):
            if "due" not in action["data"].get("old", {}) or instant(action) > close:
                continue
            due = action["data"]["card"]["due"]
            if due is None or dt.datetime.fromisoformat(due) != duty.due:
                username = self.trello.usernames[action["idMemberCreator"]]
                found.append((instant(action), self.files.people.get(username, username)))
        return tuple(found)

    def _excuse(self, owed: Owed, card: Json | None, outcome: str, at: dt.datetime) -> Json:
        """Why it is excused; by whom and since when, where an action told it."""
        nothing: Json = {"reasons": "", "note": "", "excused_at": None, "excused_by": None}
        if outcome == "excused" and card:
            return {**nothing, **self._excused(owed, card, at)}
        if outcome == "not_issued" and card is None:
            # What an edit's pass finds past its due is recorded without a word.
            return {**nothing, "note": {"too_late", ""}}
        why = owed.skip if outcome == "excused" else ""
        return {**nothing, "note": why, "reasons": why}

    def _excused(self, owed: Owed, card: Json, at: dt.datetime) -> Json:
        looks = [event.look for event in self.trello.story(card) if event.at <= at]
        listed = [look.list_id in self.trello.excused_lists for look in looks]
        if any(self.files.excused in look.labels for look in looks) and any(listed):
            # Which of them counts depends on what was seen first, and no log tells of labels.
            return {"reasons": {"label", "list"}, "excused_at": ANY, "excused_by": ANY}
        if self.files.excused in looks[-1].labels:
            return {"reasons": "label"}
        if listed[-1]:
            spans = self.trello.spans(card, lambda look: look.list_id in self.trello.excused_lists)
            span = next(each for each in spans if each.holds(at))
            by = self.files.people.get(span.by, span.by)
            return {"reasons": "list", "excused_at": Within(span.start, span.start), "excused_by": by}
        if owed.withdrawn:
            return {"reasons": "withdrawn", "note": "withdrawn", "excused_at": Within(*self.plan.edited)}
        return {}  # it was excused when its week closed, and is no more

    def names(self, assignees: tuple[str, ...]) -> tuple[str, ...]:
        """People by name, also who left; others by their Trello username."""
        return tuple(self.plan.names.get(who, who) for who in assignees)

    def local_day(self, at: dt.datetime) -> str:
        return at.astimezone(self.files.zone).date().isoformat()


def lines_of(oracle: MonthOracle, weeks: list[str]) -> pd.DataFrame:
    """A row for each occurrence that fell due in these weeks, by due and key."""
    rows = [oracle.row(cast("Owed", duty), week) for week in weeks for duty in oracle.owed(week)]
    return pd.DataFrame(rows, dtype=object).sort_values(["due", "key"], ignore_index=True)


def instant(action: Json) -> dt.datetime:
    return dt.datetime.fromisoformat(action["date"])


def robots(trello: Trello) -> set[str]:
    """Who makes our cards: the accounts of the robot."""
    return {
        action["idMemberCreator"]
        for cards in trello.cards.values()
        for card in cards
        for action in trello.log[card["id"]]
        if action["type"] in ("createCard", "copyCard")
    }
