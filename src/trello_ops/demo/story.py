"""What becomes of a card in the demo: who does what on it, and when. The same seed tells the same story."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from random import Random
from zoneinfo import ZoneInfo

from trello_ops.demo.plot import AS_IT_COMES, Plot

_GOOD, _BAD = (0.96, 0.93, 0.9), 0.83
"""How likely a card is done on time, by week. The first week is a good one, for every fate comes up in it."""

_DAY = dt.timedelta(days=1)
_HOUR = dt.timedelta(hours=1)
_MINUTE = dt.timedelta(minutes=1)

_WELL = (
    "C'est fait, rien à signaler.",
    "Terminé. Un point à revoir ensemble à la réunion de lundi.",
    "Fait dans la matinée, merci pour le coup de main <3",
    "Terminé, **deux clientes rappelées** : tout est réglé.",
)
_TARDY = (
    "Avec du retard : une livraison imprévue a pris la matinée.",
    "Terminé tard, j'attendais une réponse du transporteur.",
    "Désolé pour le retard, la boutique en ligne était inaccessible.",
)
_ANSWERS = (
    "Dans la moyenne des quatre semaines : rien à changer.",
    "12 % de moins que la moyenne, presque tout sur téléphone. Je propose de regarder la page du panier.",
    "Un tiers de plus, grâce à l'infolettre de mardi. À refaire la semaine prochaine.",
    "Trop peu de commandes pour conclure : on prolonge de deux semaines.",
)
_AFTERWARDS = "Oublié la semaine dernière : c'est rattrapé."
_REOPENED = "Je rouvre : la dernière étape n'est pas terminée."
_EXCUSED = "Coupure d'Internet dans tout le quartier : excusé pour cette fois."


class Fate(Enum):
    """What becomes of a card."""

    ON_TIME = auto()
    LATE = auto()
    MISSED = auto()
    AFTER_CLOSE = auto()
    REOPENED = auto()
    EXCUSED = auto()


_CERTAIN = (Fate.LATE, Fate.MISSED, Fate.AFTER_CLOSE, Fate.REOPENED, Fate.EXCUSED)


@dataclass(frozen=True, slots=True)
class Desk:
    """A board as people know it: its lists for new cards, work in hand and done cards; the excused label."""

    board: str
    todo: str
    doing: str
    done: str
    excused: str


@dataclass(frozen=True, slots=True)
class Duty:
    """A card as people see it. `doers` are usernames, `items` the ids of its check items."""

    card: str
    title: str
    desk: Desk
    seen: dt.datetime
    due: dt.datetime
    doers: tuple[str, ...]
    items: tuple[str, ...]
    asks: bool = False
    """Whether the card wants an answer as a comment."""


@dataclass(frozen=True, slots=True, order=True)
class Act:
    """One request that a person makes of Trello."""

    at: dt.datetime
    by: str
    method: str
    path: str
    values: dict[str, str | bool] = field(compare=False)


class Story:
    """Draws the fates of cards. In the first week, which begins on `monday`, every fate comes up.

    Stateful: it has to be asked about cards in the order in which people see them.
    """

    def __init__(
        self, seed: int, people: Sequence[str], zone: ZoneInfo, monday: dt.date, plot: Plot = AS_IT_COMES
    ) -> None:
        self._seed = seed
        self._people = tuple(people)
        self._zone = zone
        self._monday = monday
        rng = Random(seed)  # noqa: S311 (a story, not a secret)
        first, *others = rng.sample(_GOOD, len(_GOOD))
        self._moods = plot.moods or (first, *rng.sample((*others, _BAD), len(others) + 1))
        fates = rng.sample(_CERTAIN, len(_CERTAIN))
        self._risk = 0.0
        # For each of the first days, the fates of the cards that appear and fall due on it; None is any fate.
        self._certain: dict[dt.date, list[Fate | None]] = {
            monday + day * _DAY: [*[None] * rng.randrange(5), fate] for day, fate in enumerate(fates)
        }

    def acts(self, duty: Duty) -> tuple[Act, ...]:
        """Everything that will be done on a card."""
        # A generator of its own, so that the draws for a card do not depend on the cards before it.
        rng = Random(f"{self._seed}/{duty.title}/{duty.due.isoformat()}")  # noqa: S311
        doer = rng.choice(duty.doers)
        colleague = rng.choice([person for person in self._people if person != doer])
        hand = _Hand(duty, self._zone, rng, doer, colleague)
        return tuple(hand.play(self._fate(duty, doer, rng)))

    def _fate(self, duty: Duty, doer: str, rng: Random) -> Fate:
        day = self._local(duty.due).date()
        week = (day - self._monday).days // 7
        temper = Random(f"{self._seed}/{doer}/{week}").uniform(-0.02, 0.02)  # noqa: S311
        # Risk adds up until a mishap uses it. By pure chance, a week of few cards would not show its mood.
        self._risk += 1 - (self._moods[week % len(self._moods)] + temper)
        certain = self._certain.get(day) if self._local(duty.seen).date() == day else None
        if certain and (fate := certain.pop(0)):
            return fate
        if self._risk < rng.uniform(0.5, 1.5):
            return Fate.ON_TIME
        self._risk -= 1
        return rng.choices(_CERTAIN, weights=(55, 22, 13, 5, 5))[0]

    def _local(self, moment: dt.datetime) -> dt.datetime:
        return moment.astimezone(self._zone)


@dataclass(frozen=True, slots=True)
class _Hand:
    """Turns the fate of one card into requests, in the order of the draws: another order, another story."""

    duty: Duty
    zone: ZoneInfo
    rng: Random
    doer: str
    colleague: str

    def play(self, fate: Fate) -> Iterator[Act]:
        """The acts, not sorted by time."""
        duty = self.duty
        match fate:
            case Fate.ON_TIME:
                yield from self._do(self._before(duty.due), self._perhaps(_WELL))
            case Fate.LATE:
                # Later on the due day, or the next morning: in any case before the week closes.
                if self.rng.random() < 0.6:
                    at = duty.due + self.rng.randint(12, 150) * _MINUTE
                else:
                    at = self._on(duty.due + _DAY, 8, 11)
                yield from self._do(at, self._perhaps(_TARDY, 0.6))
            case Fate.MISSED:
                yield from self._begin(self._before(duty.due))
            case Fate.AFTER_CLOSE:
                monday = duty.due + (8 - duty.due.astimezone(self.zone).isoweekday()) * _DAY
                yield from self._do(self._on(monday, 8, 14), _AFTERWARDS)
            case Fate.REOPENED:
                at = self._before(duty.due - 0.4 * (duty.due - duty.seen))
                reopened = at + self.rng.randint(25, 50) * _MINUTE
                yield self._edit(at, self.doer, idList=duty.desk.done, dueComplete=True)
                yield self._edit(reopened, self.colleague, idList=duty.desk.todo, dueComplete=False)
                yield self._comment(reopened + _MINUTE, self.colleague, _REOPENED)
                yield from self._do(reopened + self.rng.randint(20, 90) * _MINUTE, self._perhaps(_WELL))
            case Fate.EXCUSED:
                at = self._before(duty.due)
                path = f"cards/{duty.card}/idLabels"
                yield Act(at, self.colleague, "POST", path, {"value": duty.desk.excused})
                yield self._comment(at + _MINUTE, self.colleague, _EXCUSED)

    # ---- what is done

    def _do(self, at: dt.datetime, comment: str) -> Iterator[Act]:
        """Do the card in one of the ways that people have, and archive it some days later."""
        begun = at - self.rng.randint(15, 60) * _MINUTE
        if begun > self.duty.seen and self.rng.random() < 0.35:
            yield self._edit(begun, self.doer, idList=self.duty.desk.doing)
        if self.rng.random() < 0.4:
            yield from self._tick_items(max(begun, self.duty.seen), at, len(self.duty.items))
        done = self.duty.desk.done
        ways: tuple[dict[str, str | bool], ...] = (
            {"idList": done},
            {"idList": done, "dueComplete": True},
            {"dueComplete": True},
        )
        yield self._edit(at, self.doer, **self.rng.choices(ways, weights=(1, 7, 2))[0])
        if self.duty.asks and self.rng.random() < 0.9:
            comment = self.rng.choice(_ANSWERS)
        if comment:
            yield self._comment(at + _MINUTE, self.doer, comment)
        yield self._edit(self._on(at + 4 * _DAY, 19, 20), self.colleague, closed=True)

    def _begin(self, at: dt.datetime) -> Iterator[Act]:
        if self.rng.random() < 0.5:
            yield self._edit(at, self.doer, idList=self.duty.desk.doing)
            yield from self._tick_items(at, at + 20 * _MINUTE, len(self.duty.items) // 2)

    def _tick_items(self, begin: dt.datetime, end: dt.datetime, count: int) -> Iterator[Act]:
        # Minutes apart, as people do who tick what they have just done.
        for number, item in enumerate(self.duty.items[:count]):
            path = f"cards/{self.duty.card}/checkItem/{item}"
            at = begin + number * (end - begin) / count
            yield Act(at, self.doer, "PUT", path, {"state": "complete"})

    def _edit(self, at: dt.datetime, by: str, **values: str | bool) -> Act:
        return Act(at, by, "PUT", f"cards/{self.duty.card}", values)

    def _comment(self, at: dt.datetime, by: str, text: str) -> Act:
        return Act(at, by, "POST", f"cards/{self.duty.card}/actions/comments", {"text": text})

    def _perhaps(self, comments: Sequence[str], chance: float = 0.12) -> str:
        comment = self.rng.choice(comments)
        return comment if self.rng.random() < chance else ""

    # ---- when

    def _before(self, end: dt.datetime) -> dt.datetime:
        """A moment in the 26 hours before `end`, in working hours if twenty draws find one."""
        begin = max(self.duty.seen + 5 * _MINUTE, end - 26 * _HOUR)
        span = end - 4 * _MINUTE - begin
        drawn = [_to_the_minute(begin + span * self.rng.random()) for _ in range(20)]
        return next((at for at in drawn if 8 <= at.astimezone(self.zone).hour < 20), drawn[0])

    def _on(self, day: dt.datetime, first: int, last: int) -> dt.datetime:
        """A moment of a local day, between two hours of it."""
        midnight = day.astimezone(self.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        return _to_the_minute(midnight + first * _HOUR + (last - first) * _HOUR * self.rng.random())


def _to_the_minute(moment: dt.datetime) -> dt.datetime:
    return moment.replace(second=0, microsecond=0)
