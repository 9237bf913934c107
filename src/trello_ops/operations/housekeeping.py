"""What is done with the cards on a board, and how near the board is to Trello's limits."""

from collections.abc import Iterator
from contextlib import suppress

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.declared import Board, Withdrawn
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.planning.assignees import missing_assignees, told_of_members
from trello_ops.core.planning.changes import ArchiveCard, Change, Risk
from trello_ops.core.planning.duplicates import duplicates, marked_strangers
from trello_ops.core.planning.former_cards import former_cards, superseding
from trello_ops.core.planning.housekeeping import CardFacts, housekeeping, withdrawn
from trello_ops.core.planning.inheritance import Turns, with_turns
from trello_ops.core.planning.limits import nearly_used_up
from trello_ops.core.problems import BoardMatter
from trello_ops.core.tolerances import CLOCK_TOLERANCE
from trello_ops.core.tracking.events import withdrawal
from trello_ops.core.tracking.read_plan import last_read_at
from trello_ops.core.trello import Snapshot
from trello_ops.errors import NotFound
from trello_ops.messages import joined, say
from trello_ops.operations.context import Context
from trello_ops.operations.declaration import Foreseen
from trello_ops.operations.problems import matter_subject

_NAMED = 3
"""How many duplicates a problem names at most."""

_NEWEST = 5
"""So many of a task's newest entries are looked at for one that has a card: some are skipped, or wait."""


def card_changes(
    context: Context, board: Board, foreseen: Foreseen, snapshot: Snapshot, planned: tuple[Change, ...]
) -> tuple[Change, ...]:
    """The changes of cards: their missing people, putting them away, archiving duplicates.

    None on a board that is closed. `planned` are the board's other changes.
    """
    if snapshot.board.closed:
        return ()
    bindings, entries = foreseen.bindings, _entries(context, snapshot, foreseen.turns)
    # Also where the newest card is done and put away: the former one goes all the same.
    superseded = sorted(superseding(context.workspace, board, entries))
    newest = tuple(entry for task in superseded for entry in context.store.latest(board.key, task, _NEWEST))
    marked = marked_strangers(context.workspace.key, snapshot.cards, entries)
    originals = filter(None, [context.store.entry(key) for key in {key for _, key in marked}])
    facts = CardFacts(snapshot, entries, frozenset(context.store.frozen_weeks()), newest)
    return (
        *_assignees(context, board, bindings, facts, planned),
        *_housekeeping(context, board, bindings, facts),
        *(_withdrawn(context, board, bindings, facts) if board.withdrawn is Withdrawn.ARCHIVE else ()),
        *duplicates(board.key, marked, list(originals)),
    )


def _withdrawn(context: Context, board: Board, bindings: Bindings, facts: CardFacts) -> Iterator[Change]:
    """What is archived of what left, but for tasks that somebody is asked about."""
    for change in withdrawn(board.key, bindings, facts, context.trello.time()):
        key = change.key
        found = context.workspace.task_of(key.board, key.task, key.date)
        if not (found and found[1].questioned):
            yield change


def of_retired(context: Context, foreseen: Foreseen) -> Iterator[Change]:
    """What is archived on boards that the files no longer declare, if the workspace asks for that."""
    if context.workspace.withdrawn is not Withdrawn.ARCHIVE:
        return
    bindings, turns = foreseen.bindings, foreseen.turns
    now, declared = context.trello.time(), {board.key for board in context.workspace.boards}
    standing = {bindings.id(Kind.BOARD, key) for key in declared}
    for bound in bindings.of_kind(Kind.BOARD):
        if bound.board in declared or bound.trello_id in standing:
            continue
        issued = with_turns(context.store.issued_since(bound.board, now), turns)
        if any(withdrawal(entry.events, now) for entry in issued):
            with suppress(NotFound):  # the board went as well
                snapshot = context.trello.snapshot(bound.trello_id)
                facts = CardFacts(snapshot, _entries(context, snapshot, turns), frozenset())
                yield from withdrawn(bound.board, bindings, facts, now)


def _entries(context: Context, snapshot: Snapshot, turns: Turns) -> tuple[LedgerEntry, ...]:
    return with_turns(context.store.with_cards([card.id for card in snapshot.cards]), turns)


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
    known = context.workspace, board, bindings, facts, trello.time()
    kept_in_order = housekeeping(*known)
    twice = {change.card_id for change in kept_in_order}
    changes = (*kept_in_order, *(each for each in former_cards(*known) if each.card_id not in twice))
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
    copied = [c for c in changes if type(c) is ArchiveCard and c.risk is Risk.DESTRUCTIVE]
    near = nearly_used_up(snapshot) if snapshot else ()
    urls = joined(say("%(url)s of %(card)s", url=copy.url, card=str(copy.key)) for copy in copied[:_NAMED])
    if len(copied) > _NAMED:
        urls = say("%(named)s and %(count)s more", named=urls, count=len(copied) - _NAMED)
    about_copies = say(
        "copies of cards, which count for nothing: %(urls)s. Archive them with `trello-ops apply`, or delete"
        " the marker line in the description of one that is to be a card of its own",
        urls=urls,
    )
    # Trello tells the count only from its own warning on (trello-behaviour.md#object-limits).
    counts = joined(
        say("%(name)s %(count)s of %(most)s", name=limit.name, count=limit.count or "?", most=limit.most)
        for limit in near
    )
    about_limits = say(
        "Trello's limits for this board are nearly used up: %(counts)s. Beyond them nothing more can be made"
        " here: archive or delete what nobody needs",
        counts=counts,
    )
    _note(context, matter_subject(board.key, BoardMatter.COPIES), about_copies if copied else "")
    _note(context, matter_subject(board.key, BoardMatter.LIMITS), about_limits if near else "")


def _note(context: Context, subject: str, message: str) -> None:
    """Begin a problem with this message, or clear it where there is none."""
    if message:
        context.store.note_problem(subject, message, context.clock.now())
    else:
        context.store.clear_problem(subject)
