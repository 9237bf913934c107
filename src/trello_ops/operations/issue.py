"""issue: a card for every occurrence that is due, exactly once.

Record what was released, claim, (look up,) create, confirm. A crash or a lost answer at any step leaves a
claim; once that has settled, whoever takes it over first looks the card up by its marker on the board.
"""

import datetime as dt
import threading
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import structlog

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.declared import CardText
from trello_ops.core.ledger import Claim, IssuedCard, Occurrence, OccurrenceKey
from trello_ops.core.objectid import created_at
from trello_ops.core.planning.changes import CreateCard
from trello_ops.core.planning.checklists import fingerprint
from trello_ops.core.tolerances import LOOK_BACK
from trello_ops.core.trello import Card
from trello_ops.errors import (
    CardLookupFailed,
    InvalidDeclaration,
    LimitReached,
    NotFound,
    NotSent,
    OutcomeUnknown,
    TrelloError,
    Unauthorised,
)
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.backoff import note_failure, paused_subjects
from trello_ops.operations.card_lookup import CardLookup, earliest_creation
from trello_ops.operations.checklist_items import add_missing_items
from trello_ops.operations.claims import HeldClaim, keep, settled, take
from trello_ops.operations.context import Context
from trello_ops.operations.problems import closed_subject, forget_settled, issuing_subject
from trello_ops.operations.schedule import record_released
from trello_ops.ports import Made

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Issued:
    """What one pass did: cards made or found, and occurrences whose card could not be made now."""

    cards: int = 0
    failed: int = 0


def issue(context: Context) -> Issued:
    """One pass over all that is due, the most urgent first, by `context.config.workers` threads.

    Raises one of `OUT_OF_REACH`, which ends the pass. The trouble of one task or board stops no other; it
    is a problem `board/task` or `board:issuing`, and left alone for growing pauses.
    """
    problems = context.store.problems()
    claims = settled(context.services, context.config.lease_policy, context.runtime.watch)
    held = {claim.key for claim in context.store.claims()}
    lookup = CardLookup(context)
    recorded = record_released(context, lookup)
    owed = {occurrence.key: occurrence for occurrence in recorded.issue}
    waiting = (str(occurrence.key) for occurrence in (*recorded.issue, *recorded.undecided))
    forget_settled(context.store, problems, {*held, *waiting})
    new = (
        _Step(key, o.due, o.release, earliest_creation(o)) for key, o in owed.items() if str(key) not in held
    )
    steps = sorted([*_take_overs(context, claims, owed), *new], key=lambda step: (step.due, step.key))
    line = _Line(context, tuple(_ready(context, steps, lookup)), lookup)
    line.run()
    return Issued(cards=line.outcomes.count(True), failed=line.outcomes.count(False))


