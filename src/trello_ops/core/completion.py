"""From what a card shows, and what its board's log says, to completions.

The log gives every change with its instant and person. What the log does not explain is taken for true all
the same, at the earliest instant that what we know allows: our blindness never makes anyone late.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from trello_ops.core.card_state import CardState, gone_items, shown, steps
from trello_ops.core.matters import Done, Excused, Matter, Rules
from trello_ops.core.model import Action, Card, Completion, Fact, LedgerEntry, Proof, Seen
from trello_ops.core.tolerances import CLOCK_TOLERANCE, MAKING

_TURNS = frozenset({Fact.DONE, Fact.REOPENED})
_EXCUSES = frozenset({Fact.EXCUSED, Fact.UNEXCUSED})
_PROOFS = frozenset({Fact.PROVEN, Fact.UNPROVEN})
_END = dt.datetime.max.replace(tzinfo=dt.UTC)
_MEMBERS = {"addMemberToCard": Fact.ASSIGNED, "removeMemberFromCard": Fact.UNASSIGNED}


@dataclass(frozen=True, slots=True)
class Reading:
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


def new_completions(entry: LedgerEntry, reading: Reading, rules: Rules) -> tuple[Completion, ...]:
    """What a reading adds to an entry that has a card.

    Reading on adds nothing while nothing happens, however much the readings overlap.
    """
    matter = Done(entry.occurrence.complete_when, rules)
    done = _news(entry, reading, matter)
    return (
        *done,
        *_news(entry, reading, Excused(rules)),
        *_kept(entry, reading, rules),
        *_proof(entry, done, reading, matter),
        *_members(entry, reading),
        *_dues(entry, reading),
    )


def is_done(completions: Iterable[Completion], at: dt.datetime) -> bool:
    """Whether, by what was recorded, the occurrence was done at an instant."""
    last = _last(completions, _TURNS, at)
    return last is not None and last.fact is Fact.DONE


def is_excused(completions: Iterable[Completion], at: dt.datetime) -> bool:
    return excuse(completions, at) is not None


def excuse(completions: Iterable[Completion], at: dt.datetime) -> Completion | None:
    """What excused the occurrence, where it was excused at an instant."""
    last = _last(completions, _EXCUSES, at)
    return last if last and last.fact is Fact.EXCUSED else None


def is_unproven(completions: Sequence[Completion], at: dt.datetime) -> bool:
    """Whether it was done at an instant without the proof that it requires."""
    last = _last(completions, _PROOFS, at)
    return last is not None and last.fact is Fact.UNPROVEN and is_done(completions, at)


def _last(completions: Iterable[Completion], facts: Collection[Fact], at: dt.datetime) -> Completion | None:
    """The newest of these facts up to an instant; of equal instants, the one that was recorded last."""
    known = sorted((c for c in completions if c.fact in facts and c.at <= at), key=lambda c: c.at)
    return known[-1] if known else None


# ---- done and reopened, excused and not --------------------------------------------------------------


def _news(entry: LedgerEntry, reading: Reading, matter: Matter) -> list[Completion]:
    """What is new in the log, what must have gone before it, and what the card shows beyond it."""
    known = _known(entry, _facts(matter))
    turns = [t for t in _turns(entry, reading, matter) if t.action_id in known or _is_credible(t, reading)]
    fresh = [turn for turn in turns if turn.action_id not in known]
    if reading.card is None:
        return _of_unseen(entry, fresh, matter)
    told = [*_before_the_log(entry, reading, matter, turns[0]), *fresh] if fresh else []
    return [*told, *_beyond_the_log(entry, told, reading, matter)]


def _facts(matter: Matter) -> Collection[Fact]:
    return (matter.yes, matter.no)


def _turns(entry: LedgerEntry, reading: Reading, matter: Matter) -> Iterator[Completion]:
    """Every action that made it hold, or hold no longer."""
    known = shown(reading.card) if reading.card else _gone(entry, matter)
    gone = gone_items(reading.card, reading.actions)
    for action, before, after in steps(known, reading.actions, gone):
        holds = matter.holds(after, action.at)
        if holds != matter.holds(before, action.at):
            seen = matter.seen(action)
            # Of a deleted card nobody can tell how many check items it had.
            guessed = reading.card is None and seen is Seen.CHECKLIST
            yield Completion(
                key=entry.occurrence.key,
                fact=matter.yes if holds else matter.no,
                at=action.at,
                seen=Seen.STATE if guessed else seen,
                by=None if guessed else action.by,
                action_id=action.id,
            )


def _gone(entry: LedgerEntry, matter: Matter) -> CardState:
    """What no log tells of a deleted card: the label that excused it."""
    excused = excuse(entry.completions, _END)
    by_label = excused is not None and excused.seen is Seen.LABEL
    return CardState(labels=matter.rules.excused_labels if by_label else frozenset())


def _is_credible(turn: Completion, reading: Reading) -> bool:
    """A check item that somebody deleted since is missed when items are counted now.

    So a turn that an earlier reading should have told, counting them all, and did not, is none. Of a card
    that nobody can see, nothing is whole but what earlier readings saw.
    """
    if reading.card is None:
        return reading.told_until is None or turn.at > reading.told_until
    return turn.seen is not Seen.CHECKLIST or turn.at >= reading.last_read_at - CLOCK_TOLERANCE


def _of_unseen(entry: LedgerEntry, fresh: Sequence[Completion], matter: Matter) -> list[Completion]:
    """Those that change what the ledger holds, which knows more of the card than its log."""
    told: list[Completion] = []
    for turn in fresh:
        last = _last((*entry.completions, *told), _facts(matter), turn.at)
        held = last is not None and last.fact is matter.yes
        if held != (turn.fact is matter.yes):
            told.append(turn)
    return told


def _before_the_log(
    entry: LedgerEntry, reading: Reading, matter: Matter, first: Completion
) -> list[Completion]:
    """What must have happened before the log's `first` turn, where the ledger knows the contrary.

    Done until then and done at that instant needs no reopening in between: most likely, the ledger
    guessed the completion that the log tells only now.
    """
    last = _last_before_the_log(entry, reading, matter)
    begins, held = _log_begins(reading, matter), last is not None and last.fact is matter.yes
    if first.fact is matter.no and not held:
        at = min(_earliest(entry, reading, last), begins)
        return [_guess(entry, matter.yes, at, Seen.STATE)]
    if first.fact is matter.yes and held and first.at > begins:
        return [_guess(entry, matter.no, begins, Seen.STATE)]
    return []


def _beyond_the_log(
    entry: LedgerEntry, told: Sequence[Completion], reading: Reading, matter: Matter
) -> list[Completion]:
    """What the card shows, where neither ledger nor log explain it.

    A card is not judged by a turn that may have come after it was read: a later reading will tell.
    """
    last = _last((*entry.completions, *told), _facts(matter), _END)
    if reading.card is None or (last and last.at > reading.read_at - CLOCK_TOLERANCE):
        return []
    state, held = shown(reading.card), last is not None and last.fact is matter.yes
    holds = matter.holds(state, reading.read_at)
    if holds and not held:
        return [_guess(entry, matter.yes, _earliest(entry, reading, last), matter.guessed(state, last))]
    if last and held and not holds and matter.may_end(last):
        return [_guess(entry, matter.no, reading.read_at, matter.guessed(state, last))]
    return []


def _last_before_the_log(entry: LedgerEntry, reading: Reading, matter: Matter) -> Completion | None:
    """The last turn that the ledger knows from before the reading's actions."""
    told = {action.id for action in reading.actions}
    before = (c for c in entry.completions if c.action_id not in told)
    return _last(before, _facts(matter), _log_begins(reading, matter))


