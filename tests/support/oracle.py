"""An independent judge: what a week's report must say, from Trello's raw objects and the board files.

It shares no code with trello_ops. It takes the sandbox's state as `GET /sandbox/state` gives it, and the
board files as plain YAML, and follows the rules of docs/report-json.md and docs/board-file.md to the letter:
slowly, day by day, action by action.
"""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import yaml

Json = dict[str, Any]

OUTCOMES = ("on_time", "late", "missed", "open", "excused", "not_issued")
DAY = dt.timedelta(days=1)
MARKER = re.compile(r"trello-ops:card:([a-z0-9-]+/[a-z0-9-]+/\d{4}-\d\d-\d\d)")
WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("mon lun", "tue mar", "wed mer", "thu jeu", "fri ven", "sat sam", "sun dim")
    )
    for name in names.split()
}


@dataclass(frozen=True)
class Duty:
    """One occurrence that falls due, as the board files have it."""

    key: str
    board: str
    theme: str
    assignees: tuple[str, ...]
    release: dt.datetime
    due: dt.datetime


@dataclass(frozen=True)
class Verdict:
    outcome: str
    completed_at: dt.datetime | None = None
    completed_by: str | None = None


@dataclass(frozen=True)
class Span:
    """A stretch of time during which a card was done; `end` is None while it lasts."""

    start: dt.datetime
    by: str
    end: dt.datetime | None = None

    def holds(self, at: dt.datetime) -> bool:
        return self.start <= at and (self.end is None or at < self.end)


# ---- the board files --------------------------------------------------------------------------------


