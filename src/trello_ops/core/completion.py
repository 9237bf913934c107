"""From what a card shows, and what its board's log says, to completions.

A card is *done* while it is ticked or lies in the done list. The log gives every change of the two with
its instant and person. What the log does not explain is taken for true all the same, at the earliest
instant that what we know allows: our blindness never makes anyone late.
"""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from trello_ops.core.model import Action, Card, Completion, Fact, LedgerEntry, Seen


@dataclass(frozen=True, slots=True)
class Rules:
    """The Trello ids that give a card its meaning; `None` where the board lacks them."""

    done_list: str | None
    excused_label: str | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One look at a card.

    `card` is `None` when it was deleted. `actions` are the card's own, oldest first, and must have been
    read *after* the card. `last_read_at` is when the board was last read before, and `read_at` is now.
    """

    card: Card | None
    actions: Sequence[Action]
    last_read_at: dt.datetime
    read_at: dt.datetime


def new_completions(entry: LedgerEntry, reading: Reading, rules: Rules) -> tuple[Completion, ...]:
    """What a reading adds to an entry that has a card. Reading the same twice adds nothing."""
    return (*_done_or_reopened(entry, reading, rules), *_excused(entry, reading, rules))


def is_done(completions: Sequence[Completion], at: dt.datetime) -> bool:
    """Whether, by what was recorded, the occurrence was done at an instant."""
    return _last(completions, at, Fact.DONE, Fact.REOPENED) is Fact.DONE


def is_excused(completions: Sequence[Completion], at: dt.datetime) -> bool:
    return _last(completions, at, Fact.EXCUSED, Fact.UNEXCUSED) is Fact.EXCUSED


def _last(completions: Sequence[Completion], at: dt.datetime, *facts: Fact) -> Fact | None:
    known = sorted((c for c in completions if c.fact in facts and c.at <= at), key=lambda c: c.at)
    return known[-1].fact if known else None


# ---- done and reopened ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    ticked: bool
    list_id: str

    def done(self, rules: Rules) -> bool:
        return self.ticked or self.list_id == rules.done_list

    def after(self, action: Action) -> "_State":
        return _State(
            bool(action.ticked.after) if action.ticked else self.ticked,
            str(action.moved.after) if action.moved else self.list_id,
        )


def _done_or_reopened(entry: LedgerEntry, reading: Reading, rules: Rules) -> list[Completion]:
    state = _state_before(entry, reading, rules)
    turns = list(_turns(entry, state, reading, rules))
    known = {c.action_id for c in entry.completions if c.action_id}
    fresh = [completion for completion in turns if completion.action_id not in known]
    return [*_unexplained(entry, reading, state.done(rules)), *fresh]


def _turns(entry: LedgerEntry, state: _State, reading: Reading, rules: Rules) -> Iterator[Completion]:
    """Every action that made the card done, or no longer done."""
    for action in reading.actions:
        before, state = state, state.after(action)
        if state.done(rules) != before.done(rules):
            yield Completion(
                key=entry.occurrence.key,
                fact=Fact.DONE if state.done(rules) else Fact.REOPENED,
                at=action.at,
                seen=Seen.TICK if action.ticked else Seen.LIST,
                by=action.by,
                action_id=action.id,
            )


def _state_before(entry: LedgerEntry, reading: Reading, rules: Rules) -> _State:
    """The card's state before the first action: what the first change of each field found, else what is.

    Of a deleted card only the ledger can tell what no action does.
    """
    ticked = next((a.ticked.before for a in reading.actions if a.ticked), None)
    list_id = next((a.moved.before for a in reading.actions if a.moved), None)
    known = _known_state(entry, reading, rules)
    return _State(known.ticked if ticked is None else bool(ticked), str(list_id or known.list_id))


def _known_state(entry: LedgerEntry, reading: Reading, rules: Rules) -> _State:
    if reading.card:
        return _State(reading.card.ticked, reading.card.list_id)
    before = _before(entry, reading)
    done = before[-1] if before and before[-1].fact is Fact.DONE else None
    in_list = bool(done and done.seen is Seen.LIST)
    return _State(bool(done) and not in_list, (rules.done_list or "") if in_list else "")


def _unexplained(entry: LedgerEntry, reading: Reading, done: bool) -> list[Completion]:
    """A completion for a state that the ledger does not know and no action explains."""
    before = _before(entry, reading)
    was_done = bool(before) and before[-1].fact is Fact.DONE
    if done == was_done:
        return []
    earliest = max([_first_sight(entry, reading), *(c.at for c in before)])
    latest = min([reading.read_at, *(a.at for a in reading.actions if a.ticked or a.moved)])
    at = min(earliest, latest) if done else max([latest, *(c.at for c in before)])
    return [Completion(entry.occurrence.key, Fact.DONE if done else Fact.REOPENED, at, Seen.STATE)]


def _before(entry: LedgerEntry, reading: Reading) -> list[Completion]:
    """The recorded completions that the reading's actions do not tell again, by instant."""
    told = {action.id for action in reading.actions}
    facts = (Fact.DONE, Fact.REOPENED)
    known = [c for c in entry.completions if c.fact in facts and c.action_id not in told]
    return sorted(known, key=lambda c: c.at)


# ---- excused ----------------------------------------------------------------------------------------


def _excused(entry: LedgerEntry, reading: Reading, rules: Rules) -> list[Completion]:
    """Labels reach webhooks only, not the log (facts sheet §4.2): who and when stay unknown."""
    if reading.card is None or rules.excused_label is None:
        return []
    excused = rules.excused_label in reading.card.label_ids
    if excused == is_excused(entry.completions, reading.read_at):
        return []
    fact, at = (Fact.EXCUSED, _first_sight(entry, reading)) if excused else (Fact.UNEXCUSED, reading.read_at)
    return [Completion(entry.occurrence.key, fact, at, Seen.LABEL)]


def _first_sight(entry: LedgerEntry, reading: Reading) -> dt.datetime:
    """The earliest instant at which something newly seen can have become true."""
    created = [entry.card.created_at] if entry.card else []
    return min(max([reading.last_read_at, *created]), reading.read_at)
