"""Cards that are out follow edited files: planned with a board's other changes, performed at `apply` only."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import replace

import structlog

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.calendar.occurrences import occurrence_named
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.card_text import CardText
from trello_ops.core.claims import ClaimKey
from trello_ops.core.declared import Board, Task
from trello_ops.core.ledger import Amendment, Edition, Given, LedgerEntry, Occurrence
from trello_ops.core.planning.amendments import (
    Amended,
    FrozenCard,
    OpenCard,
    edition_of,
    given,
    member_ids,
)
from trello_ops.core.planning.changes import AmendCard, RemoveMember
from trello_ops.core.trello import Card, Snapshot
from trello_ops.errors import OutcomeUnknown, TrelloError
from trello_ops.messages import say
from trello_ops.operations.checklist_items import add_missing_items
from trello_ops.operations.claims import HeldClaim, released, take
from trello_ops.operations.context import Context

log = structlog.get_logger()


def given_now(context: Context, made: Occurrence, text: CardText, members: Iterable[str]) -> Given | None:
    """What a card of this text and these members (Trello ids) is given; `None` for a task that is gone."""
    found = context.workspace.task_of(made.key.board, made.key.task, made.key.date)
    if found is None:
        return None
    board, task = found
    edition = _edition(context, board, task)
    declared = occurrence_named(context.workspace, board, task, made, edition.period)
    return given(edition, declared, made, text, members)


def _edition(context: Context, board: Board, task: Task) -> Edition:
    return edition_of(board, task, context.render_card.sources(board.key, task.key))


# ---- plan -------------------------------------------------------------------------------------------


def amendments(
    context: Context, board: Board, bindings: Bindings, snapshot: Snapshot
) -> tuple[tuple[AmendCard, ...], tuple[FrozenCard, ...]]:
    """The board's cards that follow an edit of their task, and those that stay; by due."""
    if snapshot.board.closed:
        return (), ()
    cards, settled = {card.id: card for card in snapshot.cards}, frozenset(context.store.frozen_weeks())
    found = [
        _amended(context, board, bindings, entry, cards[entry.card.id])
        for entry in context.store.with_cards(list(cards))
        # Nothing follows in a week whose report is frozen, and nobody needs to hear that any more.
        if entry.card and IsoWeek.at(entry.occurrence.due, context.workspace.timezone) not in settled
    ]
    return (
        tuple(each.change for each in found if isinstance(each, Amended)),
        tuple(each for each in found if isinstance(each, FrozenCard)),
    )


def _amended(
    context: Context, board: Board, bindings: Bindings, entry: LedgerEntry, card: Card
) -> Amended | FrozenCard | None:
    key = entry.occurrence.key
    now_at = context.workspace.task_of(key.board, key.task, key.date)
    # The card of a task that moved to another board stays where it is, as it is.
    if now_at is None or now_at[0].key != board.key:
        return None
    task, edition = now_at[1], _edition(context, *now_at)
    # Trello's clock: what lies ahead is to be the same for everybody, and in a rehearsal as well.
    now = context.trello.time()
    seen = OpenCard(context.workspace, board, task, bindings, edition, entry, card, now)
    return seen.amended(context.render_card.card)


# ---- apply ------------------------------------------------------------------------------------------


def amend(context: Context, change: AmendCard) -> None:
    """Bring one card in line, under a claim, and append that to the ledger.

    Raises `TrelloError`, also where the card is no longer what the plan went by.
    """
    held = take(context, ClaimKey.of_change(change.subject))
    if held is None:
        raise TrelloError(
            say("%(subject)s: another attempt has not settled yet; apply again", subject=change.subject)
        )
    with released(context, held):
        _amend(context, change, held)


def _amend(context: Context, change: AmendCard, held: HeldClaim) -> None:
    """The ledger first, then the card, then the ledger again.

    A break in between leaves an amendment that is not known to be written: it charges nobody, and the next
    plan compares the card and goes on.
    """
    bindings = context.store.bindings(change.board)
    entry, card, found = _look_again(context, change, bindings)
    at = _after(entry.amendments, context.trello.time())
    amendment = Amendment.of(found.occurrence, at, found.given)
    context.store.amend(amendment)
    if change.writes:
        try:
            context.trello.perform(change, bindings, held.send_before)
        except OutcomeUnknown:
            raise
        except TrelloError:
            _take_back(context, entry, amendment)
            raise
    if change.people and not member_ids(bindings, change.board, change.people.after):
        # Trello may ignore an empty list of members, so each is taken off by itself.
        for member_id in card.member_ids:
            off = RemoveMember(board=change.board, card_id=card.id, member_id=member_id)
            context.trello.perform(off, bindings, held.send_before)
    add_missing_items(context, change.board, card, change.checklists, held)
    context.store.amend(replace(amendment, written=True))
    log.info("card.amended", key=str(change.key), card=card.id)


def _look_again(context: Context, change: AmendCard, bindings: Bindings) -> tuple[LedgerEntry, Card, Amended]:
    """The card and its amendment as they are now. Raises `TrelloError` when they are not as planned."""
    board, entry = context.workspace.board(change.board), context.store.entry(change.key)
    card = context.trello.card(change.card_id)
    here = card.board_id == bindings.id(Kind.BOARD, change.board) and not card.closed
    if board and entry and here:
        found = _amended(context, board, bindings, entry, card)
        if isinstance(found, Amended) and found.change == change:
            return entry, card, found
    raise TrelloError(
        say("%(subject)s: its card was changed since it was planned; plan again", subject=change.subject)
    )


def _take_back(context: Context, entry: LedgerEntry, refused: Amendment) -> None:
    """Trello refused the edit as a whole, so the card is surely what it was: the ledger says so too."""
    before, held = entry.written
    if held and not entry.unwritten:
        again = Amendment.of(before, _after([refused], refused.at), held)
        context.store.amend(replace(again, written=True))


def _after(earlier: Sequence[Amendment], at: dt.datetime) -> dt.datetime:
    """The instant, or the one just after the last amendment: Trello tells its time to the second."""
    return max([at, *(each.at + dt.timedelta.resolution for each in earlier)])
