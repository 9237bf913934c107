"""From what a card shows, and what its board's log says, to completions.

The log gives every change with its instant and person. What the log does not explain is taken for true all
the same, at the earliest instant that what we know allows: our blindness never makes anyone late.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from trello_ops.core.declared import Proof
from trello_ops.core.ledger import EventKind, EventSource, LedgerEntry, LedgerEvent
from trello_ops.core.tracking.card_state import CardState, gone_items, state_of, steps
from trello_ops.core.tracking.criteria import CardRules, Criterion, DoneCriterion, ExcusedCriterion
from trello_ops.core.trello import Action, Card

_TURNS = frozenset({EventKind.DONE, EventKind.REOPENED})
_EXCUSES = frozenset({EventKind.EXCUSED, EventKind.UNEXCUSED})
_PROOFS = frozenset({EventKind.PROVEN, EventKind.UNPROVEN})
_END = dt.datetime.max.replace(tzinfo=dt.UTC)
_CLOCKS_DIFFER = dt.timedelta(minutes=5)
"""More than Trello's clock, which dates actions, and ours, which dates readings, are ever apart."""
_MAKING = dt.timedelta(seconds=10)
"""For how long after a card's creation second its making is still being logged (facts sheet §2.1)."""
_MEMBERS = {"addMemberToCard": EventKind.ASSIGNED, "removeMemberFromCard": EventKind.UNASSIGNED}


@dataclass(frozen=True, slots=True)
class CardObservation:
    """One look at a card.

    `actions` are the card's own, oldest first, and must have been read *after* the card. `card` is `None`
    when nobody can see it any more, most likely because it was deleted: then they must begin with its
    making, for nothing else tells. `last_read_at` is when the board was last read before, and `read_at` is
    now. `told_until` is how far into the log readings before have told everything, `None` for nowhere.
    """

    card: Card | None
    actions: Sequence[Action]
    last_read_at: dt.datetime
    read_at: dt.datetime
    told_until: dt.datetime | None = None


def new_events(entry: LedgerEntry, reading: CardObservation, rules: CardRules) -> tuple[LedgerEvent, ...]:
    """What a reading adds to an entry that has a card.

    Reading on adds nothing while nothing happens, however much the readings overlap.
    """
    matter = DoneCriterion(entry.occurrence.complete_when, rules)
    done = _news(entry, reading, matter)
    return (
        *done,
        *_news(entry, reading, ExcusedCriterion(rules)),
        *_kept(entry, reading, rules),
        *_proof(entry, done, reading, matter),
        *_members(entry, reading),
        *_dues(entry, reading),
    )


def is_done(completions: Iterable[LedgerEvent], at: dt.datetime) -> bool:
    """Whether, by what was recorded, the occurrence was done at an instant."""
    last = _last(completions, _TURNS, at)
    return last is not None and last.fact is EventKind.DONE


def is_excused(completions: Iterable[LedgerEvent], at: dt.datetime) -> bool:
    return excuse(completions, at) is not None


def excuse(completions: Iterable[LedgerEvent], at: dt.datetime) -> LedgerEvent | None:
    """What excused the occurrence, where it was excused at an instant."""
    last = _last(completions, _EXCUSES, at)
    return last if last and last.fact is EventKind.EXCUSED else None


def is_unproven(completions: Sequence[LedgerEvent], at: dt.datetime) -> bool:
    """Whether it was done at an instant without the proof that it requires."""
    last = _last(completions, _PROOFS, at)
    return last is not None and last.fact is EventKind.UNPROVEN and is_done(completions, at)


def _last(
    completions: Iterable[LedgerEvent], facts: Collection[EventKind], at: dt.datetime
) -> LedgerEvent | None:
    """The newest of these facts up to an instant; of equal instants, the one that was recorded last."""
    known = sorted((c for c in completions if c.fact in facts and c.at <= at), key=lambda c: c.at)
    return known[-1] if known else None


# ---- done and reopened, excused and not --------------------------------------------------------------


def _news(entry: LedgerEntry, reading: CardObservation, matter: Criterion) -> list[LedgerEvent]:
    """What is new in the log, what must have gone before it, and what the card shows beyond it."""
    known = _known(entry, _facts(matter))
    turns = [t for t in _turns(entry, reading, matter) if t.action_id in known or _is_credible(t, reading)]
    fresh = [turn for turn in turns if turn.action_id not in known]
    if reading.card is None:
        return _of_unseen(entry, fresh, matter)
    told = [*_before_the_log(entry, reading, matter, turns[0]), *fresh] if fresh else []
    return [*told, *_beyond_the_log(entry, told, reading, matter)]


