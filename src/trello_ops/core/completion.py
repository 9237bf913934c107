"""From what a card shows, and what its board's log says, to completions.

A card is *done* while it is ticked or lies in the done list, archived or not. The log gives every change of
the two with its instant and person. What the log does not explain is taken for true all the same, at the
earliest instant that what we know allows: our blindness never makes anyone late.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from trello_ops.core.model import Action, Card, Completion, Fact, LedgerEntry, Seen

_TURNS = frozenset({Fact.DONE, Fact.REOPENED})
_EXCUSES = frozenset({Fact.EXCUSED, Fact.UNEXCUSED})
_CLOCKS_DIFFER = dt.timedelta(minutes=5)
"""More than Trello's clock, which dates actions, and ours, which dates readings, are ever apart."""


@dataclass(frozen=True, slots=True)
class Rules:
    """The Trello ids that give a card its meaning.

    `done_lists` are those of every board, since cards move between boards. `excused_label` is `None` while
    the board lacks it; `excused_since` is when it was made: a card cannot have lost a label that somebody
    deleted from the board. `put_away_lists` are those to which housekeeping moves undone cards.
    """

    done_lists: frozenset[str]
    excused_label: str | None
    excused_since: dt.datetime | None = None
    put_away_lists: frozenset[str] = frozenset()


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
    """What a reading adds to an entry that has a card.

    Reading on adds nothing while nothing happens, however much the readings overlap.
    """
    return (
        *_done_or_reopened(entry, reading, rules),
        *_excused(entry, reading, rules),
        *_kept(entry, reading, rules),
    )


def is_done(completions: Iterable[Completion], at: dt.datetime) -> bool:
    """Whether, by what was recorded, the occurrence was done at an instant."""
    last = _last(completions, _TURNS, at)
    return last is not None and last.fact is Fact.DONE


def is_excused(completions: Iterable[Completion], at: dt.datetime) -> bool:
    last = _last(completions, _EXCUSES, at)
    return last is not None and last.fact is Fact.EXCUSED


def shows_done(card: Card, done_lists: Collection[str]) -> bool:
    """Whether a card looks done, whatever the ledger knows."""
    return _shown(card).done(done_lists)


def _last(completions: Iterable[Completion], facts: Collection[Fact], at: dt.datetime) -> Completion | None:
    """The newest of these facts up to an instant; of equal instants, the one that was recorded last."""
    known = sorted((c for c in completions if c.fact in facts and c.at <= at), key=lambda c: c.at)
    return known[-1] if known else None


# ---- done and reopened ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _State:
    ticked: bool
    list_id: str

    def done(self, done_lists: Collection[str]) -> bool:
        return self.ticked or self.list_id in done_lists

    def after(self, action: Action) -> "_State":
        return _State(
            bool(action.ticked.after) if action.ticked else self.ticked,
            str(action.moved.after) if action.moved else self.list_id,
        )


def _done_or_reopened(entry: LedgerEntry, reading: Reading, rules: Rules) -> list[Completion]:
    """What is new in the log, what must have gone before it, and what the card shows beyond it."""
    turns = list(_turns(entry, _state_before(entry, reading, rules), reading, rules))
    known = {completion.action_id for completion in entry.completions if completion.fact in _TURNS}
    fresh = [turn for turn in turns if turn.action_id not in known]
    told = [*_before_the_log(entry, reading, turns[0]), *fresh] if fresh else []
    return [*told, *_beyond_the_log(entry, told, reading, rules)]


