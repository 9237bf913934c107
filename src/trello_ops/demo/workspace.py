"""The workspace that the demo lives in and leaves: its board files, templates, settings and store."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from trello_ops import starter
from trello_ops.demo.plot import Plot
from trello_ops.settings import name_of
from trello_ops.starter import Starter

STORE: Final = "demo.sqlite3"
_ENV: Final = ".env"


_GO_LIVE: Final = "2027-01-12"
"""When the demo's launch goes live: in the twelfth of its weeks, so that a quarter shows most of it."""


def make(folder: Path, packs: Iterable[str], plot: Plot) -> Starter:
    """Copy packs into a new folder, with settings that name the demo's store and no Trello.

    The shop is closed on the days that the plot says.
    """
    folder.mkdir()
    made = Starter(folder / "boards", folder / "templates", folder / _ENV)
    starter.copy(packs, made.boards, made.templates)
    for target in (made.boards, made.templates):
        for each in (target, *target.rglob("*/")):
            each.chmod(0o700)  # a copy has the rights of the pack, which everybody may read
    # Without key and token, since the demo's Trello has ended: what reads the store works, nothing else does.
    made.env_example.write_text(f"{name_of('database_url')}=sqlite:///{STORE}\n", "utf-8")
    _set_go_live(made.boards / "launch.yaml")
    if plot.closed:
        first, last, why = plot.closed
        with (made.boards / "workspace.yaml").open("a", encoding="utf-8") as file:
            file.write(f"\nclosures:\n  - {{from: {first}, to: {last}, reason: {why}}}\n")
    return made


def _set_go_live(board: Path) -> None:
    if board.exists():
        text = re.sub(r"(?<=go_live: )[\d-]+", _GO_LIVE, board.read_text("utf-8"), count=1)
        board.write_text(text, "utf-8")
