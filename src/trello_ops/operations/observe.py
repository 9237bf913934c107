"""observe: read back what people did, and append it to the ledger."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import structlog

from trello_ops.core.completion import Reading, Rules, is_done, new_completions
from trello_ops.core.model import (
    DONE,
    Action,
    Binding,
    Bindings,
    Card,
    Completion,
    Kind,
    LedgerEntry,
    Sight,
    Snapshot,
)
from trello_ops.core.week import IsoWeek, last_close
from trello_ops.errors import NotFound, RateLimited, TrelloError, Unavailable
from trello_ops.operations.context import Context

log = structlog.get_logger()

_OVERLAP = dt.timedelta(minutes=2)
_CLOCKS_DIFFER = dt.timedelta(minutes=15)


def observe(context: Context) -> int:
    """Read every bound board once; returns how many completions were new.

    The trouble of one board stops no other, and is a problem `board:reading`. Raises `Unavailable` or
    `RateLimited` when Trello is out of reach, and a board's error when not one could be read.
    """
    bindings = context.services.store.bindings()
    sights = context.services.store.sights()
    new, read, errors = 0, 0, list[TrelloError]()
    for binding in _boards(context, bindings):
        if context.stopping():
            break
        try:
            new += _observe_board(context, binding, bindings, sights.get(binding.board))
            read += 1
            context.services.store.clear_problem(_subject(binding.board))
        except (Unavailable, RateLimited):
            raise
        except TrelloError as error:
            errors.append(error)
            context.services.store.note_problem(
                _subject(binding.board), str(error), context.services.clock.now()
            )
            log.warning("board.unreadable", board=binding.board, error=str(error))
    if errors and not read:
        raise errors[0]
    return new


def _boards(context: Context, bindings: Bindings) -> tuple[Binding, ...]:
    """The boards to read: those declared, and retired ones while something on them is not settled."""
    store, settled_until = context.services.store, unsettled_since(context)
    return tuple(
        binding
        for binding in bindings
        if binding.kind is Kind.BOARD
        and (context.workspace.board(binding.board) or store.issued_since(binding.board, settled_until))
    )


def _subject(board: str) -> str:
    return f"{board}:reading"


def unsettled_since(context: Context) -> dt.datetime:
    """The beginning of the earliest week that is not frozen: what fell due since may still change."""
    store, zone = context.services.store, context.workspace.timezone
    weeks = store.frozen_weeks()
    if weeks:
        return weeks[-1].next().begins_at(zone)
    first = store.first_due() or context.services.clock.now()
    return IsoWeek.at(first, zone).begins_at(zone)


@dataclass(frozen=True, slots=True)
class _Look:
    """One reading of a board. A `full` one re-reads every unsettled card, however quiet."""

    rules: Rules
    actions: Mapping[str, Sequence[Action]]
    last_read_at: dt.datetime
    read_at: dt.datetime
    full: bool

    def must_read(self, actions: Sequence[Action]) -> bool:
        """The log's overlap tells the newest actions again and again; those are no news."""
        return self.full or any(action.at > self.last_read_at - _OVERLAP for action in actions)


def _observe_board(context: Context, board: Binding, bindings: Bindings, sight: Sight | None) -> int:
    services = context.services
    began = services.clock.now()
    # The log is read after the board: whatever the board shows, the log then tells, and perhaps more.
    snapshot = services.trello.snapshot(board.trello_id)
    actions = services.trello.activity(board.trello_id, _since(board, sight))
    look = _Look(
        rules=Rules(
            done_list=bindings.id(Kind.LIST, board.board, DONE),
            excused_label=bindings.id(Kind.LABEL, board.board, context.workspace.excused.key),
        ),
        actions=_by_card(actions),
        last_read_at=sight.read_at if sight else board.bound_at,
        read_at=began,
        full=sight is None or sight.read_at < _last_close(context, began),
    )
    new = tuple(_completions(context, board.board, snapshot, look))
    services.store.append(new, services.clock.now())
    services.store.saw(Sight(board.board, began, _newest(actions, sight)))
    for completion in new:
        who = completion.by.username if completion.by else None
        log.info("occurrence.observed", fact=str(completion.fact), key=str(completion.key), by=who)
    return len(new)


def _completions(context: Context, board: str, snapshot: Snapshot, look: _Look) -> Iterator[Completion]:
    visible = {card.id: card for card in snapshot.cards}
    for entry in _watched(context, board, look):
        if entry.card is None:
            continue
        actions = look.actions.get(entry.card.id, ())
        card = visible.get(entry.card.id)
        if card is None:
            if is_done(entry.completions, look.read_at) and not look.must_read(actions):
                continue  # done and put away, and nobody touched it since
            card = _card(context, entry.card.id)
        yield from new_completions(entry, Reading(card, actions, look.last_read_at, look.read_at), look.rules)


def _watched(context: Context, board: str, look: _Look) -> tuple[LedgerEntry, ...]:
    """Every entry that is not settled, and settled ones that somebody touched."""
    store = context.services.store
    unsettled = store.issued_since(board, unsettled_since(context))
    known = {entry.card.id for entry in unsettled if entry.card}
    touched = store.with_cards([card_id for card_id in look.actions if card_id not in known])
    return (*unsettled, *(entry for entry in touched if entry.occurrence.key.board == board))


def _card(context: Context, card_id: str) -> Card | None:
    try:
        return context.services.trello.card(card_id)
    except NotFound:
        return None


def _since(board: Binding, sight: Sight | None) -> dt.datetime:
    if sight and sight.last_action_at:
        return sight.last_action_at - _OVERLAP
    return board.bound_at - _CLOCKS_DIFFER


def _newest(actions: Sequence[Action], sight: Sight | None) -> dt.datetime | None:
    seen = [action.at for action in actions]
    if sight and sight.last_action_at:
        seen.append(sight.last_action_at)
    return max(seen, default=None)


def _by_card(actions: Sequence[Action]) -> dict[str, list[Action]]:
    found: dict[str, list[Action]] = {}
    for action in actions:
        if action.card_id:
            found.setdefault(action.card_id, []).append(action)
    return found


def _last_close(context: Context, now: dt.datetime) -> dt.datetime:
    return last_close(now, context.workspace.timezone, context.workspace.report.closes_at)
