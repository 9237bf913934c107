"""Whether anybody, or anything, was harmed by an edit of the files.

The judge reads the sequence of the files (`Chronicle`), Trello's cards as they stand, and the frozen reports.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from edit_kit.in_force import Chronicle, Force
from edit_kit.reckoning import PARIS, Turn, standing, turn_due, turn_like, turns
from edit_kit.trello_side import RawCard

Json = dict[str, Any]
_WEEK = dt.timedelta(days=7)
_LONGEST = dt.timedelta(days=40)


@dataclass(frozen=True)
class Issued:
    """A card as the judge saw it: for which turn of which duty, and the latest due that it ever showed."""

    duty: str
    turn: Turn
    latest_due: dt.datetime


@dataclass
class Judge:
    """Looks after each act of the robot, and at the reports in the end."""

    chronicle: Chronicle
    issued: dict[str, Issued] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    # ---- while it happens

    def look(self, cards: Sequence[RawCard], at: dt.datetime, *, is_pass: bool) -> None:
        """After an act of the robot that put in force what the chronicle says."""
        here = {card.id: card for card in cards}
        for card in sorted(cards, key=lambda each: each.id):
            if card.id not in self.issued:
                self._welcome(card, here, at)
            elif card.due > self.issued[card.id].latest_due:
                self.issued[card.id] = replace(self.issued[card.id], latest_due=card.due)
        if is_pass:
            self._look_for_what_is_owed(cards, at)

    def _welcome(self, card: RawCard, here: dict[str, RawCard], at: dt.datetime) -> None:
        duty = self.chronicle.duty_of(card.key)
        turn = self._turn(duty, card.due, at) if duty else None
        if duty is None or turn is None:
            self._complain(at, f"{card.key} got a card, due {_local(card.due)}, which nobody declared")
            return
        for other_id, other in self.issued.items():
            moved = here[other_id].due.astimezone(PARIS).date() if other_id in here else other.turn.day
            is_same = turn.period == other.turn.period or turn.day == moved
            if other.duty == duty and is_same:
                self._complain(at, f"{duty} got a second card for {turn.period}: {card.key}")
        self.issued[card.id] = Issued(duty, turn, card.due)

    def _turn(self, duty: str, due: dt.datetime, at: dt.datetime) -> Turn | None:
        place = self.chronicle.now.get(duty)
        turn = turn_due(place.rule, due) if place else None
        if turn or due > at:
            return turn
        # Made late, of what fell due while the robot slept: by the times that were in force then.
        forces = self.chronicle.during(due - _LONGEST, due)
        then = (turn_due(force[duty].rule, due) for force in forces if duty in force)
        return next(filter(None, then), None)

    def _look_for_what_is_owed(self, cards: Sequence[RawCard], at: dt.datetime) -> None:
        held: dict[str, list[Turn]] = {}
        for card in cards:
            if card.id in self.issued:
                known = self.issued[card.id]
                held.setdefault(known.duty, []).append(known.turn)
        for duty, place in self.chronicle.now.items():
            for turn in standing(place.rule, at):
                if not any(turn.is_like(each) for each in held.get(duty, [])):
                    self._complain(at, f"{duty} has no card for {turn.day} ({place.rule.cadence})")

    def _complain(self, at: dt.datetime, text: str) -> None:
        self.complaints.append(f"{_local(at)} {text}")

    # ---- in the end

    def read(
        self, reports: Sequence[Json], cards: Sequence[RawCard], ticks: dict[str, dt.datetime]
    ) -> Iterator[str]:
        """What is wrong with the reports."""
        verdicts = _Verdicts(self.chronicle, self.issued, {card.key: card for card in cards}, ticks)
        for report in reports:
            for line in report["occurrences"]:
                yield from (f"{line['key']}: {each}" for each in verdicts.of(line, report))
        yield from self._left_out(reports, cards)

    def _left_out(self, reports: Sequence[Json], cards: Sequence[RawCard]) -> Iterator[str]:
        """Each card is in one report, and so is each turn that no edit came near."""
        lines = [line["key"] for report in reports for line in report["occurrences"]]
        said = [(self.chronicle.duty_of(key), _due(line)) for key, line in _lines(reports)]
        days = Counter((duty, due.astimezone(PARIS).date()) for duty, due in said)
        yield from (f"{duty}: {number} lines for {day}" for (duty, day), number in days.items() if number > 1)
        begin = self.chronicle.versions[0].at
        end = max((_close(report) - dt.timedelta(hours=7) for report in reports), default=begin)
        for card in cards:
            if card.due < end and lines.count(card.key) != 1:
                yield f"{card.key}: its card is in {lines.count(card.key)} lines of the reports"
        for duty, place in self.chronicle.versions[0].places.items():
            for turn in turns(place.rule):
                is_whole = _is_untouched(self.chronicle, duty, turn)
                if begin <= turn.release and turn.due < end and is_whole and (duty, turn.due) not in said:
                    yield f"{duty}: nothing is said of {turn.day}"


def _lines(reports: Sequence[Json]) -> Iterator[tuple[str, Json]]:
    return ((line["key"], line) for report in reports for line in report["occurrences"])


def _is_untouched(chronicle: Chronicle, duty: str, turn: Turn) -> bool:
    """Whether all that was in force from its release on, up to the act after its due, says the same of it."""
    for force in chronicle.during(turn.release, turn.due):
        place = force.get(duty)
        same = turn_like(place.rule, turn) if place else None
        if same is None or (same.release, same.due) != (turn.release, turn.due):
            return False
    return True


@dataclass(frozen=True)
class _Verdicts:
    """What may be said of each occurrence."""

    chronicle: Chronicle
    issued: dict[str, Issued]
    cards: dict[str, RawCard]
    ticks: dict[str, dt.datetime]

    def of(self, line: Json, report: Json) -> Iterator[str]:
        """What is wrong with a line of a report."""
        card, duty, due = self.cards.get(line["key"]), self.chronicle.duty_of(line["key"]), _due(line)
        if duty is None:
            yield "is of no duty"
        elif card is None:
            yield from self._without_card(line, duty, due)
        elif card.id in self.issued:
            yield from self._with_card(line, card, _close(report))

    def _without_card(self, line: Json, duty: str, due: dt.datetime) -> Iterator[str]:
        if line["outcome"] not in ("not_issued", "excused"):
            yield f"{line['outcome']}, though it never had a card"
        around = self.chronicle.during(due - _LONGEST, due)
        if not any(turn_due(force[duty].rule, due) for force in around if duty in force):
            yield "nobody ever declared it"

    def _with_card(self, line: Json, card: RawCard, close: dt.datetime) -> Iterator[str]:
        known, said, due = self.issued[card.id], line["outcome"], _due(line)
        if due != card.due:
            yield f"judged by {_local(due)}, while its card says {_local(card.due)}"
        right = self._right(card, known, close)
        asked = known.duty in self.chronicle.asked_at(card.due, surely=True)
        moments = (card.due, self.chronicle.act_after(card.due))
        may_be_asked = any(known.duty in self.chronicle.asked_at(moment) for moment in moments)
        if _is_untouched(self.chronicle, known.duty, known.turn) and not may_be_asked:
            if said != right:
                yield f"{said} instead of {right}"
        elif said == "open" or (right == "on_time") != (said == "on_time"):
            yield f"{said}, where {right} or excused is right"
        if said in ("missed", "late"):
            yield from self._charged(line, card, known, right)
            if asked:
                yield f"{said}, while nobody had said whether it was renamed"

    def _right(self, card: RawCard, known: Issued, close: dt.datetime) -> str:
        """What is to be said of a card that was owed all the time; a due brought forward harms nobody."""
        ticked, turn = self.ticks.get(card.id), known.turn
        if card.created > card.due:
            return "not_issued"
        if ticked and ticked <= known.latest_due:
            return "on_time"
        if card.created > turn.release + (card.due - turn.release) / 2:
            return "not_issued"
        return "late" if ticked and ticked < close else "missed"

    def _charged(self, line: Json, card: RawCard, known: Issued, right: str) -> Iterator[str]:
        if line["outcome"] != right:
            yield f"{line['outcome']} instead of {right}"
        before, then, soon = (
            self._names(force, known)
            for force in (
                self.chronicle.at(card.due),
                self.chronicle.meant_at(card.due),
                self.chronicle.after(card.due),
            )
        )
        if not before or not (then or soon):
            yield f"{line['outcome']}, though it was no longer to be done"
        charged = {self.chronicle.username(key) for key in line["assignees"]}
        if card.members and card.members != charged:
            yield f"charged to {sorted(charged)}, while its card has {sorted(card.members)}"

    def _names(self, force: Force, known: Issued) -> bool:
        place = force.get(known.duty)
        return place is not None and turn_like(place.rule, known.turn) is not None


def _due(line: Json) -> dt.datetime:
    return dt.datetime.fromisoformat(line["due_at"])


def _close(report: Json) -> dt.datetime:
    return dt.datetime.fromisoformat(report["closes_at"])


def _local(at: dt.datetime) -> str:
    return f"{at.astimezone(PARIS):%a %d %b %H:%M}"
