"""observe: read back what people did, and append it to the ledger."""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.calendar.week import IsoWeek, last_close
from trello_ops.core.declared import DONE, Board, DoneSignal
from trello_ops.core.ledger import EventSource, IssuedCard, LedgerEntry, LedgerEvent, ReadCursor
from trello_ops.core.tolerances import LOOK_BACK
from trello_ops.core.tracking.board_selection import MANY, Poll, outage, to_read
from trello_ops.core.tracking.criteria import CardRules
from trello_ops.core.tracking.events import CardObservation, excuse, is_done, new_events
from trello_ops.core.trello import Action, Card, Snapshot
from trello_ops.errors import NotFound, TokenRefused, TrelloError, Unauthorised
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.backoff import note_failure, paused_subjects
from trello_ops.operations.board_activity import last_active
from trello_ops.operations.clock_check import require_true_clock
from trello_ops.operations.context import Context
from trello_ops.operations.open_board import note_whether_open
from trello_ops.operations.problems import reading_subject

log = structlog.get_logger()
_T = TypeVar("_T")

_OVERLAP = dt.timedelta(minutes=2)


def observe(context: Context, boards: Collection[str] | None = None) -> int:
    """Read the boards that may have changed, or `boards` (Trello ids); returns how many events were new.

    The trouble of one board stops no other, and is a problem `board:reading`, left alone for growing
    pauses. Raises one of `OUT_OF_REACH`, a board's error when not one could be read, and Trello's refusal to
    tell which boards were active, and `WrongClock`.
    """
    require_true_clock(context)  # a read that seems to be of next year would hide all of this one
    bindings = context.store.bindings()
    cursors = context.store.read_cursors()
    at_rest = paused_subjects(context.services, context.runtime.backoff)
    chosen = _chosen(context, bindings, cursors, boards)
    read = [
        _tried(context, binding, bindings, cursors)
        for binding in chosen.boards
        if not (reading_subject(binding.board) in at_rest or context.runtime.stopping())
    ]
    errors = [each for each in read if isinstance(each, TrelloError)]
    if chosen.refusal:
        raise chosen.refusal
    if errors and len(errors) == chosen.of:
        raise errors[0]
    return sum(each for each in read if isinstance(each, int))