def _log_begins(reading: Reading, matter: Matter) -> dt.datetime:
    return min((a.at for a in reading.actions if matter.tells_before(a)), default=reading.read_at)


def _earliest(entry: LedgerEntry, reading: Reading, last: Completion | None) -> dt.datetime:
    """The earliest instant at which it can have begun to hold, `last` being its last known turn.

    The reading before showed the contrary, unless it came too soon after `last` to be judged.
    """
    if last and last.at > reading.last_read_at - CLOCK_TOLERANCE:
        return last.at
    return _first_sight(entry, reading)


def _first_sight(entry: LedgerEntry, reading: Reading) -> dt.datetime:
    """The earliest instant at which something newly seen can have become true."""
    created = [entry.card.created_at] if entry.card else []
    return min(max([reading.last_read_at, *created]), reading.read_at)


def _guess(entry: LedgerEntry, fact: Fact, at: dt.datetime, seen: Seen) -> Completion:
    return Completion(entry.occurrence.key, fact, at, seen)


# ---- kept -------------------------------------------------------------------------------------------


def _kept(entry: LedgerEntry, reading: Reading, rules: Rules) -> list[Completion]:
    """Somebody took the card out of the archive, or out of a list to which housekeeping moves cards.

    The robot does neither: it puts away only.
    """
    known = _known(entry, (Fact.KEPT,))
    return [
        Completion(entry.occurrence.key, Fact.KEPT, action.at, seen, action.by, action.id)
        for action in reading.actions
        if (seen := _fetched_back(action, rules)) and action.id not in known
    ]


