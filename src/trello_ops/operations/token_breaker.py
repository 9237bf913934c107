"""The circuit breaker of the Trello token: what is done while Trello refuses it.

A problem `job:token` and one line of the log say so, once. Then Trello is asked nothing but one cheap read,
by one job at a time and after growing pauses. When that is answered, work goes on.
"""

import threading
from dataclasses import dataclass, field

import structlog

from trello_ops.errors import TokenRefused, TrelloError
from trello_ops.operations.backoff import Backoff, note_failure, paused_subjects
from trello_ops.operations.problems import TOKEN
from trello_ops.ports import Services

log = structlog.get_logger()


@dataclass(slots=True)
class TokenBreaker:
    """The breaker of one process, shared by the threads of its jobs."""

    _probing: threading.Lock = field(default_factory=threading.Lock)

    def refusal(self, services: Services, backoff: Backoff) -> TrelloError | None:
        """Why Trello is not to be asked now; `None` when it may be."""
        problem = next((each for each in services.store.problems() if each.subject == TOKEN), None)
        if problem is None:
            return None
        refused = TokenRefused(problem.message)
        if TOKEN in paused_subjects(services, backoff) or not self._probing.acquire(blocking=False):
            return refused
        try:
            services.trello.time(fresh=True)
        except TrelloError as error:  # without a connection we do not know either, so it stays open
            note_failure(services, backoff, TOKEN, error)
            return error
        finally:
            self._probing.release()
        services.store.clear_problem(TOKEN)
        log.info("token.accepted")
        return None

    def trip(self, services: Services, backoff: Backoff, error: TokenRefused) -> None:
        """Note that a job met a refused token; the first job to do so says it for all."""
        with self._probing:
            if all(problem.subject != TOKEN for problem in services.store.problems()):
                note_failure(services, backoff, TOKEN, error)
                log.error("token.refused", error=str(error))
