"""What one declaration says otherwise than another: boards, tasks, people and themes by key."""

from dataclasses import dataclass
from enum import StrEnum


class Noun(StrEnum):
    """What a difference is about."""

    BOARD = "board"
    TASK = "task"
    PERSON = "person"
    THEME = "theme"


class Turn(StrEnum):
    """What became of it.

    `ASKED`: one thing left and a like one came; until somebody says which it is, nothing changes. `WAITS`: it
    says what it was, but its board, or the one that it left, is asked about. `UNKNOWN`: `was:` names nothing
    that was in force. `FOLLOWS`: the date that it counts from was moved, and its day with it.
    """

    NEW = "new"
    LEFT = "left"
    RENAMED = "renamed"
    MOVED = "moved"
    RETIMED = "retimed"
    FOLLOWS = "follows"
    ASKED = "asked"
    WAITS = "waits"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. Tasks are named `board/task`; `old` is the key before, where there was one."""

    noun: Noun
    turn: Turn
    key: str
    title: str
    old: str = ""


@dataclass(frozen=True, slots=True)
class Alarm:
    """So much of a board is gone that only `apply` puts the declaration in force.

    `gone` of the board's `of` tasks; all of them where its file vanished.
    """

    board: str
    gone: int
    of: int
    vanished: bool
