"""From what a card shows, and what its board's log says, to events of the ledger.

The log gives every change with its instant and person. A state that the log does not explain is believed all
the same, and dated as early as what we know allows: what we failed to see never makes anybody late.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from trello_ops.core.declared import Proof
from trello_ops.core.ledger import EventKind, EventSource, LedgerEntry, LedgerEvent
from trello_ops.core.tolerances import CLOCK_TOLERANCE, MAKING
from trello_ops.core.tracking.card_state import CardState, gone_items, state_of, steps
from trello_ops.core.tracking.criteria import CardRules, Criterion, DoneCriterion, ExcusedCriterion
from trello_ops.core.tracking.doubts import new_at_once, new_automated, new_touch
from trello_ops.core.trello import Action, Card, FieldChange

DONE_KINDS = frozenset({EventKind.DONE, EventKind.REOPENED})
"""Of what was done, and of what was undone again."""

_EXCUSE_KINDS = frozenset({EventKind.EXCUSED, EventKind.UNEXCUSED})
_WITHDRAWAL_KINDS = frozenset({EventKind.WITHDRAWN, EventKind.REINSTATED})
_PROOF_KINDS = frozenset({EventKind.PROVEN, EventKind.UNPROVEN})
_END = dt.datetime.max.replace(tzinfo=dt.UTC)
_MEMBERS = {"addMemberToCard": EventKind.ASSIGNED, "removeMemberFromCard": EventKind.UNASSIGNED}


@dataclass(frozen=True, slots=True)
class CardObservation:
    """What one read of a board tells of a card.

    `actions` are the card's own, oldest first, and must have been read *after* the card. `card` is `None`
    when it can no longer be seen, most likely because it was deleted: then `actions` must begin with its
    creation, as nothing else tells its past. `last_read_at` is when the board was last read before, `read_at`
    is now. Up to `told_until` earlier reads have recorded all that the log tells; `None`: nothing yet.

    `robot_comments` and `robot_attachments` are how many of those that the card counts are the robot's own.
    Of comments, that need be known only of a card that `awaits_proof`. `robots` are the ids of the accounts
    by which the robot acts; empty where they are not known.
    """

    card: Card | None
    actions: Sequence[Action]
    last_read_at: dt.datetime
    read_at: dt.datetime
    told_until: dt.datetime | None = None
    robot_comments: int = 0
    robot_attachments: int = 0
    robots: frozenset[str] = frozenset()

    def shows(self, proof: Proof) -> bool:
        """Whether people put a proof on the card; what the robot added itself proves nothing."""
        card = self.card
        if card is None:
            return False
        match proof:
            case Proof.CHECKLIST:
                return 0 < card.item_count == card.checked_count
            case Proof.ATTACHMENT:
                return card.attachment_count > self.robot_attachments
            case Proof.COMMENT:
                return card.comment_count > self.robot_comments


def new_events(entry: LedgerEntry, observed: CardObservation, rules: CardRules) -> tuple[LedgerEvent, ...]:
    """What an observation adds to an entry that has a card.

    Idempotent: while nothing happens, the next observation adds nothing, however much the two logs overlap.
    """
    criterion = DoneCriterion(entry.occurrence.complete_when, rules)
    done = _new_transitions(entry, observed, criterion)
    told = (
        *done,
        *_new_transitions(entry, observed, ExcusedCriterion(rules)),
        *_kept(entry, observed, rules),
        *_proof(entry, done, observed, criterion),
        *_members(entry, observed),
        *_dues(entry, observed),
    )
    return (
        *told,
        *new_touch(entry, told, observed.actions, observed.robots),
        *new_at_once(entry, observed.card, observed.actions),
        *new_automated(entry, done, observed.actions),
    )


def is_done(events: Iterable[LedgerEvent], at: dt.datetime) -> bool:
    """Whether the occurrence was done at an instant, by what was recorded."""
    last = _last(events, DONE_KINDS, at)
    return last is not None and last.kind is EventKind.DONE


def is_excused(events: Iterable[LedgerEvent], at: dt.datetime) -> bool:
    """Whether the occurrence was excused at an instant, by what was recorded."""
    return excuse(events, at) is not None


def is_settled(events: Sequence[LedgerEvent], at: dt.datetime) -> bool:
    """Whether nobody has to do it any more: it was done, excused or withdrawn at an instant."""
    return is_done(events, at) or is_excused(events, at) or withdrawal(events, at) is not None


def excuse(events: Iterable[LedgerEvent], at: dt.datetime) -> LedgerEvent | None:
    """The event that excused the occurrence; `None` where it was not excused at that instant."""
    last = _last(events, _EXCUSE_KINDS, at)
    return last if last and last.kind is EventKind.EXCUSED else None


def withdrawal(events: Iterable[LedgerEvent], at: dt.datetime) -> LedgerEvent | None:
    """The event by which the files withdrew the occurrence; `None` where they named it at that instant."""
    last = _last(events, _WITHDRAWAL_KINDS, at)
    return last if last and last.kind is EventKind.WITHDRAWN else None


def is_unproven(events: Sequence[LedgerEvent], at: dt.datetime) -> bool:
    """Whether it was done at an instant without the proof that it requires."""
    last = _last(events, _PROOF_KINDS, at)
    return last is not None and last.kind is EventKind.UNPROVEN and is_done(events, at)


def is_reopened(events: Iterable[LedgerEvent], at: dt.datetime) -> bool:
    """Whether it was done, and then undone, at least once up to an instant."""
    known = [event for event in events if event.kind in DONE_KINDS and event.at <= at]
    done = min((event.at for event in known if event.kind is EventKind.DONE), default=_END)
    return any(event.kind is EventKind.REOPENED and event.at >= done for event in known)


def _last(events: Iterable[LedgerEvent], kinds: Collection[EventKind], at: dt.datetime) -> LedgerEvent | None:
    """The newest event of these kinds up to an instant; of equal instants, the one that was recorded last."""
    known = sorted((c for c in events if c.kind in kinds and c.at <= at), key=lambda c: c.at)
    return known[-1] if known else None


# ---- done and reopened, excused and not --------------------------------------------------------------


def _new_transitions(
    entry: LedgerEntry, observed: CardObservation, criterion: Criterion
) -> list[LedgerEvent]:
    """What is new in the log, what must have happened before it, and what the card shows beyond it."""
    known = _known(entry, _kinds(criterion))
    transitions = [
        t
        for t in _transitions(entry, observed, criterion)
        if t.action_id in known or _is_credible(t, observed)
    ]
    fresh = [transition for transition in transitions if transition.action_id not in known]
    if observed.card is None:
        return _of_invisible(entry, fresh, criterion)
    told = [*_before_the_log(entry, observed, criterion, transitions[0]), *fresh] if fresh else []
    return [*told, *_beyond_the_log(entry, told, observed, criterion)]


def _kinds(criterion: Criterion) -> Collection[EventKind]:
    return (criterion.yes, criterion.no)


def _transitions(
    entry: LedgerEntry, observed: CardObservation, criterion: Criterion
) -> Iterator[LedgerEvent]:
    """Every action by which the criterion was met, or met no longer."""
    if observed.card:
        known = state_of(observed.card)
    else:
        # Of a deleted card the log tells everything but its labels: one that excused it is in the ledger.
        excused = excuse(entry.events, _END)
        by_label = excused is not None and excused.source is EventSource.LABEL
        known = CardState(labels=criterion.rules.excused_labels if by_label else frozenset())
    gone = gone_items(observed.card, observed.actions)
    for action, before, after in steps(known, observed.actions, gone):
        holds = criterion.holds(after, action.at)
        if holds != criterion.holds(before, action.at):
            source = criterion.source(action)
            # How many check items a deleted card had, nothing tells: so this may be wrong.
            guessed = observed.card is None and source is EventSource.CHECKLIST
            yield LedgerEvent(
                key=entry.occurrence.key,
                kind=criterion.yes if holds else criterion.no,
                at=action.at,
                source=EventSource.STATE if guessed else source,
                by=None if guessed else action.by,
                action_id=action.id,
            )


def _is_credible(transition: LedgerEvent, observed: CardObservation) -> bool:
    """Whether a transition is to be believed, or an earlier read would already have recorded it."""
    if observed.card is None:
        # Not all of a deleted card's state is known, so what earlier reads made of the same log stands.
        return observed.told_until is None or transition.at > observed.told_until
    # Items that were deleted since are not counted now, so a checklist may seem to have been complete when it
    # was not: the reads of that time counted them all, and would have recorded it.
    return (
        transition.source is not EventSource.CHECKLIST
        or transition.at >= observed.last_read_at - CLOCK_TOLERANCE
    )


def _of_invisible(
    entry: LedgerEntry, fresh: Sequence[LedgerEvent], criterion: Criterion
) -> list[LedgerEvent]:
    """Those transitions of an invisible card that change what the ledger holds.

    Earlier reads saw the card itself, so the ledger knows more than the log.
    """
    told: list[LedgerEvent] = []
    for transition in fresh:
        last = _last((*entry.events, *told), _kinds(criterion), transition.at)
        held = last is not None and last.kind is criterion.yes
        if held != (transition.kind is criterion.yes):
            told.append(transition)
    return told


def _before_the_log(
    entry: LedgerEntry, observed: CardObservation, criterion: Criterion, first: LedgerEvent
) -> list[LedgerEvent]:
    """What must have happened before the log's `first` transition, where the ledger has the contrary."""
    begins = min((a.at for a in observed.actions if criterion.tells_before(a)), default=observed.read_at)
    told = {action.id for action in observed.actions}
    last = _last((e for e in entry.events if e.action_id not in told), _kinds(criterion), begins)
    held = last is not None and last.kind is criterion.yes
    if first.kind is criterion.no and not held:
        at = min(_earliest(entry, observed, last), begins)
        return [_guess(entry, criterion.yes, at, EventSource.STATE)]
    # Done before and done by `first`, at the log's beginning, needs no reopening in between: most likely the
    # ledger had guessed the very event that the log tells only now.
    if first.kind is criterion.yes and held and first.at > begins:
        return [_guess(entry, criterion.no, begins, EventSource.STATE)]
    return []


