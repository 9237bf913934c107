"""Edits change the lines that they are about, and those alone."""

import re
from difflib import ndiff
from pathlib import Path
from typing import Any

import pytest

from trello_ops.errors import InvalidDeclaration
from trello_ops.located_yaml import parse
from trello_ops.yaml_edits import Add, Edit, Remove, Set, edited

ROOT = Path(__file__).parents[2]
SAMPLES = sorted([*ROOT.glob("boards/*.yaml"), *ROOT.glob("packs/**/boards/*.yaml")])

BOARD = """\
# yaml-language-server: $schema=../schema/board.schema.json
title: Suivi   # the board's name
on: mon-sat
due: "18:00"

tasks:
  # ---- Morning
  # the till first
  till:
    title: Ouvrir la caisse
    theme: operations
    template: till.md
    assign: salma             # she has the key
    due: "09:00"
    # requires: attachment

  mail:
    title: >
      Répondre aux
      e-mails
    theme: service
    template: mail.md
    assign: [nadia, karim]    # both

  # ---- Evening

  # a remark on the evening

  close: {title: "Fermer", theme: x, template: c.md, times: ["10:00", "18:00"]}
"""

TEAM = """\
key: zina
closures:
  - {from: 2026-12-28, to: 2027-01-01, reason: Fermeture}   # each year
  - from: 2027-05-01
    # the whole day
    to: 2027-05-02
people:
  amal: {trello: amal_z, name: Amal}
  karim:
    trello: karim_z
    name: Karim
    absences: {from: 2026-11-09, to: 2026-11-11}
report:
  to:
  - a@example.com
  - b@example.com   # the owner
"""