def _facts(matter: Criterion) -> Collection[EventKind]:
    return (matter.yes, matter.no)


def _turns(entry: LedgerEntry, reading: CardObservation, matter: Criterion) -> Iterator[LedgerEvent]:
    """Every action that made it hold, or hold no longer."""
    known = state_of(reading.card) if reading.card else _gone(entry, matter)
    gone = gone_items(reading.card, reading.actions)
    for action, before, after in steps(known, reading.actions, gone):
        holds = matter.holds(after, action.at)
        if holds != matter.holds(before, action.at):
            seen = matter.seen(action)
            # Of a deleted card nobody can tell how many check items it had.
            guessed = reading.card is None and seen is EventSource.CHECKLIST
            yield LedgerEvent(
                key=entry.occurrence.key,
                fact=matter.yes if holds else matter.no,
                at=action.at,
                seen=EventSource.STATE if guessed else seen,
                by=None if guessed else action.by,
                action_id=action.id,
            )


def _gone(entry: LedgerEntry, matter: Criterion) -> CardState:
    """What no log tells of a deleted card: the label that excused it."""
    excused = excuse(entry.completions, _END)
    by_label = excused is not None and excused.seen is EventSource.LABEL
    return CardState(labels=matter.rules.excused_labels if by_label else frozenset())


def _is_credible(turn: LedgerEvent, reading: CardObservation) -> bool:
    """A check item that somebody deleted since is missed when items are counted now.

    So a turn that an earlier reading should have told, counting them all, and did not, is none. Of a card
    that nobody can see, nothing is whole but what earlier readings saw.
    """
    if reading.card is None:
        return reading.told_until is None or turn.at > reading.told_until
    return turn.seen is not EventSource.CHECKLIST or turn.at >= reading.last_read_at - _CLOCKS_DIFFER


def _of_unseen(entry: LedgerEntry, fresh: Sequence[LedgerEvent], matter: Criterion) -> list[LedgerEvent]:
    """Those that change what the ledger holds, which knows more of the card than its log."""
    told: list[LedgerEvent] = []
    for turn in fresh:
        last = _last((*entry.completions, *told), _facts(matter), turn.at)
        held = last is not None and last.fact is matter.yes
        if held != (turn.fact is matter.yes):
            told.append(turn)
    return told


def _before_the_log(
    entry: LedgerEntry, reading: CardObservation, matter: Criterion, first: LedgerEvent
) -> list[LedgerEvent]:
    """What must have happened before the log's `first` turn, where the ledger knows the contrary.

    Done until then and done at that instant needs no reopening in between: most likely, the ledger
    guessed the completion that the log tells only now.
    """
    last = _last_before_the_log(entry, reading, matter)
    begins, held = _log_begins(reading, matter), last is not None and last.fact is matter.yes
    if first.fact is matter.no and not held:
        at = min(_earliest(entry, reading, last), begins)
        return [_guess(entry, matter.yes, at, EventSource.STATE)]
    if first.fact is matter.yes and held and first.at > begins:
        return [_guess(entry, matter.no, begins, EventSource.STATE)]
    return []


def _beyond_the_log(
    entry: LedgerEntry, told: Sequence[LedgerEvent], reading: CardObservation, matter: Criterion
) -> list[LedgerEvent]:
    """What the card shows, where neither ledger nor log explain it.

    A card is not judged by a turn that may have come after it was read: a later reading will tell.
    """
    last = _last((*entry.completions, *told), _facts(matter), _END)
    if reading.card is None or (last and last.at > reading.read_at - _CLOCKS_DIFFER):
        return []
    state, held = state_of(reading.card), last is not None and last.fact is matter.yes
    holds = matter.holds(state, reading.read_at)
    if holds and not held:
        return [_guess(entry, matter.yes, _earliest(entry, reading, last), matter.guessed(state, last))]
    if last and held and not holds and matter.may_end(last):
        return [_guess(entry, matter.no, reading.read_at, matter.guessed(state, last))]
    return []


def _last_before_the_log(
    entry: LedgerEntry, reading: CardObservation, matter: Criterion
) -> LedgerEvent | None:
    """The last turn that the ledger knows from before the reading's actions."""
    told = {action.id for action in reading.actions}
    before = (c for c in entry.completions if c.action_id not in told)
    return _last(before, _facts(matter), _log_begins(reading, matter))


def _log_begins(reading: CardObservation, matter: Criterion) -> dt.datetime:
    return min((a.at for a in reading.actions if matter.tells_before(a)), default=reading.read_at)