def _beyond_the_log(
    entry: LedgerEntry, told: Sequence[LedgerEvent], observed: CardObservation, criterion: Criterion
) -> list[LedgerEvent]:
    """What the card shows and neither ledger nor log explain."""
    last = _last((*entry.events, *told), _kinds(criterion), _END)
    # Trello's clock and ours are two: a transition this close may have come after the card was read. Then the
    # card is not judged, and a later read will tell.
    if observed.card is None or (last and last.at > observed.read_at - CLOCK_TOLERANCE):
        return []
    state, held = state_of(observed.card), last is not None and last.kind is criterion.yes
    holds = criterion.holds(state, observed.read_at)
    if holds and not held:
        return [
            _guess(entry, criterion.yes, _earliest(entry, observed, last), criterion.guessed(state, last))
        ]
    if last and held and not holds and criterion.may_end(last):
        return [_guess(entry, criterion.no, observed.read_at, criterion.guessed(state, last))]
    return []


def _earliest(entry: LedgerEntry, observed: CardObservation, last: LedgerEvent | None) -> dt.datetime:
    """The earliest instant at which the criterion can have been met again after its `last` transition."""
    # The read before showed that it was not met, unless it came too soon after `last` to be judged.
    if last and last.at > observed.last_read_at - CLOCK_TOLERANCE:
        return last.at
    return _earliest_change(entry, observed)


