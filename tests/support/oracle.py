"""An independent judge: what a week's report must say, from Trello's raw objects and the board files.

It shares no code with trello_ops. It takes the sandbox's state as `GET /sandbox/state` gives it, and the
board files as plain YAML, and follows the rules of docs/report-json.md and docs/board-file.md to the letter:
slowly, day by day, action by action.
"""

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from math import comb
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import holidays
import yaml

Json = dict[str, Any]

OUTCOMES = ("on_time", "late", "missed", "open", "excused", "not_issued")
DAY = dt.timedelta(days=1)
MARKER = re.compile(r"trello-ops:card:[a-z0-9-]+/([a-z0-9-]+/[a-z0-9-]+/\d{4}-\d\d-\d\d)")
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
    complete_when: tuple[str, ...] = ("ticked", "in_done_list")
    every: bool = False
    requires: tuple[str, ...] = ()
    excused: bool = False
    """It falls on a day off: nobody has to do it, and there is no card."""


@dataclass(frozen=True)
class Verdict:
    outcome: str
    completed_at: dt.datetime | None = None
    completed_by: str | None = None
    assignees: tuple[str, ...] = ()
    unproven: bool = False
    due_moved_by: str | None = None


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
        country = self.workspace.get("holidays", {}).get("country")
        self._holidays = holidays.country_holidays(country) if country else {}

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

    def excused_title(self, board: str) -> str | None:
        """What the list is called whose cards are excused, where the board has one."""
        declared = self.boards.get(board, {})
        title = declared.get("lists", {}).get(declared.get("excused_list"))
        return str(title) if title else None

    def due_in(self, week: str) -> list[Duty]:
        begin, end = self.midnight(self.monday(week)), self.midnight(self.monday(week) + 7 * DAY)
        return [duty for duty in self._around(self.monday(week)) if begin <= duty.due < end]

    def standing(self, at: dt.datetime) -> list[Duty]:
        """The duties that have been released and are not due yet, and have a card."""
        nearby = self._around(at.astimezone(self.zone).date())
        return [duty for duty in nearby if duty.release <= at < duty.due and not duty.excused]

    def is_off(self, day: dt.date) -> bool:
        """Whether a day is a holiday, or none of the working days."""
        works = self.workspace.get("working_days", "mon-sun")
        return day in self._holidays or not _weekday_matches(works, day)

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
        daily = self.boards[board]["cadence"] == "daily"
        named = _day_that_names(self.boards[board]["cadence"], rule, day)
        back = 0 * DAY if daily else self._way_back(day)
        release = _instant(named, rule.get("release", "00:00"), zone)
        due = _instant(day - back, rule.get("due", "18:00"), zone)
        if release >= due or (named == day and _names_several_days(rule)):
            release = _instant(named - back, rule.get("release", "00:00"), zone)
        assign = rule.get("assign", "nobody")
        signs = rule.get("complete_when", ["ticked", "in_done_list"])
        every = isinstance(signs, dict)
        requires = rule.get("requires", "nothing")
        return Duty(
            key=f"{board}/{task}/{named}",
            board=board,
            theme=rule["theme"],
            assignees=() if assign == "nobody" else tuple([assign] if isinstance(assign, str) else assign),
            release=release,
            due=due,
            complete_when=_named(signs["all"] if every else signs),
            every=every,
            requires=() if requires == "nothing" else _named(requires),
            excused=daily and self.is_off(day),
        )

    def _way_back(self, day: dt.date) -> dt.timedelta:
        """How far before a day the last one that is worked lies."""
        back = 0 * DAY
        while self.is_off(day - back):
            back += DAY
        return back


