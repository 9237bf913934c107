"""The packs: ready-made boards with their card templates, which a folder starts from."""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PACKAGE = Path(__file__).parent
_IN_A_WHEEL = _PACKAGE / "starter"
_CHECKOUT = _PACKAGE.parents[1]

SHOP: Final = "shop"
PACKS: Final = {
    SHOP: "What a small online shop does every day, every week and every month.",
    "planned-week": "The same shop's week in half-days: work of one kind in one go, at agreed hours.",
    "health-check": "What ails an online shop in silence, looked at every quarter and every year.",
    "kpi": "The figures of the week and the month, and the questions that they answer.",
}
"""What each holds, by its name. Their files have names of their own, so that any of them combine."""


@dataclass(frozen=True, slots=True)
class Starter:
    """Where a pack lies: two folders and a file."""

    boards: Path
    templates: Path
    env_example: Path


def find(pack: str = SHOP) -> Starter:
    """A pack of an installed wheel, else of the checkout that this module belongs to.

    The team and the parts of card templates, which all packs share, are the shop's.
    """
    wheel = _IN_A_WHEEL.is_dir()
    root, env_example = (_IN_A_WHEEL, "env.example") if wheel else (_CHECKOUT, ".env.example")
    # The shop's lie where those of whoever tries the checkout do, so that they can be edited on the spot.
    folder = root if pack == SHOP else root / "packs" / pack
    return Starter(folder / "boards", folder / "templates", root / env_example)


def copy(packs: Iterable[str], boards: Path, templates: Path) -> None:
    """Bring packs together in two new folders. Raises OSError.

    A pack that needs a workspace of its own, such as one with slots, has it; else it is the shop's.
    """
    shared = find(SHOP)
    boards.mkdir()
    (templates / "cards").mkdir(parents=True)
    for path in (shared.boards / "workspace.yaml", *shared.templates.glob("cards/_*.md")):
        folder = boards if path.parent == shared.boards else templates / "cards"
        shutil.copyfile(path, folder / path.name)
    for pack in sorted(packs, key=lambda name: name != SHOP):  # the shop's workspace gives way
        found = find(pack)
        for source, target in ((found.boards, boards), (found.templates, templates)):
            shutil.copytree(source, target, copy_function=shutil.copyfile, dirs_exist_ok=True)