# ---- one pass ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    """An occurrence to issue; `claim` is somebody's settled one that is to be taken over.

    No card of it can have been made before `since`. One that is not `owed` any more gets none made now.
    """

    key: OccurrenceKey
    due: dt.datetime
    release: dt.datetime
    since: dt.datetime
    claim: Claim | None = None
    owed: bool = True

    @property
    def task(self) -> str:
        """Under what the trouble of its task is noted."""
        return f"{self.key.board}/{self.key.task}"

    @property
    def board(self) -> str:
        """Under what the trouble of its whole board is noted."""
        return issuing_subject(self.key.board)


def _take_overs(
    context: Context, claims: Iterable[Claim], owed: Collection[OccurrenceKey]
) -> Iterator[_Step]:
    for claim in claims:
        try:
            key = OccurrenceKey.parse(claim.key)
        except ValueError:  # a claim on something else than an occurrence
            continue
        entry, tried = context.store.entry(key), claim.attempted_at
        if entry:
            occurrence = entry.occurrence
            since = min(tried, earliest_creation(occurrence))
            yield _Step(key, occurrence.due, occurrence.release, since, claim, key in owed)
        else:
            yield _Step(key, tried, tried, tried, claim, owed=False)


def _ready(context: Context, steps: Sequence[_Step], lookup: CardLookup) -> Iterator[_Step]:
    """What need not rest. A task or board in trouble is tried with its most urgent card alone."""
    if not steps:
        return
    bindings = context.store.bindings()
    troubled = {problem.subject for problem in context.store.problems()}
    left_alone = set(paused_subjects(context.services, context.runtime.backoff))
    for step in steps:
        subjects = {step.task, step.board} & troubled
        if left_alone.isdisjoint(subjects) and _is_open(context, step, bindings, troubled, lookup):
            left_alone |= subjects
            yield step


def _is_open(
    context: Context, step: _Step, bindings: Bindings, troubled: Collection[str], lookup: CardLookup
) -> bool:
    """Whether a card may be made on the board of a step, or was found there already."""
    board = bindings.get(Kind.BOARD, step.key.board)
    if board and closed_subject(step.key.board) in troubled:
        return lookup.has_read(board) and lookup.find(board, step.key) is not None
    needs_lookup = step.claim is not None or (board is not None and _may_stand(context, board, step.release))
    return not (board and needs_lookup and lookup.is_paused(board))


class _Line:
    """The steps of one pass, waiting in order of urgency for the threads that take them.

    Each step is one thread's from claim to last item. When stopping is asked for, or one thread meets
    what ends the pass, the steps in hand are finished and no other begins.
    """

    def __init__(self, context: Context, steps: Sequence[_Step], lookup: CardLookup) -> None:
        for step in steps:
            lookup.read_back_to(step.key.board, step.since)
        self.outcomes: list[bool] = []
        self._context = context
        self._waiting = deque(steps)
        self._lookup = lookup
        self._stuck = _Stuck(context)
        self._ended = threading.Event()

    def run(self) -> None:
        threads = min(self._context.config.workers, len(self._waiting))
        if threads < 2:
            self._work()
            return
        with ThreadPoolExecutor(threads, "issue") as pool:
            try:
                for work in [pool.submit(self._work) for _ in range(threads)]:
                    work.result()
            finally:  # whoever breaks in here waits for the steps in hand only
                self._ended.set()

    def _work(self) -> None:
        try:
            while step := self._next():
                if not self._stuck.holds(step):
                    self.outcomes.append(_try(self._context, step, self._lookup, self._stuck))
        except BaseException:
            self._ended.set()
            raise

    def _next(self) -> _Step | None:
        if self._ended.is_set() or self._context.runtime.stopping():
            return None
        try:
            return self._waiting.popleft()
        except IndexError:
            return None


class _Stuck:
    """The tasks and boards that met trouble in this pass: noted once, and left alone by its other threads."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._subjects: set[str] = set()
        self._alone = threading.Lock()

    def holds(self, step: _Step) -> bool:
        with self._alone:
            return not self._subjects.isdisjoint({step.task, step.board})

    def add(self, subject: str, error: Exception) -> None:
        with self._alone:
            if subject not in self._subjects:
                self._subjects.add(subject)
                note_failure(self._context.services, self._context.runtime.backoff, subject, error)


# ---- one occurrence ---------------------------------------------------------------------------------


def _try(context: Context, step: _Step, lookup: CardLookup, stuck: _Stuck) -> bool:
    """Whether the occurrence has its card now."""
    try:
        done = _issue(context, step, lookup)
    except CardLookupFailed:  # which is noted, and holds up nothing that needs no lookup
        return False
    except (OutcomeUnknown, NotSent) as error:  # no refusal: the claim has to settle, or we were too slow
        if not _done_by_another(context, step.key):
            context.store.note_problem(step.task, str(error), context.clock.now())
        log.warning("card.not_issued", key=str(step.key), error=str(error))
        return False
    except (TrelloError, InvalidDeclaration) as error:
        ends = isinstance(error, TrelloError) and (
            lookup.out_of_reach or out_of_reach(context.services, error)
        )
        if ends:
            raise
        stuck.add(step.board if _is_the_boards(context, step, error) else step.task, error)
        log.warning("card.not_issued", key=str(step.key), error=str(error))
        return False
    if done:
        context.store.clear_problem(step.task)
        context.store.clear_problem(step.board)
    return done


def _is_the_boards(context: Context, step: _Step, error: Exception) -> bool:
    """Whether the next card of the board would meet the same: no right to it, or no room on it."""
    return isinstance(error, Unauthorised | LimitReached) and not _has_card(context, step.key)


def _done_by_another(context: Context, key: OccurrenceKey) -> bool:
    """Whether somebody took over and is through with it, so that nobody would ever call the trouble off."""
    claimed = {claim.key for claim in context.store.claims()}
    return _has_card(context, key) and str(key) not in claimed


def _has_card(context: Context, key: OccurrenceKey) -> bool:
    entry = context.store.entry(key)
    return entry is not None and entry.card is not None


def _issue(context: Context, step: _Step, lookup: CardLookup) -> bool:
    services, policy, holder = context.services, context.config.lease_policy, context.runtime.holder
    if step.claim:
        # Looked up before it is taken over: should that fail, the claim stays settled as it is.
        found = _find_left_card(context, step.key, lookup)
        held = keep(services, policy, holder, step.claim)
    else:
        found = None
        held = take(services, policy, holder, str(step.key))
    if held is None:  # another process was faster
        return False
    try:
        _issue_claimed(context, step, held, lookup, found)
    except OutcomeUnknown:
        services.store.mark_unknown(held.claim)
        raise
    except (TrelloError, InvalidDeclaration):
        _give_back(context, step.key, held)
        raise
    services.store.release(held.claim)
    return True


