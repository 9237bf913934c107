"""One change of a plan: made on Trello, under a claim where it creates, and recorded in the bindings."""

import structlog

from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.claims import ClaimKey
from trello_ops.core.planning.changes import (
    AddMember,
    AmendCard,
    ArchiveTemplateCard,
    Bind,
    Change,
    CreateBoard,
    Creation,
    EditBoard,
    EditList,
    FillTemplateCard,
    Unbind,
)
from trello_ops.core.planning.checklists import fingerprint
from trello_ops.errors import Unavailable
from trello_ops.messages import say
from trello_ops.operations.amendments import amend
from trello_ops.operations.board_sights import note_successor
from trello_ops.operations.checklist_items import add_missing_items
from trello_ops.operations.claims import released, take
from trello_ops.operations.context import Context
from trello_ops.operations.problems import closed_subject

log = structlog.get_logger()


def perform(context: Context, change: Change) -> None:
    """Make one change and record what it means for the bindings."""
    if isinstance(change, Creation | FillTemplateCard):
        _perform_claimed(context, change)
    elif isinstance(change, AmendCard):
        amend(context, change)
    elif isinstance(change, Bind | Unbind):
        note_successor(context, change)
        _record(context, change, "", "")
    else:
        made = context.trello.perform(change, context.store.bindings(change.board))
        _record(context, change, made.id, made.url)
    # Cards may be made again at once, not only after the next look at the board.
    reopens = isinstance(change, EditBoard | EditList) and change.reopen
    if reopens or isinstance(change, CreateBoard):
        context.store.clear_problem(closed_subject(change.board))
    log.info("change.made", change=type(change).__name__, subject=change.subject)


def _perform_claimed(context: Context, change: Creation | FillTemplateCard) -> None:
    """Make something new under a claim, unless another process did between planning and claiming."""
    held = take(context, ClaimKey.of_change(change.subject))
    if held is None:
        raise Unavailable(
            say(
                "%(change)s: another attempt has not settled yet; the next pass goes on",
                change=change.subject,
            )
        )
    with released(context, held):
        bindings = context.store.bindings(change.board)
        if isinstance(change, FillTemplateCard):
            card_id = bindings.id(Kind.TEMPLATE, change.board, change.task)
            if card_id:
                card = context.trello.card(card_id)
                add_missing_items(context, change.board, card, change.checklists, held)
                _record(context, change, card_id, "")
        elif (bindings.id(change.kind, change.board, change.key) or "") == change.replaces:
            made = context.trello.perform(change, bindings, held.send_before)
            _record(context, change, made.id, made.url)


def _record(context: Context, change: Change, made_id: str, url: str) -> None:
    """Write down what a performed change means for the bindings."""
    store, now = context.store, context.clock.now()
    match change:
        case Creation():
            store.bind(Binding(change.kind, change.board, change.key, made_id, now, "", url))
        case AddMember():
            # With the username as it is compared: a later edit of it makes another binding.
            store.bind(Binding(Kind.PERSON, change.board, change.key, made_id, now, change.username.lower()))
        case FillTemplateCard():
            # By this a copy is known to need no more items (`issue/attempt.py`).
            hashed = fingerprint(change.checklists)
            store.bind(Binding(Kind.TEMPLATE, change.board, change.task, made_id, now, hashed))
        case Bind():
            store.bind(change.binding(now))
        case Unbind():
            store.unbind(change.kind, change.board, change.key)
        case ArchiveTemplateCard():
            # The card that takes its place may be bound already.
            if store.bindings(change.board).id(Kind.TEMPLATE, change.board, change.task) == change.card_id:
                store.unbind(Kind.TEMPLATE, change.board, change.task)
        case _:
            pass
