"""plan and apply: bring the boards to what is declared."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

import structlog

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.claims import ClaimKey, ClaimKind
from trello_ops.core.declared import Board
from trello_ops.core.marker import find_board, find_template
from trello_ops.core.mistakes import Mistake
from trello_ops.core.planning.changes import (
    UNATTENDED,
    AddAssignee,
    AddMember,
    AmendCard,
    Change,
    Risk,
)
from trello_ops.core.planning.diff import BoardView, Texts, adopt_board, diff, is_of
from trello_ops.core.planning.people import renamed_accounts, renewed_bindings
from trello_ops.core.planning.plan import Plan
from trello_ops.core.problems import ProblemSubject
from trello_ops.core.sights import ReadCursor
from trello_ops.core.tracking.board_selection import MANY, Poll, to_compare
from trello_ops.core.trello import Card
from trello_ops.errors import (
    OUT_OF_REACH,
    InvalidDeclaration,
    NotFound,
    TrelloError,
    TrelloOpsError,
)
from trello_ops.messages import say_count
from trello_ops.operations.amendments import amendments
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.board_activity import last_active
from trello_ops.operations.claims import free, settled
from trello_ops.operations.clock_check import require_true_clock
from trello_ops.operations.context import Context
from trello_ops.operations.declaration import Foreseen
from trello_ops.operations.housekeeping import card_changes, note_findings, of_retired
from trello_ops.operations.mistakes import checked, explained, naming_workspace, note_renamed
from trello_ops.operations.open_board import note_whether_open
from trello_ops.operations.own_trello import bind_trello, require_own_trello
from trello_ops.operations.perform import perform
from trello_ops.operations.problems import forget_issuing, forget_retired, in_trouble

log = structlog.get_logger()

_HOUSEKEEPING_A_PASS = 25
"""How many housekeeping changes of a board one pass makes: an old board may owe hundreds."""

WAITING = str(ProblemSubject(job="apply"))
"""The problem that says that careful changes wait. Only an admin can act on it: no report names it."""


# ---- plan -------------------------------------------------------------------------------------------


def plan(context: Context, foreseen: Foreseen | None = None) -> Plan:
    """The changes of every board, and the mistakes that Trello shows. Never writes to Trello.

    With `foreseen`, as if a declaration that is not in force yet were. Raises `InvalidDeclaration` where the
    Trello Workspace is not there, and `OtherTrello`.
    """
    require_own_trello(context)
    foreseen, plans = foreseen or Foreseen(context.store.bindings()), list[Plan]()
    for board in context.workspace.boards:
        found = _find_board(context, board, foreseen.bindings)
        mistakes = _mistakes(context, board, foreseen.bindings, found)
        plans.append(replace(_compare(context, board, foreseen, found), mistakes=mistakes))
    plans.append(Plan(tuple(of_retired(context, foreseen))))
    return checked(
        context,
        Plan(
            tuple(change for each in plans for change in each.changes),
            tuple(dict.fromkeys(mistake for each in plans for mistake in each.mistakes)),
            tuple(card for each in plans for card in each.frozen),
        ),
    )


def plan_board(context: Context, board: Board, bindings: Bindings) -> Plan:
    """The changes of one board, as if `bindings` were those of the store. Never writes."""
    return _compare(context, board, Foreseen(bindings), _find_board(context, board, bindings))


def _compare(context: Context, board: Board, foreseen: Foreseen, found: BoardView) -> Plan:
    bindings = foreseen.bindings
    texts: Texts = {task.key: context.render_card.template_card(board.key, task.key) for task in board.tasks}
    changes = diff(context.workspace, board, bindings, found, texts)
    if found.snapshot is None or not is_of(bindings, board, found.snapshot):
        return Plan(changes)
    amended, frozen = amendments(context, board, bindings, found.snapshot)
    others = card_changes(context, board, foreseen, found.snapshot, (*changes, *amended))
    return Plan((*changes, *amended, *others), frozen=frozen)


def _mistakes(context: Context, board: Board, bindings: Bindings, found: BoardView) -> tuple[Mistake, ...]:
    seen = found.snapshot
    return tuple(renamed_accounts(context.workspace, board, bindings, seen)) if seen else ()


def owned_cards(context: Context) -> dict[str, int]:
    """How many template cards each board has, by board key: the safety limits go by this.

    They are what an edited file may archive by the dozen. Archived duplicates are weighed against the same
    number, which is strict.
    """
    bindings = context.store.bindings()
    return {board.key: len(bindings.of_board(Kind.TEMPLATE, board.key)) for board in context.workspace.boards}


def _find_board(context: Context, board: Board, bindings: Bindings) -> BoardView:
    """The bound board, else one that bears our marker; else a view without a snapshot."""
    trello, workspace = context.trello, context.workspace
    bound = bindings.get(Kind.BOARD, board.key)
    view = _view(context, board, bound.trello_id, bindings) if bound else None
    if view and view.snapshot:
        return view
    # Its creation's answer was lost, or the store was put back from before the board was made anew.
    with naming_workspace(context):
        boards = trello.boards(workspace.trello_workspace)
    for found in boards:
        if find_board(found.description) == (workspace.key, board.key):
            adopted = adopt_board(board, found)
            return _view(context, board, adopted.trello_id, bindings)
    return BoardView(None, {})


def _view(context: Context, board: Board, board_id: str, bindings: Bindings) -> BoardView:
    """The board in one request, and one more for each bound template card that it does not show."""
    try:
        snapshot = context.trello.snapshot(board_id, checklists=True)
    except NotFound:
        return BoardView(None, {})
    wanted = {binding.trello_id for binding in bindings.of_board(Kind.TEMPLATE, board.key)}
    whole: dict[str, Card] = {}
    for card in snapshot.cards:
        marker = find_template(card.description, context.workspace.key)
        if marker and marker[0] == board.key:
            wanted.add(card.id)
        # Trello may cut the answer for a very full board (trello-behaviour.md#reading).
        if card.item_count == sum(len(checklist.items) for checklist in card.checklists or ()):
            whole[card.id] = card
    cards: dict[str, Card] = {}
    for card_id in sorted(wanted):
        with suppress(NotFound):  # somebody deleted it
            cards[card_id] = whole.get(card_id) or context.trello.card(card_id)
    return BoardView(snapshot, cards)


# ---- apply ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of a plan: how many changes were `done`, and by subject why others `failed`.

    `told` is how many of those done a plan lists.
    """

    done: int
    failed: dict[str, str]
    told: int = 0


