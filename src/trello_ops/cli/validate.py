"""trello-ops validate"""

import dataclasses
from pathlib import Path

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.cli import files
from trello_ops.cli.language import spoken
from trello_ops.cli.options import format_option
from trello_ops.cli.output import sentence, to_json
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.planning.differences import Difference
from trello_ops.declaration_source import check_declaration, with_rows_checked
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.escape import visible
from trello_ops.messages import say, say_count
from trello_ops.own_store import Ahead, change_ahead


@click.command
@format_option("text", "json")
@pass_session
def command(session: Session, form: str) -> None:
    """Check the board files and card templates.

    Lists every problem at once as `file:line:col path: what is wrong, what to do`, and what is worth a
    thought as a warning. Where there is a store, says what the files will change of what is in force. Exits
    with 2 when there are problems. Needs no credentials and no network.
    """
    settings = session.settings()
    found = check_declaration(settings, SystemClock().now().date())
    ahead = change_ahead(settings, found)
    found = with_rows_checked(found, settings)
    if ahead.following:
        asked = tuple(files.questions(ahead.following.differences, found))
        found = dataclasses.replace(found, warnings=(*found.warnings, *asked))
    usable = found.workspace.boards if found.workspace else ()
    boards, tasks = len(usable), sum(len(board.tasks) for board in usable)
    if form == "json":
        document = {
            "problems": [dataclasses.asdict(_from_here(each)) for each in found.problems],
            "warnings": [dataclasses.asdict(_from_here(each)) for each in found.warnings],
            "boards": boards,
            "tasks": tasks,
            "changes": [dataclasses.asdict(each) for each in _differences(ahead)],
            "late_starts": [
                {**dataclasses.asdict(each), "until": each.until and each.until.isoformat()}
                for each in ahead.late_starts
            ],
        }
        click.echo(to_json(document))
    else:
        warnings = [
            dataclasses.replace(each, message=say("warning: %(message)s", message=each.message))
            for each in found.warnings
        ]
        listed = sorted((*found.problems, *warnings), key=lambda each: (each.file, each.line, each.column))
        for each in listed:
            click.echo(visible(spoken(_from_here(each).located)))
        for message in files.ahead(ahead.following, ahead.open_cards, ahead.late_starts):
            click.echo(visible(sentence(message)))
        click.echo(sentence(_summary(len(found.problems), len(found.warnings), boards, tasks)))
    if found.problems:
        click.get_current_context().exit(InvalidDeclaration.exit_code)


def _differences(ahead: Ahead) -> tuple[Difference, ...]:
    return ahead.following.differences if ahead.following else ()


def _summary(problems: int, warnings: int, boards: int, tasks: int) -> str:
    """How much of it is wrong, and how much sound."""
    return say(
        "%(problems)s, %(warnings)s; sound: %(boards)s, %(tasks)s.",
        problems=say_count("%(count)s problem", "%(count)s problems", problems)
        if problems
        else say("no problems"),
        warnings=say_count("%(count)s warning", "%(count)s warnings", warnings)
        if warnings
        else say("no warnings"),
        boards=say_count("%(count)s board", "%(count)s boards", boards) if boards else say("no boards"),
        tasks=say_count("%(count)s task", "%(count)s tasks", tasks) if tasks else say("no tasks"),
    )


def _from_here(problem: Problem) -> Problem:
    """The problem with its file's path relative to the current folder, if the file is below it."""
    path, here = Path(problem.file), Path.cwd()
    return problem.in_file(str(path.relative_to(here))) if path.is_relative_to(here) else problem
