"""The process in which card templates are read and rendered, one request at a time, until its input ends.

It is given no store and no secret. Its limits are the system's, which hold whatever Jinja is at.
"""

import faulthandler
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from trello_ops.errors import InvalidDeclaration
from trello_ops.folder_files import Folder
from trello_ops.messages import say
from trello_ops.render import card
from trello_ops.render.card_wire import (
    TOO_LARGE,
    At,
    Begun,
    Budget,
    Done,
    Failed,
    Found,
    Invalid,
    Open,
    receive,
    send,
)

_MEGABYTE = 1024 * 1024


class _Progress(card.Progress):
    """Sets the budget anew for each card, and tells the other process of it."""

    def __init__(self, answers: IO[bytes], cpu_seconds: float) -> None:
        self._answers, self._seconds = answers, cpu_seconds

    def begin(self) -> None:
        _alarm("ITIMER_PROF", self._seconds)
        send(self._answers, Begun())

    def at(self, file: str, path: str) -> None:
        send(self._answers, At(file, path))


class _Worker:
    """Answers requests: a name of one of these methods, and its arguments."""

    def __init__(self, answers: IO[bytes], budget: Budget) -> None:
        self._answers = answers
        self._progress = _Progress(answers, budget.cpu_seconds)
        self._renderer: card.CardRenderer | None = None

    def answer(self, method: str, arguments: tuple[Any, ...]) -> Any:
        """Do as asked. The value is the last thing that is sent."""
        try:
            if method in ("enter", "open", "problems", "warnings"):
                return Done(getattr(self, method)(*arguments))
            return Done(getattr(self._renderer, method)(*arguments))
        except InvalidDeclaration as invalid:
            return Invalid(invalid.problems)
        except MemoryError:
            return Failed(TOO_LARGE, "")
        except Exception as error:  # noqa: BLE001 (a template may fail in as many ways as Python)
            why = say("cannot be rendered: %(error)s", error=f"{type(error).__name__}: {error}")
            return Failed(why, traceback.format_exc())
        finally:
            _alarm("ITIMER_PROF", 0)

    def enter(self, folder: Path | None) -> None:
        """Go to the folder in which the other process is by now."""
        if folder:
            os.chdir(folder)

    def open(self, asked: Open) -> None:
        """Take this for what is to be rendered."""
        if asked.kept is None:
            self._renderer = card.example_renderer(asked.workspace, asked.templates, self._progress)
        else:
            self._renderer = card.CardRenderer(asked.workspace, asked.templates, asked.kept, self._progress)

    def problems(self, without: frozenset[str], after: int) -> None:
        """Send what is wrong as it is found: with the files, then with each card."""
        assert self._renderer is not None  # noqa: S101 (`open` came before)
        for cards, problems in enumerate(self._renderer.problems(without, after), after):
            send(self._answers, Found(cards, frozenset(problems)))

    def warnings(self, templates: Path | Folder) -> object:
        """What is worth a thought in a folder."""
        return card.warnings(templates, self._progress)


def main() -> None:
    """Answer until the input ends, or nothing was asked for a while."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        # A terminal and a service manager send them to every process; this one ends with the other.
        if number := getattr(signal, name, None):
            signal.signal(number, signal.SIG_IGN)
    budget = receive(requests)
    if hasattr(faulthandler, "register"):
        # Its handler runs while a C function does, tells the lines, and then lets the signal end the process.
        faulthandler.register(signal.SIGPROF, answers, all_threads=False, chain=True)
    worker = _Worker(answers, budget)
    while True:
        _alarm("ITIMER_REAL", budget.idle_seconds)
        try:
            method, arguments = receive(requests)
        except EOFError:
            return
        _alarm("ITIMER_REAL", 0)
        # What it is told may be large itself.
        with _memory_limited(budget.memory_mb):
            answer = worker.answer(method, arguments)
        send(answers, answer)


def _alarm(timer: str, seconds: float) -> None:
    """Have the system end this process after so many seconds; where it cannot, the other process does."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(getattr(signal, timer), seconds)


@contextmanager
def _memory_limited(megabytes: int) -> Iterator[None]:
    """Allow so much more than there is in use; nothing where the system has no such limit."""
    try:
        import resource

        pages = int(Path("/proc/self/statm").read_text("ascii").split()[0])
    except (ImportError, OSError):
        yield
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + megabytes * _MEGABYTE
    resource.setrlimit(resource.RLIMIT_AS, (limit if most < 0 else min(limit, most), most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


if __name__ == "__main__":
    main()
