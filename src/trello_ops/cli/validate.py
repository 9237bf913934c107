"""trello-ops validate"""

import dataclasses
from pathlib import Path

import click

from trello_ops.cli.options import format_option
from trello_ops.cli.output import count, to_json
from trello_ops.cli.session import Session, pass_session
from trello_ops.declaration_source import check_declaration
from trello_ops.declared.load import Declaration
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.render.escape import visible


@click.command
@format_option("text", "json")
@pass_session
def command(session: Session, form: str) -> None:
    """Check the board files and card templates.

    Lists every problem at once as `file:line:col path: what is wrong, what to do`, and what is worth a
    thought as a warning. Exits with 2 when there are problems. Needs no credentials and no network.
    """
    found = check_declaration(session.settings())
    click.echo(to_json(_as_dict(found)) if form == "json" else _text(found))
    if found.problems:
        click.get_current_context().exit(InvalidDeclaration.exit_code)


def _text(found: Declaration) -> str:
    warnings = [dataclasses.replace(each, message=f"warning: {each.message}") for each in found.warnings]
    listed = sorted((*found.problems, *warnings), key=lambda each: (each.file, each.line, each.column))
    lines = [visible(str(_from_here(each))) for each in listed]
    return "\n".join((*lines, _summary(found)))


def _summary(found: Declaration) -> str:
    faults = f"{count(len(found.problems), 'problem')}, {count(len(found.warnings), 'warning')}"
    boards, tasks = _sound(found)
    return f"{faults.capitalize()}; sound: {count(boards, 'board')}, {count(tasks, 'task')}."


def _as_dict(found: Declaration) -> dict[str, object]:
    boards, tasks = _sound(found)
    return {
        "problems": [dataclasses.asdict(_from_here(each)) for each in found.problems],
        "warnings": [dataclasses.asdict(_from_here(each)) for each in found.warnings],
        "boards": boards,
        "tasks": tasks,
    }


def _sound(found: Declaration) -> tuple[int, int]:
    """How many boards and tasks can be used."""
    boards = found.workspace.boards if found.workspace else ()
    return len(boards), sum(len(board.tasks) for board in boards)


def _from_here(problem: Problem) -> Problem:
    """With the file's path as seen from the current folder, where it lies below it."""
    path, here = Path(problem.file), Path.cwd()
    return problem.in_file(str(path.relative_to(here))) if path.is_relative_to(here) else problem
