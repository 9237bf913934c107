"""Whatever files say survives the way through a spreadsheet, and what is edited there is what is edited."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from sheet_kit import TEMPLATES, brought_back, exported

from trello_ops.declared import load
from trello_ops.errors import InvalidDeclaration
from trello_ops.sheets import columns

SPAN: Final = {"from": "2027-08-02", "to": "2027-08-15"}
TURNS: Final = {"rotate": {"people": ["amal", "karim"], "by": "week", "since": "2026-11-02"}}
TEXTS = st.text(min_size=1, max_size=9) | st.sampled_from(
    [
        "=1+1",
        "'x",
        '"x"',
        r'"a\nb"',
        "3/4",
        "08:00",
        "24",
        "true",
        "~",
        "_x0041_",
        "a: b #c",
        "[a",
        "{{ x }}",
        "a\nb",
    ]
)
TASK: Final[dict[str, st.SearchStrategy[Any]]] = {
    "description": TEXTS,
    "assign": st.sampled_from(
        ["amal", ["amal"], ["karim", "amal"], "nobody", {"rotate": ["amal", "karim"]}, TURNS]
    ),
    "due": st.sampled_from(["17:00", "8:05", {"time": "12:00", "offset_days": 1}]),
    "on": st.sampled_from(["mon", "lun-sam", ["lun", "jeudi"], ["mon", "wed"]]),
    "except": st.sampled_from(["monday", "2027-01-05", ["mon", "2027-01-05"], SPAN]),
    "pauses": st.sampled_from([SPAN, [SPAN], [{**SPAN, "reason": "a, b: {c}"}, SPAN]]),
    "start": st.just("2027-01-04"),
    "on_day_off": st.sampled_from(["keep", "skip", "next"]),
    "catch_up": st.sampled_from(["none", {"all": 10}]),
    "complete_when": st.sampled_from(["ticked", ["ticked", "archived"], {"all": ["ticked", "archived"]}]),
    "requires": st.sampled_from(["nothing", ["comment"], ["comment", "attachment"]]),
    "remind": st.sampled_from(["1h", "never", 0]),
    "timezone": st.just("Europe/Paris"),
    "new": st.booleans(),
}
TEAM: Final[dict[str, st.SearchStrategy[Any]]] = {
    "closures": st.sampled_from([SPAN, [SPAN], [SPAN, {**SPAN, "reason": "=x"}]]),
    "holiday_dates": st.dictionaries(st.sampled_from(["2027-03-11", "2027-05-20"]), TEXTS, min_size=1),
    "not_holidays": st.sampled_from(["2027-03-09", ["2027-03-09"], ["2027-03-09", "2027-03-10"]]),
    "slots": st.just({"early": {"day": "lundi", "from": "09:00", "to": "12:00"}}),
    "excused_label": TEXTS.map(lambda title: {"title": title, "colour": "black"}),
}


@st.composite
def some(draw: st.DrawFn, fields: dict[str, st.SearchStrategy[Any]]) -> dict[str, Any]:
    """Some of the fields, in any order."""
    names = draw(st.lists(st.sampled_from(sorted(fields)), unique=True, max_size=5))
    return {name: draw(fields[name]) for name in names}


@st.composite
def declarations(draw: st.DrawFn) -> dict[str, dict[str, Any]]:
    """The values of the files of a team with two boards."""
    titles = draw(st.lists(TEXTS, min_size=5, max_size=5))
    people = {key: {"trello": key, "name": key.title()} for key in ("amal", "karim")}
    absences = draw(st.sampled_from([{}, {"absences": SPAN}, {"absences": [{**SPAN, "stand_in": "amal"}]}]))
    task = {"theme": "office", "template": "t.md"}
    return {
        "workspace.yaml": {
            "key": "shop",
            "name": titles[0],
            "trello_workspace": "shop",
            "locale": draw(st.sampled_from(["fr", "en"])),
            "timezone": "UTC",
            "working_days": "mon-sat",
            "people": {**people, "karim": {**people["karim"], **absences}},
            "themes": {"office": {"title": titles[1], "colour": "orange"}},
            "report": {"to": draw(st.sampled_from(["a@b.example", ["a@b.example"]])), "people": True},
            **draw(some(TEAM)),
        },
        "daily.yaml": {
            "title": titles[2],
            "cadence": "weekly",
            "on": "mon",
            "tasks": {
                "one": {"title": titles[3], **task, **draw(some(TASK))},
                "two": {**draw(some(TASK)), **task, "title": titles[4]},
            },
        },
        "weekly.yaml": {"title": "Every week", "cadence": "weekly", "on": ["tue", "fri"], "tasks": {}},
    }


def write(folder: Path, files: dict[str, dict[str, Any]], flow: bool | None = False) -> None:
    for name, value in files.items():
        text = yaml.safe_dump(value, default_flow_style=flow, allow_unicode=True, sort_keys=False)
        (folder / name).write_bytes(f"# remark\r\n\n{text}".encode())


@settings(max_examples=15)
@given(declarations(), st.sampled_from([True, False, None]))
def test_any_declaration_survives_with_every_byte(
    files: dict[str, dict[str, Any]], flow: bool | None
) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, files, flow)
        assume(not load.read(folder, TEMPLATES).problems)
        assert brought_back(folder, exported(folder)).files == ()


# ---- edits ------------------------------------------------------------------------------------------

Typed = tuple[str, object, Any]
"""The name of a column, what is typed there, and the value that somebody would write in the file."""

TYPED: Final[list[Typed]] = [
    ("title", "Another title", "Another title"),
    ("title", "=1+1", "=1+1"),
    ("title", None, None),
    ("description", "first\nsecond", "first\nsecond"),
    ("description", None, None),
    ("assign", "Karim", "karim"),
    ("assign", "amal ; karim", ["amal", "karim"]),
    ("assign", "{rotate: [karim, amal]}", {"rotate": ["karim", "amal"]}),
    ("assign", "somebody", "somebody"),
    ("due", "17h45", "17:45"),
    ("due", "{time: 9:00, offset_days: 2}", {"time": "9:00", "offset_days": 2}),
    ("on", "mar et ven", ["mar", "ven"]),
    ("on", "lundi-samedi", "lundi-samedi"),
    ("on", "32", 32),
    ("except", "5/1/2027", "2027-01-05"),
    ("start", "4 janvier 2027", "2027-01-04"),
    ("until", "2026-01-01", "2026-01-01"),
    ("on_day_off", "Next", "next"),
    ("requires", "comment, attachment", ["comment", "attachment"]),
    ("remind", 0, 0),
    ("new", "oui", True),
    ("new", None, None),
    ("theme", "nothing", "nothing"),
    ("template", "stock-list", "stock-list.md"),
    ("was", "former", "former"),
]
PLACES: Final = {column.name: place for place, column in enumerate(columns.TASKS.columns, 2)}


@settings(max_examples=15)
@given(
    declarations(),
    st.lists(st.tuples(st.sampled_from(["one", "two"]), st.sampled_from(TYPED)), min_size=1, max_size=4),
    st.none() | st.sampled_from(["one", "two"]),
)
def test_edits_in_the_sheet_are_edits_of_the_files(
    files: dict[str, dict[str, Any]], edits: list[tuple[str, Typed]], deleted: str | None
) -> None:
    with TemporaryDirectory() as one, TemporaryDirectory() as other:
        sheets, by_hand = Path(one), Path(other)
        write(sheets, files)
        assume(not load.read(sheets, TEMPLATES).problems)
        book = exported(sheets)
        daily = files["daily.yaml"]["tasks"]
        for task, (column, typed, value) in edits:
            cell = book.worksheets[-2].cell(2 if task == "one" else 3, PLACES[column])
            cell.value = typed
            cell.data_type = "s" if isinstance(typed, str) else cell.data_type  # as text, also after a `=`
            daily[task].pop(column, None)
            daily[task] |= {} if value is None else {column: value}
        if deleted:
            book.worksheets[-2].delete_rows(2 if deleted == "one" else 3)
            del daily[deleted]
        write(by_hand, files)
        expected = load.read(by_hand, TEMPLATES)
        if expected.problems:
            with pytest.raises(InvalidDeclaration) as refused:
                brought_back(sheets, book)
            assert len(refused.value.problems) == len(expected.problems)
        else:
            assert brought_back(sheets, book).after.workspace == expected.workspace