def _earliest_change(entry: LedgerEntry, observed: CardObservation) -> dt.datetime:
    """The earliest instant at which something newly seen can have become true."""
    created = [entry.card.created_at] if entry.card else []
    return min(max([observed.last_read_at, *created]), observed.read_at)


def _guess(entry: LedgerEntry, kind: EventKind, at: dt.datetime, source: EventSource) -> LedgerEvent:
    return LedgerEvent(entry.occurrence.key, kind, at, source)


# ---- kept -------------------------------------------------------------------------------------------


def _kept(entry: LedgerEntry, observed: CardObservation, rules: CardRules) -> list[LedgerEvent]:
    """Somebody took the card out of the archive, or out of a list to which housekeeping moves cards."""
    # The robot does neither, but for a card that goes on to another such list: so it does not matter that a
    # person may share its account.
    known = _known(entry, (EventKind.KEPT,))
    key, kept = entry.occurrence.key, []
    for action in observed.actions:
        unarchived = action.archived and not action.archived.after
        moved_back = action.moved and _fetched_back(action.moved, rules)
        if (unarchived or moved_back) and action.id not in known:
            source = EventSource.ARCHIVE if unarchived else EventSource.LIST
            kept.append(LedgerEvent(key, EventKind.KEPT, action.at, source, action.by, action.id))
    return kept


