"""From a folder of board files to a Workspace, or to everything that is wrong with them."""

import datetime as dt
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from unicodedata import normalize

from trello_ops.core.declared import Board, Workspace, in_order
from trello_ops.core.mistakes import Mistake
from trello_ops.core.planning.differences import Difference, Noun
from trello_ops.declared.board_file import BoardFile, Team
from trello_ops.declared.build import build_workspace
from trello_ops.declared.build_board import build_board
from trello_ops.declared.build_days_off import team_of, warn_of_unknown_holidays
from trello_ops.declared.build_people import warn_of_late_rounds
from trello_ops.declared.build_report import with_boards_of_report
from trello_ops.declared.build_slots import in_full, slot_names
from trello_ops.declared.check import check
from trello_ops.declared.clock_changes import warn_of_clock_changes
from trello_ops.declared.copies import WORKSPACE, BoardTitles, about_copy, without_copies
from trello_ops.declared.covers import with_all_times, with_sound_covers
from trello_ops.declared.ended import warn_of_ended
from trello_ops.declared.fields import KEY_PATTERN, References
from trello_ops.declared.findings import Findings
from trello_ops.declared.names import names_in
from trello_ops.declared.renames import check_renames
from trello_ops.declared.schema import BoardShape, WorkspaceShape
from trello_ops.declared.slot_warnings import warn_of_slots
from trello_ops.declared.times import with_other_names
from trello_ops.errors import Problem
from trello_ops.folder_files import Folder
from trello_ops.located_yaml import Document, Value, parse
from trello_ops.messages import reason, say
from trello_ops.plain_text import Unreadable
from trello_ops.unforeseen import unforeseen
from trello_ops.unread_files import Wanted, is_aside, unread
from trello_ops.wording import shown

_INIT = say("run `trello-ops init DIR` for a set to start from")
_STAND_INS: Mapping[str, Value] = {
    "key": "unknown",
    "name": "?",
    "trello_workspace": "unknown",
    "locale": "en",
    "timezone": "UTC",
    "people": {},
    "themes": {},
    "report": {"to": ["unknown@example.invalid"]},
}
"""What takes the place of a workspace's wrong parts, so that everything else can still be checked."""

_NOWHERE = parse("", WORKSPACE)
"""Stand-ins have no flaws, so no problem is ever placed in it."""


@dataclass(frozen=True, slots=True)
class BoardsFolder:
    """What a boards folder says. It can be put in force only if there are no problems.

    With problems, `workspace` holds stand-ins for what is wrong, and the boards and tasks that are sound, so
    that their card templates can be checked as well; it is `None` if workspace.yaml cannot be read. Boards
    are sorted by cadence, then key; problems and warnings by file, then place. `document` is workspace.yaml
    with the place of each value, `boards` are the board files by key. `row_problems` keep rows of workbooks
    from having cards, and nothing else.
    """

    workspace: Workspace | None
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    document: Document
    boards: Mapping[str, Document]
    row_problems: tuple[Problem, ...] = ()

    def locate(self, mistake: Mistake) -> Problem:
        """The problem of a mistake, at the place of its value."""
        return self.document.problem(mistake.path, mistake.message)

    def about(self, each: Difference, message: str) -> Problem:
        """A message about what a difference names, at its place in the files."""
        match each.noun:
            case Noun.TASK:
                board, _, task = each.key.partition("/")
                return self.boards[board].problem_with_key(("tasks", task), message)
            case Noun.BOARD:
                return self.boards[each.key].problem(("title",), message)
            case Noun.PERSON | Noun.THEME:
                group = "people" if each.noun is Noun.PERSON else "themes"
                return self.document.problem_with_key((group, each.key), message)


def read(folder: Path | Folder, templates: Collection[str], today: dt.date | None = None) -> BoardsFolder:
    """Read every board file. Never raises for bad input: all that is wrong comes back as problems.

    `templates` are the names of the card templates that tasks may use. With `today`, warnings tell where
    coming changes of the clocks move a release, which tasks are over, which rounds begin late, and whose
    holidays are not known.
    """
    findings, folder = Findings(), Folder.of(folder)
    files, misnamed = _files(folder, findings)
    readable = {
        key: parsed
        for key, path in files.items()
        if (parsed := _document(path, folder, findings)) is not None
    }
    for path in misnamed:
        findings.problems.append(_about(path, _why_misnamed(path, folder, readable)))
    documents = {key: with_other_names(each) for key, each in without_copies(readable, findings).items()}
    declared = documents.pop(WORKSPACE, None)
    workspace, team = _workspace(declared, findings)
    references = References(
        names_in(declared, "themes"), names_in(declared, "people"), templates, slot_names(declared)
    )
    reading = _Boards(workspace, team, references, today, findings)
    found = [reading.board(key, document) for key, document in documents.items()]
    whole = replace(workspace, boards=in_order(board for board in found if board))
    if declared:
        check_renames(whole, declared, documents, findings)
        whole = with_sound_covers(whole, documents, findings)
        whole = with_boards_of_report(whole, declared, documents, findings)
        warn_of_slots(whole, documents, today, findings)
        if today:
            warn_of_unknown_holidays(workspace, declared, today, findings)
    return BoardsFolder(
        with_all_times(whole, documents) if declared else None,
        findings.sorted_problems(),
        _without_rows(findings.sorted_warnings(), whole, folder),
        declared or _NOWHERE,
        documents,
    )


