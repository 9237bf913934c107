"""Two processes on one store, a Trello in bad weather, and somebody who kills and freezes them by chance."""

import signal
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from crash_kit import MOMENTS, Place, Process, Processes, act, place, wait
from three_boards import three_boards
from weather import burst, storm

_QUICK = {"reconcile_seconds": 0.4, "issue_seconds": 0.1, "observe_seconds": 0.3, "report_seconds": 0.2}
_LEASE = 130.0
_LEASE_AND_SETTLED = 230.0
_LONG_ENOUGH = 0.4
"""Real seconds in which a process makes a pass or two."""
_EVENTS_A_DAY = 12


class Rivals:
    """The story of one seed. `tally` counts what was done to the processes."""

    def __init__(self, seed: int, here: Place) -> None:
        self._dice = Random(f"rivals/{seed}")  # noqa: S311 - a story, not a secret
        self._seed = seed
        self._here = here
        self._running: list[Process] = []
        self._frozen: list[Process] = []
        self.tally: Counter[str] = Counter()

    def live(self, days: int) -> Iterator[str]:
        """Whatever is wrong at the end of a day."""
        yield from (f"apply: {said}" for said in self._apply())
        for moment in MOMENTS[1 : days + 1]:
            self._here.clock.advance_to(moment.at.replace(hour=6, minute=5))
            self._here.trello.control("POST", "faults", storm(self._seed))
            for _ in range(_EVENTS_A_DAY):
                self._happen()
            self._here.trello.control("DELETE", "faults")
            self._here.clock.advance_to(moment.at)
            yield from (f"{moment.at:%a %d %b}: {said}" for said in self._evening())
            act(self._here, moment)

    def _apply(self) -> list[str]:
        for _ in range(3):
            applying = self._here.start("apply", after=self._dice.randint(1, 120))
            wait(applying.is_dead)
            self.tally["killed"] += not applying.has_told()
        self._here.start("apply_all").end()
        return self._here.wrong(self._here.start("heal").end())

    def _evening(self) -> list[str]:
        """The frozen wake, everybody ends, somebody heals."""
        for each in self._frozen:
            each.send(signal.SIGCONT)
        time.sleep(0.2)
        for each in self._running + self._frozen:
            if not each.is_dead():
                each.kill()
                self.tally["killed"] += 1
        self._running, self._frozen = [], []
        return self._here.wrong(self._here.start("heal").end())

    # ---- events

    def _happen(self) -> None:
        self._look_after()
        self._dice.choice((self._kill, self._power_cut, self._refuse, self._time_passes, self._wake))()
        time.sleep(self._dice.uniform(0.0, _LONG_ENOUGH))

    def _look_after(self) -> None:
        """Note who died or froze, and start others in their place."""
        for each in list(self._running):
            state = each.state()
            if state != "running":
                self._running.remove(each)
                if state == "frozen":
                    self._frozen.append(each)
                    self.tally["frozen"] += 1
                else:
                    self.tally["killed"] += state == f"dead {-signal.SIGKILL}"
        while len(self._running) < 2:
            self._running.append(self._another())

    def _another(self) -> Process:
        role = self._dice.choice(("daemon", "daemon", "tick"))
        if self._dice.random() < 0.4:  # the worst moment: the right to send is there, and the lease runs
            return self._here.start(role, after=self._dice.randint(1, 3), on="claim", strike="STOP", **_QUICK)
        return self._here.start(role, after=self._dice.choice((0, self._dice.randint(1, 30))), **_QUICK)

    def _kill(self) -> None:
        """At any time."""
        victim = self._running.pop(self._dice.randrange(len(self._running)))
        if not victim.is_dead():
            victim.kill()
            self.tally["killed"] += 1

    def _power_cut(self) -> None:
        """Both die while a request is under way, done or not, or still to land."""
        how = self._dice.choice(({"reset": True}, {"lose_answer": True}, {"land_after": 1.0}))
        order = {"by": "robot", "method": self._dice.choice(("POST", "")), "hold": True, **how}
        self._here.trello.control("DELETE", "faults")
        self._here.trello.fault(skip=self._dice.randrange(4), **order)
        end = time.monotonic() + _LONG_ENOUGH
        while not self._here.underway()["held"] and time.monotonic() < end:
            time.sleep(0.005)
        while self._running:
            self._kill()
        self._here.trello.control("DELETE", "faults")
        self._here.trello.control("POST", "faults", storm(self._dice.randrange(1_000)))

    def _refuse(self) -> None:
        self._here.trello.fault(**burst(self._dice.randint(1, 5)))

    def _time_passes(self) -> None:
        self._here.clock.advance(self._dice.choice((5.0, 60.0, _LEASE, _LEASE_AND_SETTLED)))

    def _wake(self) -> None:
        """Somebody frozen goes on, long after its lease, when others may have gone on in its place."""
        if self._frozen:
            time.sleep(_LONG_ENOUGH)
            self._here.clock.advance(_LEASE_AND_SETTLED)
            time.sleep(_LONG_ENOUGH)
            woken = self._frozen.pop()
            woken.send(signal.SIGCONT)
            self._running.append(woken)
            self.tally["woken"] += 1


def rival_story(seed: int, days: int, folder: Path, started: Processes) -> tuple[list[str], Counter[str]]:
    """What was wrong at the end of each day, and what was done to the processes."""
    with place(three_boards(folder), MOMENTS[0].at, started) as here:
        rivals = Rivals(seed, here)
        wrong = list(rivals.live(days))
        return wrong, rivals.tally
