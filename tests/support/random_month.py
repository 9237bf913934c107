"""Months in which people work well, badly, late or oddly, over HTTP; they leave reports and raw objects."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from random import Random
from unittest.mock import patch

from live_kit import PARIS, Json, Live, MovableClock, apply
from month_files import WEEKS, Declared, declare, write
from oracle import MARKER
from quiet import nothing_logged

from trello_ops.app import App

PEOPLE = ("amal_zina", "karim_zina")
STYLES = ("good", "mixed", "bad", "last_minute", "neglect")
_DAY, _MINUTE = dt.timedelta(days=1), dt.timedelta(minutes=1)
_EVERY_JOB = ("reconcile", "issue", "observe", "report")


@dataclass(frozen=True)
class Lived:
    """`reports` are those frozen, oldest first; `state` is what the sandbox holds after them.

    `read_at` are the instants at which the boards were read, to some seconds; `edited` are the robot's last
    one at work before an edit, and that of the edit.
    """

    declared: Declared
    reports: list[Json]
    state: Json
    read_at: tuple[dt.datetime, ...]
    edited: tuple[dt.datetime, dt.datetime]


def live_months(trello: Live, folder: Path, seed: int, months: int) -> Lived:
    """In a sandbox that is made empty, and a folder that is."""
    dice = Random(seed)  # noqa: S311 - dice, not keys
    declared, weeks = declare(folder, months, dice), months * WEEKS
    trello.reset()
    clock = MovableClock(trello, _at(declared.first, "05:30"))
    with nothing_logged(), nothing_mailed(), trello.app(folder, clock) as app:
        apply(app)
        robot, team = _Robot(app, clock), _Team(trello, clock, dice, declared)
        for day in range(7 * weeks):
            _live_a_day(robot, team, declared.first + day * _DAY)
        robot.work(_at(declared.first + 7 * weeks * _DAY, "07:10"), *_EVERY_JOB)
        store = app.services.store
        frozen = [report.as_dict() for week in store.frozen_weeks() if (report := store.frozen(week))]
        assert len(frozen) == weeks
        return Lived(
            declared, frozen, trello.state(), tuple(robot.read_at), robot.edited or (clock.now(),) * 2
        )


def _at(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time), PARIS)


def _live_a_day(robot: "_Robot", team: "_Team", day: dt.date) -> None:
    edit = team.declared.edit
    if edit and edit.at.date() == day:
        assert robot.worked_at
        robot.edited = robot.worked_at, edit.at
        write(edit, robot.boards)
        robot.work(edit.at, *_EVERY_JOB)
    if day.weekday() == 0:
        jobs = _EVERY_JOB if team.dice.random() < 0.2 else _EVERY_JOB[1:]
        robot.work(_at(day, "07:10"), *jobs)
        team.style = team.habit if team.dice.random() < 0.6 else team.dice.choice(STYLES)
    elif day.weekday() == 3 or (day.day % 10 == 5 and team.dice.random() < 0.7):
        robot.work(_at(day, "06:05"), *_EVERY_JOB[1 : team.dice.choice((2, 3, 3))])
    elif day.weekday() != 6 and team.dice.random() < 0.7:
        return
    team.work(day)
    if team.dice.random() < 0.1:
        robot.work(_at(day, "22:30"), "observe")


@contextmanager
def nothing_mailed() -> Iterator[None]:
    """Mails have tests of their own; drawing them is much of the time that a week takes."""
    with patch("trello_ops.operations.report.send_owed", return_value=0):
        yield


@dataclass
class _Robot:
    app: App
    clock: MovableClock
    read_at: list[dt.datetime] = field(default_factory=list)
    worked_at: dt.datetime | None = None
    edited: tuple[dt.datetime, dt.datetime] | None = None

    @property
    def boards(self) -> Path:
        return self.app.settings.boards_dir

    def work(self, at: dt.datetime, *names: str) -> None:
        """Some of its jobs, none of which may fail."""
        self.clock.advance_to(at)
        self.worked_at = self.clock.now()
        for job in self.app.jobs():
            if job.name in names:
                if job.name == "observe":
                    self.read_at.append(self.clock.now())
                assert self.app.run(job) is None


class _Team:
    """`style` is how they work this week."""

    def __init__(self, trello: Live, clock: MovableClock, dice: Random, declared: Declared) -> None:
        self.trello, self.clock, self.dice, self.style = trello, clock, dice, "good"
        self.declared, self.habit = declared, dice.choice(("good", "good", "mixed"))
        ways = ({"app": "Zap"}, {"agent": True}, {"app": "Trello for Android"})
        orders = ({"username": "karim_zina", **way} for way in ways)
        self._lists: dict[str, Json] = {}
        self._programs = [trello.control("POST", "tokens", order)["token"] for order in orders]

    def work(self, day: dt.date) -> None:
        """At instants of their own, on cards of today and on some that were left."""
        recent = (day - 9 * _DAY).isoformat()
        cards = [card for card in self._cards() if card["due"] > recent and MARKER.search(card["desc"])]
        undone = [card for card in cards if not self._is_done(card)]
        done = [card for card in cards if self._is_done(card)]
        todo = [(c, self._deed(c, day)) for c in undone if self.dice.random() < self._zeal(c, day)]
        todo += [(c, "reopen") for c in done if self.dice.random() < 0.02]
        todo += [(c, "postpone") for c in undone if self.dice.random() < 0.03]
        rush = self.style == "last_minute" and day.weekday() == 6
        timed = [(self._minute(rush), card, deed) for card, deed in todo]
        for minute, card, deed in sorted(timed, key=lambda each: each[0]):
            self.clock.advance_to(_at(day, "07:30") + minute * _MINUTE)
            getattr(self, f"_{deed}")(card)

    def _cards(self) -> list[Json]:
        """Those that are not archived, on all boards, with their checklists."""
        if not self._lists:
            state = self.trello.state()
            self._boards = [board["id"] for board in state["boards"]]
            self._lists = {each["id"]: each for each in state["lists"]}
            self._members = {each["username"]: each["id"] for each in state["members"]}
        query = {"checklists": "all", "fields": "desc,due,dueComplete,idList,idBoard,idMembers,labels"}
        found = (self.trello.act(PEOPLE[0], "GET", f"/boards/{each}/cards", **query) for each in self._boards)
        # By their text, which names the occurrence: ids differ from one life to the next.
        return sorted((card for cards in found for card in cards if card["due"]), key=itemgetter("desc"))

    def _zeal(self, card: Json, day: dt.date) -> float:
        if self.style == "last_minute":
            return 1.0 if day.weekday() == 6 else 0.1
        if self.style == "neglect" and "/weekly/" in card["desc"]:
            return 0.0
        return {"mixed": 0.6, "bad": 0.25}.get(self.style, 0.95)

    def _minute(self, rush: bool) -> float:
        if rush:
            return 780 + self.dice.random() * 9
        return self.dice.randrange(0, (4 if self.dice.random() < 0.7 else 14) * 60)

    def _deed(self, card: Json, day: dt.date) -> str:
        if card["due"][:10] > day.isoformat() and self.dice.random() < 0.4:
            return "touch"
        if self.style in ("good", "neglect") and self.dice.random() < 0.6:
            return "tick"
        ways = ["tick"] * 4 + ["begin"] * 4 + ["move", "quick", "check_at_once", "automate"] * 2
        return self.dice.choice([*ways, "touch", "excuse", "label", "take_over", "check_slowly"])

    def _is_done(self, card: Json) -> bool:
        return bool(card["dueComplete"] or self._lists[card["idList"]]["name"] == "Terminé")

    # ---- deeds

    def _who(self) -> str:
        return self.dice.choice(PEOPLE)

    def _send(self, card: Json, method: str, path: str = "", **params: str) -> None:
        self.trello.act(self._who(), method, f"/cards/{card['id']}{path}", **params)

    def _tick(self, card: Json) -> None:
        """Nadia too does what is hers, as long as she is there."""
        edit = self.declared.edit
        there = edit is None or not edit.leaves or self.clock.now() < edit.at
        if there and "/tills/" in card["desc"] and self.dice.random() < 0.5:
            self.trello.act("nadia_zina", "PUT", f"/cards/{card['id']}", dueComplete="true")
        else:
            self._send(card, "PUT", dueComplete="true")

    def _touch(self, card: Json) -> None:
        self._send(card, "POST", "/actions/comments", text="Je commence")

    def _begin(self, card: Json) -> None:
        """And be done some minutes later, or an hour."""
        self._touch(card)
        self.clock.advance(self.dice.choice((60, 230, 250, 500, 700, 1500, 4000)))
        self._finish(card)

    def _quick(self, card: Json) -> None:
        self._touch(card)
        self.clock.advance(self.dice.randint(5, 90))
        self._finish(card)

    def _finish(self, card: Json) -> None:
        if self.dice.random() < 0.5:
            self._check(card, 30)
        self._tick(card)

    def _move(self, card: Json) -> None:
        self._to_list(card, self.dice.choice(("Terminé", "Terminé", "À faire")))

    def _excuse(self, card: Json) -> None:
        self._to_list(card, "Excusées")

    def _to_list(self, card: Json, title: str) -> None:
        there = (each for each in self._lists.values() if each["idBoard"] == card["idBoard"])
        ids = [each["id"] for each in there if each["name"] == title]
        if ids:
            self._send(card, "PUT", idList=ids[0])

    def _label(self, card: Json) -> None:
        if not any(each["name"] == "Excusé" for each in card["labels"]):
            self.trello.label(card, "Excusé", self._who())

    def _check_at_once(self, card: Json) -> None:
        self._check(card, 0)
        if self.dice.random() < 0.7:
            self._tick(card)

    def _check_slowly(self, card: Json) -> None:
        self._check(card, 120)

    def _check(self, card: Json, seconds: int) -> None:
        items = [item for each in card["checklists"] for item in each["checkItems"]]
        for item in items:
            self._send(card, "PUT", f"/checkItem/{item['id']}", state="complete")
            if seconds:
                self.clock.advance(seconds)

    def _automate(self, card: Json) -> None:
        query = {"key": self.trello.key, "token": self.dice.choice(self._programs), "dueComplete": "true"}
        self.trello._send("PUT", f"/1/cards/{card['id']}", params=query)

    def _take_over(self, card: Json) -> None:
        who = self._who()
        member = self._members[who]
        if member not in card["idMembers"]:
            self.trello.act(who, "POST", f"/cards/{card['id']}/idMembers", value=member)
        self._tick(card)

    def _reopen(self, card: Json) -> None:
        self._send(card, "PUT", dueComplete="false")
        if self.dice.random() < 0.5:
            self.clock.advance(600)
            self._tick(card)

    def _postpone(self, card: Json) -> None:
        due = dt.datetime.fromisoformat(card["due"]) + self.dice.choice((-1, 2, 30)) * dt.timedelta(hours=1)
        self._send(card, "PUT", due=due.isoformat())
