"""Whether a week's report tells what people truly did, as far as anybody who reads Trello can know.

Where all that matters of a card is told by Trello's log, the report must be exact. Where something is not, or
is forgotten with a deleted card, it must be approximate within what was seen, and never to anyone's harm:
what was done and seen so counts, from no later than it was true.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from card_lives import Life, Lives, State
from oracle import Duty, Files, Span

Json = dict[str, Any]

_SOON = dt.timedelta(minutes=6)
"""A card that is read so soon after its last turn may be judged at the next reading only."""
_KINDER = ("missed", "late", "on_time")


class WeekJudge:
    """`readings` are when each of our boards was read, by key, in order."""

    def __init__(
        self, lives: Lives, files: Files, readings: Mapping[str, Sequence[dt.datetime]], week: str
    ) -> None:
        self._lives, self._files, self._readings = lives, files, readings
        self._week, self._close = week, files.closes(week)

    def complaints(self, report: Json) -> list[str]:
        """What is wrong with a report, by occurrence."""
        lines = {line["key"]: line for line in report["occurrences"]}
        duties = self._files.due_in(self._week)
        found = [f"{key}: not owed" for key in lines.keys() - {duty.key for duty in duties}]
        for duty in duties:
            line = lines.get(duty.key)
            wrong = self._wrong(duty, line) if line else ["not in the report"]
            found += [f"{duty.key}: {each}" for each in wrong]
        return found

    def _wrong(self, duty: Duty, line: Json) -> list[str]:
        life = self._lives.of(duty.key)
        if life is None:
            return _differ(line, {"outcome": "not_issued", "completed_at": None})
        excused = _Sight(life, self._lives.excused, self._lives.excusing, self._readings[duty.board])
        found = self._wrong_excuse(excused, line)
        rule = self._lives.rule(duty.key)
        done = _Sight(life, rule.holds, rule.part, self._readings[duty.board], rule.outlives_cards)
        return found or self._wrong_completion(duty, done, line)

    # ---- excused

    def _wrong_excuse(self, excused: "_Sight", line: Json) -> list[str]:
        said, span = line["outcome"] == "excused", excused.span(self._close)
        if excused.is_told:
            at, by = (_z(span.start), self._person(span.by)) if span else (None, None)
            found = _differ(line, {"excused_at": at, "excused_by": by})
            return found + ([] if said == bool(span) else [f"{line['outcome']}, excused by {span}"])
        if said and not excused.may_hold(self._close):
            return ["excused, though nobody excused it"]
        return ["not excused, though seen so"] if not said and excused.was_seen(self._close) else []

    # ---- done

    def _wrong_completion(self, duty: Duty, done: "_Sight", line: Json) -> list[str]:
        truth = self._outcome(duty, done)
        span = done.span(self._close) and (done.span(duty.due) or done.span(self._close))
        if done.is_told:
            at, by = (_z(span.start), self._person(span.by)) if span else (None, None)
            outcome = line["outcome"] if line["outcome"] == "excused" else truth
            exact = {"outcome": outcome, "completed_at": at, "completed_by": by, "approximate": False}
            return _differ(line, exact)
        if line["outcome"] in ("excused", "not_issued") or truth == "not_issued":
            return _differ(line, {} if line["outcome"] == "excused" else {"outcome": truth})
        return self._wrong_guess(duty, done, line, truth)

    def _outcome(self, duty: Duty, done: "_Sight") -> str:
        made, at_end = done.life.made_at, done.span(self._close)
        if made > duty.due:
            return "not_issued"
        if at_end and done.span(duty.due):
            return "on_time"
        if made > duty.release + (duty.due - duty.release) / 2:
            return "not_issued"
        return "late" if at_end else "missed"

    def _wrong_guess(self, duty: Duty, done: "_Sight", line: Json, truth: str) -> list[str]:
        said, rank = line["outcome"], _KINDER.index
        seen = done.was_seen(self._close) and (truth == "late" or done.was_seen(duty.due))
        if seen and rank(said) < rank(truth):
            return [f"{said}, though {truth} was to be seen"]
        if rank(said) > rank(truth) and not any(map(done.may_hold, (duty.due, self._close))):
            return [f"{said} instead of {truth}"]
        span = done.span(duty.due) or done.span(self._close)
        if line["completed_at"] is None or span is None or said != truth or not seen:
            return []
        at = dt.datetime.fromisoformat(line["completed_at"])
        return _misdated(at, span, done, approximate=line["approximate"])

    def _person(self, username: str) -> str:
        return self._files.people.get(username, username)


class _Sight:
    """Something that was true of a card at times, and what readings could see of it."""

    def __init__(
        self,
        life: Life,
        holds: Callable[[State], bool],
        part: Callable[[State], object],
        readings: Sequence[dt.datetime],
        outlives_cards: bool = True,
    ) -> None:
        self._is_forgotten = life.gone_at is not None and not outlives_cards
        self.life, self._readings = life, [r for r in readings if life.is_surely_read(r)]
        self._spans, self._untold = life.spans(holds), life.untold(part)

    @property
    def is_told(self) -> bool:
        return not self._untold and not self._is_forgotten

    def span(self, at: dt.datetime) -> Span | None:
        return next((span for span in self._spans if span.holds(at)), None)

    def was_seen(self, at: dt.datetime) -> bool:
        """Whether it was true then, and read long enough after it became so."""
        span = self.span(at)
        return span is not None and any(
            span.holds(read) for read in self._readings if read >= span.start + _SOON
        )

    def may_hold(self, at: dt.datetime) -> bool:
        """Whether it was true then, or something untold between the readings around leaves it open.

        Of a card that is gone, it is open what it was like beside what the log tells.
        """
        if self.span(at) or self.life.gone_at:
            return True
        begin, end = self.before(at), min((r for r in self._readings if r > at + _SOON), default=at)
        return any(begin <= untold <= end for untold in self._untold)

    def before(self, at: dt.datetime) -> dt.datetime:
        """The earliest instant that a guess may name for what began at `at`."""
        return max([self.life.made_at, *(r for r in self._readings if r <= at)]) - _SOON

    def told_at(self, at: dt.datetime) -> bool:
        return any(change.told and change.at == at for change in self.life.changes)


def _misdated(at: dt.datetime, span: Span, done: _Sight, *, approximate: bool) -> list[str]:
    if at > span.start:
        return [f"done at {at}, later than {span.start}"]
    if at < done.before(span.start):
        return [f"done at {at}, long before {span.start}"]
    return [] if approximate or done.told_at(at) else [f"done at {at}: a guess that is not marked"]


def _differ(line: Json, expected: Json) -> list[str]:
    return [
        f"{name} is {line[name]} instead of {value}"
        for name, value in expected.items()
        if line[name] != value
    ]


def _z(at: dt.datetime) -> str:
    """As reports write an instant."""
    text = at.astimezone(dt.UTC).isoformat()
    return text.replace("+00:00", "Z")
