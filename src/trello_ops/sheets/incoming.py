"""A spreadsheet that comes back → the files as they would be, or everything that is wrong with it."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from trello_ops.declared import load
from trello_ops.declared.load import BoardsFolder
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.files_together import Rewrite
from trello_ops.folder_files import Folder
from trello_ops.messages import say
from trello_ops.plain_text import Unreadable
from trello_ops.render.i18n import LANGUAGES, Translator
from trello_ops.sheets import columns, content, grids
from trello_ops.sheets.columns import OFF, Names, Table
from trello_ops.sheets.content import Sheet
from trello_ops.sheets.days_off import want_days_off
from trello_ops.sheets.entries import Entry, Pair, named, tasks, want_boards, want_entries, want_team
from trello_ops.sheets.filled import Filled, filled, is_words
from trello_ops.sheets.grids import Grid
from trello_ops.sheets.problems import Place
from trello_ops.sheets.typed import Vocabulary, first_names, words
from trello_ops.sheets.wanted import Wanted
from trello_ops.suggestions import folded
from trello_ops.yaml_edits import edited

_NAMED = {Names.PEOPLE: columns.PEOPLE, Names.THEMES: columns.THEMES, Names.SLOTS: columns.SLOTS}


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a spreadsheet changes: the files, and what they say then.

    `at_cell` tells where in the sheets a problem of those stands. `remarks` are sentences about the sheets.
    """

    files: tuple[Rewrite, ...]
    after: BoardsFolder
    at_cell: Callable[[Problem], Problem]
    remarks: tuple[str, ...]


def incoming(path: Path, folder: Folder, found: BoardsFolder, templates: Collection[str]) -> Incoming:
    """What a workbook or CSV file changes of sound files, which were `found` in a folder.

    Raises `InvalidDeclaration` with every problem, of the sheets by cell; nothing is written in any case.
    """
    if found.problems or found.workspace is None:
        raise InvalidDeclaration(found.problems)
    opened = grids.opened(path)
    titles = {key: str(document.entries["title"]) for key, document in found.boards.items()}
    ours = [sheet for sheet in (filled(grid, titles) for grid in opened) if sheet]
    if not ours:
        message = say("holds no sheet that is known here: begin with one of `trello-ops sheet export`")
        raise InvalidDeclaration((Problem(str(path), 1, 1, "", message),))
    sheets = tuple(content.sheets(found, Translator(found.workspace.locale)))
    wanted = _wanted(found, ours, sheets, templates)
    files, problems = _edited(folder, found, wanted)
    after = _read(files, templates) if any(each.after != each.before for each in files) else found
    at_cell = _Places(folder, files, wanted)
    problems += map(at_cell, after.problems)
    if wanted.problems or problems:
        raise InvalidDeclaration(_in_order((*wanted.problems, *problems), ours))
    changed = tuple(each for each in files if each.after != each.before)
    return Incoming(changed, after, at_cell, tuple(_remarks(opened, ours, sheets)))


def _remarks(opened: Sequence[Grid], ours: Sequence[Filled], sheets: Sequence[Sheet]) -> Iterator[str]:
    """What is not read; and what was exported before somebody else edited the files."""
    known = {sheet.title for sheet in ours}
    for grid in opened:
        if grid.title not in known and not is_words(grid):
            yield say("The sheet “%(title)s” is none that is known here, and is not read.", title=grid.title)
    marks = {row[0] for grid in opened if is_words(grid) for row in grid.rows}
    now = {(sheet.table, sheet.board): sheet.mark for sheet in sheets}
    for each in ours if marks else ():
        if now[each.table, each.board] not in marks:
            yield say(
                "The files have changed since the sheet “%(title)s” was exported: see whether the lines below"
                " undo what somebody else edited.",
                title=each.title,
            )


def _in_order(problems: Sequence[Problem], ours: Sequence[Filled]) -> tuple[Problem, ...]:
    """The problems, each once: sheet by sheet, row by row."""
    order = {sheet.title: place for place, sheet in enumerate(ours)}
    once = dict.fromkeys(problems)
    return tuple(sorted(once, key=lambda each: (order.get(each.file, -1), each.file, each.line, each.column)))


# ---- from sheets to edits ---------------------------------------------------------------------------