def _find_left_card(context: Context, key: OccurrenceKey, lookup: CardLookup) -> Card | None:
    """The card that a lost attempt at an occurrence left on its board."""
    entry = context.store.entry(key)
    return lookup.find(_board(context, key), key) if entry and entry.card is None else None


def _board(context: Context, key: OccurrenceKey) -> Binding:
    board = context.store.bindings(key.board).get(Kind.BOARD, key.board)
    if board is None:
        raise NotFound(f"the board {key.board} is not on Trello yet; run `trello-ops apply`")
    return board


def _give_back(context: Context, key: OccurrenceKey, held: HeldClaim) -> None:
    """Nothing was done: anybody may try again at once. A card that lacks items keeps its claim instead."""
    if _has_card(context, key):
        context.store.mark_unknown(held.claim)
    else:
        context.store.release(held.claim)


def _issue_claimed(
    context: Context, step: _Step, held: HeldClaim, lookup: CardLookup, found: Card | None
) -> None:
    """Make sure that the occurrence has its one card, complete. `found` is what a lost attempt left."""
    entry = context.store.entry(step.key)
    if entry is None or (entry.card and not step.claim):
        return  # issued by another process since this pass began
    board = _board(context, step.key)
    if not step.claim and (lookup.has_read(board) or _may_stand(context, board, entry.occurrence.release)):
        found = lookup.find(board, step.key)
    if found and not entry.card:
        _confirm(context, step.key, Made(found.id, found.url), held, adopted=True)
    text = context.render_card.card(entry.occurrence)
    if entry.card:
        _fill(context, step.key, entry.card.id, text, held)
    elif found is None and step.owed:
        _make(context, entry.occurrence, text, held)
    elif found and found.item_count != text.item_count:
        _fill(context, step.key, found.id, text, held)


def _make(context: Context, occurrence: Occurrence, text: CardText, held: HeldClaim) -> None:
    bindings = context.store.bindings(occurrence.key.board)
    card = _create(context, _create_card(occurrence, text, bindings), bindings, held)
    _confirm(context, occurrence.key, card, held, adopted=False)
    if card.item_count != text.item_count:
        _fill(context, occurrence.key, card.id, text, held)


def _fill(context: Context, key: OccurrenceKey, card_id: str, text: CardText, held: HeldClaim) -> None:
    try:
        card = context.trello.card(card_id)
    except NotFound:  # somebody deleted it meanwhile, which is theirs to do
        return
    add_missing_items(context, key.board, card, text.checklists, held)


def _may_stand(context: Context, board: Binding, release: dt.datetime) -> bool:
    """Whether a ledger that was lost, or put back from a backup, may once have known a card of what was
    released then.

    It can have been put back only before this process began. So no lookup is needed where one was running
    when the occurrence was released and its board made, and that was just now. When it was recorded says
    nothing: a backup may know an occurrence that waited, and not the card it got since.
    """
    clock = context.clock
    possible_for = clock.now() - max(release, board.bound_at)
    running_for = dt.timedelta(seconds=clock.monotonic() - context.runtime.began)
    just_now = dt.timedelta(0) <= possible_for <= min(LOOK_BACK, running_for)
    return board.adopted or not just_now


def _create(context: Context, change: CreateCard, bindings: Bindings, held: HeldClaim) -> Made:
    """Make the card; without copying where the template card cannot be found (any more)."""
    perform = context.trello.perform
    try:
        return perform(change, bindings, held.send_before)
    except NotFound:
        if not change.copy_checklists:
            raise
    return perform(replace(change, copy_checklists=False), bindings, held.send_before)


def _create_card(occurrence: Occurrence, text: CardText, bindings: Bindings) -> CreateCard:
    template = bindings.get(Kind.TEMPLATE, occurrence.key.board, occurrence.key.task)
    held = template.fingerprint if template else ""
    return CreateCard(
        board=occurrence.key.board,
        key=occurrence.key,
        theme=occurrence.theme,
        assignees=occurrence.assignees,
        text=text,
        start=occurrence.release,
        due=occurrence.due,
        copy_checklists=bool(text.checklists) and held == fingerprint(text.checklists),
    )


def _confirm(context: Context, key: OccurrenceKey, made: Made, held: HeldClaim, *, adopted: bool) -> None:
    card = IssuedCard(made.id, made.url, created_at(made.id), context.clock.now())
    kept = context.store.confirm(key, card)
    event = "card.adopted" if adopted else "card.issued"
    if kept:
        log.info(event, key=str(key), card=made.id, attempt=held.claim.attempt)
    else:  # a process frozen between lease check and send: the elder counts
        log.error("card.duplicate", key=str(key), card=made.id, attempt=held.claim.attempt)