def _fetched_back(moved: FieldChange, rules: CardRules) -> bool:
    return moved.before in rules.put_away_lists and moved.after not in rules.put_away_lists


# ---- proof ------------------------------------------------------------------------------------------


def _proof(
    entry: LedgerEntry, told: Sequence[LedgerEvent], observed: CardObservation, done: DoneCriterion
) -> list[LedgerEvent]:
    """Whether the card holds what is required; asked when it is seen done, and again until it does.

    Proof that was seen once counts, even if it is taken away later.
    """
    card, ledger = observed.card, (*entry.events, *told)
    latest, last = _last(ledger, DONE_KINDS, _END), _last(ledger, _PROOF_KINDS, _END)
    if not entry.occurrence.requires or card is None or latest is None or latest.kind is not EventKind.DONE:
        return []
    if not done.holds(state_of(card), observed.read_at):
        return []  # it was done after it was read
    judged = last is not None and last.at >= latest.at
    if all(map(observed.shows, entry.occurrence.requires)):
        at = max(latest.at, _earliest_change(entry, observed))
        proven = judged and last is not None and last.kind is EventKind.PROVEN
        return [] if proven else [_guess(entry, EventKind.PROVEN, at, EventSource.STATE)]
    return [] if judged else [replace(latest, kind=EventKind.UNPROVEN)]


def awaits_proof(entry: LedgerEntry, observed: CardObservation, rules: CardRules) -> bool:
    """Whether an observation decides about a card's proof: it seems done, and was not proven as it is now."""
    if observed.card is None or not entry.occurrence.requires:
        return False
    done = DoneCriterion(entry.occurrence.complete_when, rules)
    seems_done = done.holds(state_of(observed.card), observed.read_at)
    latest, last = _last(entry.events, DONE_KINDS, _END), _last(entry.events, _PROOF_KINDS, _END)
    if not (latest and last) or (latest.kind, last.kind) != (EventKind.DONE, EventKind.PROVEN):
        return seems_done
    # It may have been reopened and done again since it was proven.
    return seems_done and max([latest.at, *(action.at for action in observed.actions)]) > last.at


# ---- members and dues -------------------------------------------------------------------------------


def _members(entry: LedgerEntry, observed: CardObservation) -> Iterator[LedgerEvent]:
    """Who was put on the card or taken off it since it was made."""
    made = entry.card.created_at + MAKING if entry.card else entry.recorded_at
    known = _known(entry, _MEMBERS.values())
    for action in observed.actions:
        if action.type not in _MEMBERS or action.member is None or action.id in known:
            continue
        kind = _MEMBERS[action.type]
        # The making of a card puts people on it, and takes nobody off.
        if action.at > made or kind is EventKind.UNASSIGNED:
            yield LedgerEvent(
                entry.occurrence.key, kind, action.at, EventSource.MEMBER, action.member, action.id
            )


def _dues(entry: LedgerEntry, observed: CardObservation) -> Iterator[LedgerEvent]:
    """Who moved the due away from the declared one, or removed it."""
    made = entry.card.created_at + MAKING if entry.card else entry.recorded_at
    known = _known(entry, (EventKind.DUE_MOVED,))
    key, amended = entry.occurrence.key, {each.due for each in entry.amendments}
    for action in observed.actions:
        # The making of a card sets its first due. Later, who sets one where there is none moves it as well.
        # One that an amendment sets is nobody's, however far Trello's clock was from its own reckoning.
        declared = {entry.as_of(action.at).due, *amended}
        moved = action.due and (action.due.before or action.at > made) and action.due.after not in declared
        if moved and action.id not in known:
            yield LedgerEvent(key, EventKind.DUE_MOVED, action.at, EventSource.DUE, action.by, action.id)


def _known(entry: LedgerEntry, kinds: Collection[EventKind]) -> set[str | None]:
    """The actions from which events of these kinds were taken already."""
    return {event.action_id for event in entry.events if event.kind in kinds}