def _earliest(entry: LedgerEntry, reading: CardObservation, last: LedgerEvent | None) -> dt.datetime:
    """The earliest instant at which it can have begun to hold, `last` being its last known turn.

    The reading before showed the contrary, unless it came too soon after `last` to be judged.
    """
    if last and last.at > reading.last_read_at - _CLOCKS_DIFFER:
        return last.at
    return _first_sight(entry, reading)


def _first_sight(entry: LedgerEntry, reading: CardObservation) -> dt.datetime:
    """The earliest instant at which something newly seen can have become true."""
    created = [entry.card.created_at] if entry.card else []
    return min(max([reading.last_read_at, *created]), reading.read_at)


def _guess(entry: LedgerEntry, fact: EventKind, at: dt.datetime, seen: EventSource) -> LedgerEvent:
    return LedgerEvent(entry.occurrence.key, fact, at, seen)


# ---- kept -------------------------------------------------------------------------------------------


def _kept(entry: LedgerEntry, reading: CardObservation, rules: CardRules) -> list[LedgerEvent]:
    """Somebody took the card out of the archive, or out of a list to which housekeeping moves cards.

    The robot does neither: it puts away only.
    """
    known = _known(entry, (EventKind.KEPT,))
    return [
        LedgerEvent(entry.occurrence.key, EventKind.KEPT, action.at, seen, action.by, action.id)
        for action in reading.actions
        if (seen := _fetched_back(action, rules)) and action.id not in known
    ]


def _fetched_back(action: Action, rules: CardRules) -> EventSource | None:
    if action.archived and not action.archived.after:
        return EventSource.ARCHIVE
    return EventSource.LIST if action.moved and action.moved.before in rules.put_away_lists else None


# ---- proof ------------------------------------------------------------------------------------------


def _proof(
    entry: LedgerEntry, told: Sequence[LedgerEvent], reading: CardObservation, done: DoneCriterion
) -> list[LedgerEvent]:
    """Whether the card holds what is required, asked when it is seen done, and again until it does.

    Proof that was seen counts, though it be taken away.
    """
    card, ledger = reading.card, (*entry.completions, *told)
    turn, last = _last(ledger, _TURNS, _END), _last(ledger, _PROOFS, _END)
    if not entry.occurrence.requires or card is None or turn is None or turn.fact is not EventKind.DONE:
        return []
    if not done.holds(state_of(card), reading.read_at):
        return []  # it was done after it was read
    judged = last is not None and last.at >= turn.at
    if all(_shows(card, proof) for proof in entry.occurrence.requires):
        at = max(turn.at, _first_sight(entry, reading))
        proven = judged and last is not None and last.fact is EventKind.PROVEN
        return [] if proven else [_guess(entry, EventKind.PROVEN, at, EventSource.STATE)]
    return [] if judged else [replace(turn, fact=EventKind.UNPROVEN)]


def _shows(card: Card, proof: Proof) -> bool:
    match proof:
        case Proof.CHECKLIST:
            return 0 < card.item_count == card.checked_count
        case Proof.ATTACHMENT:
            return card.attachment_count > 0
        case Proof.COMMENT:
            return card.comment_count > 0


# ---- members and dues -------------------------------------------------------------------------------


def _members(entry: LedgerEntry, reading: CardObservation) -> Iterator[LedgerEvent]:
    """Who was put on the card or taken off it, but for those whom it was made with."""
    made = entry.card.created_at + _MAKING if entry.card else entry.recorded_at
    known = _known(entry, _MEMBERS.values())
    for action in reading.actions:
        if action.type in _MEMBERS and action.member and action.at > made and action.id not in known:
            fact = _MEMBERS[action.type]
            yield LedgerEvent(
                entry.occurrence.key, fact, action.at, EventSource.MEMBER, action.member, action.id
            )


def _dues(entry: LedgerEntry, reading: CardObservation) -> Iterator[LedgerEvent]:
    """Who moved the due away from the declared one. That it was set in the first place is the making's."""
    known = _known(entry, (EventKind.DUE_MOVED,))
    key, declared = entry.occurrence.key, entry.occurrence.due
    for action in reading.actions:
        moved = action.due and action.due.before and action.due.after != declared
        if moved and action.id not in known:
            yield LedgerEvent(key, EventKind.DUE_MOVED, action.at, EventSource.DUE, action.by, action.id)


def _known(entry: LedgerEntry, facts: Collection[EventKind]) -> set[str | None]:
    """The actions from which such facts were taken already."""
    return {completion.action_id for completion in entry.completions if completion.fact in facts}