def changed(text: str, *edits: Edit) -> list[str]:
    """The lines that edits take away (`-`) and put in (`+`)."""
    lines = ndiff(text.splitlines(), edited(text, edits).splitlines())
    return [f"{line[0]}{line[2:]}" for line in lines if line[0] in "-+"]


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (Set(("title",), "Suivi"), []),
        (Set(("title",), "Mes soins"), [
            "-title: Suivi   # the board's name",
            "+title: Mes soins   # the board's name",
        ]),
        (Set(("due",), "08:00"), ['-due: "18:00"', '+due: "08:00"']),
        (
            Set(("tasks", "till", "assign"), ["salma", "on"]),
            [
                "-    assign: salma             # she has the key",
                '+    assign: [salma, "on"]             # she has the key',
            ],
        ),
        (
            Set(("tasks", "mail", "assign"), ["nadia", "amal", "karim"]),
            [
                "-    assign: [nadia, karim]    # both",
                "+    assign: [nadia, amal, karim]    # both",
            ],
        ),
        (
            Set(("tasks", "mail", "title"), "Répondre\n"),
            ["-      Répondre aux", "+      Répondre", "-      e-mails"],
        ),
        (
            Set(("tasks", "till", "assign"), {"rotate": {"people": ["a", "b"], "by": "week"}}),
            [
                "-    assign: salma             # she has the key",
                "+    assign:             # she has the key",
                "+      rotate: {people: [a, b], by: week}",
            ],
        ),
        (
            Set(("tasks", "till", "assign"), "deux\nlignes"),
            [
                "-    assign: salma             # she has the key",
                "+    assign: |-             # she has the key",
                "+      deux",
                "+      lignes",
            ],
        ),
        (Set(("tasks", "till", "description"), "a: b"), ['+    description: "a: b"']),
        (Set(("tasks", "till", "on_day_off"), "skip"), ["+    on_day_off: skip"]),
        (Set(("tasks", "close", "duration"), "1h"), [
            '-  close: {title: "Fermer", theme: x, template: c.md, times: ["10:00", "18:00"]}',
            '+  close: {title: "Fermer", theme: x, template: c.md, duration: 1h, times: ["10:00", "18:00"]}',
        ]),
        (Remove(("tasks", "till", "due")), ['-    due: "09:00"']),
        (Remove(("tasks", "close", "times")), [
            '-  close: {title: "Fermer", theme: x, template: c.md, times: ["10:00", "18:00"]}',
            '+  close: {title: "Fermer", theme: x, template: c.md}',
        ]),
        (
            Remove(("tasks", "mail")),
            [*(f"-{line}" for line in BOARD.splitlines()[16:24])],
        ),
        (
            Remove(("tasks", "close")),
            ["-", '-  close: {title: "Fermer", theme: x, template: c.md, times: ["10:00", "18:00"]}'],
        ),
        (
            Remove(("tasks", "till")),
            [*(f"-{line}" for line in BOARD.splitlines()[7:15]), "-"],
        ),
        (
            Add(("tasks", "stock"), {"template": "stock.md", "title": "Ranger", "theme": "x"}, after="till"),
            [
                "+  stock:",
                "+    title: Ranger",
                "+    theme: x",
                "+    template: stock.md",
                "+",
            ],
        ),
        (
            Add(("tasks", "stock"), {"template": "stock.md", "title": "Ranger: tout", "theme": "operations"}),
            ["+", '+  stock: {title: "Ranger: tout", theme: operations, template: stock.md}'],
        ),
        (Set(("working_days",), "mon-fri"), ["+working_days: mon-fri"]),
        (
            Set(("slots", "soir"), {"to": "18:00", "from": "14:00", "day": "lundi"}),
            ["+slots:", '+  soir: {day: lundi, from: "14:00", to: "18:00"}'],
        ),
    ],
)  # fmt: skip
def test_a_board_file_changes_where_it_is_edited(edit: Edit, lines: list[str]) -> None:
    assert changed(BOARD, edit) == lines


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (
            Set(("closures",), [{"from": "2027-05-01", "to": "2027-05-02"}]),
            ["-  - {from: 2026-12-28, to: 2027-01-01, reason: Fermeture}   # each year"],
        ),
        (
            Set(
                ("closures",),
                [
                    {"from": "2026-12-28", "to": "2027-01-01", "reason": "Fermeture"},
                    {"from": "2027-05-01", "to": "2027-05-03", "reason": "Fête"},
                    {"from": "2028-05-01", "to": "2028-05-03"},
                ],
            ),
            [
                "-    to: 2027-05-02",
                "+    to: 2027-05-03",
                "+    reason: Fête",
                "+  - from: 2028-05-01",
                "+    to: 2028-05-03",
            ],
        ),
        (
            Set(("people", "karim", "absences"), [{"from": "2027-05-01", "to": "2027-05-02"}]),
            [
                "-    absences: {from: 2026-11-09, to: 2026-11-11}",
                "+    absences:",
                "+      - {from: 2027-05-01, to: 2027-05-02}",
            ],
        ),
        (
            Set(("report", "to"), ["b@example.com", "c@example.com"]),
            ["-  - a@example.com", "+  - c@example.com"],
        ),
        (Remove(("people", "amal")), ["-  amal: {trello: amal_z, name: Amal}"]),
        (Remove(("people", "karim", "absences")), ["-    absences: {from: 2026-11-09, to: 2026-11-11}"]),
        (
            Add(("people", "inès z"), {"name": "Inès", "trello": "1_000"}, after="amal"),
            ['+  inès z: {trello: "1_000", name: Inès}'],
        ),
        (
            Add(("people", "ines"), {"name": "Inès", "trello": "*x"}),
            ["+  ines:", '+    trello: "*x"', "+    name: Inès"],
        ),
    ],
)
def test_a_workspace_changes_where_it_is_edited(edit: Edit, lines: list[str]) -> None:
    assert changed(TEAM, edit) == lines


