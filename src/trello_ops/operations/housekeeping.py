"""What is done with the cards on a board, and how near the board is to Trello's limits."""

from trello_ops.core.bindings import Bindings
from trello_ops.core.declared import Board
from trello_ops.core.planning.assignees import missing_assignees, told_of_members
from trello_ops.core.planning.changes import ArchiveCard, Change, Risk
from trello_ops.core.planning.duplicates import duplicates, marked_strangers
from trello_ops.core.planning.housekeeping import CardFacts, housekeeping
from trello_ops.core.planning.limits import nearly_used_up
from trello_ops.core.problems import BoardMatter
from trello_ops.core.tolerances import CLOCK_TOLERANCE
from trello_ops.core.tracking.read_plan import last_read_at
from trello_ops.core.trello import Snapshot
from trello_ops.operations.context import Context
from trello_ops.operations.problems import matter_subject

_NAMED = 3
"""How many duplicates a problem names at most."""


def card_changes(
    context: Context, board: Board, bindings: Bindings, snapshot: Snapshot, planned: tuple[Change, ...]
) -> tuple[Change, ...]:
    """The changes of cards: their missing people, putting them away, archiving duplicates.

    None on a board that is closed. `planned` are the board's other changes.
    """
    if snapshot.board.closed:
        return ()
    entries = context.store.with_cards([card.id for card in snapshot.cards])
    marked = marked_strangers(snapshot.cards, entries)
    originals = filter(None, [context.store.entry(key) for key in {key for _, key in marked}])
    facts = CardFacts(snapshot, entries, frozenset(context.store.frozen_weeks()))
    return (
        *_assignees(context, board, bindings, facts, planned),
        *_housekeeping(context, board, bindings, facts),
        *duplicates(board.key, marked, list(originals)),
    )


def _assignees(
    context: Context, board: Board, bindings: Bindings, facts: CardFacts, planned: tuple[Change, ...]
) -> tuple[Change, ...]:
    """The people to put on cards that came before them, but for cards of which the log tells anything new."""
    changes = missing_assignees(context.workspace, board, bindings, planned, facts)
    if not changes:
        return ()
    cursor, wanted = context.store.read_cursors().get(board.key), {change.card_id for change in changes}
    issued = [entry.card for entry in facts.entries if entry.card and entry.card.id in wanted]
    since = min(last_read_at(card, cursor) for card in issued) - CLOCK_TOLERANCE
    told = told_of_members(changes, context.trello.activity(facts.snapshot.board.id, since))
    return tuple(change for change in changes if change.card_id not in told)


def _housekeeping(context: Context, board: Board, bindings: Bindings, facts: CardFacts) -> tuple[Change, ...]:
    """What the board file lets the daemon put away, by Trello's clock, as ours may be wrong."""
    store, trello = context.store, context.trello
    cursor = store.read_cursors().get(board.key)
    changes = housekeeping(context.workspace, board, bindings, facts, trello.time())
    if cursor is None or not changes:
        return ()
    # A card that was touched since its board was observed may be done, or kept, by what we have not read yet.
    log = trello.activity(facts.snapshot.board.id, cursor.read_at - CLOCK_TOLERANCE)
    touched = {action.card_id for action in log}
    return tuple(change for change in changes if change.card_id not in touched)


# ---- what people should know ------------------------------------------------------------------------


def note_findings(
    context: Context, board: Board, snapshot: Snapshot | None, changes: tuple[Change, ...]
) -> None:
    """Keep the problems `board:duplicates` and `board:limits` in line with what was seen."""
    copied = [c for c in changes if isinstance(c, ArchiveCard) and c.risk is Risk.DESTRUCTIVE]
    near = nearly_used_up(snapshot) if snapshot else ()
    urls = ", ".join(f"{copy.url} of {copy.key}" for copy in copied[:_NAMED])
    more = f" and {len(copied) - _NAMED} more" if len(copied) > _NAMED else ""
    about_copies = (
        f"copies of cards, which count for nothing: {urls}{more}. Archive them with `trello-ops apply`, or"
        " delete the marker line in the description of one that is to be a card of its own"
    )
    # Trello tells the count only from its own warning on (trello-behaviour.md#object-limits).
    counts = ", ".join(f"{limit.name} {limit.count or '?'} of {limit.most}" for limit in near)
    about_limits = (
        f"Trello's limits for this board are nearly used up: {counts}. Beyond them nothing more can be made"
        " here: archive or delete what nobody needs"
    )
    _note(context, matter_subject(board.key, BoardMatter.COPIES), about_copies if copied else "")
    _note(context, matter_subject(board.key, BoardMatter.LIMITS), about_limits if near else "")


def _note(context: Context, subject: str, message: str) -> None:
    """Begin a problem with this message, or clear it where there is none."""
    if message:
        context.store.note_problem(subject, message, context.clock.now())
    else:
        context.store.clear_problem(subject)
