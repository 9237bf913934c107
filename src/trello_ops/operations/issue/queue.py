"""What one pass issues, the most urgent first, and what becomes of each attempt."""

import datetime as dt
import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

import structlog

from trello_ops.errors import (
    CardLookupFailed,
    InvalidDeclaration,
    LimitReached,
    NotSent,
    OutcomeUnknown,
    TrelloError,
    Unauthorised,
)
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.card_lookup import CardLookup
from trello_ops.operations.context import Context
from trello_ops.operations.issue.attempt import Attempt, has_card
from trello_ops.operations.issue.step import Step

log = structlog.get_logger()


class IssueQueue:
    """The steps of one pass, given in order of urgency, for the threads that take them.

    One thread does all of a step, from claim to last check item. When stopping is asked for, or a thread
    meets what ends the pass, the steps in hand are finished and no other begins. `outcomes` says of each step
    that was tried whether its occurrence has its card now.
    """

    def __init__(self, context: Context, steps: Iterable[Step], lookup: CardLookup) -> None:
        self.outcomes: list[bool] = []
        self._context = context
        self._lookup = lookup
        self._waiting = deque(steps)
        # So far back the first lookup on a board reads at once, for all its steps.
        self._possible_since: dict[str, dt.datetime] = {}
        for step in self._waiting:
            board, since = step.key.board, step.possible_since
            self._possible_since[board] = min(since, self._possible_since.get(board, since))
        self._stuck = set[str]()
        self._noting = threading.Lock()
        self._ended = threading.Event()

    def work_off(self) -> None:
        """Try every step once, with several threads. Raises one of `OUT_OF_REACH`, which ends the pass."""
        threads = min(self._context.config.workers, len(self._waiting))
        if threads < 2:
            self._work()
            return
        with ThreadPoolExecutor(threads, "issue") as pool:
            try:
                # With whatever the log is to say of this thread's work.
                for work in [pool.submit(copy_context().run, self._work) for _ in range(threads)]:
                    work.result()
            finally:  # an interrupt waits for the steps in hand only
                self._ended.set()

    def _work(self) -> None:
        try:
            while not (self._ended.is_set() or self._context.stopping()):
                try:
                    step = self._waiting.popleft()
                except IndexError:  # not asked beforehand: another thread may take the last one meanwhile
                    return
                # Trouble that this pass has met already: its other cards would meet it again.
                if self._stuck.isdisjoint({step.task_subject, step.board_subject}):
                    self.outcomes.append(self._try(step))
        except BaseException:
            self._ended.set()
            raise

    def _try(self, step: Step) -> bool:
        """Whether the occurrence has its card now; what prevents it is noted as a problem."""
        context, store = self._context, self._context.store
        attempt = Attempt(context, step, self._lookup, self._possible_since[step.key.board])
        try:
            done = attempt.run()
        except CardLookupFailed:  # a problem of its own, which holds up nothing that needs no lookup
            return False
        except (OutcomeUnknown, NotSent) as error:  # no refusal: the claim has to settle, or we were too slow
            if not _done_by_another(context, step):
                store.note_problem(step.task_subject, error.message, context.clock.now())
            log.warning("card.not_issued", key=str(step.key), error=str(error))
            return False
        except (TrelloError, InvalidDeclaration) as error:
            if isinstance(error, TrelloError) and (
                self._lookup.out_of_reach or out_of_reach(context.services, error)
            ):
                raise  # every other step would meet the same
            self._note_trouble(step, error)
            log.warning("card.not_issued", key=str(step.key), error=str(error))
            return False
        if done:
            store.clear_problem(step.task_subject)
            store.clear_problem(step.board_subject)
        return done

    def _note_trouble(self, step: Step, error: Exception) -> None:
        """Note a refusal once, however many threads meet it, and leave its subject alone from now on."""
        # Without the right or the room for it, the next card of the board would be refused as well.
        of_board = isinstance(error, Unauthorised | LimitReached) and not has_card(self._context, step.key)
        subject = step.board_subject if of_board else step.task_subject
        with self._noting:
            if subject not in self._stuck:
                self._stuck.add(subject)
                self._context.note_failure(subject, error)


def _done_by_another(context: Context, step: Step) -> bool:
    """Whether another process took over and is done, so that nothing would ever clear a problem noted now."""
    claimed = {claim.key for claim in context.store.claims()}
    return has_card(context, step.key) and str(step.key) not in claimed