@pytest.mark.parametrize(
    "text",
    [
        *("08:00", "12:30", "on", "no", "Yes", "2026-11-01", "1_000", "12", "1e3", "~", "null", "true"),
        *("*a", "&a", "@a", "!a", "%a", "`a", "- a", "-a", "? a", "a: b", "a #b", "#b", "[a", "{a", "a]"),
        *("'a'", '"a"', 'say "a" \\ or', " a", "a ", "a\tb", "\u00a0a", "a\u2028b", "\x07", "=", "<<", "---"),
        *("a\nb", "a\nb\n", "\na", " a\nb", "a\n\n b\n", "a\n\n", "a\r\nb", "a \nb", "#a\nb", "é\u202f: 😀"),
        *("", "a, b"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "path", [("due",), ("tasks", "till", "title"), ("tasks", "mail", "title"), ("tasks", "close", "title")]
)
def test_any_text_is_read_again_as_it_was(text: str, path: tuple[str, ...]) -> None:
    value: Any = parse(edited(BOARD, [Set(path, text)]), "").value
    for step in path:
        value = value[step]
    assert value == text


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("beginning", ["", "\ufeff", "---\n"])
@pytest.mark.parametrize("end", ["", "\n", "\n\n", "\n...\n", "\n# the end"])
def test_beginning_end_and_line_ends_stay(newline: str, beginning: str, end: str) -> None:
    text = (beginning + TEAM.rstrip("\n") + end).replace("\n", newline)
    edits = [
        Set(("report", "to"), ["a@example.com"]),
        Set(("key",), "a\nb"),
        Set(("report", "closes"), "07:00"),
    ]
    result = edited(text, edits)
    assert "\n" not in result.replace(newline, "")
    assert result.startswith(beginning.replace("\n", newline) + "key")
    assert result.endswith('"07:00"' + end.replace("\n", newline))
    assert edited(text, []) == edited(text, [Set(("key",), "zina")]) == text


def test_edits_are_made_one_after_the_other() -> None:
    edits = [
        Add(("tasks", "a"), {"title": "A"}),
        Add(("tasks", "b"), {"title": "B"}, after="a"),
        Remove(("tasks", "a")),
    ]
    assert edited(BOARD, edits) == edited(BOARD, [Add(("tasks", "b"), {"title": "B"})])
    assert edited(BOARD, [Set(("due",), "1"), Set(("due",), "18:00")]) == BOARD


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (Remove(("tasks", "nobody")), "daily.yaml:6:1 tasks.nobody: is not as it was when this was begun"),
        (Add(("tasks", "mail"), "x"), "daily.yaml:18:5 tasks.mail: is not as it was when this was begun"),
        (Add(("tasks", "a"), "x", after="b"), "daily.yaml:6:1 tasks.b: is not as it was when this was begun"),
        (Set(("title", "a"), "x"), "daily.yaml:2:8 title: is not as it was when this was begun"),
    ],
)
def test_an_edit_that_does_not_fit_is_a_problem_at_its_place(edit: Edit, said: str) -> None:
    with pytest.raises(InvalidDeclaration) as caught:
        edited(BOARD, [Set(("due",), "1"), edit], "daily.yaml")
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    "text",
    ["a: b\r", "a: |-\n  x"],
)
def test_what_cannot_be_edited_alone_is_refused(text: str) -> None:
    with pytest.raises(InvalidDeclaration, match=r"x.yaml:1:.*change it by hand"):
        edited(text, [Set(("b",), 1), Remove(("a",))], "x.yaml")


def test_a_text_with_problems_of_its_own_is_not_edited() -> None:
    with pytest.raises(InvalidDeclaration, match=r"x.yaml:1:4 a: `\*b` is not supported here"):
        edited("a: *b\n", [Set(("c",), 1)], "x.yaml")


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
@pytest.mark.parametrize("first", [0, 1])
def test_every_other_entry_of_the_samples_can_go_and_come_back(path: Path, first: int) -> None:
    text = path.read_bytes().decode()
    value: Any = parse(text, "").value
    in_lines = set(re.findall(r"^(\w+): *(?:#.*)?$", text, re.MULTILINE))  # others stand in one, in braces
    mappings = {
        name: within for name, within in value.items() if name in in_lines and isinstance(within, dict)
    }
    some = {(name, key): within[key] for name, within in mappings.items() for key in list(within)[first::2]}
    gone = [path for path in some if len(mappings[path[0]]) > 1]
    without = edited(text, [Remove(path) for path in gone])
    lines = iter(text.splitlines())
    assert all(line in lines for line in without.splitlines()), "no line is new, and none is elsewhere"
    assert edited(without, []) == without
    assert parse(edited(without, [Add(path, some[path]) for path in gone]), "").value == value


def test_what_was_empty_is_written_as_people_write_it() -> None:
    text = "people: {}\ntasks: []\nlists:\n"
    made = [Add(("people", "x"), {"name": "X"}), Set(("tasks",), ["a"]), Set(("lists",), {"todo": "À faire"})]
    assert edited(text, made) == "people:\n  x: {name: X}\ntasks: [a]\nlists: {todo: À faire}\n"
