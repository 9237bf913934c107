"""What a card template may speak of: plain, read-only values, and nothing else.

The docstrings of these classes are the reference in docs/card-templates.md.
"""

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, fields

from trello_ops.core import declared, ledger
from trello_ops.core.cadence import NO_DAY
from trello_ops.core.calendar.week import IsoWeek

_INLINE = re.compile(r"([\\`*_\[\]<>~|&])")
_AT_LINE_START = re.compile(r"^(\s*\d*)([#+=.)-])", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Workspace:
    """The team: `name`, `locale` (`fr`), `timezone` (`Africa/Casablanca`)."""

    name: str
    locale: str
    timezone: str


@dataclass(frozen=True, slots=True)
class Board:
    """The board: its `key` (the file's name) and `title`."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Theme:
    """The task's theme."""

    key: str
    title: str


@dataclass(frozen=True, slots=True)
class Task:
    """The task. `assignees` are names; `description` is the board file's, Markdown."""

    key: str
    title: str
    description: str
    assignees: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Occurrence:
    """This card's turn of the task.

    `date` names the period, `day` is the nominal day; `release` and `due` are local instants. `week`,
    `week_year` and `iso_week` are those of `day`. `sequence` counts the year's occurrences from 1.
    """

    key: str
    date: dt.date
    day: dt.date
    release: dt.datetime
    due: dt.datetime
    week: int
    week_year: int
    iso_week: str
    sequence: int


@dataclass(frozen=True, slots=True)
class Context:
    """The names that a template finds."""

    workspace: Workspace
    board: Board
    theme: Theme
    task: Task
    occurrence: Occurrence | None
    """`None` for a template card, which has no occurrence: its texts are known not to use it."""

    def names(self) -> dict[str, object]:
        """The values by their names."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


TYPES: dict[str, type] = {
    "board": Board,
    "occurrence": Occurrence,
    "task": Task,
    "theme": Theme,
    "workspace": Workspace,
}
"""The type of each name, in alphabetical order."""


def plain(text: str) -> str:
    """For titles and check items, where Trello shows text as it is written."""
    return text


def markdown(text: str) -> str:
    """For descriptions: people's text with everything escaped that Markdown would act on."""
    return _AT_LINE_START.sub(r"\1\\\2", _INLINE.sub(r"\\\1", text))


def context(
    workspace: declared.Workspace,
    board: declared.Board,
    task: declared.Task,
    occurrence: ledger.Occurrence | None,
    escape: Callable[[str], str],
) -> Context:
    """What the ledger froze for the occurrence, and otherwise what is declared now."""
    theme = workspace.theme(task.theme)
    theme_key, theme_title = task.theme, theme.title if theme else task.theme
    board_title, title, assignees = board.title, task.title, task.assignees
    # Frozen with the occurrence: a card that is made late says what was owed then.
    if occurrence:
        theme_key, theme_title = occurrence.theme, occurrence.theme_title
        board_title, title, assignees = occurrence.board_title, occurrence.title, occurrence.assignees
    people = (workspace.person(key) for key in assignees)
    return Context(
        workspace=Workspace(escape(workspace.name), workspace.locale, str(workspace.timezone)),
        board=Board(board.key, escape(board_title)),
        theme=Theme(theme_key, escape(theme_title)),
        task=Task(
            key=task.key,
            title=escape(title),
            description=task.description,
            assignees=tuple(escape(person.name) for person in people if person),
        ),
        occurrence=_occurrence(occurrence, board) if occurrence else None,
    )


def _occurrence(occurrence: ledger.Occurrence, board: declared.Board) -> Occurrence:
    week = IsoWeek.of(occurrence.day)
    return Occurrence(
        key=str(occurrence.key),
        date=occurrence.day if occurrence.key.date == NO_DAY else occurrence.key.date,
        day=occurrence.day,
        release=occurrence.release.astimezone(board.timezone),
        due=occurrence.due.astimezone(board.timezone),
        week=week.number,
        week_year=week.year,
        iso_week=str(week),
        sequence=occurrence.sequence,
    )
