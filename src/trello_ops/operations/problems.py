"""Problems: the subjects under which they are noted, and when one is cleared."""

from collections.abc import Collection, Iterable

from trello_ops.core import problems as core_problems
from trello_ops.core.declared import Workspace
from trello_ops.core.problems import BoardMatter, ProblemSubject, SystemProblem
from trello_ops.ports import Store

TOKEN = str(core_problems.TOKEN)
"""The subject that says that Trello refuses the token; meanwhile nothing else is asked of Trello."""

_OF_CARDS = frozenset({BoardMatter.ISSUING, BoardMatter.LOOKING})
"""Problems of a board that keep its cards from being made, and are over when no card waits there."""

_OF_OTHERS = frozenset(
    {
        BoardMatter.READING,
        BoardMatter.LOOKING,
        BoardMatter.WEBHOOK,
        BoardMatter.NAGGING,
        BoardMatter.ROWS,
    }
)
"""Problems of a board that comparing it with its file neither causes nor solves."""


def matter_subject(board: str, matter: BoardMatter) -> str:
    """The subject of one matter of a board, as the store keeps it."""
    return str(ProblemSubject(board, matter=matter))


def issuing_subject(board: str) -> str:
    """The subject that says that a board takes no card at all."""
    return matter_subject(board, BoardMatter.ISSUING)


def closed_subject(board: str) -> str:
    """The subject that says that a board, or its todo list, is closed or gone, so that no cards are made."""
    return matter_subject(board, BoardMatter.CLOSED)


def reading_subject(board: str) -> str:
    """The subject that says that what people did on a board cannot be read."""
    return matter_subject(board, BoardMatter.READING)


def lookup_subject(board: str) -> str:
    """The subject that says that a card lookup on a board failed."""
    return matter_subject(board, BoardMatter.LOOKING)


def in_trouble(problems: Iterable[SystemProblem]) -> frozenset[str]:
    """The keys of boards that may not be as declared, as when one takes or shows no cards."""
    subjects = (ProblemSubject.parse(problem.subject) for problem in problems)
    # A board may be called `job`. Its matters read as a job's, so it is rather compared once too often.
    return frozenset(each.board or "job" for each in subjects if each.matter not in _OF_OTHERS)


def forget_issuing(store: Store, boards: Collection[str]) -> None:
    """Clear what kept cards of these boards from being made, so that it is tried at once."""
    of_boards = {matter_subject(board, matter) for board in boards for matter in _OF_CARDS}
    for problem in store.problems():
        subject = ProblemSubject.parse(problem.subject)
        if problem.subject in of_boards or (subject.task and subject.board in boards):
            store.clear_problem(problem.subject)


def forget_settled(store: Store, problems: Iterable[SystemProblem], waiting: Iterable[str]) -> None:
    """Clear, of `problems`, what kept cards from being made where no card waits any more.

    Making the card clears them too, but the process may die right then. `waiting` are the keys of
    occurrences, to be read after `problems`.
    """
    tasks = {key.rpartition("/")[0] for key in waiting}
    boards = {task.partition("/")[0] for task in tasks}
    troubled = tasks | {matter_subject(board, matter) for board in boards for matter in _OF_CARDS}
    for problem in problems:
        subject = ProblemSubject.parse(problem.subject)
        # `subject.job` as well: what the store calls `job:issuing` is a board's, if one is called `job`.
        of_cards = subject.task or (subject.matter or subject.job) in _OF_CARDS
        if of_cards and problem.subject not in troubled:
            store.clear_problem(problem.subject)


def forget_retired(store: Store, workspace: Workspace) -> None:
    """Clear the problems of boards and tasks that are no longer declared: nothing else ever would."""
    for problem in store.problems():
        subject = ProblemSubject.parse(problem.subject)
        board = workspace.board(subject.board)
        declared = board and (not subject.task or board.task(subject.task))
        if not (subject.job or declared):
            store.clear_problem(problem.subject)


def forget_trouble(store: Store, boards: Collection[str]) -> None:
    """Clear all for which these boards are left alone: a person is at work, so try everything at once."""
    forget_issuing(store, boards)
    for board in boards:
        store.clear_problem(board)
        store.clear_problem(reading_subject(board))
