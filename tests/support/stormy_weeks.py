"""Weeks of the shop with three boards and people who act, in calm or in a storm; and how two differ."""

import datetime as dt
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from live_kit import Live, apply, items
from oracle import MARKER
from quiet import nothing_logged
from three_boards import PEOPLE, SUNDAY, three_boards
from weather import burst, storm

from trello_ops.app import App
from trello_ops.demo.shop import shop_sandbox
from trello_ops.demo.story import Story
from trello_ops.demo.team import Account, Team
from trello_ops.errors import TrelloError
from trello_ops.operations import reconcile
from trello_ops.operations.claims import wait_for_settling
from trello_ops.testing import FixedClock
from trello_sandbox.server import running

Json = dict[str, Any]

_ZONE = ZoneInfo("Africa/Casablanca")
_DAY = dt.timedelta(days=1)
_BEFORE_PEOPLE_LOOK = dt.timedelta(minutes=45)
"""How long the robot has for a pass: people look at what it made afterwards, in calm and in storm alike."""
_LANDS_MEANWHILE = 30.0
_BREATH = 15.0


class PeopledClock(FixedClock):
    """Simulated time, the sandbox's too; whenever it goes on, people act at the instants they chose."""

    def __init__(self, start: dt.datetime, trello: Live) -> None:
        super().__init__(start)
        self._trello = trello
        self._moving = threading.RLock()
        self.act_until: Callable[[dt.datetime], None] = lambda _: None
        trello.set_clock(start)

    def advance(self, by: dt.timedelta) -> None:
        """A write that is still to land does so before much time passes."""
        with self._moving:
            while (
                by.total_seconds() > _LANDS_MEANWHILE and self._trello.control("GET", "underway")["landing"]
            ):
                time.sleep(0.005)
            target = self.now() + by
            self.act_until(target)
            self.set(target)

    def _let_land(self) -> None:
        while self._trello.control("GET", "underway")["landing"]:
            time.sleep(0.005)

    def set(self, moment: dt.datetime) -> None:
        super().advance(max(dt.timedelta(0), moment - self.now()))
        self._trello.set_clock(self.now())


@dataclass(frozen=True)
class Lived:
    """What some weeks left: Trello's state and the frozen reports.

    `requests` counts the robot's by what became of them: a fault's name, a status, or both.
    """

    state: Json
    reports: list[Json]
    requests: Counter[str]


def live_weeks(folder: Path, weeks: int, seed: int | None) -> Lived:
    """Live whole weeks from their eve on; in a storm of that seed, or in calm."""
    with ExitStack() as stack:
        stack.enter_context(nothing_logged())
        handle = stack.enter_context(running(shop_sandbox(port=0, rate_limit=False)))
        trello = Live(handle)
        clock = PeopledClock(SUNDAY, trello)
        app = stack.enter_context(trello.app(three_boards(folder), clock))
        accounts = {
            name: stack.enter_context(closing(Account(handle.url, handle.key, name, name))) for name in PEOPLE
        }
        story = Story(1, PEOPLE, _ZONE, SUNDAY.date() + _DAY)
        team = Team(accounts, story, "Excusé", clock.set)
        robot = _Robot(app, trello, clock, seed)
        robot.apply()
        team.enter("zinaobeldi")
        clock.act_until = team.act_until
        for moment in _moments(weeks):
            clock.advance_to(moment)
            robot.work()
            assert clock.now() <= moment + _BEFORE_PEOPLE_LOOK, "the robot was slower than people"
            clock.advance_to(moment + _BEFORE_PEOPLE_LOOK)
            team.look(moment + _BEFORE_PEOPLE_LOOK)
        store = app.services.store
        reports = [report.as_dict() for week in store.frozen_weeks() if (report := store.frozen(week))]
        return Lived(trello.state(), reports, robot.requests)


def _moments(weeks: int) -> Iterator[dt.datetime]:
    """Every morning; on Mondays after the close of the week before."""
    monday = SUNDAY.date() + _DAY
    for day in range(weeks * 7 + 1):
        at = dt.time(7, 0) if day % 7 == 0 else dt.time(6, 5)
        yield dt.datetime.combine(monday + day * _DAY, at, _ZONE)


