"""Mistakes in YAML are told where they are, and by what is wrong there."""

import pytest

from trello_ops.located_yaml import parse

NBSP = "\u00a0"
BOARD = """\
title: Hebdo
cadence: weekly
tasks:
  stock:
    title: Ranger
    theme: vente
    template: stock.md
  retours:
    title: Retours
    theme: vente
    template: retours.md
"""


def said(text: str) -> list[str]:
    """Each problem as `line:column path: message`."""
    found = (str(problem) for problem in parse(text, "f").problems)
    return [each.removeprefix("f:").replace("is not valid YAML: ", "") for each in found]


def edited(old: str, new: str) -> str:
    assert old in BOARD
    return BOARD.replace(old, new, 1)


_NO_COLON = "a colon is missing: write `theme: vente`"
_GOES_ON = "the text goes on behind a closing quotation mark or bracket: put all of it in quotes"
_OPEN = "5:12: a quotation mark is never closed"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (edited("    theme: vente", "    theme vente"), f"6:5: {_NO_COLON}"),
        (
            edited("    theme: vente", "    theme:vente"),
            "6:5: a space is missing after the colon: write `theme",
        ),
        (f"{BOARD}    theme vente\n\n\n", f"12:5: {_NO_COLON}"),
        (edited("title: Ranger", 'title: "Ranger'), _OPEN),
        (edited("title: Ranger", "title: 'Ranger") + "    description: l'eau\n", _OPEN),
        (edited("title: Ranger", 'title: "Ranger') + '    due: "17:00"\n', _OPEN),
        (edited("weekly", "weekly\non: [lundi, mardi"), "3:5: a bracket is never closed"),
        (edited("title: Hebdo", "title: “Hebdo: x”"), "1:14: holds typographic quotation marks (“)"),
        (edited("cadence: weekly", "cadence = weekly"), "2:1: a colon is missing: write `cadence: weekly`"),
        (edited("Ranger", "[Urgent] Ranger"), f"5:21: {_GOES_ON}"),
        (edited("Ranger", '"Ranger" vite'), f"5:21: {_GOES_ON}"),
        (edited("Ranger", "'L'étagère"), f"5:15: {_GOES_ON}"),
        (edited("Ranger", "*Ranger* vite"), "5:19: text that begins with `*` is not understood: put it in"),
        (edited("Ranger", "? Ranger"), "5:12: text that begins with `?` is not understood: put it in quotes"),
        (
            edited("weekly", "weekly\nassign:\n  -ines\n  -amal"),
            "4:3 assign: an entry of a list is written `- in",
        ),
        (edited("weekly", "weekly\nassign:\n  • ines"), "4:3 assign: an entry of a list is written `- ines`"),
        (edited("title: Hebdo", f"title: Colis{NBSP}: envoyer"), "1:14: a `:` stands where none can"),
    ],
)
def test_a_mistake_is_told_where_it_is(text: str, message: str) -> None:
    (problem,) = said(text)
    assert problem.startswith(message)


_HERE = "a no-break space (U+00A0) stands"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (edited("  stock:", f"{NBSP}{NBSP}stock:"), f"4:1: {_HERE} in the indentation"),
        (edited("    theme", f" {NBSP}  theme"), f"6:2: {_HERE} in the indentation"),
        (edited("    theme", f"    {NBSP}theme"), f"6:5: {_HERE} in the indentation"),
        (edited("title:", f"title{NBSP}:"), f"1:1 title: {_HERE} beside the colon"),
        (edited("title: H", f"title:{NBSP}H"), f"1:1: {_HERE} beside the colon"),
        (
            edited("theme: v", "theme:\u202fv"),
            "6:11: a narrow no-break space (U+202F) stands beside the colon",
        ),
        (f"tasks:\n  stock:\n    title:{NBSP}Ranger\n", f"3:5 tasks.stock: {_HERE} beside the colon"),
        (
            edited("weekly", f"weekly\nassign:\n  -{NBSP}ines"),
            f"4:3 assign: {_HERE} beside the colon or dash",
        ),
        (edited("cadence", "cad\u200bence"), "2:1 cadence: a zero-width space (U+200B) stands in this name"),
        (edited("cadence", "\ufeffcadence"), "2:1: a byte order mark (U+FEFF) stands in the indentation"),
    ],
)
def test_a_character_that_cannot_be_seen_is_named(text: str, place: str) -> None:
    (problem,) = said(text)
    assert problem.startswith(place)


@pytest.mark.parametrize(
    "title",
    [f"Colis{NBSP}à préparer", f'"Colis{NBSP}: préparer"', "« Colis »", "|\n  “Colis”", f"Note{NBSP}!"],
)
def test_texts_may_hold_what_they_like(title: str) -> None:
    assert said(edited("title: Hebdo", f"title: {title}")) == []


def test_a_long_text_in_quotes_is_not_blamed_for_what_is_wrong_below() -> None:
    text = edited("title: Hebdo", 'title: "Un texte\n  sur deux lignes"').replace(
        "theme: vente", "theme vente", 1
    )
    (problem,) = said(text)
    assert problem.startswith("7:5: a colon is missing")


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("title: Relever #1 les températures", "#1 les températures"),
        ("title: #1 des ventes", "#1 des ventes"),
        ("title: Relever # un deux", ""),
        ("title: Relever#1", ""),
        ("title: 'Relever #1'", ""),
        ("title: 'Relever' #1", ""),
    ],
)
def test_what_a_remark_takes_from_a_text_is_known(text: str, lost: str) -> None:
    assert parse(text, "f").lost(("title",)) == lost
