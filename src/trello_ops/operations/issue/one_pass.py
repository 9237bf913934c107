"""One pass: what is to be issued, and in which order."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from trello_ops.core.bindings import Bindings, Kind
from trello_ops.core.claims import Claim, ClaimKey
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.operations.card_lookup import CardLookup, earliest_creation
from trello_ops.operations.claims import settled
from trello_ops.operations.context import Context
from trello_ops.operations.issue.queue import IssueQueue
from trello_ops.operations.issue.step import Step, must_look
from trello_ops.operations.later_rows import add_later_rows
from trello_ops.operations.own_trello import require_own_trello
from trello_ops.operations.problems import closed_subject, forget_settled
from trello_ops.operations.schedule import record_released


@dataclass(frozen=True, slots=True)
class Issued:
    """What one pass did: cards made or found, and occurrences whose card could not be made now."""

    cards: int = 0
    failed: int = 0


def issue(context: Context) -> Issued:
    """Issue everything that is due, the most urgent first, with `context.config.workers` threads.

    Then add the rows of workbooks that came once their card was out.

    The trouble of one task or board stops no other; it is a problem `board/task` or `board:issuing`, left
    alone for growing pauses. Raises one of `OUT_OF_REACH`, which ends the pass, `OtherTrello`, and
    `WrongClock`.
    """
    require_own_trello(context)
    store = context.store
    # Read before what waits, so that no problem is cleared that another process notes meanwhile.
    problems, abandoned = store.problems(), settled(context)
    claimed = {claim.key for claim in store.claims()}
    lookup = CardLookup(context)
    recorded = record_released(context, lookup)
    waiting = (str(occurrence.key) for occurrence in (*recorded.issue, *recorded.undecided))
    forget_settled(store, problems, {*claimed, *waiting})
    steps = [
        *_take_overs(context, abandoned, {occurrence.key for occurrence in recorded.issue}),
        *(
            Step(occurrence.key, occurrence.due, occurrence.release, earliest_creation(occurrence))
            for occurrence in recorded.issue
            if str(occurrence.key) not in claimed
        ),
    ]
    queue = IssueQueue(context, _ready(context, sorted(steps, key=lambda step: step.urgency), lookup), lookup)
    queue.work_off()
    add_later_rows(context, abandoned)
    return Issued(cards=queue.outcomes.count(True), failed=queue.outcomes.count(False))


def _take_overs(context: Context, claims: Iterable[Claim], owed: Collection[OccurrenceKey]) -> Iterator[Step]:
    """A step for every settled claim on an occurrence, whether or not the ledger holds it."""
    for claim in claims:
        key = ClaimKey.parse(claim.key).occurrence
        if key is None:
            continue
        entry, tried = context.store.entry(key), claim.attempted_at
        if entry:
            occurrence = entry.occurrence
            possible_since = min(tried, earliest_creation(occurrence))
            yield Step(key, occurrence.due, occurrence.release, possible_since, claim, key in owed)
        else:
            yield Step(key, tried, tried, tried, claim, owed=False)


def _ready(context: Context, steps: Collection[Step], lookup: CardLookup) -> Iterator[Step]:
    """The steps that are not paused. A task or board in trouble is tried with its most urgent card alone."""
    if not steps:
        return
    bindings = context.store.bindings()
    troubled = {problem.subject for problem in context.store.problems()}
    left_alone = set(context.paused_subjects())
    for step in steps:
        subjects = {step.task_subject, step.board_subject} & troubled
        if left_alone.isdisjoint(subjects) and _is_open(context, step, bindings, troubled, lookup):
            left_alone |= subjects
            yield step


def _is_open(
    context: Context, step: Step, bindings: Bindings, troubled: Collection[str], lookup: CardLookup
) -> bool:
    """Whether the step's board takes cards now, or is already known to hold this one."""
    board = bindings.get(Kind.BOARD, step.key.board)
    if board is None:
        return True  # the attempt says what is missing
    if closed_subject(step.key.board) in troubled:
        return step.key in (lookup.already_read(board) or {})
    return not (lookup.is_paused(board) and must_look(context, step, board))
