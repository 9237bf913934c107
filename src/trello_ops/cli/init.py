"""trello-ops init"""

import os
import shutil
from pathlib import Path

import click

from trello_ops import starter
from trello_ops.cli.options import PathType
from trello_ops.declared import reference
from trello_ops.escape import visible

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


@click.command
@click.argument("folder", metavar="DIR", type=PathType(file_okay=False))
@click.option(
    "--workspace", "sample", type=click.Choice(starter.SAMPLES), default=starter.SHOP, show_default=True,
    help="Which sample: a shop's checklists, or its planned week.",
)  # fmt: skip
def command(folder: Path, sample: str) -> None:
    """Start a folder of boards, templates and settings.

    Copies the sample boards of a shop, its card templates, schemas by which editors check board files, a
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
    samples = starter.find(sample)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        shutil.copytree(samples.boards, folder / "boards")
        shutil.copytree(samples.templates, folder / "templates")
        (folder / "schema").mkdir()
        for name, schema in reference.schemas().items():
            _write_new(folder / name, reference.text(schema), mode=0o666)
        _write_new(folder / ".env", samples.env_example.read_text("utf-8"), mode=0o600)
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
