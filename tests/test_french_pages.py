"""The pages in French: every word of the files, French typography, and the program quoted word for word."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages import pofile

ROOT = Path(__file__).parents[1]
PAGES = sorted((ROOT / "docs" / "fr").glob("*.md"))
NAMES = [page.stem for page in PAGES]


def page(name: str) -> str:
    return (ROOT / "docs" / "fr" / f"{name}.md").read_text("utf-8")


def code(text: str) -> list[str]:
    """What stands in code within a line."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE))


def prose(text: str) -> str:
    """What people read: without code, remarks to programs and the targets of links."""
    text = re.sub(r"^```.*?^```|<!--.*?-->", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"`[^`\n]*`", "x", re.sub(r"\]\([^)]*\)", "]", text))


# ---- the words of the files -------------------------------------------------------------------------


def properties(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        yield from schema.get("properties", {})
    for inner in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from properties(inner)


@pytest.mark.parametrize("file", ["board", "workspace"])
def test_the_page_on_board_files_has_every_word_of_them(file: str) -> None:
    schema = json.loads((ROOT / "schema" / f"{file}.schema.json").read_text("utf-8"))
    words = {word for text in code(page("fichiers-de-tableaux")) for word in re.findall(r"\w+", text)}
    assert len(set(properties(schema))) > 20
    assert set(properties(schema)) - words == set()


# ---- how it is written ------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_a_page_is_set_as_french_is(name: str) -> None:
    text = prose(page(name))
    assert re.findall(r".{0,20}(?<!\u00a0)[:;!?»](?=[\s|*.,]|$)", text, re.MULTILINE) == []
    assert re.findall(r".{0,20}«(?!\u00a0).{0,20}|.{0,20}\w'\w.{0,20}|.{0,20}\d %", text) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_vous(name: str) -> None:
    assert re.findall(r"\b(?:tu|toi|ton|tes|ta)\b", prose(page(name)), re.IGNORECASE) == []


# ---- what the program says --------------------------------------------------------------------------


def told() -> str:
    """All that the program says in French, each sentence on a line, with … for what it fills in."""
    with (ROOT / "src/trello_ops/render/locales/fr.po").open("rb") as file:
        messages = pofile.read_po(file, locale="fr")
    texts = (text for each in messages for text in (each.string if each.pluralizable else (each.string,)))
    return "\n".join(re.sub(r"%\(\w+\)s", "…", text).replace("%%", "%").replace("`", "") for text in texts)


TOLD = told()


def quoted() -> list[str]:
    """The messages that the last table of the page on troubles explains."""
    table = page("que-faire-quand").partition("\n## Le programme dit…\n")[2]
    cells = re.findall(r"^\| (`.*?) \| ", table, re.MULTILINE)
    return [text for cell in cells for text in code(cell)]


@pytest.mark.parametrize("message", quoted())
def test_the_program_says_what_the_page_quotes(message: str) -> None:
    assert message.replace("TRELLO_OPS_TRELLO_KEY manque", "… manque") in TOLD


PARTS = re.findall(r"^- \*\*(.*?)\*\*", page("lire-le-rapport"), re.MULTILINE)


@pytest.mark.parametrize("part", [part for part in PARTS if part[0].isupper()])
def test_the_report_calls_its_parts_as_the_page_does(part: str) -> None:
    assert part in TOLD or part.lower() in TOLD
