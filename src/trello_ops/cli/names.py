"""What somebody names of the declaration: a board, a person, a task; and what they may have meant."""

import click

from trello_ops.cli.language import spoken
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.people import Person
from trello_ops.messages import say
from trello_ops.wording import choose


def find_board(workspace: Workspace, name: str, hint: str) -> Board:
    """The board of a key. Raises `click.BadParameter`, which names the argument `hint`, with a suggestion."""
    found = workspace.board_now(name)
    if found is None:
        advice = choose(name, [board.key for board in workspace.boards])
        raise _unknown(say("there is no board '%(board)s': %(advice)s", board=name, advice=advice), hint)
    return found


def find_person(workspace: Workspace, name: str, hint: str) -> Person:
    """The person of a key, likewise."""
    found = workspace.person(name)
    if found is None:
        advice = choose(name, [person.key for person in workspace.people])
        raise _unknown(say("there is no person '%(person)s': %(advice)s", person=name, advice=advice), hint)
    return found


def find_task(workspace: Workspace, name: str, hint: str) -> tuple[Board, Task]:
    """The task written TASK or BOARD/TASK with its board, likewise."""
    every = {(board.key, task.key): (board, task) for board, task in workspace.tasks}
    found = [key for key in every if name in {key[1], "/".join(key)}]
    if len(found) == 1:
        return every[found[0]]
    if found:
        boards = ", ".join("/".join(key) for key in found)
        raise _unknown(
            say("%(task)s is a task of several boards: write one of %(boards)s.", task=name, boards=boards),
            hint,
        )
    known = ["/".join(key) if "/" in name else key[1] for key in every]
    raise _unknown(
        say("there is no task '%(task)s': %(advice)s", task=name, advice=choose(name, known)), hint
    )


def _unknown(message: str, hint: str) -> click.BadParameter:
    return click.BadParameter(spoken(message), param_hint=hint)
