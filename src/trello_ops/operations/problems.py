"""Problems: the subjects under which they are noted, and when one is called off."""

from collections.abc import Collection, Iterable

from trello_ops.core.ledger import SystemProblem
from trello_ops.ports import Store

TOKEN = "job:token"  # noqa: S105 - a subject
"""The problem that says that Trello refuses the token; nothing else is asked of it meanwhile."""


def issuing_subject(board: str) -> str:
    """The subject that says that a board takes no card at all."""
    return f"{board}:issuing"


def closed_subject(board: str) -> str:
    """The subject that says that nobody would see a board's cards: it is closed or gone, or its list is."""
    return f"{board}:closed"


def reading_subject(board: str) -> str:
    """The subject that says that what people did on a board cannot be read."""
    return f"{board}:reading"


def lookup_subject(board: str) -> str:
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
        if (board in boards and task) or problem.subject in {
            *map(issuing_subject, boards),
            *map(lookup_subject, boards),
        }:
            store.clear_problem(problem.subject)


def forget_settled(store: Store, problems: Iterable[SystemProblem], waiting: Iterable[str]) -> None:
    """Clear, of `problems`, what kept cards from being made where no card waits any more.

    Whoever makes a card calls the trouble off; a process that dies or sleeps right then never does.
    `waiting` are the keys of occurrences, read after `problems`.
    """
    tasks = {key.rpartition("/")[0] for key in waiting}
    boards = {task.partition("/")[0] for task in tasks}
    troubled = {*tasks, *map(issuing_subject, boards), *map(lookup_subject, boards)}
    for problem in problems:
        of_cards = "/" in problem.subject or problem.subject.endswith(
            (issuing_subject(""), lookup_subject(""))
        )
        if of_cards and problem.subject not in troubled:
            store.clear_problem(problem.subject)


def forget_trouble(store: Store, boards: Collection[str]) -> None:
    """Clear whatever these boards rest for: a person looks after them, so try everything at once."""
    forget_issuing(store, boards)
    for board in boards:
        store.clear_problem(board)
        store.clear_problem(reading_subject(board))
