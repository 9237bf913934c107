"""Growing pauses after which what failed is tried again: 1, 2, 4 … minutes, up to an hour.

The store counts failures, so that a restart does not begin with short pauses for ever. The process times the
pauses, by its monotonic clock, as wall clocks jump. They end early where a person may have removed the cause:
a new process (`tick`, a restart) and edited files begin without any, and `apply` clears the problems.
"""

from dataclasses import dataclass, field

from trello_ops.core.problems import SystemProblem
from trello_ops.errors import TrelloOpsError
from trello_ops.ports import Services

_FIRST, _LONGEST = 60.0, 3600.0  # seconds


def pause_after(count: int) -> float:
    """Seconds to leave something alone that failed `count` times in a row."""
    # Bounded, since a float overflows once something has failed a thousand times.
    doublings = min(count - 1, 10)
    return min(_FIRST * 2.0**doublings, _LONGEST)


@dataclass(slots=True)
class Backoff:
    """When this process last saw each subject fail, by the monotonic clock."""

    _failed: dict[str, float] = field(default_factory=dict)

    def note(self, subject: str, now: float) -> None:
        """Begin the pause of a subject that failed at monotonic `now`."""
        self._failed[subject] = now

    def pauses(self, problem: SystemProblem, now: float) -> bool:
        """Whether a problem is still to be left alone at monotonic `now`."""
        failed = self._failed.get(problem.subject)
        return failed is not None and now - failed < pause_after(problem.count)


def note_failure(services: Services, backoff: Backoff, subject: str, error: Exception | str) -> None:
    """Begin a problem, or count it again, and its pause."""
    message = error.message if isinstance(error, TrelloOpsError) else error
    services.store.note_problem(
        subject, message if isinstance(message, str) else str(message), services.clock.now()
    )
    backoff.note(subject, services.clock.monotonic())


def paused_subjects(services: Services, backoff: Backoff) -> frozenset[str]:
    """The subjects that are to be left alone for now."""
    now = services.clock.monotonic()
    return frozenset(p.subject for p in services.store.problems() if backoff.pauses(p, now))
