"""One attempt at giving an occurrence its card: claim, look, create, confirm, fill."""

import datetime as dt
from dataclasses import dataclass, replace

import structlog

from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.calendar.slots import place
from trello_ops.core.card_text import CardText
from trello_ops.core.claims import ClaimKey
from trello_ops.core.ledger import Given, IssuedCard, Occurrence, OccurrenceKey
from trello_ops.core.marker import comparable
from trello_ops.core.objectid import created_at
from trello_ops.core.planning.amendments import member_ids
from trello_ops.core.planning.changes import CreateCard
from trello_ops.core.planning.checklists import fingerprint
from trello_ops.core.trello import Card
from trello_ops.errors import InvalidDeclaration, NotFound, OutcomeUnknown, Stopped, TrelloError
from trello_ops.messages import say
from trello_ops.operations.amendments import given_now
from trello_ops.operations.card_lookup import CardLookup
from trello_ops.operations.checklist_items import add_missing_items
from trello_ops.operations.claims import HeldClaim, keep, take
from trello_ops.operations.context import Context
from trello_ops.operations.issue.step import Step, must_look
from trello_ops.operations.rows import give_rows
from trello_ops.ports import Made

log = structlog.get_logger()


def has_card(context: Context, key: OccurrenceKey) -> bool:
    """Whether the ledger holds a card of the occurrence now."""
    entry = context.store.entry(key)
    return entry is not None and entry.card is not None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt. If its board must be read, then as far back as `possible_since`."""

    context: Context
    step: Step
    lookup: CardLookup
    possible_since: dt.datetime

    def run(self) -> bool:
        """Make sure that the occurrence has its one card, complete; False when another process was faster.

        Raises a `TrelloError` or `InvalidDeclaration`. The claim is given back then, so that anybody may try
        again at once, unless something may have been made: it then stays, marked unknown.
        """
        context, store, claim, left = self.context, self.context.store, self.step.claim, None
        # After a lost attempt we look before taking over: if that fails, the claim stays settled as it is.
        entry = store.entry(self.step.key) if claim else None
        if entry and entry.card is None:
            left = self._look(self._board())
        held = keep(context, claim) if claim else take(context, ClaimKey.of_occurrence(self.step.key))
        if held is None:
            return False
        try:
            self._complete(held, left)
        except OutcomeUnknown:
            store.mark_unknown(held.claim)
            raise
        except (TrelloError, InvalidDeclaration, Stopped):
            # A card that lacks check items keeps its claim, or nothing would ever go on filling it.
            give_back = store.mark_unknown if has_card(context, self.step.key) else store.release
            give_back(held.claim)
            raise
        store.release(held.claim)
        return True

    def _complete(self, held: HeldClaim, left: Card | None) -> None:
        entry = self.context.store.entry(self.step.key)
        if entry is None or (entry.card and not self.step.claim):
            return  # issued by another process since this pass began
        board = self._board()
        found = left if self.step.claim else self._look(board)
        if found and not entry.card:
            given = self._given_to(found, entry.occurrence)
            self._confirm(Made(found.id, found.url), held, given, adopted=True)
        text = self.context.render_card.card(entry.occurrence)
        if entry.card:
            self._fill(entry.card.id, text, held)
        elif found:
            if found.item_count != text.item_count:
                self._fill(found.id, text, held)
        elif self.step.owed:
            bindings = self.context.store.bindings(self.step.key.board)
            members = member_ids(bindings, self.step.key.board, entry.occurrence.assignees)
            # Before the card is made, with the people and files of that moment.
            given = given_now(self.context, entry.occurrence, text, members)
            made = self._create(entry.occurrence, text, held)
            self._confirm(made, held, given, adopted=False)
            # A copy lacks items if its template card was edited since it was last compared.
            if made.item_count != text.item_count:
                self._fill(made.id, text, held)
        give_rows(self.context, entry.occurrence, held)

    def _board(self) -> Binding:
        key = self.step.key.board
        board = self.context.store.bindings(key).get(Kind.BOARD, key)
        if board is None:
            raise NotFound(say("the board %(board)s is not on Trello yet; run `trello-ops apply`", board=key))
        return board

    def _look(self, board: Binding) -> Card | None:
        """The occurrence's card on the board; not looked for where there can be none, unless that is free."""
        free = self.lookup.already_read(board) is not None
        if not (free or must_look(self.context, self.step, board)):
            return None
        return self.lookup.cards_on(board, self.possible_since).get(self.step.key)

    def _create(self, occurrence: Occurrence, text: CardText, held: HeldClaim) -> Made:
        """Make the card, copying the template card where it holds the same checklists."""
        key, perform = occurrence.key, self.context.trello.perform
        bindings = self.context.store.bindings(key.board)
        template = bindings.get(Kind.TEMPLATE, key.board, key.task)
        same = template is not None and template.fingerprint == fingerprint(text.checklists)
        workspace = self.context.workspace  # whose people and themes may have other keys by now
        theme, people = workspace.theme(occurrence.theme), map(workspace.person, occurrence.assignees)
        found = workspace.task_of(key.board, key.task, key.date)
        change = CreateCard(
            board=key.board,
            key=key,
            theme=theme.key if theme else occurrence.theme,
            assignees=tuple(person.key for person in people if person),
            text=text,
            start=occurrence.start or occurrence.release,
            due=occurrence.due,
            copy_checklists=bool(text.checklists) and same,
            remind=found[1].remind if found else None,
            place=place(workspace.slots, *found, occurrence) if found else None,
        )
        try:
            return perform(change, bindings, held.send_before)
        except NotFound:  # the template card, or what it was copied for
            if not change.copy_checklists:
                raise
        return perform(replace(change, copy_checklists=False), bindings, held.send_before)

    def _given_to(self, found: Card, occurrence: Occurrence) -> Given | None:
        """What a card that was found was given: not known where it is not what it would be now."""
        try:
            text = self.context.render_card.card(occurrence)
        except InvalidDeclaration:  # its task may be gone: the card is adopted all the same
            return None
        same_text = comparable(found.description) == comparable(text.description)
        if found.title != text.title or not same_text:
            return None
        return given_now(self.context, occurrence, text, found.member_ids)

    def _confirm(self, made: Made, held: HeldClaim, given: Given | None, *, adopted: bool) -> None:
        now = self.context.clock.now()
        card = IssuedCard(made.id, made.url, created_at(made.id), now, given)
        key, attempt = self.step.key, held.claim.attempt
        if self.context.store.confirm(key, card):
            log.info(
                "card.adopted" if adopted else "card.issued", key=str(key), card=made.id, attempt=attempt
            )
        else:  # this process was frozen between lease check and send: the elder card counts
            log.error("card.duplicate", key=str(key), card=made.id, attempt=attempt)

    def _fill(self, card_id: str, text: CardText, held: HeldClaim) -> None:
        try:
            card = self.context.trello.card(card_id)
        except NotFound:  # somebody deleted it meanwhile, which is theirs to do
            return
        add_missing_items(self.context, self.step.key.board, card, text.checklists, held)
