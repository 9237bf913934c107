"""The packs: ready-made boards with their card templates, which a folder starts from."""

import shutil
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PACKAGE = Path(__file__).parent
_IN_A_WHEEL = _PACKAGE / "starter"
_CHECKOUT = _PACKAGE.parents[1]

FRENCH: Final = "fr"
LANGUAGES: Final = (FRENCH, "en")
"""Packs are written in French; what their lines are in another language is in a file beside them."""

SHOP: Final = "shop"
PACKS: Final = {
    SHOP: "What a small online shop does every day, every week and every month.",
    "planned-week": "The same shop's week in half-days: work of one kind in one go, at agreed hours.",
    "launch": "The opening of an online shop, step by step, with every day counted from the date of go-live.",
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
    root = _root()
    # The shop's lie where those of whoever tries the checkout do, so that they can be edited on the spot.
    folder = root if pack == SHOP else root / "packs" / pack
    env_example = root / ("env.example" if root == _IN_A_WHEEL else ".env.example")
    return Starter(folder / "boards", folder / "templates", env_example)


def _root() -> Path:
    return _IN_A_WHEEL if _IN_A_WHEEL.is_dir() else _CHECKOUT


def copy(packs: Iterable[str], boards: Path, templates: Path, language: str = FRENCH) -> None:
    """Bring packs together in two new folders, in one of `LANGUAGES`. Raises OSError.

    A pack that needs a workspace of its own, such as one with slots, has it; else it is the shop's.
    """
    shared = find(SHOP)
    put = _copier(SHOP, language)
    boards.mkdir()
    (templates / "cards").mkdir(parents=True)
    for path in (shared.boards / "workspace.yaml", *shared.templates.glob("cards/_*.md")):
        folder = boards if path.parent == shared.boards else templates / "cards"
        put(path, folder / path.name)
    for pack in sorted(packs, key=lambda name: name != SHOP):  # the shop's workspace gives way
        found = find(pack)
        put = _copier(pack, language)
        for source, target in ((found.boards, boards), (found.templates, templates)):
            shutil.copytree(source, target, copy_function=put, dirs_exist_ok=True)


def words(pack: str, language: str) -> Mapping[str, str]:
    """The lines of a pack's files in a language other than French, by those in French, without indents.

    In its file the two lie one above the other, and an empty line follows. A line alone is a heading.
    """
    blocks = (_root() / "packs" / pack / f"{language}.txt").read_text("utf-8").strip().split("\n\n")
    return dict(block.split("\n") for block in blocks if "\n" in block)


def _copier(pack: str, language: str) -> Callable[[str | Path, str | Path], object]:
    """What copies one of a pack's files, line by line where it is translated."""
    if language == FRENCH:
        return shutil.copyfile
    said = words(pack, language)

    def translate(source: str | Path, target: str | Path) -> None:
        lines = Path(source).read_text("utf-8").splitlines(keepends=True)
        Path(target).write_text("".join(_translated(line, said) for line in lines), "utf-8")

    return translate


def _translated(line: str, said: Mapping[str, str]) -> str:
    bare = line.strip()
    return line.replace(bare, said.get(bare, bare), 1)
