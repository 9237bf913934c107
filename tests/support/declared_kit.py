"""A small declaration, and what reading it tells."""

import datetime as dt
from pathlib import Path

from trello_ops.declared.load import read

WORKSPACE = """\
key: zina
name: Zina ô Beldi
trello_workspace: zinaobeldi
locale: fr
timezone: Africa/Casablanca
people:
  ines: {trello: ines_zina, name: Inès Rami}
  margot: {trello: margot_zina, name: Margot Petit}
themes:
  operations: {title: Opérationnel, colour: orange}
report:
  to: [gerante@zinaobeldi.example]
"""
BOARD = """\
title: Hebdo
cadence: weekly
assign: ines
tasks:
  stock:
    title: Ranger
    theme: operations
    template: stock.md
"""


def told(
    folder: Path, board: str = BOARD, workspace: str = WORKSPACE, today: dt.date | None = None
) -> tuple[list[str], list[str]]:
    """Problems and warnings as `file:line:column path: message`."""
    (folder / "workspace.yaml").write_text(workspace, "utf-8")
    (folder / "weekly.yaml").write_text(board, "utf-8")
    found = read(folder, ("stock.md",), today) if today else read(folder, ("stock.md",))
    return _shown(found.problems, folder), _shown(found.warnings, folder)


def _shown(found: tuple[object, ...], folder: Path) -> list[str]:
    return [str(each).removeprefix(f"{folder}/") for each in found]
