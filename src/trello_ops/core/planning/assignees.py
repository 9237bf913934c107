"""Which people are put on cards that were issued before they were on the board.

Only on a card with which people have done nothing yet that says who is to do it: it is neither done nor
excused, its week is not frozen, and nobody who is not assigned was put on it, nor anybody taken off.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import Board, Workspace
from trello_ops.core.ledger import EventKind, IssuedCard, LedgerEntry
from trello_ops.core.planning.changes import AddAssignee, AddMember, AmendCard, Bind, Change, Risk
from trello_ops.core.planning.housekeeping import CardFacts
from trello_ops.core.tolerances import CLOCK_TOLERANCE, MAKING
from trello_ops.core.tracking.card_state import state_of
from trello_ops.core.tracking.criteria import CardRules, DoneCriterion, ExcusedCriterion
from trello_ops.core.tracking.events import is_done, is_excused
from trello_ops.core.tracking.rule_book import RuleBook
from trello_ops.core.trello import Action, Card


@dataclass(frozen=True, slots=True)
class _Account:
    """Whom a person is bound to, since when, and who may put them on cards.

    The id is `None` while the person is still to be made a member by the same plan.
    """

    id: str | None
    since: dt.datetime
    risk: Risk = Risk.ADDITIVE


def missing_assignees(
    workspace: Workspace, board: Board, bindings: Bindings, planned: Collection[Change], facts: CardFacts
) -> tuple[AddAssignee, ...]:
    """Whom to put on which cards, in the order of the entries, once the `planned` changes are made."""
    accounts, cards = _accounts(board, bindings, planned), {card.id: card for card in facts.snapshot.cards}
    labels = {label.id for label in facts.snapshot.labels}
    # Whom an edit of the files takes off the card is not put on it first.
    reassigned = {each.card_id for each in planned if isinstance(each, AmendCard) and each.people}
    rules = RuleBook.of(workspace, bindings).on_board(board.key, labels)
    return tuple(
        AddAssignee(
            board=board.key,
            key=entry.occurrence.key,
            person=person,
            card_id=entry.card.id,
            url=entry.card.url,
            risk=accounts[person].risk,
        )
        for entry in facts.entries
        if entry.occurrence.key.board == board.key and entry.card and entry.card.id in cards
        if entry.card.id not in reassigned and _is_undone(entry, cards[entry.card.id], rules)
        if IsoWeek.at(entry.occurrence.due, workspace.timezone) not in facts.frozen
        for person in _missing(entry, entry.card, cards[entry.card.id], accounts)
    )


def told_of_members(changes: Iterable[AddAssignee], log: Iterable[Action]) -> frozenset[str]:
    """The cards of these changes on which a log tells that people were put, or taken off."""
    cards = {change.card_id for change in changes}
    types = {"addMemberToCard", "removeMemberFromCard"}
    return frozenset(each.card_id for each in log if each.card_id in cards and each.type in types)


def _accounts(board: Board, bindings: Bindings, planned: Iterable[Change]) -> Mapping[str, _Account]:
    """By person key, as they are once the plan is performed."""
    found = {b.key: _Account(b.trello_id, b.bound_at) for b in bindings.of_board(Kind.PERSON, board.key)}
    # Who is bound by this very plan was bound after every card was made.
    never = dt.datetime.max.replace(tzinfo=dt.UTC)
    for change in planned:
        if isinstance(change, Bind) and change.kind is Kind.PERSON:
            found[change.key] = _Account(change.trello_id, never, change.risk)
        elif isinstance(change, AddMember):
            found[change.key] = _Account(None, never, change.risk)
    return found


def _is_undone(entry: LedgerEntry, card: Card, rules: CardRules) -> bool:
    """Whether ledger and card agree that it is neither done nor excused."""
    # At the end of time, so that nothing known is left out because it seems to lie ahead.
    state, now = state_of(card), dt.datetime.max.replace(tzinfo=dt.UTC)
    settled = is_done(entry.events, now) or is_excused(entry.events, now)
    done = DoneCriterion(entry.occurrence.complete_when, rules).holds(state, now)
    return not (settled or done or ExcusedCriterion(rules).holds(state, now))


def _missing(
    entry: LedgerEntry, issued: IssuedCard, card: Card, accounts: Mapping[str, _Account]
) -> Iterator[str]:
    """The assigned people who are not on the card since they were not on the board when it was made."""
    assigned = {key: accounts[key] for key in entry.occurrence.assignees if key in accounts}
    # Somebody who is not assigned is on it: people have said by that who is to do it.
    others = set(card.member_ids) - {account.id for account in assigned.values()}
    taken_off = (event.at for event in entry.events if event.kind is EventKind.UNASSIGNED)
    # An amendment takes people off too, which says nothing of what people want.
    by_people = [at for at in taken_off if all(abs(at - each.at) > MAKING for each in entry.amendments)]
    if others or by_people:
        return
    for key, account in assigned.items():
        # Bound before the card was made, they were on it, and are no more.
        if account.id not in card.member_ids and account.since > issued.created_at - CLOCK_TOLERANCE:
            yield key