class Files:
    """The declared boards. Every value is read as text, whatever YAML would make of it."""

    def __init__(self, folder: Path) -> None:
        files = {
            path.stem: yaml.load(path.read_text("utf-8"), yaml.BaseLoader)  # noqa: S506 - makes strings only
            for path in folder.glob("*.yaml")
        }
        self.workspace: Json = files.pop("workspace")
        self.boards: dict[str, Json] = files
        self.zone = ZoneInfo(self.workspace["timezone"])
        self.people = {p["trello"]: key for key, p in self.workspace["people"].items()}
        self.excused = self.workspace.get("excused_label", {}).get("title", "Excusé")

    def monday(self, week: str) -> dt.date:
        """The Monday of a week written `2026-W47`."""
        return dt.datetime.strptime(f"{week}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a local date

    def midnight(self, day: dt.date) -> dt.datetime:
        return _instant(day, "00:00", self.zone)

    def closes(self, week: str) -> dt.datetime:
        time = self.workspace["report"].get("closes", "07:00")
        return _instant(self.monday(week) + 7 * DAY, time, self.zone)

    def done_title(self, board: str) -> str:
        """What the list is called whose cards count as done."""
        return str(self.boards.get(board, {}).get("lists", {}).get("done", "Terminé"))

    def due_in(self, week: str) -> list[Duty]:
        begin, end = self.midnight(self.monday(week)), self.midnight(self.monday(week) + 7 * DAY)
        return [duty for duty in self._around(self.monday(week)) if begin <= duty.due < end]

    def standing(self, at: dt.datetime) -> list[Duty]:
        """The duties that have been released and are not due yet."""
        nearby = self._around(at.astimezone(self.zone).date())
        return [duty for duty in nearby if duty.release <= at < duty.due]

    def _around(self, day: dt.date) -> Iterator[Duty]:
        """Every duty that falls on a day within six weeks of `day`."""
        for name, board in self.boards.items():
            for key, task in board["tasks"].items():
                rule = {**board, **task}
                for n in range(-42, 43):
                    if _falls_on(board["cadence"], rule, day + n * DAY):
                        yield self._duty(name, key, rule, day + n * DAY)

    def _duty(self, board: str, task: str, rule: Json, day: dt.date) -> Duty:
        zone = ZoneInfo(rule["timezone"]) if "timezone" in rule else self.zone
        named = _day_that_names(self.boards[board]["cadence"], rule, day)
        assign = rule.get("assign", "nobody")
        return Duty(
            key=f"{board}/{task}/{named}",
            board=board,
            theme=rule["theme"],
            assignees=() if assign == "nobody" else tuple([assign] if isinstance(assign, str) else assign),
            release=_instant(named, rule.get("release", "00:00"), zone),
            due=_instant(day, rule.get("due", "18:00"), zone),
        )


def _days_named(cadence: str, rule: Json) -> list[str]:
    on = rule.get("on", {"daily": "mon-sun", "weekly": "friday", "monthly": "last"}[cadence])
    return [on] if isinstance(on, str) else list(on)


def _falls_on(cadence: str, rule: Json, day: dt.date) -> bool:
    if "start" in rule and day < dt.date.fromisoformat(rule["start"]):
        return False
    matches = _month_day_matches if cadence == "monthly" else _weekday_matches
    return any(matches(word, day) for word in _days_named(cadence, rule))


def _month_day_matches(word: str, day: dt.date) -> bool:
    is_last = (day + DAY).day == 1
    return is_last if word == "last" else day.day == int(word) or (is_last and day.day < int(word))


def _weekday_matches(word: str, day: dt.date) -> bool:
    first, _, last = word.partition("-")
    begin, end = WEEKDAYS[first[:3]], WEEKDAYS[(last or first)[:3]]
    return (day.weekday() - begin) % 7 <= (end - begin) % 7


def _day_that_names(cadence: str, rule: Json, day: dt.date) -> dt.date:
    """The period's first day; the day itself where several days of a period are named."""
    words = _days_named(cadence, rule)
    if cadence == "daily" or len(words) > 1 or "-" in words[0]:
        return day
    return day.replace(day=1) if cadence == "monthly" else day - day.weekday() * DAY


def _instant(day: dt.date, time: str | Json, zone: ZoneInfo) -> dt.datetime:
    """In UTC, where no instant comes twice."""
    said = {"time": time} if isinstance(time, str) else time
    shifted = day + int(said.get("offset_days", 0)) * DAY
    return dt.datetime.combine(shifted, dt.time.fromisoformat(said["time"]), zone).astimezone(dt.UTC)


# ---- what happened ----------------------------------------------------------------------------------


class Trello:
    """What the sandbox's raw objects say about our cards."""

    def __init__(self, state: Json, files: Files) -> None:
        self.files = files
        self.usernames = {member["id"]: member["username"] for member in state["members"]}
        titles = {board["title"]: key for key, board in files.boards.items()}
        keys = {board["id"]: titles[board["name"]] for board in state["boards"] if board["name"] in titles}
        self.since = {key: _second(board_id) for board_id, key in keys.items()}
        self.done_lists = {
            each["id"]
            for each in state["lists"]
            if each["name"] == files.done_title(keys.get(each["idBoard"], ""))
        }
        self.cards: dict[str, list[Json]] = {}
        for card in sorted(state["cards"], key=lambda each: str(each["id"])):
            if found := MARKER.search(card["desc"]):
                self.cards.setdefault(found[1], []).append(card)
        self.log: dict[str, list[Json]] = {}
        for action in sorted(state["actions"], key=lambda each: str(each["id"])):
            self.log.setdefault(action["data"].get("card", {}).get("id", ""), []).append(action)

    def card_of(self, key: str) -> Json | None:
        """The occurrence's card; the elder where somebody made a second one."""
        return next(iter(self.cards.get(key, [])), None)

    def done_spans(self, card: Json) -> list[Span]:
        """When the card was done, by its log; the log must end where the card stands now."""
        spans: list[Span] = []
        ticked, list_id = False, ""
        for action in self.log.get(card["id"], []):
            if action["type"] in ("createCard", "copyCard"):
                list_id = action["data"]["list"]["id"]
            if action["type"] != "updateCard":
                continue
            changed = {name: action["data"]["card"].get(name) for name in action["data"]["old"]}
            ticked, list_id = changed.get("dueComplete", ticked), changed.get("idList", list_id)
            done, was_done = ticked or list_id in self.done_lists, bool(spans) and spans[-1].end is None
            if done and not was_done:
                spans.append(Span(_date(action), self.usernames[action["idMemberCreator"]]))
            if was_done and not done:
                spans[-1] = Span(spans[-1].start, spans[-1].by, _date(action))
        assert (ticked, list_id) == (card["dueComplete"], card["idList"]), "the log does not explain the card"
        return spans

    def done(self, card: Json, at: dt.datetime) -> Span | None:
        """The stretch of being done in which an instant lies."""
        return next((span for span in self.done_spans(card) if span.holds(at)), None)

    def excused_at(self, card: Json, at: dt.datetime) -> bool:
        steps = [
            action["type"] == "addLabelToCard"
            for action in self.log.get(card["id"], [])
            if action["type"] in ("addLabelToCard", "removeLabelFromCard")
            if action["data"]["label"]["name"] == self.files.excused and _date(action) <= at
        ]
        return bool(steps) and steps[-1]


def _second(object_id: str) -> dt.datetime:
    """The second that an id begins with: when its object was made."""
    return dt.datetime.fromtimestamp(int(object_id[:8], 16), dt.UTC)


def _date(action: Json) -> dt.datetime:
    return dt.datetime.fromisoformat(action["date"])


# ---- the verdicts -----------------------------------------------------------------------------------


class Oracle:
    """Every figure of every week."""

    def __init__(self, state: Json, boards: Path) -> None:
        self.files = Files(boards)
        self.trello = Trello(state, self.files)

    def owed(self, week: str, now: dt.datetime | None = None) -> list[Duty]:
        """What fell due in a week, since there was a board to put it on; as of `now` what was released."""
        since, until = self.trello.since, now or self.files.closes(week)
        due = self.files.due_in(week)
        return [d for d in due if d.board in since and d.due > since[d.board] and d.release <= until]

    def week(self, week: str, now: dt.datetime | None = None) -> dict[str, Verdict]:
        """The verdicts of a closed week, or as of `now` those of one that has not closed."""
        at = min(now, self.files.closes(week)) if now else self.files.closes(week)
        return {
            duty.key: self._judge(duty, at, closed=at == self.files.closes(week)) for duty in self.owed(week)
        }

    def caught_up(self, week: str) -> set[str]:
        """What an earlier week left undone, and somebody did between the last close and this one."""
        begin, end = self.files.closes(_before(week)), self.files.closes(week)
        found, earlier = set(), _before(week)
        while self.files.closes(earlier) > min(self.trello.since.values(), default=end):
            for duty in self.owed(earlier):
                card = self.trello.card_of(duty.key)
                spans = self.trello.done_spans(card) if card else []
                done_then = any(span.holds(self.files.closes(earlier)) for span in spans)
                newly = any(begin <= span.start < end for span in spans)
                if newly and not done_then and any(span.holds(end) for span in spans):
                    found.add(duty.key)
            earlier = _before(earlier)
        return found

    def _judge(self, duty: Duty, at: dt.datetime, *, closed: bool) -> Verdict:
        card = self.trello.card_of(duty.key)
        if card is None:
            return Verdict("not_issued" if duty.due <= at else "open")
        said = self._outcome(duty, card, at, closed=closed)
        done_at_end = self.trello.done(card, at)
        if done_at_end is None:
            return Verdict(said)
        counts = self.trello.done(card, min(duty.due, at)) or done_at_end
        return Verdict(said, counts.start, self.files.people.get(counts.by, counts.by))

    def _outcome(self, duty: Duty, card: Json, at: dt.datetime, *, closed: bool) -> str:
        made, done_at_end = _second(card["id"]), self.trello.done(card, at)
        if self.trello.excused_at(card, at):
            return "excused"
        if made > duty.due:
            return "not_issued"
        if done_at_end and self.trello.done(card, min(duty.due, at)):
            return "on_time"
        if not done_at_end and not closed:
            return "open"
        if made > duty.release + (duty.due - duty.release) / 2:
            return "not_issued"
        return "late" if done_at_end else "missed"


def _before(week: str) -> str:
    monday = dt.datetime.strptime(f"{week}-1", "%G-W%V-%u").date()  # noqa: DTZ007 - a local date
    return (monday - 7 * DAY).strftime("%G-W%V")


# ---- figures ----------------------------------------------------------------------------------------


def figures(outcomes: Iterable[str]) -> Json:
    """The figures of a set of outcomes, as docs/report-json.md names them."""
    listed = list(outcomes)
    counts: Json = {each: listed.count(each) for each in OUTCOMES}
    judged = counts["on_time"] + counts["late"] + counts["missed"]
    rate = counts["on_time"] / judged if judged else None
    return {"scheduled": len(listed), **counts, "compliance_rate": rate}


def figures_by(duties: Iterable[Duty], verdicts: dict[str, Verdict], kind: str) -> dict[str, Json]:
    """The same by `board`, `theme` or `person`; the empty person stands for nobody."""
    groups: dict[str, list[str]] = {}
    for duty in duties:
        names = {"board": (duty.board,), "theme": (duty.theme,), "person": duty.assignees or ("",)}[kind]
        for name in names:
            groups.setdefault(name, []).append(verdicts[duty.key].outcome)
    return {name: figures(outcomes) for name, outcomes in groups.items()}


def disagreements(report: Json, oracle: Oracle, now: dt.datetime | None = None) -> list[str]:
    """Where a report, as JSON, says something else than the oracle. `now` for a week that is not closed."""
    duties, verdicts = oracle.owed(report["week"], now), oracle.week(report["week"], now)
    said = {line["key"]: _said(line) for line in report["occurrences"]}
    found = [f"{key}: {said.get(key)} instead of {verdicts.get(key)}" for key in sorted({*said, *verdicts})
             if said.get(key) != verdicts.get(key)]  # fmt: skip
    dues = {duty.key: duty.due for duty in duties}
    found += [
        f"{line['key']}: due {line['due_at']}"
        for line in report["occurrences"]
        if dt.datetime.fromisoformat(line["due_at"]) != dues.get(line["key"])
    ]
    expected = figures(verdict.outcome for verdict in verdicts.values())
    if report["totals"] != expected:
        found.append(f"totals: {report['totals']} instead of {expected}")
    for plural, kind in (("boards", "board"), ("themes", "theme"), ("people", "person")):
        groups = {
            g["key"]: {k: v for k, v in g.items() if k not in ("key", "title")}
            for g in report[plural]
            if g["scheduled"]
        }
        if groups != figures_by(duties, verdicts, kind):
            found.append(f"{plural}: {groups}")
    late = {line["key"] for line in report["caught_up"]}
    if late != oracle.caught_up(report["week"]):
        found.append(f"caught up: {late} instead of {oracle.caught_up(report['week'])}")
    return found


def _said(line: Json) -> Verdict:
    at = line["completed_at"]
    return Verdict(line["outcome"], dt.datetime.fromisoformat(at) if at else None, line["completed_by"])
