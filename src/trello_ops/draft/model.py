"""What a source says of duties, before it is a board file: pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_TASKS = 1000
"""Tasks of one board file, which holds some ten values of each."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, on which days and by what time, in the words of board files; each empty where unsaid.

    `month` is a month's number within a quarter, half-year or year; `anchor` a day of a fortnight.
    """

    cadence: str = ""
    on: tuple[str, ...] = ()
    due: str = ""
    month: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class DraftChecklist:
    """A checklist of a task's card; its title is empty where the source gives it none."""

    title: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DraftTask:
    """A duty. `theme`, `people` and `slot` are as the source names them, a description of several lines.

    `remarks` say what was guessed of it, or not understood.
    """

    title: str
    rhythm: Rhythm = Rhythm()
    theme: str = ""
    people: tuple[str, ...] = ()
    slot: str = ""
    checklists: tuple[DraftChecklist, ...] = ()
    description: str = ""
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Draft:
    """A board as a source tells it. `lists` are its lists, empty where the source knows of none.

    `colours` are Trello's, by title of a theme; `usernames` too, by name of a person. `workspace` is the
    short name of the Trello Workspace. Each holds what the source happens to know.
    """

    title: str
    tasks: tuple[DraftTask, ...]
    remarks: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    colours: Mapping[str, str] = field(default_factory=dict)
    usernames: Mapping[str, str] = field(default_factory=dict)