def _tried(
    context: Context, board: Binding, bindings: Bindings, cursors: Mapping[str, ReadCursor]
) -> int | TrelloError:
    """How many events were new, or why the board could not be read."""
    try:
        with context.runtime.board_locks.hold(board.board):
            new = _observe_board(context, board, bindings, cursors)
        context.store.clear_problem(reading_subject(board.board))
    except TrelloError as error:
        if out_of_reach(context.services, error):
            raise
        note_failure(context.services, context.runtime.backoff, reading_subject(board.board), error)
        log.warning("board.unreadable", board=board.board, error=str(error))
        return error
    return new


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The boards to read now, `of` so many; `refusal` is why Trello did not tell which were active."""

    boards: tuple[Binding, ...]
    of: int
    refusal: TrelloError | None = None


def _chosen(
    context: Context, bindings: Bindings, cursors: Mapping[str, ReadCursor], only: Collection[str] | None
) -> _Chosen:
    boards = _watched_boards(context, bindings)
    if only is not None:
        return _Chosen(tuple(board for board in boards if board.trello_id in only), len(boards))
    if len(boards) < MANY:
        return _Chosen(boards, len(boards))
    now = context.clock.now()
    active, refusal = last_active(context)
    poll = Poll(now, _last_close(context, now), context.config.sweep)
    return _Chosen(to_read(boards, cursors, active, poll), len(boards), refusal)


def _watched_boards(context: Context, bindings: Bindings) -> tuple[Binding, ...]:
    """Those declared, and retired ones while something on them is not settled."""
    store, settled_until = context.store, unsettled_since(context)
    declared = {board.key for board in context.workspace.boards}
    return tuple(
        binding
        for binding in bindings
        if binding.kind is Kind.BOARD
        and (binding.board in declared or store.issued_since(binding.board, settled_until))
    )


def unsettled_since(context: Context) -> dt.datetime:
    """The beginning of the earliest week that is not frozen: what fell due since may still change."""
    store, zone = context.store, context.workspace.timezone
    weeks = store.frozen_weeks()
    if weeks:
        return weeks[-1].next().begins_at(zone)
    first = store.first_due() or context.clock.now()
    return IsoWeek.at(first, zone).begins_at(zone)


def _observe_board(
    context: Context, board: Binding, bindings: Bindings, cursors: Mapping[str, ReadCursor]
) -> int:
    store, began = context.store, context.clock.now()
    cursor = cursors.get(board.board)
    read = _read_board(context, board, bindings, cursors, began)
    new = list(_new_events(context, board, bindings, cursors, read))
    store.append(new, context.clock.now())
    last_action_at = read.newest or (cursor.last_action_at if cursor else None)
    blind = outage(cursor, began)
    if blind:
        store.note_outage(blind)
        log.warning("board.unseen", board=blind.board, since=blind.since.isoformat())
    store.note_read(ReadCursor(board.board, began, last_action_at, read.active_at))
    for event in new:
        who = event.by.username if event.by else None
        log.info("occurrence.observed", fact=str(event.kind), key=str(event.key), by=who)
    return len(new)


def _new_events(
    context: Context,
    board: Binding,
    bindings: Bindings,
    cursors: Mapping[str, ReadCursor],
    read: "_BoardRead",
) -> Iterator[LedgerEvent]:
    here = _rules(context, board, bindings, read.labels)
    for entry, issued in read.cards_of_ours():
        card, rules = read.cards[issued.id], here
        # Taken off, or deleted from the whole board? Only the labels of the board where it lies tell.
        if card and _lost_its_label(entry, card, here, read.began):
            rules = _rules_where(context, board, bindings, card, here)
        yield from new_events(entry, read.observation(entry, issued, cursors), rules)


def _rules(context: Context, board: Binding, bindings: Bindings, labels: Collection[str]) -> CardRules:
    """A label that somebody deleted from the board says nothing of its cards."""
    excused = bindings.get(Kind.LABEL, board.board, context.workspace.excused.key)
    there = excused is not None and excused.trello_id in labels
    return CardRules(
        done_lists=frozenset(b.trello_id for b in bindings if b.kind is Kind.LIST and b.key == DONE),
        excused_label=excused.trello_id if excused and there else None,
        excused_since=excused.bound_at if excused else None,
        put_away_lists=_lists(context, bindings, lambda board: board.housekeeping.move_to),
        excused_lists=_lists(context, bindings, lambda board: board.excused_list),
        excused_elsewhere=frozenset(
            b.trello_id
            for b in bindings
            if b.kind is Kind.LABEL and b.key == context.workspace.excused.key and b.board != board.board
        ),
    )


def _rules_where(
    context: Context, board: Binding, bindings: Bindings, card: Card, rules: CardRules
) -> CardRules:
    """Those of the board on which a card lies, where it is another of ours than the one that was read."""
    there = next((b for b in bindings if b.kind is Kind.BOARD and b.trello_id == card.board_id), board)
    if there == board:
        return rules
    seen = _shown(partial(context.trello.snapshot, there.trello_id))
    return _rules(context, there, bindings, {label.id for label in seen.labels} if seen else set())


def _lost_its_label(entry: LedgerEntry, card: Card, rules: CardRules, now: dt.datetime) -> bool:
    last = excuse(entry.events, now)
    by_label = last is not None and last.source is EventSource.LABEL
    return by_label and rules.excused_labels.isdisjoint(card.label_ids)


def _lists(context: Context, bindings: Bindings, key_of: Callable[[Board], str]) -> frozenset[str]:
    """The ids of a list of each board, where it has one."""
    declared = (bindings.id(Kind.LIST, board.key, key_of(board)) for board in context.workspace.boards)
    return frozenset(filter(None, declared))


# ---- one read of a board ----------------------------------------------------------------------------

_Cards = dict[str, Card | None]
"""By id; `None` for a card that was deleted or is kept from us. A card that need not be read is not in it."""


@dataclass(frozen=True, slots=True)
class _BoardRead:
    """The entries that may have new events, what was read of their cards, and the log by card.

    `began` is when, by our clock. `labels` are the ids of the board's labels; `active_at` is what its
    `ReadCursor` says. `newest` is when the newest action of the board's own log was, where any was read.
    """

    board: str
    began: dt.datetime
    labels: frozenset[str]
    entries: tuple[LedgerEntry, ...]
    cards: _Cards
    log: Mapping[str, Sequence[Action]]
    newest: dt.datetime | None
    active_at: dt.datetime | None

    def cards_of_ours(self) -> Iterator[tuple[LedgerEntry, IssuedCard]]:
        for entry in self.entries:
            if entry.card and entry.card.id in self.cards:
                yield entry, entry.card

    def observation(
        self, entry: LedgerEntry, card: IssuedCard, cursors: Mapping[str, ReadCursor]
    ) -> CardObservation:
        """A card may lie on another board than its own: either may have been read without it."""
        own, here = cursors.get(entry.occurrence.key.board), cursors.get(self.board)
        return CardObservation(
            self.cards[card.id],
            self.log.get(card.id, ()),
            last_read_at=min(_last_read_at(card, own), _last_read_at(card, here)),
            read_at=self.began,
            told_until=_told_until(card, here),
        )


def _read_board(
    context: Context,
    board: Binding,
    bindings: Bindings,
    cursors: Mapping[str, ReadCursor],
    began: dt.datetime,
) -> _BoardRead:
    """In this order the ledger is never newer than the log, and what a card shows, the log then tells."""
    store, trello, unsettled = context.store, context.trello, unsettled_since(context)
    cursor = cursors.get(board.board)
    watched = store.issued_since(board.board, unsettled)
    snapshot = _snapshot(context, board, checklists=any(map(_by_checklist, watched)))
    cards: _Cards = {card.id: card for card in snapshot.cards}
    full = cursor is None or cursor.read_at < _last_close(context, began)
    _read_singly(context, cards, [e for e in watched if full or not is_done(e.events, began)])
    begin = _since(board, cursor, watched)
    own = trello.activity(board.trello_id, begin)
    log_of = _by_card(own)
    known = {entry.card.id for entry in watched if entry.card}
    others = store.with_cards(sorted(log_of.keys() - known - {""}))
    entries = (*watched, *(e for e in others if e.card and _may_tell(log_of[e.card.id], e)))
    # Put away, and touched since: read after the log, so it is the next read that has the last word.
    has_new_actions = partial(_has_new_actions, log_of, cursor)
    _read_singly(context, cards, [e for e in entries if e.card and has_new_actions(e.card, again=True)])
    if invisible := {card_id for card_id, card in cards.items() if card is None}:
        _add(log_of, _told_by_retired(context, bindings, cursors, begin), invisible)
    open_still = (entry for entry in entries if entry.occurrence.due >= unsettled)
    births = _invisible(cards, [e.card for e in open_still if e.card and has_new_actions(e.card)])
    if births:
        whole = _by_card(trello.activity(board.trello_id, min(births.values())))
        log_of |= {card_id: whole.get(card_id, []) for card_id in births}
    ours = {each.board: each.trello_id for each in bindings if each.kind is Kind.BOARD}
    places = _places(ours, entries, cards)
    begins = {card_id: births.get(card_id, begin) for card_id in places}
    _read_elsewhere(context, {*ours.values()} - {board.trello_id}, begins, places, log_of)
    return _BoardRead(
        board=board.board,
        began=began,
        labels=frozenset(label.id for label in snapshot.labels),
        entries=entries,
        cards=cards,
        log=log_of,
        newest=max((action.at for action in own), default=None),
        active_at=None if snapshot.board.closed else snapshot.active_at,
    )


def _snapshot(context: Context, board: Binding, *, checklists: bool) -> Snapshot:
    try:
        snapshot = context.trello.snapshot(board.trello_id, checklists=checklists)
    except NotFound:
        note_whether_open(context, board.board, None)
        raise
    note_whether_open(context, board.board, snapshot)
    return snapshot


def _invisible(cards: _Cards, with_new_actions: Iterable[IssuedCard]) -> dict[str, dt.datetime]:
    """Leave of the cards that nobody can see those with new actions; returns where the log of each begins.

    They show nothing any more: their log, from the making on, is all that tells of them, once.
    """
    invisible = {card_id for card_id, card in cards.items() if card is None}
    births = {card.id: card.created_at - _OVERLAP for card in with_new_actions if card.id in invisible}
    for card_id in invisible - births.keys():
        del cards[card_id]
    return births


def _told_by_retired(
    context: Context, bindings: Bindings, cursors: Mapping[str, ReadCursor], since: dt.datetime
) -> Iterator[Action]:
    """What the logs tell of boards that nobody reads any more: a card that lay there may be deleted there.

    Only of those that were read in a week that is not settled: boards come and go, year after year.
    """
    watched, unsettled = _watched_boards(context, bindings), unsettled_since(context)
    for board in bindings:
        cursor = cursors.get(board.board)
        if board.kind is Kind.BOARD and board not in watched and cursor and cursor.read_at >= unsettled:
            yield from _shown(partial(context.trello.activity, board.trello_id, since)) or ()


def _by_checklist(entry: LedgerEntry) -> bool:
    return DoneSignal.CHECKLIST_COMPLETE in entry.occurrence.complete_when.signals


def _places(ours: Mapping[str, str], entries: Iterable[LedgerEntry], cards: _Cards) -> dict[str, set[str]]:
    """By card, the boards on which it was made and lies."""
    found: dict[str, set[str]] = {}
    for entry in entries:
        if entry.card and entry.card.id in cards:
            card = cards[entry.card.id]
            made = {ours.get(entry.occurrence.key.board, "")}
            found[entry.card.id] = made | {card.board_id} if card else made
    return found


def _read_elsewhere(
    context: Context,
    boards: set[str],
    begins: Mapping[str, dt.datetime],
    places: Mapping[str, set[str]],
    log_of: dict[str, list[Action]],
) -> None:
    """Add what the logs of these other boards tell of the cards that were, or are, there.

    Of each card from where its own log begins: of a move between boards each log tells one half.
    """
    while unread := sorted(_named_boards(places, log_of) & boards):
        since = min(begins.values())
        actions = _shown(partial(context.trello.activity, unread[0], since)) or ()
        _add(log_of, (each for each in actions if each.at >= begins.get(each.card_id or "", each.at)), places)
        boards = boards - {unread[0]}
    for card_id in places:
        log_of.get(card_id, []).sort(key=lambda action: (action.at, action.id))


def _named_boards(places: Mapping[str, set[str]], log_of: Mapping[str, Sequence[Action]]) -> set[str]:
    """Where the cards lie and were made, and where their logs say that they went and came from."""
    logs = (action for card_id in places for action in log_of.get(card_id, ()))
    return set().union(*places.values(), (action.other_board for action in logs if action.other_board))


def _read_singly(context: Context, cards: _Cards, entries: Sequence[LedgerEntry]) -> None:
    """Add the cards of these entries that are not there yet."""
    for entry in entries:
        if entry.card and entry.card.id not in cards:
            cards[entry.card.id] = _shown(partial(context.trello.card, entry.card.id))


def _shown(read: Callable[[], _T]) -> _T | None:
    """`None` where there is no such thing, or where it is kept from us, as on somebody's private board."""
    try:
        return read()
    except TokenRefused:
        raise
    except (NotFound, Unauthorised):
        return None


