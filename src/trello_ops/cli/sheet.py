"""trello-ops sheet"""

from collections.abc import Sequence
from pathlib import Path

import click

from trello_ops.cli.language import spoken
from trello_ops.cli.options import PathType
from trello_ops.cli.output import notice, whole_file
from trello_ops.cli.session import Session, pass_session
from trello_ops.cli.sheet_changes import changed
from trello_ops.errors import InvalidDeclaration, TrelloOpsError
from trello_ops.escape import visible
from trello_ops.files_together import Rewrite, write_all
from trello_ops.messages import reason, say, say_count


@click.group
def command() -> None:
    """Edit boards in a spreadsheet.

    docs/sheets.md explains its sheets and columns.
    """


@command.command
@click.argument("file", metavar="[FILE.xlsx]", type=PathType(dir_okay=False), required=False)
@click.option("--replace", is_flag=True, help="Also where there is such a file, whatever was edited in it.")
@pass_session
def export(session: Session, file: Path | None, replace: bool) -> None:
    """Write the board files as a workbook.

    It has sheets of the team and its boards, and one for each board with a row a task and a column a field.
    Without FILE.xlsx it is named after the team's key. Opens in Excel, LibreOffice and Google Sheets; holds
    no macros. Reads the files alone; needs no credentials and no network.
    """
    from trello_ops.declared import load
    from trello_ops.render import card_files
    from trello_ops.sheets.export import workbook

    settings = session.settings()
    templates = card_files.available(settings.templates_folder)
    found = load.read(settings.boards_folder, templates)
    if found.problems or found.workspace is None:
        raise InvalidDeclaration(found.problems)
    path, boards = file or Path(f"{found.workspace.key}.xlsx"), found.workspace.boards
    _require_new(path, replace=replace)
    written = workbook(found, templates)
    with whole_file(path, "FILE.xlsx") as opened:
        opened.write(written)
    click.echo(visible(spoken(_summary(path, len(boards), sum(len(board.tasks) for board in boards)))))


@command.command("import")
@click.argument("file", metavar="FILE", type=PathType(exists=True, dir_okay=False))
@click.option("--write", is_flag=True, help="Edit the board files; without it they are only shown.")
@pass_session
def import_(session: Session, file: Path, *, write: bool) -> None:
    """Bring edits of a spreadsheet into the board files.

    FILE is a workbook that `sheet export` wrote and somebody edited, or one of its sheets as CSV. Shows what
    changes in the files, line by line, and what comes otherwise in the next four weeks. Lists every problem
    at once as `sheet!cell: what is wrong, what to do`, and exits with 2 then. With --write, all files are
    edited, or none; comments and layout stay. Needs no credentials and no network.
    """
    from trello_ops.declared import load
    from trello_ops.render import card_files
    from trello_ops.sheets.incoming import incoming

    settings = session.settings()
    templates = card_files.available(settings.templates_folder)
    found = load.read(settings.boards_folder, templates)
    coming = incoming(file, settings.boards_folder, found, templates)
    for remark in coming.remarks:
        notice(remark)
    if not coming.files:
        click.echo(spoken(say("The sheets say what the files say: there is nothing to change.")))
        return
    for line in changed(settings, found, coming):
        click.echo(visible(line))
    if write:
        _write(coming.files)
    else:
        click.echo(spoken(say("Nothing is written yet: --write does so.")))


def _write(files: Sequence[Rewrite]) -> None:
    """Write all files or none."""
    try:
        write_all(files)
    except OSError as error:
        message = say(
            "%(path)s cannot be written: %(why)s. No file was changed.",
            path=error.filename,
            why=reason(error),
        )
        raise TrelloOpsError(message) from error
    edited = say_count("%(count)s file is edited", "%(count)s files are edited", len(files))
    click.echo(spoken(say("%(edited)s; `trello-ops plan` shows what that changes on Trello.", edited=edited)))


def _require_new(path: Path, *, replace: bool) -> None:
    """Raise `click.BadParameter` where a file would be lost, or would be opened by no spreadsheet."""
    if path.suffix.lower() != ".xlsx":
        why = say("%(path)s would not be opened as a workbook: let its name end in .xlsx.", path=path)
    elif path.exists() and not replace:
        why = say(
            "%(path)s is there already, and somebody may have edited it: move it away, or replace it with"
            " --replace.",
            path=path,
        )
    else:
        return
    raise click.BadParameter(spoken(why), param_hint="FILE.xlsx")


def _summary(path: Path, boards: int, tasks: int) -> str:
    return say(
        "Wrote %(path)s: %(boards)s, %(tasks)s.",
        path=path,
        boards=say_count("%(count)s board", "%(count)s boards", boards),
        tasks=say_count("%(count)s task", "%(count)s tasks", tasks),
    )
