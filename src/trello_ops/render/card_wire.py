"""What is said between the program and the process that renders its cards (`card_process`, `card_worker`)."""

import pickle
import signal
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from trello_ops.core.declared import Workspace
from trello_ops.errors import Problem
from trello_ops.folder_files import Folder
from trello_ops.messages import say

TOO_LARGE = say("needs far too much memory: simplify it")
TOO_LONG = say("takes far too long: simplify it")
"""What is said of a template that went over its budget of memory, or of time."""

_HEAD = struct.Struct("!cI")
_MARK = b"\0"  # begins each value; the last words of a process that is ended are text


@dataclass(frozen=True, slots=True)
class Budget:
    """What a card, or a file that is read, may cost: seconds of a processor, seconds in all, MB of memory.

    `idle_seconds` without a request end the process.
    """

    # The most that ten thousand steps do is a matter of a tenth of a second.
    cpu_seconds: float = 1.0
    # A busy machine takes long for a second of its processor, so this is for where those cannot be limited.
    seconds: float = 20.0 if hasattr(signal, "setitimer") else 5.0
    memory_mb: int = 128
    idle_seconds: float = 60.0


@dataclass(frozen=True, slots=True)
class Open:
    """Asks to render from now on what this declares: the sources `kept` of a folder, or else those in it.

    Without `kept`, a made-up task stands for each template that no task uses.
    """

    workspace: Workspace
    templates: Path | Folder
    kept: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Begun:
    """Tells that the next card begins, or the next file to be read."""


@dataclass(frozen=True, slots=True)
class At:
    """Tells that Jinja is given the text at `path` of a file."""

    file: str
    path: str


@dataclass(frozen=True, slots=True)
class Found:
    """Tells what is wrong so far. `cards` have been tried."""

    cards: int
    problems: frozenset[Problem]


@dataclass(frozen=True, slots=True)
class Done:
    """The answer."""

    value: object


@dataclass(frozen=True, slots=True)
class Invalid:
    """The answer that the declaration has problems."""

    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """The answer that there is none. `why` is for people, `traceback` for the log."""

    why: str
    traceback: str


def send(stream: IO[bytes], value: object) -> None:
    """Write a value of ours for the other process."""
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    stream.write(_HEAD.pack(_MARK, len(data)) + data)
    stream.flush()


def receive(stream: IO[bytes]) -> Any:
    """The next value. Raises `EOFError` with the last words of a process that has ended."""
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size or head[:1] != _MARK:
        words = head + stream.read() if head[:1] != _MARK else b""
        raise EOFError(words.decode("ascii", "replace"))
    size = _HEAD.unpack(head)[1]
    data = stream.read(size)
    if len(data) < size:
        raise EOFError(data.decode("ascii", "replace"))
    # Ours: nothing but our own two programs writes to these pipes.
    return pickle.loads(data)  # noqa: S301