def _wanted(
    found: BoardsFolder, ours: Sequence[Filled], sheets: Sequence[Sheet], templates: Collection[str]
) -> Wanted:
    """What the sheets want of the files. Names come first, as other rows may name what is new."""
    wanted = Wanted({})
    pairs = list(_pairs(wanted, found, ours, sheets))
    team = {pair.filled.table: pair for pair in pairs if not pair.filled.board}
    entries = {table: named(wanted, team[table]) for table in _NAMED.values() if table in team}
    names = {table: _names(sheets, table, entries.get(table, ())) for table in _NAMED.values()}
    wanted.vocabulary = _vocabulary(names, templates)
    for table, rows in entries.items():
        want_entries(wanted, team[table], rows)
    if pair := team.get(columns.WORKSPACE):
        want_team(wanted, pair)
    if pair := team.get(columns.DAYS_OFF):
        people = [entry.key for entry in entries.get(columns.PEOPLE, ())]
        want_days_off(wanted, pair, people or list(names[columns.PEOPLE]))
    if pair := team.get(columns.BOARDS):
        want_boards(wanted, pair)
    every = {row.key: row for sheet in sheets if sheet.board for row in sheet.rows}
    for pair, rows in tasks(wanted, [pair for pair in pairs if pair.filled.board], every):
        want_entries(wanted, pair, rows)
    return wanted


def _pairs(
    wanted: Wanted, found: BoardsFolder, ours: Sequence[Filled], sheets: Sequence[Sheet]
) -> Iterator[Pair]:
    """Each sheet with what would be exported now; one that comes twice is a problem."""
    now = {(sheet.table, sheet.board): sheet for sheet in sheets}
    seen = dict[tuple[Table, str], str]()
    for each in ours:
        wanted.problems += each.problems
        which = (each.table, each.board)
        if which in seen:
            message = say("is the same sheet as “%(first)s”: delete one of the two", first=seen[which])
            wanted.complain(Place(each.title, 1, 1), message)
            continue
        seen[which] = each.title
        if not each.is_keyed:  # every row would be new, and all that there is would go
            message = say(
                "the column of keys is missing, by which rows are known: export the files again, and edit"
                " there"
            )
            wanted.complain(Place(each.title, 1, 1), message)
            continue
        yield Pair(each, now[which], found.boards[each.board] if each.board else found.document)


def _names(sheets: Sequence[Sheet], table: Table, entries: Sequence[Entry]) -> dict[str, str]:
    """What a table's rows are called, by key."""
    before = {row.key: row.cells[0] for sheet in sheets if sheet.table is table for row in sheet.rows}
    first = table.columns[0].name
    return {**before, **{entry.key: entry.line.cells.get(first, entry.key) for entry in entries}}


def _vocabulary(names: Mapping[Table, Mapping[str, str]], templates: Collection[str]) -> Vocabulary:
    return {
        **{what: words(names[table]) for what, table in _NAMED.items()},
        Names.PEOPLE: {**first_names(names[columns.PEOPLE]), **words(names[columns.PEOPLE])},
        Names.TEMPLATES: words({name: Path(name).stem for name in templates}),
        Names.KINDS: {
            folded(Translator(language).gettext(kind)): off
            for off, kind in OFF.items()
            for language in LANGUAGES
        },
    }


# ---- from edits to files ----------------------------------------------------------------------------


def _edited(folder: Folder, found: BoardsFolder, wanted: Wanted) -> tuple[list[Rewrite], list[Problem]]:
    """All files, edited or not, and edits that could not be made."""
    files, problems, edits = list[Rewrite](), list[Problem](), wanted.edits()
    for document in (found.document, *found.boards.values()):
        path = Path(document.file)
        try:
            before = after = folder.data(path)
            if each := edits.get(document.file):
                after = edited(before.decode(), each, document.file).encode()
            files.append(Rewrite(path, before, after))
        except InvalidDeclaration as invalid:
            problems += invalid.problems
            files.append(Rewrite(path, before, before))
        except Unreadable as error:
            problems.append(Problem(document.file, error.line, error.column, "", error.message))
    return files, problems


def _read(files: Sequence[Rewrite], templates: Collection[str]) -> BoardsFolder:
    """What the files will say, by what reads them."""
    with TemporaryDirectory() as aside:
        for each in files:
            (Path(aside) / each.path.name).write_bytes(each.after)
        return load.read(Path(aside), templates)


@dataclass(frozen=True, slots=True)
class _Places:
    """Where problems of files that are not written yet stand: at their cells, else in the real files."""

    folder: Folder
    files: Sequence[Rewrite]
    wanted: Wanted

    def __call__(self, problem: Problem) -> Problem:
        name = Path(problem.file).name
        real = next((each.path for each in self.files if each.path.name == name), self.folder.path)
        return self.wanted.at_cell(problem.in_file(str(real)))