def _has_new_actions(
    log_of: Mapping[str, Sequence[Action]],
    cursor: ReadCursor | None,
    card: IssuedCard,
    *,
    again: bool = False,
) -> bool:
    """Whether the log says of a card what no read told before; `again`: or the last one just before it."""
    begin = _told_until(card, cursor)
    if cursor and again:
        begin = min(begin, cursor.read_at - _OVERLAP)
    return any(action.at > begin for action in log_of.get(card.id, ()))


def _last_read_at(card: IssuedCard, cursor: ReadCursor | None) -> dt.datetime:
    """A card that the ledger learned of after the last read was never read before."""
    return cursor.read_at if cursor and card.confirmed_at < cursor.read_at else card.created_at


def _told_until(card: IssuedCard, cursor: ReadCursor | None) -> dt.datetime:
    """How far into the log earlier reads have told everything of a card.

    To the newest action of the board that they met, or by our clock, from which Trello's may differ.
    """
    if cursor is None or card.confirmed_at >= cursor.read_at:
        return card.created_at - _OVERLAP
    by_our_clock = cursor.read_at - LOOK_BACK
    return max(by_our_clock, cursor.last_action_at or by_our_clock)


def _may_tell(actions: Sequence[Action], entry: LedgerEntry) -> bool:
    """Whether the log has anything to tell of a settled card: most were only put away."""
    counts = DoneSignal.ARCHIVED in entry.occurrence.complete_when.signals
    return counts or not all(action.archived and action.archived.after for action in actions)


def _since(board: Binding, cursor: ReadCursor | None, watched: Sequence[LedgerEntry]) -> dt.datetime:
    """Where to begin in the log: before its newest known action, and before any card not read yet."""
    if cursor is None or cursor.last_action_at is None:
        begin = board.bound_at - LOOK_BACK
    else:
        begin = cursor.last_action_at - _OVERLAP
    unread = (e.card for e in watched if e.card and (cursor is None or e.card.confirmed_at >= cursor.read_at))
    return min([begin, *(card.created_at - _OVERLAP for card in unread)])


def _by_card(actions: Sequence[Action]) -> dict[str, list[Action]]:
    found: dict[str, list[Action]] = {}
    for action in actions:
        found.setdefault(action.card_id or "", []).append(action)
    return found


def _add(log_of: dict[str, list[Action]], actions: Iterable[Action], cards: Collection[str]) -> None:
    """Add those that are about these cards."""
    for action in actions:
        if action.card_id and action.card_id in cards:
            log_of.setdefault(action.card_id, []).append(action)


def _last_close(context: Context, now: dt.datetime) -> dt.datetime:
    return last_close(now, context.workspace.timezone, context.workspace.report.closes_at)