def _named(said: str | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


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
    if cadence == "daily" or _names_several_days(rule):
        return day
    return day.replace(day=1) if cadence == "monthly" else day - day.weekday() * DAY


def _names_several_days(rule: Json) -> bool:
    on = rule.get("on", "")
    return "-" in on if isinstance(on, str) else len(on) > 1 or "-" in on[0]


def _instant(day: dt.date, time: str | Json, zone: ZoneInfo) -> dt.datetime:
    """In UTC, where no instant comes twice."""
    said = {"time": time} if isinstance(time, str) else time
    shifted = day + int(said.get("offset_days", 0)) * DAY
    return dt.datetime.combine(shifted, dt.time.fromisoformat(said["time"]), zone).astimezone(dt.UTC)


# ---- what happened ----------------------------------------------------------------------------------


@dataclass
class Look:
    """What a card is like at some moment; `items` are complete or not, by id, `labels` by title."""

    ticked: bool = False
    list_id: str = ""
    archived: bool = False
    items: dict[str, bool] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    comments: int = 0
    attachments: int = 0

    def shows(self, what: str, done_lists: set[str]) -> bool:
        return {
            "ticked": self.ticked,
            "in_done_list": self.list_id in done_lists,
            "archived": self.archived,
            "checklist_complete": bool(self.items) and all(self.items.values()),
        }[what]

    def proves(self, what: str) -> bool:
        return {
            "checklist": bool(self.items) and all(self.items.values()),
            "comment": self.comments > 0,
            "attachment": self.attachments > 0,
        }[what]


@dataclass(frozen=True)
class Event:
    """An action on a card, and what the card was like after it."""

    at: dt.datetime
    by: str
    look: Look


class Trello:
    """What the sandbox's raw objects say about our cards.

    `issued` are the cards' ids by key, where somebody knows them; without it a deleted card is no card.
    Which check items a deleted card had only those know who read it before: no log of Trello's tells.
    """

    def __init__(
        self, state: Json, files: Files, issued: dict[str, str] | None = None, *, knows_items: bool = True
    ) -> None:
        self.files, self._knows_items = files, knows_items
        self.usernames = {member["id"]: member["username"] for member in state["members"]}
        titles = {board["title"]: key for key, board in files.boards.items()}
        self.boards = {
            board["id"]: titles[board["name"]] for board in state["boards"] if board["name"] in titles
        }
        self.since = {key: _second(board_id) for board_id, key in self.boards.items()}
        self.done_lists = self._lists(state, files.done_title)
        self.excused_lists = self._lists(state, files.excused_title)
        self.log: dict[str, list[Json]] = {}
        for action in sorted(state["actions"], key=lambda each: str(each["id"])):
            self.log.setdefault(action["data"].get("card", {}).get("id", ""), []).append(action)
        self.items: dict[str, dict[str, bool]] = {}
        for checklist in state["checklists"]:
            held = self.items.setdefault(checklist["idCard"], {})
            held.update({item["id"]: item["state"] == "complete" for item in checklist["checkItems"]})
        self.cards: dict[str, list[Json]] = {}
        for card in sorted(state["cards"], key=lambda each: str(each["id"])):
            if found := self._marker(card):
                self.cards.setdefault(found, []).append(card)
        there = {card["id"] for found in self.cards.values() for card in found}
        for key, card_id in (issued or {}).items():
            if card_id not in there:
                self.cards.setdefault(key, []).insert(0, {"id": card_id, "deleted": True})

    def _lists(self, state: Json, title: Callable[[str], str | None]) -> set[str]:
        ours = [each for each in state["lists"] if each["idBoard"] in self.boards]
        return {each["id"] for each in ours if each["name"] == title(self.boards[each["idBoard"]])}

    def _marker(self, card: Json) -> str | None:
        """In its text, or in what its text was before somebody edited it."""
        edits = [action["data"].get("old", {}).get("desc") or "" for action in self.log.get(card["id"], [])]
        return next((found[1] for text in (*edits, card["desc"]) if (found := MARKER.search(text))), None)

    def card_of(self, key: str) -> Json | None:
        """The occurrence's card; the elder where somebody made a second one."""
        return next(iter(self.cards.get(key, [])), None)

    def story(self, card: Json) -> list[Event]:
        """All that happened to a card; the log must end where the card stands now."""
        log, look, found = self.log.get(card["id"], []), Look(items=self._first_items(card)), []
        if self._forgets(card):
            log = [action for action in log if action["type"] != "createCheckItem"]
        robot = next((a["idMemberCreator"] for a in log if a["type"] in ("createCard", "copyCard")), None)
        for n, action in enumerate(log):
            if not self._is_half_of_a_move(log, n):
                look = _after(look, action, robot)
            unknown = self._forgets(card) and action["type"] == "updateCheckItemStateOnCard"
            by = "" if unknown else self.usernames[action["idMemberCreator"]]
            found.append(Event(_date(action), by, look))
        if "deleted" not in card and card["idBoard"] in self.boards:
            stands = (card["dueComplete"], card["idList"], self.items.get(card["id"], {}))
            assert (look.ticked, look.list_id, look.items) == stands, "the log does not explain the card"
        return found

    def _is_half_of_a_move(self, log: list[Json], n: int) -> bool:
        """A card that changes boards arrives where the board is ours, else it leaves: never both."""
        if log[n]["type"] == "moveCardFromBoard":
            return log[n]["data"]["boardTarget"]["id"] in self.boards
        return log[n]["type"] == "moveCardToBoard" and log[n]["data"]["board"]["id"] not in self.boards

    def _forgets(self, card: Json) -> bool:
        return "deleted" in card and not self._knows_items

    def _first_items(self, card: Json) -> dict[str, bool]:
        """The items that no action made, as they were before any action on them."""
        log = self.log.get(card["id"], [])
        first = dict(self.items.get(card["id"], {}))
        for action in reversed(log):
            item = action["data"].get("checkItem", {})
            if action["type"] == "updateCheckItemStateOnCard":
                first[item["id"]] = item["state"] != "complete"
            elif action["type"] == "deleteCheckItem":
                first[item["id"]] = item["state"] == "complete"
        made = {a["data"]["checkItem"]["id"] for a in log if a["type"] == "createCheckItem"}
        made = set() if self._forgets(card) else made
        return {item: complete for item, complete in first.items() if item not in made}

    def spans(self, card: Json, holds: Callable[[Look], bool]) -> list[Span]:
        """When something was true of a card, and by whom."""
        spans: list[Span] = []
        for event in self.story(card):
            did = bool(spans) and spans[-1].end is None
            if holds(event.look) and not did:
                spans.append(Span(event.at, event.by))
            if did and not holds(event.look):
                spans[-1] = Span(spans[-1].start, spans[-1].by, event.at)
        return spans

    def done_spans(self, card: Json, duty: Duty) -> list[Span]:
        def done(look: Look) -> bool:
            shown = [look.shows(sign, self.done_lists) for sign in duty.complete_when]
            return all(shown) if duty.every else any(shown)

        return self.spans(card, done)

    def done(self, card: Json, duty: Duty, at: dt.datetime) -> Span | None:
        """The stretch of being done in which an instant lies."""
        return next((span for span in self.done_spans(card, duty) if span.holds(at)), None)

    def excused_at(self, card: Json, at: dt.datetime) -> bool:
        def excused(look: Look) -> bool:
            return self.files.excused in look.labels or look.list_id in self.excused_lists

        return any(span.holds(at) for span in self.spans(card, excused))

    def unproven(self, card: Json, duty: Duty, at: dt.datetime) -> bool:
        looks = [event.look for event in self.story(card) if event.at <= at]
        return not all(looks[-1].proves(proof) for proof in duty.requires)

    def assignees(self, card: Json, duty: Duty, at: dt.datetime) -> tuple[str, ...]:
        """Who was on the card: those whom the files name, and what people changed of it."""
        on_card = dict.fromkeys(duty.assignees)
        for action in self.log.get(card["id"], []):
            if _date(action) > at or action["type"] not in ("addMemberToCard", "removeMemberFromCard"):
                continue
            username = self.usernames[action["data"]["idMember"]]
            who = self.files.people.get(username, username)
            if action["type"] == "addMemberToCard":
                on_card[who] = None
            else:
                on_card.pop(who, None)
        return tuple(on_card) or duty.assignees

    def due_moved_by(self, card: Json, duty: Duty, at: dt.datetime) -> str | None:
        moves = [
            self.usernames[action["idMemberCreator"]]
            for action in self.log.get(card["id"], [])
            if "due" in action["data"].get("old", {}) and _date(action) <= at
            if action["data"]["card"]["due"] is None
            or dt.datetime.fromisoformat(action["data"]["card"]["due"]) != duty.due
        ]
        return self.files.people.get(moves[-1], moves[-1]) if moves else None


def _after(look: Look, action: Json, robot: str | None) -> Look:
    data, kind = action["data"], action["type"]
    changed = {name: data["card"].get(name) for name in data.get("old", {})} if kind == "updateCard" else {}
    items, labels = dict(look.items), set(look.labels)
    item = data.get("checkItem", {})
    if kind in ("createCheckItem", "updateCheckItemStateOnCard"):
        items[item["id"]] = item["state"] == "complete"
    if kind == "deleteCheckItem":
        del items[item["id"]]
    assert kind != "removeChecklistFromCard", "no action tells which items were on a checklist"
    if kind == "addLabelToCard":
        labels.add(data["label"]["name"])
    if kind == "removeLabelFromCard":
        labels.discard(data["label"]["name"])
    arrived = kind in ("createCard", "copyCard", "moveCardToBoard")
    archived = bool(changed.get("closed", look.archived))
    if archived and not look.archived and action["idMemberCreator"] == robot:
        archived = False  # housekeeping
    return Look(
        ticked=bool(changed.get("dueComplete", look.ticked)),
        list_id=data["list"]["id"] if arrived else changed.get("idList", look.list_id),
        archived=archived,
        items=items,
        labels=set() if kind.startswith("moveCard") else labels,
        comments=look.comments + (kind == "commentCard") - (kind == "deleteComment"),
        attachments=look.attachments + (kind == "addAttachmentToCard") - (kind == "deleteAttachmentFromCard"),
    )


def _second(object_id: str) -> dt.datetime:
    """The second that an id begins with: when its object was made."""
    return dt.datetime.fromtimestamp(int(object_id[:8], 16), dt.UTC)


def _date(action: Json) -> dt.datetime:
    return dt.datetime.fromisoformat(action["date"])


# ---- the verdicts -----------------------------------------------------------------------------------


class Oracle:
    """Every figure of every week."""

    def __init__(
        self, state: Json, boards: Path, issued: dict[str, str] | None = None, *, knows_items: bool = True
    ) -> None:
        self.files = Files(boards)
        self.trello = Trello(state, self.files, issued, knows_items=knows_items)

    def owed(self, week: str) -> list[Duty]:
        """What falls due in a week, since there was a board to put it on."""
        since = self.trello.since
        return [d for d in self.files.due_in(week) if d.board in since and d.due > since[d.board]]

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
                spans = self.trello.done_spans(card, duty) if card else []
                done_then = any(span.holds(self.files.closes(earlier)) for span in spans)
                newly = any(begin <= span.start < end for span in spans)
                if newly and not done_then and any(span.holds(end) for span in spans):
                    found.add(duty.key)
            earlier = _before(earlier)
        return found

    def _judge(self, duty: Duty, at: dt.datetime, *, closed: bool) -> Verdict:
        card = self.trello.card_of(duty.key)
        if duty.excused and card is None:
            return Verdict("excused", assignees=duty.assignees)
        if card is None:
            return Verdict("not_issued" if duty.due <= at else "open", assignees=duty.assignees)
        said = self._outcome(duty, card, at, closed=closed)
        moved_by = self.trello.due_moved_by(card, duty, at)
        done_at_end = self.trello.done(card, duty, at)
        if done_at_end is None:
            return Verdict(said, assignees=duty.assignees, due_moved_by=moved_by)
        counts = self.trello.done(card, duty, min(duty.due, at)) or done_at_end
        return Verdict(
            said,
            counts.start,
            self.files.people.get(counts.by, counts.by) or None,
            self.trello.assignees(card, duty, counts.start),
            self.trello.unproven(card, duty, at),
            moved_by,
        )

    def _outcome(self, duty: Duty, card: Json, at: dt.datetime, *, closed: bool) -> str:
        made, done_at_end = _second(card["id"]), self.trello.done(card, duty, at)
        if self.trello.excused_at(card, at):
            return "excused"
        if made > duty.due:
            return "not_issued"
        if done_at_end and self.trello.done(card, duty, min(duty.due, at)):
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
    completed = counts["on_time"] + counts["late"]
    return {"scheduled": len(listed), **counts, "compliance_rate": rate, "completed": completed}


def figures_by(duties: Iterable[Duty], verdicts: dict[str, Verdict], kind: str) -> dict[str, Json]:
    """The same by `board`, `theme` or `person`, with marks; the empty person stands for nobody."""
    groups: dict[str, list[str]] = {}
    for duty in duties:
        people = verdicts[duty.key].assignees or ("",)
        names = {"board": (duty.board,), "theme": (duty.theme,), "person": people}[kind]
        for name in names:
            groups.setdefault(name, []).append(verdicts[duty.key].outcome)
    whole = figures(verdict.outcome for verdict in verdicts.values())
    rows = {name: figures(outcomes) for name, outcomes in groups.items()}
    return {name: {**row, "marked": kind != "person" and marked(row, whole)} for name, row in rows.items()}


def marked(row: Json, whole: Json) -> bool:
    """Whether a row's missed lie above the 99.5 % quantile of Bin(its n, the whole's missed ÷ n)."""
    n, judged = row["completed"] + row["missed"], whole["completed"] + whole["missed"]
    if not judged:
        return False
    chance, below, quantile = Fraction(whole["missed"], judged), Fraction(0), -1
    while below < Fraction(995, 1000):
        quantile += 1
        below += comb(n, quantile) * chance**quantile * (1 - chance) ** (n - quantile)
    return bool(row["missed"] > quantile)


def disagreements(report: Json, oracle: Oracle, now: dt.datetime | None = None) -> list[str]:
    """Where a report, as JSON, says something else than the oracle. `now` for a week that is not closed."""
    duties, verdicts = oracle.owed(report["week"]), oracle.week(report["week"], now)
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
            g["key"]: {k: v for k, v in g.items() if k not in ("key", "title", "url")}
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
    return Verdict(
        line["outcome"],
        dt.datetime.fromisoformat(at) if at else None,
        line["completed_by"],
        tuple(line["assignees"]),
        line["unproven"],
        line["due_moved_by"],
    )
