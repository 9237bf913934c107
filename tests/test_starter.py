"""What packs are in another language: the same boards and cards, all of whose words are translated."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from trello_ops import starter
from trello_ops.core.declared import Task, Workspace
from trello_ops.declared.load import read
from trello_ops.render.card_files import available

OTHERS = [language for language in starter.LANGUAGES if language != starter.FRENCH]
SPOKEN = [(pack, language) for pack in starter.PACKS for language in OTHERS]
each_translation = pytest.mark.parametrize(("pack", "language"), SPOKEN)

FRENCH = re.compile("[àâçéèêëîïôùûœÀÉÊÔ«»]|\\b(le|la|les|du|des|une|pour)\\b")
NAMES = re.compile(r"Zina ô Beldi|Nadia Chraïbi|\{%.*?%\}")
RHYTHM = re.compile(
    r"\b(?:on|month|day|working_days): .*"
    r"\b(?:lun|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|premier|dernier|janvier|novembre)\b"
)
NO_WORDS = re.compile(
    r"\{%[^%]*%\}|\{\{ task\.description \}\}|---|[\w-]+:"
    r"|title: \S\{\{ [^}]+ \}\}(?: | – )\{\{ [^}]+ \}\}\S"
)
"""Lines of a card template that say the same in each language."""


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def lines(path: Path) -> Iterator[str]:
    return (line for each in path.read_text("utf-8").splitlines() if (line := each.strip()))


@each_translation
def test_no_line_of_a_card_template_is_left_out(pack: str, language: str) -> None:
    said = starter.words(pack, language)
    found = starter.find(pack).templates.glob("cards/*.md")
    asked = {line for path in found for line in lines(path) if not NO_WORDS.fullmatch(line)}
    assert asked - said.keys() == set()


@each_translation
def test_no_translation_outlives_its_line(pack: str, language: str) -> None:
    found = starter.find(pack)
    there = {
        line for folder in (found.boards, found.templates) for path in files(folder) for line in lines(path)
    }
    assert starter.words(pack, language).keys() - there == set()


@each_translation
def test_a_line_is_translated_once(pack: str, language: str) -> None:
    text = (starter.find().boards.parent / "packs" / pack / f"{language}.txt").read_text("utf-8")
    blocks = [block.splitlines() for block in text.strip().split("\n\n")]
    pairs = [block for block in blocks if len(block) == 2]
    assert [block for block in blocks if len(block) > 2] == []
    assert len({french for french, _ in pairs}) == len(pairs)
    assert all(re.fullmatch(r"[\w-]+\.(yaml|md|html\.j2)", block[0]) for block in blocks if len(block) == 1)


@each_translation
def test_nothing_french_is_left(pack: str, language: str, tmp_path: Path) -> None:
    starter.copy((pack,), tmp_path / "boards", tmp_path / "templates", language)
    left = [
        line
        for path in files(tmp_path)
        for line in lines(path)
        if FRENCH.search(NAMES.sub("", line)) or RHYTHM.search(line)
    ]
    assert left == []


@each_translation
def test_the_structure_is_the_same(pack: str, language: str, tmp_path: Path) -> None:
    ours, theirs = (read_pack(tmp_path / each, pack, each) for each in (starter.FRENCH, language))
    assert (ours.locale, theirs.locale) == (starter.FRENCH, language)
    assert tasks(ours) == tasks(theirs)
    assert [replace(each, title="") for each in ours.themes] == [
        replace(each, title="") for each in theirs.themes
    ]
    assert ours.slots == theirs.slots


def read_pack(folder: Path, pack: str, language: str) -> Workspace:
    folder.mkdir()
    starter.copy((pack,), folder / "boards", folder / "templates", language)
    found = read(folder / "boards", available(folder / "templates"))
    assert found.problems == found.warnings == ()
    assert found.workspace
    return found.workspace


def tasks(workspace: Workspace) -> list[tuple[str, tuple[int, ...], Task]]:
    """Each task with its board's key and working days, without the words."""
    return [
        (
            board.key,
            board.working_days,
            replace(
                task, title="", description="", pauses=tuple(replace(each, reason="") for each in task.pauses)
            ),
        )
        for board in workspace.boards
        for task in board.tasks
    ]
