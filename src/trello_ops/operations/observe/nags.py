"""Nags: comments that remind people of overdue cards, each written once.

A nag is written right after its board was read, under a claim of its occurrence, and noted in the ledger. Its
last line is a marker, by which it is found on the card: before another one is written, so that what a lost
answer or a lost ledger hides is not written twice; and where comments are proof, which ours never are.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial

import structlog

from trello_ops.core.bindings import Binding
from trello_ops.core.claims import ClaimKey
from trello_ops.core.declared import Board, Proof
from trello_ops.core.ledger import EventKind, EventSource, LedgerEntry, LedgerEvent, OccurrenceKey
from trello_ops.core.marker import find_nag, nag_marker
from trello_ops.core.objectid import created_at
from trello_ops.core.planning.changes import AddComment
from trello_ops.core.planning.nags import DueNag, Nagger
from trello_ops.core.problems import BoardMatter
from trello_ops.core.tracking.board_read import BoardRead
from trello_ops.core.tracking.criteria import CardRules
from trello_ops.core.tracking.events import CardObservation, awaits_proof
from trello_ops.core.trello import Comment
from trello_ops.errors import NotFound, NotSent, OutcomeUnknown, TrelloError
from trello_ops.messages import say
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.claims import HeldClaim, keep, released, settled, take
from trello_ops.operations.context import Context
from trello_ops.operations.observe.board_reader import shown
from trello_ops.operations.problems import matter_subject

log = structlog.get_logger()

_A_PASS = 25
"""How many nags of a board one pass writes: after days off, many cards may be overdue at once."""


def nag(context: Context, board: Binding, read: BoardRead, new: Iterable[LedgerEvent]) -> None:
    """Remind people of the overdue cards of a board that was read just now; `new` is what the read told.

    Trouble is a problem `board:nagging`, left alone for growing pauses, and stops nothing else. Raises one of
    `OUT_OF_REACH`.
    """
    declared, subject = context.workspace.board(board.board), matter_subject(board.board, BoardMatter.NAGGING)
    if declared is None or not any(task.nag for task in declared.tasks):
        return
    bindings = context.store.bindings(declared.key)
    nagger = Nagger(context.workspace, declared, bindings, read.snapshot, read.began)
    due = [found for entry in _with(read.entries, new) if (found := nagger.due(entry))]
    if not due or subject in context.paused_subjects():
        return
    errors = [_try(context, declared, nagger, each) for each in due[:_A_PASS] if not context.stopping()]
    if error := next(filter(None, errors), None):
        context.note_failure(subject, error)
    else:
        context.store.clear_problem(subject)


def settle_nags(context: Context) -> None:
    """Note in the ledger what lost attempts at nags have left, and give their claims back."""
    for claim in settled(context):
        key = ClaimKey.parse(claim.key).nagged
        held = keep(context, claim) if key else None
        if not (key and held):
            continue
        try:
            _note_written(context, key)
        except TrelloError as error:
            context.store.mark_unknown(held.claim)
            if out_of_reach(context.services, error):
                raise
            log.warning("nag.not_settled", key=str(key), error=str(error))
        else:
            context.store.release(held.claim)


def robot_comments(context: Context, entry: LedgerEntry, observed: CardObservation, rules: CardRules) -> int:
    """How many of the card's comments are nags; counted only where comments decide whether it is proven."""
    card, occurrence = observed.card, entry.occurrence
    if card is None or not card.comment_count or Proof.COMMENT not in occurrence.requires:
        return 0
    key = occurrence.key
    found = context.workspace.task_of(key.board, key.task, key.date)
    # One whose answer was lost may not be in the ledger yet.
    nagged = any(event.kind is EventKind.NAGGED for event in entry.events) or (found and found[1].nag)
    if not nagged or not awaits_proof(entry, observed, rules):
        return 0
    return nags_on(context, card.id)


def nags_on(context: Context, card_id: str) -> int:
    """How many of a card's comments are nags; none where it is kept from us."""
    comments = shown(partial(context.trello.comments, card_id)) or ()
    return sum(find_nag(comment.text, context.workspace.key) is not None for comment in comments)


def _with(entries: Sequence[LedgerEntry], new: Iterable[LedgerEvent]) -> Iterator[LedgerEntry]:
    """The entries with what was just recorded, by due."""
    told = tuple(new)
    for entry in sorted(entries, key=lambda each: each.occurrence.urgency):
        own = tuple(event for event in told if event.key == entry.occurrence.key)
        yield replace(entry, events=(*entry.events, *own)) if own else entry


def _try(context: Context, board: Board, nagger: Nagger, due: DueNag) -> TrelloError | None:
    """Write one nag; returns what keeps it from being written, where that is trouble."""
    try:
        _write(context, board, nagger, due)
    except TrelloError as error:
        if out_of_reach(context.services, error):
            raise
        log.warning("nag.not_written", key=str(due.key), error=str(error))
        # The claim has to settle, we were too slow, or somebody deleted the card meanwhile.
        return None if isinstance(error, OutcomeUnknown | NotSent | NotFound) else error
    return None


def _write(context: Context, board: Board, nagger: Nagger, due: DueNag) -> None:
    """Write one nag, unless another process was faster."""
    held = take(context, ClaimKey.of_nag(due.key))
    if held is None:  # at work elsewhere, or a lost attempt that has not settled
        return
    with released(context, held):
        # Another process may have written it since this pass began.
        entry = context.store.entry(due.key)
        again = nagger.due(entry) if entry else None
        if again and again.number == due.number and due.number not in _note_written(context, due.key):
            _comment(context, board, due, held)


def _comment(context: Context, board: Board, due: DueNag, held: HeldClaim) -> None:
    lines = [
        context.translate(
            say(
                "@%(username)s This card is past its due and not done yet. Could you see to it, or write here"
                " what is in the way? Thank you.",
                username=mention.username,
            ),
            mention.locale,
        )
        for mention in due.whom
    ]
    text = "\n\n".join([*lines, nag_marker(context.workspace.key, due.key, due.number)])
    change = AddComment(board=board.key, key=due.key, card_id=due.card.id, text=text)
    made = context.trello.perform(change, context.store.bindings(board.key), held.send_before)
    _note(context, due.key, [(made.id, created_at(made.id))])
    log.info("occurrence.nagged", key=str(due.key), number=due.number, whom=[m.username for m in due.whom])


def _note_written(context: Context, key: OccurrenceKey) -> frozenset[int]:
    """Have the ledger know the nags that stand on the card; returns the numbers of all of them."""
    entry = context.store.entry(key)
    if entry is None or entry.card is None:
        return frozenset()
    known = sum(event.kind is EventKind.NAGGED for event in entry.events)
    standing = _standing(context, key, shown(partial(context.trello.comments, entry.card.id)) or ())
    _note(context, key, [(each.id, each.at) for number, each in standing.items() if number > known])
    return frozenset(standing)


def _standing(context: Context, key: OccurrenceKey, comments: Iterable[Comment]) -> dict[int, Comment]:
    """The card's nags by number; of several with the same number, as where one was copied, the first."""
    found: dict[int, Comment] = {}
    for comment in comments:
        marked = find_nag(comment.text, context.workspace.key)
        if marked and marked[0] == key:
            found.setdefault(marked[1], comment)
    return found


def _note(context: Context, key: OccurrenceKey, written: Iterable[tuple[str, dt.datetime]]) -> None:
    """Append nags to the ledger: the ids of their actions, and when they were written."""
    events = [
        LedgerEvent(key, EventKind.NAGGED, at, EventSource.ROBOT, action_id=action) for action, at in written
    ]
    context.store.append(events, context.clock.now())