def apply(context: Context, changes: Plan, progress: Callable[[Change], None] | None = None) -> Applied:
    """Perform a plan change by change; each is recorded at once, so an interrupted apply resumes.

    A change that fails stops the rest of its board and no other, but for people: one stops none of the rest.
    """
    if changes.changes:
        bind_trello(context)
    done, told, failed = 0, 0, dict[str, str]()
    stuck, listed = set[str](), set(map(id, changes.told))
    for change in changes.changes:
        if context.stopping():
            break
        # Whom nobody could make a member cannot be put on cards either.
        membership = change.membership if isinstance(change, AddAssignee) else ""
        if change.board in stuck or membership in stuck:
            continue
        if progress:
            progress(change)
        try:
            perform(context, change)
            done += 1
            told += id(change) in listed
        except TrelloError as error:
            failed[change.subject] = explained(context, change, error)
            # Later changes of a board build on earlier ones, as a list does on its board.
            alone = isinstance(change, AddMember | AddAssignee | AmendCard)
            stuck.add(change.subject if alone and not isinstance(error, OUT_OF_REACH) else change.board)
            log.warning("change.failed", subject=change.subject, error=str(error))
    # Anything but housekeeping may have mended what kept cards from being made.
    mended = {change.board for change in changes.changes if change.risk is not Risk.HOUSEKEEPING}
    forget_issuing(context.store, mended - stuck)
    if not failed and any(change.risk not in UNATTENDED for change in changes.changes):
        context.store.clear_problem(WAITING)
    return Applied(done, failed, told)


def reconcile(context: Context, risks: frozenset[Risk]) -> Plan:
    """Plan, and apply changes of these `risks`, board by board; returns what waits for a person.

    From `MANY` boards on, only those are read that may need something. The trouble of one board stops no
    other; it is a problem under the board's key, left alone for growing pauses. That something waits is a
    problem `job:apply`. Raises one of `OUT_OF_REACH`, a board's error when not one could be reconciled,
    Trello's refusal to tell which boards were active, `OtherTrello`, and `WrongClock`.
    """
    require_own_trello(context)
    require_true_clock(context)
    free_settled_changes(context)
    chosen = _chosen(context)
    waiting, errors = list[Change](), list[Exception]()
    at_rest = context.paused_subjects()
    for board in chosen.boards:
        if context.stopping():
            break
        if board.key in at_rest:
            continue
        try:
            waiting += _reconcile_board(context, board, risks)
        except (TrelloError, InvalidDeclaration) as error:
            if isinstance(error, TrelloError) and out_of_reach(context.services, error):
                raise
            errors.append(error)
            context.note_failure(board.key, error)
            log.warning("board.unreadable", board=board.key, error=str(error))
    if errors and len(errors) == len(context.workspace.boards):
        raise errors[0]
    _note_waiting(context)
    note_renamed(context)
    forget_retired(context.store, context.workspace)
    if chosen.refusal:
        raise chosen.refusal
    return Plan(tuple(waiting))


