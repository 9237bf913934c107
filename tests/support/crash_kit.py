"""Kills real processes at every boundary, starts others after them, and judges what they leave on Trello.

A *boundary* is where the outside world changed, or may have: a request held by the sandbox before it is done
(`before`) or after it was done (`lost`), and inside the process right after a writing call of its ports
(`after`): after each commit, and after Trello's answer with the commit still to come.
"""

import datetime as dt
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from crash_child import Life
from live_kit import Live
from shared_clock import SharedClock
from three_boards import PEOPLE, SUNDAY, Judge, three_boards

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import running

Json = dict[str, Any]

CASABLANCA = ZoneInfo("Africa/Casablanca")
_KEY, _TOKEN, _SECRET = "a" * 32, "b" * 64, "c" * 64
_PAUSE = 0.003
_LONGEST = 60.0
_RARELY = dict.fromkeys(("reconcile_seconds", "issue_seconds", "observe_seconds", "report_seconds"), 3600)


class Processes:
    """Starts processes by forking a warm parent (`crash_child`), and tells how they are."""

    def __init__(self) -> None:
        script = Path(__file__).with_name("crash_child.py")
        self._parent = subprocess.Popen(
            [sys.executable, str(script)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        self._alive: set[int] = set()

    def start(self, life: Life) -> "Process":
        pid = int(self._ask({"start": asdict(life)}))
        self._alive.add(pid)
        return Process(self, pid, Path(life.out))

    def state(self, pid: int) -> str:
        """`running`, `frozen` (told once), or `dead` and its status (from then on)."""
        if pid not in self._alive:
            return "dead"
        state = self._ask({"poll": pid})
        if state.startswith("dead"):
            self._alive.discard(pid)
        return state

    def close(self) -> None:
        for pid in self._alive:
            os.kill(pid, signal.SIGKILL)
        self._parent.communicate()

    def _ask(self, asked: Json) -> str:
        assert self._parent.stdin
        assert self._parent.stdout
        self._parent.stdin.write(json.dumps(asked) + "\n")
        return self._parent.stdout.readline().strip()


class Process:
    """A started life."""

    def __init__(self, processes: Processes, pid: int, out: Path) -> None:
        self._processes, self.pid, self.out = processes, pid, out

    def state(self) -> str:
        return self._processes.state(self.pid)

    def is_dead(self) -> bool:
        return self.state().startswith("dead")

    def has_told(self) -> bool:
        """Whether its work is done for the first time."""
        return self.out.exists()

    def told(self) -> Json:
        found: Json = json.loads(self.out.read_text("utf-8"))
        return found

    def send(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """`kill -9`, and wait for the end."""
        self.send(signal.SIGKILL)
        wait(self.is_dead)

    def end(self) -> Json:
        """Wait until it has ended by itself; what it told."""
        wait(self.is_dead)
        assert self.has_told(), Path(f"{self.out}.stderr").read_text("utf-8")
        return self.told()


def wait(true: Any) -> None:
    end = time.monotonic() + _LONGEST
    while not true():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(_PAUSE)


@contextmanager
def processes() -> Iterator[Processes]:
    started = Processes()
    try:
        yield started
    finally:
        started.close()


# ---- a place: sandbox, folder and clock -------------------------------------------------------------


class Place:
    """The shop in a folder and in a sandbox, at some time."""

    def __init__(self, folder: Path, trello: Live, clock: SharedClock, started: Processes) -> None:
        self.folder, self.trello, self.clock = folder, trello, clock
        self._processes = started
        self._lives = 0

    def start(
        self, role: str, *, after: int = 0, on: str = "", strike: str = "KILL", **settings: object
    ) -> Process:
        """A process in a role; `after` so many of its writing calls, or of those named `on`, it is struck."""
        self._lives += 1
        environment = self.trello.environment(self.folder, **{**_RARELY, **settings})
        out = self.folder / f"life-{self._lives}.json"
        life = Life(role, environment, str(self.folder / "clock"), str(out), after, on, strike)
        return self._processes.start(life)

    def underway(self) -> Json:
        found: Json = self.trello.control("GET", "underway")
        return found

    def seen(self, told: Json) -> "Seen":
        mails = len(list((self.folder / "mail").glob("*")))
        return Seen(self.trello.state(), self.clock.now(), told, mails)

    def wrong(self, told: Json) -> list[str]:
        return self.seen(told).wrong(self.folder)


@dataclass(frozen=True)
class Seen:
    """What is there after somebody healed: Trello's state, what the store holds as `told`, and the mails."""

    state: Json
    now: dt.datetime
    told: Json
    mails: int

    def wrong(self, shop: Path) -> list[str]:
        """Everything that is wrong with it, in words."""
        judge, reports = Judge(self.state, shop), self.told["reports"]
        found = [*judge.boards(), *judge.cards(self.now), *judge.reports(reports)]
        found += [
            f"{name}: {self.told[name]}" for name in ("claims", "problems", "unsent") if self.told[name]
        ]
        weeks = [report["week"] for report in reports]
        found += [] if weeks == judge.closed_weeks(self.now) else [f"reports of {weeks}"]
        found += [] if self.mails == len(weeks) else [f"{self.mails} mails for {len(weeks)} reports"]
        return found


@contextmanager
def place(folder: Path, now: dt.datetime, started: Processes) -> Iterator[Place]:
    """The shop that lies in `folder`, whose sandbox goes on from `trello.json` there and is kept there."""
    config = shop_sandbox(
        port=0, data=folder / "trello.json", key=_KEY, token=_TOKEN, secret=_SECRET, rate_limit=False
    )
    with running(config) as handle:
        clock = SharedClock.create(folder / "clock", handle.url, now)
        try:
            yield Place(folder, Live(handle), clock, started)
        finally:
            clock.close()


# ---- the matrix -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Moment:
    """When a process is started, and in which role; people act some hours later."""

    at: dt.datetime
    role: str


def _moments() -> tuple[Moment, ...]:
    """Two weeks: apply on the eve, then every morning, on Mondays after the close of the week before."""
    mornings = []
    for day in range(1, 16):
        local = SUNDAY.astimezone(CASABLANCA) + dt.timedelta(days=day)
        hour, minute = (7, 10) if local.isoweekday() == 1 else (6, 40)
        mornings.append(Moment(local.replace(hour=hour, minute=minute), "daemon"))
    return (Moment(SUNDAY, "apply"), *mornings)


MOMENTS = _moments()


@dataclass(frozen=True)
class Boundary:
    """Where to kill: the number of the moment; `before`, `lost` or `after`; the number of the request, or of
    the writing call, from 0. `name` says what it was when nobody was killed."""

    moment: int
    stage: str
    number: int
    name: str

    def __str__(self) -> str:
        at = MOMENTS[self.moment]
        return f"{at.at:%a %d %b %H:%M} {at.role}: {self.stage} {self.number} ({self.name})"


class Chain:
    """Two weeks lived undisturbed: every boundary, a copy of all before each moment, and what was `seen`."""

    def __init__(self, folder: Path, started: Processes) -> None:
        self.folder = folder
        self.boundaries: list[Boundary] = []
        self.shop = three_boards(folder / "live")
        for number, moment in enumerate(MOMENTS):
            self._keep(number)
            self._live(number, moment, started)

    def before(self, moment: int) -> Path:
        return self.folder / f"before-{moment}"

    def _keep(self, number: int) -> None:
        shutil.copytree(self.shop, self.before(number), ignore=shutil.ignore_patterns("life-*"))

    def _live(self, number: int, moment: Moment, started: Processes) -> None:
        with place(self.shop, moment.at, started) as here:
            life = here.start(moment.role)
            wait(lambda: life.has_told() or life.is_dead())
            if moment.role == "daemon" and not life.is_dead():
                life.send(signal.SIGTERM)
            told = life.end()
            requests = [f"{each['method']} {each['route']}" for each in here.trello.requests()]
            for n, name in enumerate(requests):
                self.boundaries.append(Boundary(number, "before", n, name))
                if not name.startswith("GET"):
                    self.boundaries.append(Boundary(number, "lost", n, name))
            self.boundaries += [Boundary(number, "after", n, name) for n, name in enumerate(told["steps"])]
            if moment.role == "apply":
                told = here.start("heal").end()
            self.seen = here.seen(told)
            wrong = self.seen.wrong(self.shop)
            assert wrong == [], f"{moment}: nobody was killed yet, but {wrong}"
            act(here, moment)
        for out in self.shop.glob("life-*"):
            out.unlink()


def act(here: Place, moment: Moment) -> None:
    """What people do around noon: most cards are done, one is excused now and then, one is reopened."""
    here.clock.advance_to(moment.at.replace(hour=11) if moment.role == "daemon" else moment.at)
    dice = Random(moment.at.isoformat())  # noqa: S311 - a story, not a secret
    for card in here.trello.state()["cards"]:
        if card["isTemplate"] or card["dueComplete"] or dice.random() < 0.4:
            continue
        who = dice.choice(PEOPLE)
        match dice.randrange(6):
            case 0 if len(card["idLabels"]) == 1:
                here.trello.label(card, "Excusé", who)
            case 1:
                here.trello.tick(card, who)
                here.trello.untick(card, who)
            case 2:
                here.trello.move(card, "Terminé", who)
            case _:
                here.trello.tick(card, who)


@dataclass(frozen=True)
class Verdict:
    """What became of a kill. `killed` is false where the process came to its end unharmed."""

    killed: bool
    wrong: tuple[str, ...]


def kill_at(boundary: Boundary, kept: Path, scratch: Path, started: Processes) -> Verdict:
    """Kill a process there, heal, and judge."""
    folder = scratch / "killed"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept, folder)
    moment = MOMENTS[boundary.moment]
    with place(folder, moment.at, started) as here:
        if boundary.stage == "after":
            process = here.start(moment.role, after=boundary.number + 1)
            wait(lambda: process.is_dead() or process.has_told())
            killed = not process.has_told()
        else:
            fault = "reset" if boundary.stage == "before" else "lose_answer"
            here.trello.fault(by="robot", skip=boundary.number, hold=True, **{fault: True})
            process = here.start(moment.role)
            wait(lambda: here.underway()["held"] or process.has_told())
            killed = bool(here.underway()["held"])
        if not process.is_dead():
            process.kill()
        here.trello.control("DELETE", "faults")
        if moment.role == "apply":
            here.start("apply_all").end()
        return Verdict(killed, tuple(here.wrong(here.start("heal").end())))