def _turns(entry: LedgerEntry, state: _State, reading: Reading, rules: Rules) -> Iterator[Completion]:
    """Every action that made the card done, or no longer done."""
    for action in reading.actions:
        before, state = state, state.after(action)
        if state.done(rules.done_lists) != before.done(rules.done_lists):
            yield Completion(
                key=entry.occurrence.key,
                fact=Fact.DONE if state.done(rules.done_lists) else Fact.REOPENED,
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
    known = _shown(reading.card) if reading.card else _remembered(entry, reading, rules)
    return _State(known.ticked if ticked is None else bool(ticked), str(list_id or known.list_id))


def _shown(card: Card) -> _State:
    return _State(card.ticked, card.list_id)


def _remembered(entry: LedgerEntry, reading: Reading, rules: Rules) -> _State:
    last = _last_before_the_log(entry, reading)
    if last is None or last.fact is not Fact.DONE:
        return _State(ticked=False, list_id="")
    in_list = last.seen is Seen.LIST
    return _State(ticked=not in_list, list_id=min(rules.done_lists, default="") if in_list else "")


def _before_the_log(entry: LedgerEntry, reading: Reading, first: Completion) -> list[Completion]:
    """What must have happened before the log's `first` turn, where the ledger knows the contrary.

    Done until then and done at that instant needs no reopening in between: most likely, the ledger
    guessed the completion that the log tells only now.
    """
    last, begins = _last_before_the_log(entry, reading), _log_begins(reading)
    was_done = last is not None and last.fact is Fact.DONE
    if first.fact is Fact.REOPENED and not was_done:
        return [_guess(entry, Fact.DONE, min(_earliest(entry, reading, last), begins))]
    if first.fact is Fact.DONE and was_done and first.at > begins:
        return [_guess(entry, Fact.REOPENED, begins)]
    return []


def _beyond_the_log(
    entry: LedgerEntry, told: Sequence[Completion], reading: Reading, rules: Rules
) -> list[Completion]:
    """What the card shows, where neither ledger nor log explain it.

    A card is not judged by a turn that may have come after it was read: a later reading will tell.
    """
    ledger = (*entry.completions, *told)
    last = _last(ledger, _TURNS, dt.datetime.max.replace(tzinfo=dt.UTC))
    if reading.card is None or (last and last.at > reading.read_at - _CLOCKS_DIFFER):
        return []
    done, known = _shown(reading.card).done(rules.done_lists), is_done(ledger, reading.read_at)
    if done and not known:
        return [_guess(entry, Fact.DONE, _earliest(entry, reading, last))]
    return [_guess(entry, Fact.REOPENED, reading.read_at)] if known and not done else []


def _last_before_the_log(entry: LedgerEntry, reading: Reading) -> Completion | None:
    """The last turn that the ledger knows from before the reading's actions."""
    told = {action.id for action in reading.actions}
    return _last((c for c in entry.completions if c.action_id not in told), _TURNS, _log_begins(reading))


def _log_begins(reading: Reading) -> dt.datetime:
    return min((a.at for a in reading.actions if a.ticked or a.moved), default=reading.read_at)


def _earliest(entry: LedgerEntry, reading: Reading, last: Completion | None) -> dt.datetime:
    """The earliest instant at which the card can have become done, `last` being its last known turn.

    The reading before showed it not done, unless it came too soon after `last` to be judged.
    """
    if last and last.at > reading.last_read_at - _CLOCKS_DIFFER:
        return last.at
    return _first_sight(entry, reading)


def _guess(entry: LedgerEntry, fact: Fact, at: dt.datetime) -> Completion:
    return Completion(entry.occurrence.key, fact, at, Seen.STATE)


# ---- excused ----------------------------------------------------------------------------------------


def _excused(entry: LedgerEntry, reading: Reading, rules: Rules) -> list[Completion]:
    """Labels reach webhooks only, not the log (facts sheet §4.2): who and when stay unknown."""
    if reading.card is None or rules.excused_label is None:
        return []
    excused = rules.excused_label in reading.card.label_ids
    if excused == is_excused(entry.completions, reading.read_at):
        return []
    if excused:
        return [Completion(entry.occurrence.key, Fact.EXCUSED, _first_sight(entry, reading), Seen.LABEL)]
    last = _last(entry.completions, _EXCUSES, reading.read_at)
    if last and rules.excused_since and last.at < rules.excused_since:
        return []  # the label that excused it is gone from the whole board
    return [Completion(entry.occurrence.key, Fact.UNEXCUSED, reading.read_at, Seen.LABEL)]


# ---- kept -------------------------------------------------------------------------------------------


def _kept(entry: LedgerEntry, reading: Reading, rules: Rules) -> list[Completion]:
    """Somebody took the card out of the archive, or out of a list to which housekeeping moves cards.

    The robot does neither: it puts away only.
    """
    known = {completion.action_id for completion in entry.completions if completion.fact is Fact.KEPT}
    return [
        Completion(entry.occurrence.key, Fact.KEPT, action.at, seen, action.by, action.id)
        for action in reading.actions
        if (seen := _fetched_back(action, rules)) and action.id not in known
    ]


def _fetched_back(action: Action, rules: Rules) -> Seen | None:
    if action.archived and not action.archived.after:
        return Seen.ARCHIVE
    return Seen.LIST if action.moved and action.moved.before in rules.put_away_lists else None


# ---- first sights -----------------------------------------------------------------------------------


def _first_sight(entry: LedgerEntry, reading: Reading) -> dt.datetime:
    """The earliest instant at which something newly seen can have become true."""
    created = [entry.card.created_at] if entry.card else []
    return min(max([reading.last_read_at, *created]), reading.read_at)
