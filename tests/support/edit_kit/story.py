"""Four weeks of a shop whose files somebody edits, of its people, and of a robot that rests and restarts."""

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from typing import Protocol

from edit_kit.edits import BOARD_EDITS, OTHER_EDITS, TASK_EDITS, Editor
from edit_kit.files import shop, write
from edit_kit.in_force import Chronicle, Version
from edit_kit.judge import Json, Judge
from edit_kit.reckoning import DAY, PARIS
from edit_kit.trello_side import PEOPLE, RawCard, Side

MONDAY = dt.date(2026, 11, 16)
WEEKS = 4
EDITED_AT = ("07:45", "10:00", "14:10", "20:00")
"""When files are edited, `apply` is run, and robots are stopped."""
_PASSES = ("06:10", "14:30")
_AFTER_THE_CLOSE = "07:30"
_PEOPLE_ACT = ("09:00", "17:00", "21:30")
ROBOT_ACTS = ("tick", "apply", "restart", "rest")
_LIKELY = (*TASK_EDITS, *TASK_EDITS, *BOARD_EDITS, *OTHER_EDITS, *ROBOT_ACTS, *ROBOT_ACTS)
_BIG = 0.2


@dataclass(frozen=True)
class Act:
    """Something that happens on a day of the weeks, at one of `EDITED_AT`; `pick` and `how` choose."""

    day: int
    slot: int
    what: str
    pick: int = 0
    how: int = 0

    @property
    def at(self) -> dt.datetime:
        return local(MONDAY + self.day * DAY, EDITED_AT[self.slot])


class Robot(Protocol):
    """The program, in whatever way it is run. Each returns what went wrong, or nothing."""

    @property
    def side(self) -> Side: ...

    def go_to(self, moment: dt.datetime) -> None: ...

    def tick(self) -> str: ...

    def apply(self) -> str: ...

    def restart(self) -> None: ...

    def reports(self) -> list[Json]: ...


@dataclass(frozen=True)
class Plan:
    """What happens.

    `moods` decides how people take their cards, `big` whether one board has ten tasks; `passes` are the hours
    of the robot.
    """

    acts: tuple[Act, ...] = ()
    moods: int = 0
    big: bool = False
    passes: tuple[str, ...] = _PASSES

    @classmethod
    def of(cls, seed: int) -> "Plan":
        """At random; in some stories all happens within days."""
        dice = Random(seed)  # noqa: S311 - a story, not a secret
        span = dice.choice((3, 8, WEEKS * 7 - 1))
        first = dice.randrange(WEEKS * 7 - span)
        acts = [
            Act(
                first + dice.randrange(span),
                dice.randrange(len(EDITED_AT)),
                dice.choice(_LIKELY),
                dice.randrange(12),
                dice.randrange(12),
            )
            for _ in range(dice.randint(3, 16))
        ]
        passes = _PASSES[: dice.choice((1, 2))]
        in_order = tuple(sorted(acts, key=lambda act: act.at))
        return cls(in_order, dice.randrange(100), dice.random() < _BIG, passes)

    def shortened(self, fails: Callable[["Plan"], object]) -> "Plan":
        """Without the acts that it fails without as well."""
        shortest = self
        for act in self.acts:
            shorter = replace(shortest, acts=tuple(each for each in shortest.acts if each != act))
            shortest = shorter if fails(shorter) else shortest
        return shortest


class Story:
    """Lives the weeks of a plan."""

    def __init__(self, robot: Robot, folder: Path, plan: Plan) -> None:
        self.robot, self.folder, self.plan = robot, folder, plan
        self.files, self.chronicle = shop(big=plan.big), Chronicle()

    def live(self, weeks: int = WEEKS) -> list[str]:
        """All of it; returns the judge's complaints."""
        self._judge = Judge(self.chronicle)
        self._rests_until = local(MONDAY, "00:00")
        begin = local(MONDAY, "05:00")
        self._save(begin)
        self._go(begin)
        self._apply()
        for moment, do in sorted(self._agenda(weeks), key=lambda each: each[0]):
            self._go(moment)
            do()
        return self._judge.complaints + self.complaints_of(self.robot.reports())

    def complaints_of(self, reports: list[Json]) -> list[str]:
        """What the judge says of reports, once the weeks have been lived."""
        side = self.robot.side
        return list(self._judge.read(reports, side.cards(), side.ticks()))

    # ---- what happens when

    def _agenda(self, weeks: int) -> Iterator[tuple[dt.datetime, Callable[[], None]]]:
        for number in range(weeks * 7 + 1):
            day = MONDAY + number * DAY
            yield from ((local(day, time), self._pass) for time in self.plan.passes)
            yield from ((local(day, time), self._people_act) for time in _PEOPLE_ACT)
            if number % 7 == 0:
                yield local(day, _AFTER_THE_CLOSE), self._pass
        for number, act in enumerate(self.plan.acts):
            if act.day < weeks * 7:
                yield act.at, self._doing(number, act)
        yield local(MONDAY + weeks * 7 * DAY, "23:00"), self._wake
        yield local(MONDAY + (weeks * 7 + 1) * DAY, "08:00"), self._pass

    def _doing(self, number: int, act: Act) -> Callable[[], None]:
        def do() -> None:
            if act.what in ROBOT_ACTS:
                getattr(self, f"_{act.what}")(act)
            else:
                Editor(self.files, self.chronicle.now, self.chronicle.people, number).do(
                    act.what, act.pick, act.how
                )
                self._save(act.at)

        return do

    def _go(self, moment: dt.datetime) -> None:
        self._now = moment
        self.robot.go_to(moment)

    # ---- the files

    def _save(self, at: dt.datetime) -> None:
        texts, meant = self.files.texts(), self.files.meanings()
        write(self.folder, texts)
        self.chronicle.edited(Version(at, texts, meant))

    # ---- the robot

    def _pass(self) -> None:
        if self._now >= self._rests_until:
            wrong = self.robot.tick()
            if wrong:
                self._judge.complaints.append(f"{self._now:%a %d %b %H:%M} pass: {wrong}")
            self.chronicle.acted(self._now)
            self._judge.look(self.robot.side.cards(), self._now, is_pass=not wrong)

    def _tick(self, _act: Act) -> None:
        self._pass()

    def _apply(self, _act: Act | None = None) -> None:
        if not self.robot.apply():
            self.chronicle.acted(self._now, by_apply=True)
            self._judge.look(self.robot.side.cards(), self._now, is_pass=False)

    def _restart(self, _act: Act) -> None:
        self.robot.restart()

    def _rest(self, act: Act) -> None:
        """For some hours up to some days."""
        self._rests_until = self._now + dt.timedelta(hours=8 * (1 + act.how % 9))
        self.robot.restart()

    def _wake(self) -> None:
        self._rests_until = self._now

    # ---- people

    def _people_act(self) -> None:
        for card in self.robot.side.cards():
            if not (card.ticked or card.archived) and self._is_in_the_mood(card):
                self.robot.side.tick(card, min(card.members or PEOPLE))

    def _is_in_the_mood(self, card: RawCard) -> bool:
        """Each card is somebody's who is early, in time, late, or never does it."""
        left = card.due - self._now
        mood = hashlib.sha256(f"{self.plan.moods} {card.key}".encode()).digest()[0] % 4
        if mood == 0:
            return left > dt.timedelta(0)
        if mood == 1:
            return dt.timedelta(0) < left < dt.timedelta(hours=9)
        return mood == 2 and left < dt.timedelta(0)


def local(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time), PARIS).astimezone(dt.UTC)
