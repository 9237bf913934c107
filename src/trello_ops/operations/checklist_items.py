"""Checklists built item by item.

Trello has no bulk form (trello-behaviour.md#checklists). What is missing is found by comparing, so that an
attempt that broke off is completed by the next.
"""

from collections.abc import Sequence

from trello_ops.core.bindings import Bindings
from trello_ops.core.card_text import Checklist
from trello_ops.core.planning.changes import AddCheckItem, AddChecklist
from trello_ops.core.planning.checklists import GAP, missing_items, pair_checklists
from trello_ops.core.trello import Card
from trello_ops.errors import OutcomeUnknown
from trello_ops.messages import say
from trello_ops.operations.claims import HeldClaim, keep
from trello_ops.operations.context import Context


def add_missing_items(
    context: Context, board: str, card: Card, checklists: Sequence[Checklist], held: HeldClaim
) -> None:
    """Add what a card, read under this claim, still lacks of its declared checklists, in their order.

    Raises `OutcomeUnknown` when an answer is lost or the claim changed hands: what was added stays, and the
    next attempt compares again.
    """
    trello, bindings = context.trello, Bindings()
    for number, (declared, found) in enumerate(pair_checklists(checklists, card), start=1):
        if found:
            checklist_id = found.id
        else:
            change = AddChecklist(board=board, card_id=card.id, title=declared.title, position=GAP * number)
            checklist_id = trello.perform(change, bindings, held.send_before).id
        for index, item in missing_items(declared, found):
            keep_lease(context, held)
            position = GAP * (index + 1)
            add = AddCheckItem(
                board=board, card_id=card.id, checklist_id=checklist_id, title=item, position=position
            )
            trello.perform(add, bindings, held.send_before)


def keep_lease(context: Context, held: HeldClaim) -> None:
    """Renew the claim when a quarter of the lease is left: a long checklist outlasts one lease.

    Raises `OutcomeUnknown` when it changed hands.
    """
    left = held.send_before - context.clock.monotonic()
    if left > context.config.lease_policy.lease / 4:
        return
    renewed = keep(context, held.claim)
    if renewed is None:
        raise OutcomeUnknown(
            say("another process took over %(card)s while its checklists were built", card=held.claim.key)
        )
    held.claim, held.send_before = renewed.claim, renewed.send_before
