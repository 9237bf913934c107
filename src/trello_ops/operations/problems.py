"""Problems: the subjects under which they are noted, and when one is cleared."""

from collections.abc import Collection, Iterable

from trello_ops.core.ledger import SystemProblem
from trello_ops.ports import Store

TOKEN = "job:token"  # noqa: S105 - a subject
"""The subject that says that Trello refuses the token; meanwhile nothing else is asked of Trello."""


def issuing_subject(board: str) -> str:
    """The subject that says that a board takes no card at all."""
    return f"{board}:issuing"


def closed_subject(board: str) -> str:
    """The subject that says that a board, or its todo list, is closed or gone, so that no cards are made."""
    return f"{board}:closed"


def reading_subject(board: str) -> str:
    """The subject that says that what people did on a board cannot be read."""
    return f"{board}:reading"


def lookup_subject(board: str) -> str:
    """The subject that says that a card lookup on a board failed."""
    return f"{board}:looking"


_OF_OTHERS = ("reading", "looking", "webhook")
"""Problems of a board that comparing it with its file neither causes nor solves."""


def in_trouble(problems: Iterable[SystemProblem]) -> frozenset[str]:
    """The keys of boards that may not be as declared, as when one takes or shows no cards."""
    found = set()
    for problem in problems:
        about, _, what = problem.subject.partition(":")
        if what not in _OF_OTHERS:
            found.add(about.partition("/")[0])
    return frozenset(found)


def forget_issuing(store: Store, boards: Collection[str]) -> None:
    """Clear what kept cards of these boards from being made, so that it is tried at once."""
    for problem in store.problems():
        board, _, task = problem.subject.partition("/")
        if (board in boards and task) or problem.subject in {
            *map(issuing_subject, boards),
            *map(lookup_subject, boards),
        }:
            store.clear_problem(problem.subject)


def forget_settled(store: Store, problems: Iterable[SystemProblem], waiting: Iterable[str]) -> None:
    """Clear, of `problems`, what kept cards from being made where no card waits any more.

    Making the card clears them too, but the process may die right then. `waiting` are the keys of
    occurrences, to be read after `problems`.
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
    """Clear all for which these boards are left alone: a person is at work, so try everything at once."""
    forget_issuing(store, boards)
    for board in boards:
        store.clear_problem(board)
        store.clear_problem(reading_subject(board))