class _Robot:
    """The program, which in a storm makes pass after pass until nothing is left undone, like the daemon."""

    def __init__(self, app: App, trello: Live, clock: PeopledClock, seed: int | None) -> None:
        self._app, self._trello, self._clock = app, trello, clock
        self._dice = Random(seed)  # noqa: S311 - a story, not a secret
        self._stormy = seed is not None
        self.requests: Counter[str] = Counter()
        if seed is not None:
            trello.control("POST", "faults", [burst(3), *storm(seed)])

    def apply(self) -> None:
        """Again and again, as people do who read what went wrong."""
        if not self._stormy:
            apply(self._app)
            return
        while True:
            try:
                context = self._app.context()
                reconcile.free_settled_changes(context)
                plan = reconcile.plan(context)
                if not plan.changes:
                    return
                reconcile.apply(context, plan)
            except TrelloError:
                continue
            self._settle()

    def work(self) -> None:
        if self._stormy and self._dice.random() < 0.5:
            self._trello.fault(**burst(self._dice.randint(2, 6)))
        names = {"reconcile", "issue", "observe", "report"}
        while names:
            names = self._again(names)
            if names:
                self._settle()
        self._count()

    def _count(self) -> None:
        for each in self._trello.requests():
            if each["fault"] or each["username"] == "robot":
                self.requests[f"{each['fault']} {each['status'] or ''}".strip()] += 1
        self._trello.forget_requests()

    def _again(self, names: set[str]) -> set[str]:
        """Run these jobs; those that must be run once more."""
        failed = {job.name for job in self._app.jobs() if job.name in names and self._app.run(job)}
        store = self._app.services.store
        if store.claims() or store.problems():
            failed |= {"reconcile", "issue", "observe"}
        if "observe" in failed and "report" in names:
            failed.add("report")
        return failed

    def _settle(self) -> None:
        waiting = wait_for_settling(self._app.context())
        self._clock.advance(dt.timedelta(seconds=max(_BREATH, waiting)))


# ---- how two of them differ -------------------------------------------------------------------------


def differences(one: Lived, other: Lived) -> list[str]:
    """What differs, but for ids, addresses, and the times that faults explain."""
    found = [*_unequal("boards", _boards(one.state), _boards(other.state))]
    found += _unequal("cards", _cards(one.state), _cards(other.state))
    found += _unequal("reports", _reports(one), _reports(other))
    return found


def _unequal(what: str, one: Json, other: Json) -> Iterator[str]:
    for key in sorted({*one, *other}):
        if one.get(key) != other.get(key):
            yield f"{what}: {key}: {one.get(key)} and {other.get(key)}"


def _boards(state: Json) -> Json:
    boards: Json = {}
    members = {member["id"]: member["username"] for member in state["members"]}
    for board in state["boards"]:
        lists = [each for each in state["lists"] if each["idBoard"] == board["id"]]
        labels = [each for each in state["labels"] if each["idBoard"] == board["id"]]
        boards.setdefault(board["name"], []).append(
            {
                "desc": board["desc"],
                "lists": [(e["name"], e["closed"]) for e in sorted(lists, key=lambda e: float(e["pos"]))],
                "labels": sorted((each["name"], each["color"]) for each in labels),
                "members": sorted(members[each["idMember"]] for each in board["memberships"]),
            }
        )
    return boards


def _cards(state: Json) -> Json:
    """By the occurrence they stand for; template cards by their title."""
    titles = {each["id"]: each["name"] for kind in ("lists", "labels") for each in state[kind]}
    members = {member["id"]: member["username"] for member in state["members"]}
    cards: Json = {}
    for card in state["cards"]:
        marked = MARKER.search(card["desc"])
        plain = ("name", "desc", "due", "start", "dueComplete", "closed", "isTemplate")
        shown = {name: card[name] for name in plain}
        shown["list"] = titles[card["idList"]]
        shown["labels"] = sorted(titles[each] for each in card["idLabels"])
        shown["members"] = sorted(members[each] for each in card["idMembers"])
        shown["items"] = items(state, card)
        cards.setdefault(marked[1] if marked else card["name"], []).append(shown)
    return cards


def _reports(lived: Lived) -> Json:
    return {report["week"]: _report(report) for report in lived.reports}


def _report(report: Json) -> Json:
    """When it was frozen, and what the robot had trouble with by then, is the weather's."""
    kept = {name: value for name, value in report.items() if name not in ("frozen_at", "system")}
    for name in ("occurrences", "caught_up"):
        kept[name] = [_line(line) for line in kept[name]]
    kept["boards"] = [
        {name: value for name, value in board.items() if name != "url"} for board in kept["boards"]
    ]
    return kept


def _line(line: Json) -> Json:
    """People act on the minute; the seconds are those that the sandbox' clock ticked on meanwhile."""
    at = line["completed_at"]
    minute = re.sub(r":\d\d(\.\d+)?Z$", "Z", at) if at else None
    return {**{name: value for name, value in line.items() if name != "card_url"}, "completed_at": minute}
