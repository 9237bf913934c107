"""recover: the store is lost; rebuild it from what Trello still shows. Nothing is written to Trello."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Board, Proof
from trello_ops.core.ledger import Occurrence
from trello_ops.core.marker import find_board, find_card_key
from trello_ops.core.objectid import created_at
from trello_ops.core.planning.changes import Bind
from trello_ops.core.recovery.evidence import BoardEvidence
from trello_ops.core.recovery.rebuild import Rebuilt, rebuild
from trello_ops.core.trello import Action, BoardSummary, Card
from trello_ops.errors import InvalidDeclaration, NotFound, StoreError
from trello_ops.messages import joined, say
from trello_ops.operations.clock_check import require_true_clock
from trello_ops.operations.context import Context
from trello_ops.operations.mistakes import naming_workspace
from trello_ops.operations.observe.nags import nags_on
from trello_ops.operations.own_trello import bind_trello, require_own_trello
from trello_ops.operations.reconcile import plan_board
from trello_ops.ports import Store

Progress = Callable[[str], None]
"""Told the title of each board before it is read."""


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was found, board by board, and what the store holds now."""

    at: datetime
    boards: tuple[BoardEvidence, ...]
    rebuilt: Rebuilt


def recover(context: Context, progress: Progress = lambda _: None) -> Recovered:
    """Fill the empty store, in one transaction at the end; until then nothing is changed anywhere.

    Raises `StoreError` when the store is not empty or belongs to another Trello, `NotFound` when no board
    bears the workspace's marker, and `WrongClock`: closed weeks are frozen for ever.
    """
    store = context.store
    _require_empty(store)
    require_own_trello(context)
    require_true_clock(context)
    began = context.clock.now()
    boards = []
    for board, summary in _boards(context):
        progress(board.title)
        boards.append(_read_board(context, board, summary))

    def title(occurrence: Occurrence) -> str | None:
        """What its card is called by the files of today; `None` where they cannot tell."""
        try:
            return context.render_card.card(occurrence).title
        except InvalidDeclaration:
            return None

    rebuilt = rebuild(context.workspace, boards, title, began)
    store.restore(rebuilt, context.runtime.holder, began)
    bind_trello(context)
    return Recovered(began, tuple(boards), rebuilt)


def _require_empty(store: Store) -> None:
    """Raise `StoreError` if the store holds anything, before minutes of reading; `restore` asks again."""
    held = {
        say("bindings"): tuple(store.bindings()),
        say("occurrences"): store.first_due(),
        say("claims"): store.claims(),
        say("reports"): store.frozen_weeks(),
        say("readings of boards"): store.read_cursors(),
        say("problems"): store.problems(),
        say("jobs"): store.jobs(),
    }
    names = joined(name for name, there in held.items() if there)
    if names:
        raise StoreError(
            say(
                "the store is not lost: it holds %(names)s. Recovering would mix guesses into it, so nothing"
                " was done. To start from Trello alone, stop every trello-ops, move the database file (and"
                " its -wal and -shm) away, and recover again",
                names=names,
            )
        )


# ---- reading ----------------------------------------------------------------------------------------


def _boards(context: Context) -> list[tuple[Board, BoardSummary]]:
    """The boards that bear our marker, by key, retired ones too; the elder where somebody copied one.

    Raises `NotFound` when there is none.
    """
    workspace = context.workspace
    found: dict[str, BoardSummary] = {}
    with naming_workspace(context):
        boards = context.trello.boards(workspace.trello_workspace)
    for summary in sorted(boards, key=lambda each: (each.created_at, each.id)):
        marker = find_board(summary.description)
        if marker and marker[0] == workspace.key:
            found.setdefault(marker[1], summary)
    if not found:
        raise NotFound(
            say(
                "no open board of the Trello Workspace %(workspace)s bears the marker of %(key)s: there is"
                " nothing to recover from. Reopen boards that were closed, or make new ones with"
                " `trello-ops apply`.",
                workspace=workspace.trello_workspace,
                key=workspace.key,
            )
        )
    # Of a board whose file is gone, lists and labels are known by the titles that all boards share.
    lists = tuple({column.title: column for board in workspace.boards for column in board.lists}.values())
    return [
        (
            workspace.board(key) or Board(key, summary.title, Frequency.DAILY, lists, (), workspace.timezone),
            summary,
        )
        for key, summary in sorted(found.items())
    ]


def _read_board(context: Context, board: Board, summary: BoardSummary) -> BoardEvidence:
    """Read one board, and the cards that were moved off it; the log last, to tell all that the cards show."""
    trello = context.trello
    bound = Binding(Kind.BOARD, board.key, "", summary.id, summary.created_at, url=summary.url)
    # What planning takes for ours on the board: lists, labels, people, template cards.
    changes = plan_board(context, board, Bindings.of([bound])).changes
    # Bound at the earliest instant that is possible: a label made anew by us has excused nobody before.
    bindings = (
        bound,
        *(
            each.binding(max(created_at(each.trello_id), summary.created_at))
            for each in changes
            if isinstance(each, Bind)
        ),
    )
    snapshot = trello.snapshot(summary.id)
    cards = trello.cards_since(summary.id, summary.created_at)
    actions = trello.activity(summary.id, summary.created_at)
    every = (*cards, *_elsewhere(context, cards, actions))
    return BoardEvidence(board, bindings, snapshot, every, actions, dict(_robot_comments(context, every)))


def _robot_comments(context: Context, cards: Iterable[Card]) -> Iterator[tuple[str, int]]:
    """How many comments are the robot's own, by card id, where a comment may be taken for proof."""
    workspace = context.workspace
    for card in cards:
        key = find_card_key(card.description, workspace.key) if card.comment_count else None
        found = workspace.task_of(key.board, key.task, key.date) if key else None
        if found and found[1].nag and Proof.COMMENT in found[1].requires:
            yield card.id, nags_on(context, card.id)


def _elsewhere(context: Context, cards: Sequence[Card], actions: Sequence[Action]) -> Iterator[Card]:
    """The cards that were moved off the board, but for those that were deleted since."""
    there = {card.id for card in cards}
    moved = {each.card_id for each in actions if each.type == "moveCardFromBoard" and each.card_id}
    for card_id in sorted(moved - there):
        try:
            yield context.trello.card(card_id)
        except NotFound:
            continue
