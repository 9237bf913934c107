"""trello-ops sheet"""

from pathlib import Path

import click

from trello_ops.cli.language import spoken
from trello_ops.cli.options import PathType
from trello_ops.cli.output import whole_file
from trello_ops.cli.session import Session, pass_session
from trello_ops.errors import InvalidDeclaration
from trello_ops.escape import visible
from trello_ops.messages import say, say_count


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
