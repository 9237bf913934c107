"""Which of our sheets a grid is, and what its rows say, column by column."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from trello_ops.errors import Problem
from trello_ops.messages import say
from trello_ops.render.i18n import LANGUAGES, Translator
from trello_ops.render.sheets import sheet_name
from trello_ops.sheets import columns
from trello_ops.sheets.columns import KEY, Table
from trello_ops.sheets.grids import Grid
from trello_ops.sheets.problems import Place
from trello_ops.suggestions import folded, nearest

_TABLES: Final = (
    columns.WORKSPACE,
    columns.PEOPLE,
    columns.DAYS_OFF,
    columns.THEMES,
    columns.SLOTS,
    columns.BOARDS,
)
_TRANSLATORS: Final = tuple(map(Translator, LANGUAGES))

Which = tuple[Table, str]
"""A table, and the key of the board whose tasks it holds, which is empty for others."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not empty. `cells` has the text of each column that the sheet has, by its name."""

    sheet: str
    number: int
    key: str
    cells: Mapping[str, str]
    places: Mapping[str, int]

    def at(self, column: str = "") -> Place:
        """The cell of a column, or of its key; what the sheet has no column for is at its first cell."""
        return Place(self.sheet, self.number, self.places.get(column, self.places.get("", 1)))


@dataclass(frozen=True, slots=True)
class Filled:
    """A sheet that is ours, with the mistakes of its headings. `is_keyed` unless it lacks their column."""

    title: str
    table: Table
    board: str
    lines: tuple[Line, ...]
    problems: tuple[Problem, ...]
    is_keyed: bool = True


def filled(grid: Grid, boards: Mapping[str, str]) -> Filled | None:
    """What a sheet says; `None` where it is none of ours. `boards` are the titles of boards by key."""
    headings = grid.rows[0] if grid.rows else ()
    which = _which(grid.title, headings, boards)
    if which is None:
        return None
    table, board = which
    places, problems = _places(grid, table, board)
    keyed = table.key is columns.Key.NONE or "" in places
    return Filled(grid.title, table, board, tuple(_lines(grid, places)), (*grid.problems, *problems), keyed)


def is_words(grid: Grid) -> bool:
    """Whether it is the hidden sheet of words to choose from."""
    return grid.title in {t.gettext(columns.WORDS) for t in _TRANSLATORS}


def _lines(grid: Grid, places: Mapping[str, int]) -> Iterator[Line]:
    for number, row in enumerate(grid.rows[1:], 2):
        found = {name: row[place - 1] if place <= len(row) else "" for name, place in places.items()}
        key = found.pop("", "")
        # A row that was emptied is as good as deleted, though its hidden key is still there.
        if any(found.values()):
            yield Line(grid.title, number, key, found, places)


# ---- which sheet it is ------------------------------------------------------------------------------


def _which(title: str, headings: tuple[str, ...], boards: Mapping[str, str]) -> Which | None:
    named = (each.removesuffix("/") for each in headings if each.endswith("/"))
    if board := next((each for each in named if each in boards), ""):
        return columns.TASKS, board
    return _by_title(title, boards) or _by_headings(headings, boards)


def _by_title(title: str, boards: Mapping[str, str]) -> Which | None:
    said = folded(title)
    for table in _TABLES:
        if said in {folded(t.gettext(table.title)) for t in _TRANSLATORS}:
            return table, ""
    keys = [key for key, name in boards.items() if said in {folded(key), folded(sheet_name(name))}]
    return (columns.TASKS, keys[0]) if len(keys) == 1 else None


def _by_headings(headings: tuple[str, ...], boards: Mapping[str, str]) -> Which | None:
    """The only table that knows the most of the headings, if it knows at least two."""
    said = {folded(each) for each in headings}
    known = Counter({table: len(said & _by_heading(table).keys()) for table in (*_TABLES, columns.TASKS)})
    (best, most), (_, second) = known.most_common(2)
    if most < 2 or most == second or (best is columns.TASKS and len(boards) > 1):
        return None
    return best, next(iter(boards)) if best is columns.TASKS else ""


# ---- its columns ------------------------------------------------------------------------------------


def _by_heading(table: Table) -> dict[str, str]:
    """The names of a table's columns by what may stand above them, folded; that of the key is empty."""
    keys = {} if table.key is columns.Key.NONE else {folded(t.gettext(KEY)): "" for t in _TRANSLATORS}
    headings = {
        folded(said): column.name
        for column in table.columns
        for said in (
            column.name,
            *(t.gettext(column.heading) for t in _TRANSLATORS),
            *columns.FORMER_HEADINGS.get(column.name, ()),
        )
    }
    return {**keys, **headings}


def _places(grid: Grid, table: Table, board: str) -> tuple[dict[str, int], list[Problem]]:
    """The place of each column that the sheet has, from 1, and headings that are not understood."""
    known = {**_by_heading(table), **({folded(f"{board}/"): ""} if board else {})}
    found, problems = dict[str, int](), list[Problem]()
    for place in range(1, max(map(len, grid.rows), default=0) + 1):
        heading, *below = (row[place - 1] if place <= len(row) else "" for row in grid.rows)
        name, cell = known.get(folded(heading)), Place(grid.title, 1, place)
        if name is None and (heading or any(below)):
            problems.append(cell.problem(_unknown(heading, table)))
        elif name in found:
            first = Place(grid.title, 1, found[name]).name
            problems.append(
                cell.problem(say("stands above %(first)s too: delete one of the two", first=first))
            )
        elif name is not None:
            found[name] = place
    return found, problems


def _unknown(heading: str, table: Table) -> str:
    if not heading:
        return say("has no heading, but there is something below it: give it one, or delete the column")
    names = {column.name: column for column in table.columns}
    headings = {t.gettext(column.heading): column for column in table.columns for t in _TRANSLATORS}
    meant = nearest(heading, {**names, **headings})
    column = names.get(meant or "") or headings.get(meant or "")
    return (
        say(
            "is no heading that is known here: did you mean “%(meant)s”?",
            meant=say(column.heading),
        )
        if column
        else say("is no heading that is known here: call the column what it was called, or delete it")
    )
