"""The workspace that the demo lives in and leaves: its board files, templates, settings and store."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Final

from trello_ops.demo.plot import Plot
from trello_ops.settings import name_of
from trello_ops.starter import Starter

STORE: Final = "demo.sqlite3"
_ENV: Final = ".env"


def make(folder: Path, sample: Starter, plot: Plot) -> Starter:
    """Copy a sample into a new folder, with settings that name the demo's store and no Trello.

    The shop is closed on the days that the plot says.
    """
    folder.mkdir()
    made = replace(
        sample, boards=folder / "boards", templates=folder / "templates", env_example=folder / _ENV
    )
    for source, target in ((sample.boards, made.boards), (sample.templates, made.templates)):
        shutil.copytree(source, target, copy_function=shutil.copyfile)
        for each in (target, *target.rglob("*/")):
            each.chmod(0o700)  # a copy has the rights of the sample, which everybody may read
    # Without key and token, since the demo's Trello has ended: what reads the store works, nothing else does.
    made.env_example.write_text(f"{name_of('database_url')}=sqlite:///{STORE}\n", "utf-8")
    if plot.closed:
        first, last, why = plot.closed
        with (made.boards / "workspace.yaml").open("a", encoding="utf-8") as file:
            file.write(f"\nclosures:\n  - {{from: {first}, to: {last}, reason: {why}}}\n")
    return made
