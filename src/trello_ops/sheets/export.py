"""The workbook of a declaration: every sheet with its columns, notes and words to choose from. No macros."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from xlsxwriter.utility import quote_sheetname, xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from trello_ops.declared.load import BoardsFolder
from trello_ops.declared.rhythm_names import in_language
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.messages import Number, say, translated
from trello_ops.render.i18n import Translator
from trello_ops.render.sheets import Sheets
from trello_ops.sheets import cells, columns, content
from trello_ops.sheets.columns import Column, Key, Names
from trello_ops.sheets.content import Sheet

_TITLE: Final = 32  # characters of the title of a message
_AHEAD: Final = 1_000
"""Rows below the last one that offer a choice, too."""

_NARROWEST, _WIDEST = 9, 48
_MADE: Final = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""When the file says it was made: the same declaration gives the same bytes."""


def workbook(found: BoardsFolder, templates: Collection[str]) -> bytes:
    """The file, in the workspace's language; `templates` are the names of the card templates that there are.

    The files are sound. Raises `InvalidDeclaration` where they say more than a cell can hold.
    """
    t = Translator(str(found.document.entries["locale"]))
    sheets = tuple(content.sheets(found, t))
    if too_long := tuple(_too_long(sheets)):
        raise InvalidDeclaration(too_long)
    book = _Book(t, _names(found, templates, t))
    for each in sheets:
        book.add(each)
    return book.finished()


def _names(found: BoardsFolder, templates: Collection[str], t: Translator) -> Mapping[Names, Sequence[str]]:
    """What others name, in the order of the files."""
    team = found.document.entries
    declared = {each: team.get(each) for each in (Names.THEMES, Names.PEOPLE, Names.SLOTS)}
    return {
        **{each: list(named) if isinstance(named, dict) else [] for each, named in declared.items()},
        Names.TEMPLATES: sorted(templates),
        Names.KINDS: [translated(kind, t) for kind in columns.OFF.values()],
    }


def _too_long(sheets: Iterable[Sheet]) -> Iterator[Problem]:
    message = say(
        "is longer than the %(most)s characters that a cell of a spreadsheet holds: shorten it",
        most=Number(cells.LONGEST),
    )
    for sheet in sheets:
        for row in sheet.rows:
            for column, cell in zip(sheet.table.columns, row.cells, strict=True):
                if cells.length(cell) > cells.LONGEST:
                    yield row.file.problem((*row.path, *column.path), message)


class _Book:
    """The workbook in the making. Its first sheet is hidden, and has the words to choose from.

    Before those, it has the marks of the sheets: what is brought back tells by them what was exported.
    """

    def __init__(self, t: Translator, names: Mapping[Names, Sequence[str]]) -> None:
        self._t, self._names = t, names
        self._sheets = Sheets(t.language, _MADE)
        # As text, also where somebody will type: else `3/4` would become a date, and `08:00` a number.
        text = {"num_format": "@", "valign": "top", "text_wrap": True}
        self._text = self._sheets.look(**text)
        self._head = self._sheets.look(**text, bold=True, bottom=1, bg_color="#eef1f4")
        self._words = self._sheets.add(t.gettext(columns.WORDS))
        self._words.hide()
        self._ranges: dict[tuple[str, ...], str] = {}
        self._marks = 0

    def finished(self) -> bytes:
        """The file."""
        return self._sheets.finished()

    def add(self, sheet: Sheet) -> None:
        """One more sheet."""
        page = self._sheets.add(sheet.title)
        self._words.write_string(self._marks, 0, sheet.mark, self._text)
        self._marks += 1
        keyed = sheet.table.key is not Key.NONE
        if keyed:
            self._keys(page, sheet)
        for place, column in enumerate(sheet.table.columns):
            found = [row.cells[place] for row in sheet.rows]
            self._heading(page, place + keyed, column)
            self._cells(page, place + keyed, found)
            self._choice(page, place + keyed, column, len(found))
        self._widths(page, sheet, first=int(keyed))
        # What stays in sight: the headings, and what a row is known by.
        page.freeze_panes(1, {Key.NONE: 0, Key.SHOWN: 1, Key.HIDDEN: 2}[sheet.table.key])
        page.repeat_rows(0)
        page.autofilter(0, 0, max(len(sheet.rows), 1), len(sheet.table.columns) + keyed - 1)
        if sheet.table is columns.WORKSPACE:
            page.activate()

    # ---- columns

    def _keys(self, page: Worksheet, sheet: Sheet) -> None:
        heading = content.key_of(sheet.board, "") if sheet.board else self._t.gettext(columns.KEY)
        page.write_string(0, 0, heading, self._head)
        keys = [row.key for row in sheet.rows]
        self._cells(page, 0, keys)
        hidden = {"hidden": True} if sheet.table.key is Key.HIDDEN else {}
        page.set_column(0, 0, _width(heading, keys), self._text, hidden)

    def _heading(self, page: Worksheet, place: int, column: Column) -> None:
        page.write_string(0, place, self._t.gettext(column.heading), self._head)
        if column.meaning:
            page.write_comment(0, place, self._note(column), {"x_scale": 2.4, "y_scale": 1.8})

    def _note(self, column: Column) -> str:
        t = self._t
        return "\n".join(
            (
                t.gettext(column.meaning),
                t.gettext("Example: %(example)s", example=column.example),
                *((t.gettext("Required."),) if column.required else ()),
            )
        )

    def _cells(self, page: Worksheet, place: int, found: Sequence[str]) -> None:
        for row, cell in enumerate(found, 1):
            if cell:
                page.write_string(row, place, cell, self._text)

    def _choice(self, page: Worksheet, place: int, column: Column, rows: int) -> None:
        words = (
            *in_language(self._t.language, column.choices),
            *(self._names[column.names] if column.names else ()),
        )
        if not words:
            return
        options = {
            "validate": "list",
            "source": self._range(words),
            # Of a list of people, or of days, no spreadsheet knows whether each is a word of the list.
            "show_error": column.only,
            "error_title": self._t.gettext(column.heading)[:_TITLE],
            "error_message": self._t.gettext("This word is not known here: choose one from the list."),
        }
        page.data_validation(1, place, rows + _AHEAD, place, options)

    def _range(self, words: tuple[str, ...]) -> str:
        """Where the hidden sheet has these words."""
        if words not in self._ranges:
            place = len(self._ranges) + 1
            self._words.set_column(place, place, _NARROWEST, self._text)
            self._words.write_column(0, place, words, self._text)
            column, sheet = xl_col_to_name(place), quote_sheetname(self._words.get_name())
            self._ranges[words] = f"={sheet}!${column}$1:${column}${len(words)}"
        return self._ranges[words]

    def _widths(self, page: Worksheet, sheet: Sheet, first: int) -> None:
        """Columns that nobody uses are folded away, behind a `+` above the next one."""
        folded = False
        for place, column in enumerate(sheet.table.columns):
            found = [row.cells[place] for row in sheet.rows]
            after, folded = folded, not (place < sheet.table.usual or column.required or any(found))
            fold = {"level": 1, "hidden": True} if folded else {"collapsed": after}
            width = _width(self._t.gettext(column.heading), found)
            page.set_column(first + place, first + place, width, self._text, fold)
        if folded:
            end = first + len(sheet.table.columns)
            page.set_column(end, end, None, None, {"collapsed": True})


def _width(heading: str, found: Iterable[str]) -> float:
    """Wide enough for most of a column's cells; longer ones are wrapped."""
    longest = max((len(line) for text in found for line in text.splitlines()), default=0)
    return min(max(_NARROWEST, len(heading) + 3, longest + 1), _WIDEST)