def _without_rows(warnings: tuple[Problem, ...], workspace: Workspace, folder: Folder) -> tuple[Problem, ...]:
    """The warnings, but for those that files with rows are not read."""
    files = [folder.path / task.rows.file for _, task in workspace.tasks if task.rows]
    read = {normalize("NFC", str(each)) for file in files for each in (file, *file.parents)}
    return tuple(each for each in warnings if normalize("NFC", each.file) not in read)


def unusable(folder: Path, error: Exception) -> BoardsFolder:
    """What is left of a boards folder that cannot be read for a reason that nobody foresaw."""
    return BoardsFolder(None, (unforeseen(error, folder),), (), _NOWHERE, {})


def _workspace(declared: Document | None, findings: Findings) -> tuple[Workspace, Team]:
    """The workspace without boards, and what it says for all of them.

    Stand-ins take the place of what is wrong or missing.
    """
    try:
        shape = check(declared, WorkspaceShape, None, _STAND_INS, findings) if declared else None
        if shape and declared:
            return build_workspace(shape, declared, findings), team_of(shape, declared, findings)
    except Exception as error:  # noqa: BLE001 (whatever it is, the other files are to be checked)
        findings.problems.append(unforeseen(error, declared.file if declared else WORKSPACE))
    return build_workspace(WorkspaceShape.model_validate(_STAND_INS), _NOWHERE, findings), Team()


@dataclass(frozen=True, slots=True)
class _Boards:
    """What board files are read with, one after another."""

    workspace: Workspace
    team: Team
    references: References
    today: dt.date | None
    findings: Findings
    titles: BoardTitles = field(default_factory=BoardTitles)

    def board(self, key: str, document: Document) -> Board | None:
        """The sound part of a board; `None` where too little is sound."""
        workspace, findings = self.workspace, self.findings
        try:
            self.titles.check(document, findings)
            shape = check(document, BoardShape, self.references, {"title": key}, findings)
            file = BoardFile(key, shape, document, workspace, self.team, findings) if shape else None
            board = build_board(in_full(file)) if file else None
            if board and self.today:
                warn_of_clock_changes(workspace, board, document, self.today, findings)
                warn_of_ended(board, document, self.today, findings)
                warn_of_late_rounds(workspace, board, document, self.today, findings)
        except Exception as error:  # noqa: BLE001 (whatever it is, the other boards are to be checked)
            findings.problems.append(unforeseen(error, document.file))
            return None
        return board


# ---- Files ------------------------------------------------------------------------------------------


def _files(reading: Folder, findings: Findings) -> tuple[dict[str, Path], list[Path]]:
    """The board files by key, in the order of their names; and those whose names can be no key."""
    wanted, folder = Wanted(reading, (".yaml", ".yml")), reading.path
    try:
        paths = sorted(path for path in folder.iterdir() if wanted.has_suffix(path) and not is_aside(path))
    except OSError as error:
        findings.problems.append(
            _about(folder, say("cannot be read (%(why)s): %(advice)s", why=reason(error), advice=_INIT))
        )
        return {}, []
    findings.warnings.extend(unread(wanted))
    if not paths:
        findings.problems.append(_about(folder, say("holds no board files: %(advice)s", advice=_INIT)))
        return {}, []
    named = [path for path in paths if re.fullmatch(KEY_PATTERN, path.stem)]
    files = _by_key(named, findings)
    # A folder without boards is a slip as well: nothing would be issued, and nobody would be told.
    if WORKSPACE not in files:
        findings.problems.append(
            _about(folder / "workspace.yaml", say("is missing: write it, or %(advice)s", advice=_INIT))
        )
    elif len(files) == 1:
        findings.problems.append(
            _about(
                folder, say("holds no board besides workspace.yaml: write one, or %(advice)s", advice=_INIT)
            )
        )
    return files, [path for path in paths if path not in named]


def _by_key(paths: list[Path], findings: Findings) -> dict[str, Path]:
    """The files, each key once: of `daily.yaml` and `daily.yml` only the first."""
    files: dict[str, Path] = {}
    for path in paths:
        if path.stem in files:
            other = files[path.stem].name
            findings.problems.append(
                _about(path, say("declares the same board as %(file)s: delete one of the two", file=other))
            )
        else:
            files[path.stem] = path
    return files


def _why_misnamed(path: Path, folder: Folder, others: Mapping[str, Document]) -> str:
    """What to do about a file whose name can be no key: renaming a copy would only make another board."""
    document = _document(path, folder, Findings())
    copied = about_copy(document, others) if document else None
    return copied or say(
        "`%(name)s` cannot be a board's key: name it with lower-case letters, digits and hyphens, such as"
        " `daily.yaml`",
        name=shown(path.stem),
    )


def _document(path: Path, folder: Folder, findings: Findings) -> Document | None:
    """A file's names and values; `None` where there are none to be read."""
    try:
        document = parse(folder.text(path), str(path))
    except Unreadable as error:
        findings.problems.append(Problem(str(path), error.line, error.column, "", error.message))
        return None
    except Exception as error:  # noqa: BLE001 (whatever it is, the other files are to be read)
        findings.problems.append(unforeseen(error, path))
        return None
    findings.problems.extend(document.problems)
    if document.entries:
        return document
    if not document.problems:
        findings.problems.append(
            _about(path, say("should hold `name: value` lines, as docs/board-file.md shows"))
        )
    return None


def _about(path: Path, message: str) -> Problem:
    """A problem with a file or folder as a whole."""
    return Problem(str(path), 1, 1, "", message)