def _fetched_back(action: Action, rules: Rules) -> Seen | None:
    if action.archived and not action.archived.after:
        return Seen.ARCHIVE
    return Seen.LIST if action.moved and action.moved.before in rules.put_away_lists else None


# ---- proof ------------------------------------------------------------------------------------------


def _proof(entry: LedgerEntry, told: Sequence[Completion], reading: Reading, done: Done) -> list[Completion]:
    """Whether the card holds what is required, asked when it is seen done, and again until it does.

    Proof that was seen counts, though it be taken away.
    """
    card, ledger = reading.card, (*entry.completions, *told)
    turn, last = _last(ledger, _TURNS, _END), _last(ledger, _PROOFS, _END)
    if not entry.occurrence.requires or card is None or turn is None or turn.fact is not Fact.DONE:
        return []
    if not done.holds(shown(card), reading.read_at):
        return []  # it was done after it was read
    judged = last is not None and last.at >= turn.at
    if all(_shows(card, proof) for proof in entry.occurrence.requires):
        at = max(turn.at, _first_sight(entry, reading))
        proven = judged and last is not None and last.fact is Fact.PROVEN
        return [] if proven else [_guess(entry, Fact.PROVEN, at, Seen.STATE)]
    return [] if judged else [replace(turn, fact=Fact.UNPROVEN)]


def _shows(card: Card, proof: Proof) -> bool:
    match proof:
        case Proof.CHECKLIST:
            return 0 < card.item_count == card.checked_count
        case Proof.ATTACHMENT:
            return card.attachment_count > 0
        case Proof.COMMENT:
            return card.comment_count > 0


# ---- members and dues -------------------------------------------------------------------------------


def _members(entry: LedgerEntry, reading: Reading) -> Iterator[Completion]:
    """Who was put on the card or taken off it, but for those whom it was made with."""
    made = entry.card.created_at + MAKING if entry.card else entry.recorded_at
    known = _known(entry, _MEMBERS.values())
    for action in reading.actions:
        if action.type in _MEMBERS and action.member and action.at > made and action.id not in known:
            fact = _MEMBERS[action.type]
            yield Completion(entry.occurrence.key, fact, action.at, Seen.MEMBER, action.member, action.id)


def _dues(entry: LedgerEntry, reading: Reading) -> Iterator[Completion]:
    """Who moved the due away from the declared one. That it was set in the first place is the making's."""
    known = _known(entry, (Fact.DUE_MOVED,))
    key, declared = entry.occurrence.key, entry.occurrence.due
    for action in reading.actions:
        moved = action.due and action.due.before and action.due.after != declared
        if moved and action.id not in known:
            yield Completion(key, Fact.DUE_MOVED, action.at, Seen.DUE, action.by, action.id)


def _known(entry: LedgerEntry, facts: Collection[Fact]) -> set[str | None]:
    """The actions from which such facts were taken already."""
    return {completion.action_id for completion in entry.completions if completion.fact in facts}