@dataclass(frozen=True, slots=True)
class _Chosen:
    """The boards to read now; `refusal` is why Trello did not tell which of them were active."""

    boards: tuple[Board, ...]
    refusal: TrelloOpsError | None = None


def _chosen(context: Context) -> _Chosen:
    """The declared boards that may differ from their files."""
    boards, store = context.workspace.boards, context.store
    if len(boards) < MANY:
        return _Chosen(boards)
    active, refusal = last_active(context)
    troubled = in_trouble(store.problems())
    compared = context.runtime.comparison_cache.in_order.items()
    in_order = {key: cursor for key, cursor in compared if key not in troubled}
    # A close makes no board differ from its file; what it lets housekeeping do, the sweep brings.
    poll = Poll(context.clock.now(), None, context.config.sweep)
    keys = to_compare([board.key for board in boards], store.bindings(), in_order, active, poll)
    return _Chosen(tuple(board for board in boards if board.key in keys), refusal)


def _reconcile_board(context: Context, board: Board, risks: frozenset[Risk]) -> list[Change]:
    """Bring one board to what is declared as far as `risks` allow; returns the changes that wait."""
    store, bindings = context.store, context.store.bindings(board.key)
    # The instant before the read, so that what happens meanwhile counts as new.
    cache, began = context.runtime.comparison_cache, context.clock.now()
    # If this comparison breaks off, the next pass must make it again.
    cache.in_order.pop(board.key, None)
    found = _find_board(context, board, bindings)
    changes = _compare(context, board, Foreseen(bindings), found).changes
    bound = found.snapshot if found.snapshot and is_of(bindings, board, found.snapshot) else None
    note_findings(context, board, bound, changes)
    note_whether_open(context, board.key, bound)
    if bound:  # nothing of Trello's, so no change that a plan would show
        for binding in renewed_bindings(context.workspace, board, bindings, bound):
            store.bind(binding)
    applied = apply(context, Plan(tuple(_calmly(changes))).only(risks))
    if applied.failed:
        context.note_failure(board.key, next(iter(applied.failed.values())))
    else:
        store.clear_problem(board.key)
    waiting = [change for change in changes if change.risk not in risks]
    cache.waiting[board.key] = len(waiting)
    cache.mistakes[board.key] = _mistakes(context, board, bindings, found)
    # Only where nothing differed, so that our own writes are looked at once more.
    if found.snapshot and not changes:
        cache.in_order[board.key] = ReadCursor(board.key, began, active_at=found.snapshot.active_at)
    return waiting


def _calmly(changes: Iterable[Change]) -> Iterator[Change]:
    """All changes, but of housekeeping only as many as one pass makes."""
    left = _HOUSEKEEPING_A_PASS
    for change in changes:
        if change.risk is Risk.HOUSEKEEPING:
            left -= 1
        if change.risk is not Risk.HOUSEKEEPING or left >= 0:
            yield change


def _note_waiting(context: Context) -> None:
    """Keep the problem `job:apply` in line with what waits, on boards that this pass did not read as well."""
    store, waiting = context.store, context.runtime.comparison_cache.waiting
    count = sum(waiting.get(board.key, 0) for board in context.workspace.boards)
    if not count:
        store.clear_problem(WAITING)
        return
    message = say_count(
        "%(count)s change waits for a person: look with `trello-ops plan`, make with `trello-ops apply`",
        "%(count)s changes wait for a person: look with `trello-ops plan`, make with `trello-ops apply`",
        count,
    )
    store.note_problem(WAITING, message, context.clock.now())


def free_settled_changes(context: Context) -> None:
    """Give back the claims of lost attempts at changes; the next plan sees what they left on Trello."""
    kinds = ((claim, ClaimKey.parse(claim.key).kind) for claim in settled(context))
    free(context, (claim for claim, kind in kinds if kind is ClaimKind.CHANGE))
