"""Problems, and the growing pauses after which what failed is tried again: 1, 2, 4 … minutes, up to an hour.

How often something failed is told by its problem in the store, when it last failed by this process's own
monotonic clock: wall clocks jump. Pauses end early where a person may have mended the cause: a new process
(`tick`, a restart) and edited files begin without any, and `apply` clears the problems themselves.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from trello_ops.core.model import SystemProblem
from trello_ops.ports import Services, Store

_FIRST, _LONGEST = 60.0, 3600.0


def pause_after(count: int) -> float:
    """Seconds to leave something alone that failed so often in a row."""
    doublings = min(count - 1, 10)
    return min(_FIRST * 2.0**doublings, _LONGEST)


@dataclass(slots=True)
class Pauses:
    """When this process last saw each subject fail."""

    _failed: dict[str, float] = field(default_factory=dict)

    def begin(self, subject: str, now: float) -> None:
        self._failed[subject] = now

    def hold(self, problem: SystemProblem, now: float) -> bool:
        """Whether a problem is to be left alone still."""
        failed = self._failed.get(problem.subject)
        return failed is not None and now - failed < pause_after(problem.count)


def note(services: Services, pauses: Pauses, subject: str, error: Exception | str) -> None:
    """Begin a problem, or count it again, and its pause."""
    services.store.note_problem(subject, str(error), services.clock.now())
    pauses.begin(subject, services.clock.monotonic())


def resting(services: Services, pauses: Pauses) -> frozenset[str]:
    """The subjects that are to be left alone for now."""
    now = services.clock.monotonic()
    return frozenset(p.subject for p in services.store.problems() if pauses.hold(p, now))


TOKEN = "job:token"  # noqa: S105 - a subject
"""The problem that says that Trello refuses the token; nothing else is asked of it meanwhile."""


def issuing(board: str) -> str:
    """The subject that says that a board takes no card at all."""
    return f"{board}:issuing"


def closed(board: str) -> str:
    """The subject that says that nobody would see a board's cards: it is closed or gone, or its list is."""
    return f"{board}:closed"


def reading(board: str) -> str:
    """The subject that says that what people did on a board cannot be read."""
    return f"{board}:reading"


def looking(board: str) -> str:
    """The subject that says that nobody can tell which cards of ours stand on a board."""
    return f"{board}:looking"


_OF_OTHERS = ("reading", "looking", "webhook")
"""What of a board neither comes from comparing it with its file nor is mended by that."""


def in_trouble(problems: Iterable[SystemProblem]) -> frozenset[str]:
    """The boards of which something may not be as declared, as when one takes or shows no cards."""
    found = set()
    for problem in problems:
        about, _, what = problem.subject.partition(":")
        if what not in _OF_OTHERS:
            found.add(about.partition("/")[0])
    return frozenset(found)


def forget_issuing(store: Store, boards: Collection[str]) -> None:
    """Clear what kept cards of these boards from being made: something was mended, so try at once."""
    for problem in store.problems():
        board, _, task = problem.subject.partition("/")
        if (board in boards and task) or problem.subject in {*map(issuing, boards), *map(looking, boards)}:
            store.clear_problem(problem.subject)


def forget_settled(store: Store, problems: Iterable[SystemProblem], waiting: Iterable[str]) -> None:
    """Clear, of `problems`, what kept cards from being made where no card waits any more.

    Whoever makes a card calls the trouble off; a process that dies or sleeps right then never does.
    `waiting` are the keys of occurrences, read after `problems`.
    """
    tasks = {key.rpartition("/")[0] for key in waiting}
    boards = {task.partition("/")[0] for task in tasks}
    troubled = {*tasks, *map(issuing, boards), *map(looking, boards)}
    for problem in problems:
        of_cards = "/" in problem.subject or problem.subject.endswith((issuing(""), looking("")))
        if of_cards and problem.subject not in troubled:
            store.clear_problem(problem.subject)


def forget_trouble(store: Store, boards: Collection[str]) -> None:
    """Clear whatever these boards rest for: a person looks after them, so try everything at once."""
    forget_issuing(store, boards)
    for board in boards:
        store.clear_problem(board)
        store.clear_problem(reading(board))
