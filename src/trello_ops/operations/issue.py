"""issue: a card for every occurrence that is due, exactly once.

Record what is owed, claim, (look,) create, confirm. A crash or a lost answer at any step leaves a claim;
once that has settled, whoever takes it over first looks for the marker on the board.
"""

import datetime as dt
from dataclasses import dataclass

import structlog

from trello_ops.core.diff import fingerprint
from trello_ops.core.marker import find_card_key
from trello_ops.core.model import (
    ADOPTED,
    TOO_LATE,
    Binding,
    Bindings,
    Board,
    Card,
    CardText,
    Claim,
    IssuedCard,
    Kind,
    LedgerEntry,
    Occurrence,
    OccurrenceKey,
    Task,
)
from trello_ops.core.objectid import created_at
from trello_ops.core.occurrence import catch_up, occurrences
from trello_ops.core.plan import CreateCard
from trello_ops.errors import (
    InvalidDeclaration,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    TrelloError,
    Unauthorised,
    Unavailable,
)
from trello_ops.operations.claims import Held, keep, settled, take
from trello_ops.operations.clock_check import require_true_clock
from trello_ops.operations.context import Context
from trello_ops.operations.fill import fill
from trello_ops.ports import Made

log = structlog.get_logger()

_LOOK_BACK = dt.timedelta(minutes=15)
_KEEP_OWING = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Issued:
    """What one pass did: cards made or found, and occurrences whose card could not be made now."""

    cards: int = 0
    failed: int = 0


def issue(context: Context) -> Issued:
    """One pass over all that is due.

    Raises `Unavailable` or `RateLimited` when Trello is out of reach, which ends the pass; the trouble of
    one task or board stops no other.
    """
    steps = [*_take_overs(context), *_new(context)]
    tally, stuck = list[bool](), set[str]()
    for step in steps:
        if context.stopping():
            break
        if step.key.board not in stuck:
            tally.append(_try(context, step, stuck))
    return Issued(cards=tally.count(True), failed=tally.count(False))


def record_owed(context: Context) -> tuple[Occurrence, ...]:
    """Append to the ledger what was released since the last pass; returns what is to be issued now.

    A board that is not applied yet owes nothing, and a task owes nothing of the time before it was first
    seen here. Raises `WrongClock`.
    """
    require_true_clock(context)
    bindings = context.services.store.bindings()
    without_card: dict[tuple[str, str], list[Occurrence]] = {}
    for occurrence in context.services.store.unissued():
        without_card.setdefault((occurrence.key.board, occurrence.key.task), []).append(occurrence)
    owed: list[Occurrence] = []
    for board in context.workspace.boards:
        if bindings.get(Kind.BOARD, board.key):
            for task in board.tasks:
                waiting = without_card.get((board.key, task.key), [])
                owed += _owed(context, board, task, bindings, waiting)
    return tuple(sorted(owed, key=lambda occurrence: (occurrence.due, occurrence.key)))


def _owed(
    context: Context, board: Board, task: Task, bindings: Bindings, waiting: list[Occurrence]
) -> tuple[Occurrence, ...]:
    store, now = context.services.store, context.services.clock.now()
    known = bindings.get(Kind.TASK, board.key, task.key)
    since = min(known.bound_at, now) if known else now
    released = occurrences(context.workspace, board, task, since, now)
    owed = _record(context, task, released, waiting) if released or waiting else ()
    if known is None or abs(now - known.bound_at) > _KEEP_OWING:
        # Only now: what fell due before this instant is in the ledger, or was never owed.
        store.bind(Binding(Kind.TASK, board.key, task.key, "", now))
    return owed


def _record(
    context: Context, task: Task, released: tuple[Occurrence, ...], waiting: list[Occurrence]
) -> tuple[Occurrence, ...]:
    store, now = context.services.store, context.services.clock.now()
    board = (*released, *waiting)[0].key.board
    earliest = min(occurrence.key.date for occurrence in (*released, *waiting))
    recorded = store.recorded(board, task.key, earliest)
    fresh = [occurrence for occurrence in released if occurrence.key not in recorded]
    newest = max((key.date for key in recorded), default=None)
    owed = catch_up(task.cadence.catch_up, (*waiting, *fresh), newest, now)
    store.record([occurrence for occurrence in fresh if occurrence in owed.issue], now)
    skipped = store.record([o for o in fresh if o in owed.skip], now, skipped=TOO_LATE)
    if skipped:
        log.warning("occurrences.skipped", board=board, task=task.key, count=skipped)
    return owed.issue


# ---- one occurrence ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """An occurrence to issue; `claim` is somebody's settled one that is to be taken over."""

    key: OccurrenceKey
    claim: Claim | None = None


def _new(context: Context) -> list[_Step]:
    held = {claim.key for claim in context.services.store.claims()}
    return [_Step(o.key) for o in record_owed(context) if str(o.key) not in held]


