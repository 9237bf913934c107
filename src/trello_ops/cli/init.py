"""trello-ops init"""

import os
import tempfile
from pathlib import Path

import click

from trello_ops import starter
from trello_ops.cli.options import PathType, pack_option
from trello_ops.declared import load, reference
from trello_ops.escape import visible
from trello_ops.render import card_files

_MADE = ("boards", "templates", "schema", ".env", ".gitignore")

_IGNORED = """\
# Secrets, the store and what it wrote: not for a repository.
.env
*.sqlite3
*.sqlite3-*
mail/
demo-out/
sandbox-data/
"""

_NEXT = """\
Next, in {folder}:
  1. write your team into boards/workspace.yaml, and your duties into the other files of boards/
  2. trello-ops validate    checks what you wrote
  3. put key and token into .env, Trello's own or those of `trello-ops sandbox`
  4. trello-ops plan        shows what would change on Trello
  5. trello-ops apply       makes the boards; trello-ops run keeps them going"""


def _show(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    """Print the packs, and end."""
    if not wanted or context.resilient_parsing:
        return
    width = max(map(len, starter.PACKS))
    for name, what in starter.PACKS.items():
        click.echo(f"{name:{width}}  {_tasks(name):3} tasks  {what}")
    context.exit()


def _tasks(pack: str) -> int:
    """How many tasks a pack has, as `validate` counts them."""
    with tempfile.TemporaryDirectory() as folder:
        boards, templates = Path(folder, "boards"), Path(folder, "templates")
        starter.copy((pack,), boards, templates)
        found = load.read(boards, card_files.available(templates)).workspace
    return sum(len(board.tasks) for board in found.boards) if found else 0


@click.command
@click.argument("folder", metavar="DIR", type=PathType(file_okay=False))
@pack_option
@click.option(
    "--lang", "language", type=click.Choice(starter.LANGUAGES), default=starter.FRENCH, show_default=True,
    help="The language of titles and procedures.",
)  # fmt: skip
@click.option(
    "--list", is_flag=True, is_eager=True, expose_value=False, callback=_show, help="Show the packs."
)
def command(folder: Path, packs: tuple[str, ...], language: str) -> None:
    """Start a folder of boards, templates and settings.

    Copies the boards and card templates of one or more packs, schemas by which editors check board files, a
    commented .env (readable by you alone) and a .gitignore into DIR, which is made where it does not exist.
    Nothing is ever overwritten.
    """
    # Asked before anything is written, so that a refusal leaves the folder as it was.
    there = [str(path) for path in (folder / name for name in _MADE) if os.path.lexists(path)]
    if there:
        raise click.BadParameter(
            f"{', '.join(there)} would be overwritten: move it away, or choose another folder.",
            param_hint="DIR",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        starter.copy(packs, folder / "boards", folder / "templates", language)
        (folder / "schema").mkdir()
        for name, schema in reference.schemas().items():
            _write_new(folder / name, reference.text(schema), mode=0o666)
        _write_new(folder / ".env", starter.find().env_example.read_text("utf-8"), mode=0o600)
        _write_new(folder / ".gitignore", _IGNORED, mode=0o666)
    except OSError as error:
        raise click.BadParameter(f"{error.filename}: {error.strerror}.", param_hint="DIR") from error
    where = "the current folder" if folder.resolve() == Path.cwd() else visible(str(folder))
    click.echo(f"Made {', '.join(_MADE)} in {where}.")
    click.echo(_NEXT.format(folder=where))


def _write_new(path: Path, text: str, mode: int) -> None:
    """Write a file that does not exist yet, with `mode` from the start."""
    # O_EXCL refuses a file that appeared meanwhile; the mode at creation leaves no moment to read secrets in.
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