def _take_overs(context: Context) -> list[_Step]:
    steps = []
    for claim in settled(context.services, context.patience, context.watch):
        try:
            steps.append(_Step(OccurrenceKey.parse(claim.key), claim))
        except ValueError:  # a claim on something else than an occurrence
            continue
    return steps


def _try(context: Context, step: _Step, stuck: set[str]) -> bool:
    """Whether the occurrence has its card now. What went wrong is noted under `board/task`."""
    store, subject = context.services.store, f"{step.key.board}/{step.key.task}"
    try:
        done = _issue(context, step)
    except (Unavailable, RateLimited):
        raise
    except (TrelloError, InvalidDeclaration) as error:
        if isinstance(error, Unauthorised):
            stuck.add(step.key.board)
        store.note_problem(subject, str(error), context.services.clock.now())
        log.warning("card.not_issued", key=str(step.key), error=str(error))
        return False
    if done:
        store.clear_problem(subject)
    return done


def _issue(context: Context, step: _Step) -> bool:
    services, patience, holder = context.services, context.patience, context.holder
    if step.claim:
        held = keep(services, patience, holder, step.claim)
    else:
        held = take(services, patience, holder, str(step.key))
    if held is None:  # another process was faster
        return False
    try:
        _issue_claimed(context, step.key, held, look=step.claim is not None)
    except OutcomeUnknown:
        services.store.mark_unknown(held.claim)
        raise
    except (TrelloError, InvalidDeclaration):
        _give_back(context, step.key, held)
        raise
    services.store.release(held.claim)
    return True


def _give_back(context: Context, key: OccurrenceKey, held: Held) -> None:
    """Nothing was done: anybody may try again at once. A card that lacks items keeps its claim instead."""
    entry = context.services.store.entry(key)
    if entry and entry.card:
        context.services.store.mark_unknown(held.claim)
    else:
        context.services.store.release(held.claim)


def _issue_claimed(context: Context, key: OccurrenceKey, held: Held, *, look: bool) -> None:
    """Make sure that the occurrence has its one card, complete. `look` before any second try."""
    entry = context.services.store.entry(key)
    if entry is None or (entry.card and not look):
        return  # issued by another process since this pass began
    bindings = context.services.store.bindings()
    board = bindings.get(Kind.BOARD, key.board)
    if board is None:
        raise NotFound(f"the board {key.board} is not on Trello yet; run `trello-ops apply`")
    text = context.render_card.card(entry.occurrence)
    if entry.card:
        fill(context, key.board, entry.card.id, text.checklists, held)
        return
    found = _look(context, board, entry, held) if look or _may_stand(board, entry) else None
    if found:
        card = Made(found.id, found.url, found.item_count)
    else:
        change = _create_card(entry.occurrence, text, bindings)
        card = context.services.trello.perform(change, bindings, held.send_before)
    _confirm(context, key, card, held, adopted=found is not None)
    if card.item_count != text.item_count:
        fill(context, key.board, card.id, text.checklists, held)


def _may_stand(board: Binding, entry: LedgerEntry) -> bool:
    """Whether a ledger that was lost, or put back from a backup, may once have known a card of this.

    One that is recorded right after its release, or right after its board was made, cannot have been.
    """
    possible_since = max(entry.occurrence.release, board.bound_at)
    return board.fingerprint == ADOPTED or entry.recorded_at - possible_since > _LOOK_BACK


def _look(context: Context, board: Binding, entry: LedgerEntry, held: Held) -> Card | None:
    """The elder of the board's cards, archived ones too, that bear the occurrence's marker."""
    key = entry.occurrence.key
    since = min(held.claim.attempted_at, entry.recorded_at, entry.occurrence.release) - _LOOK_BACK
    cards = context.services.trello.cards_since(board.trello_id, since)
    ours = [card for card in cards if find_card_key(card.description) == key]
    return min(ours, key=lambda card: (card.created_at, card.id), default=None)


def _create_card(occurrence: Occurrence, text: CardText, bindings: Bindings) -> CreateCard:
    template = bindings.get(Kind.TEMPLATE, occurrence.key.board, occurrence.key.task)
    held = template.fingerprint if template else ""
    return CreateCard(
        board=occurrence.key.board,
        key=occurrence.key,
        theme=occurrence.theme,
        assignees=occurrence.assignees,
        text=text,
        start=occurrence.release,
        due=occurrence.due,
        copy_checklists=bool(text.checklists) and held == fingerprint(text.checklists),
    )


def _confirm(context: Context, key: OccurrenceKey, made: Made, held: Held, *, adopted: bool) -> None:
    card = IssuedCard(made.id, made.url, created_at(made.id), context.services.clock.now())
    kept = context.services.store.confirm(key, card)
    event = "card.adopted" if adopted else "card.issued"
    if kept:
        log.info(event, key=str(key), card=made.id, attempt=held.claim.attempt)
    else:  # a process frozen between lease check and send: the elder counts
        log.error("card.duplicate", key=str(key), card=made.id, attempt=held.claim.attempt)
