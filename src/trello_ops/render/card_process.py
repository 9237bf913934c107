"""Card templates rendered in a process of their own, so that none can hold up the program.

The process is started when it is first needed, and anew after each template for which it was ended.
"""

import atexit
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import IO, Any, Self, cast

import structlog

from trello_ops.core.card_text import CardText
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.rows import Table
from trello_ops.errors import InvalidDeclaration, Problem, RendererFailed
from trello_ops.folder_files import Folder
from trello_ops.messages import say
from trello_ops.ports.render import Checked, RowTexts
from trello_ops.render.card_files import CARDS
from trello_ops.render.card_wire import (
    TOO_LONG,
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

log = structlog.get_logger()

MOST_ENDED = 5
"""Templates for which a check is ended before it gives up on the rest, so that it takes seconds at most."""

_START_SECONDS = 60.0  # no template's fault, but that of a machine that is very busy
_PASSED_ON = ("DYLD_LIBRARY_PATH", "LD_LIBRARY_PATH", "PATH", "PYTHONHOME", "PYTHONTZPATH", "SYSTEMROOT")
# What a Python may need of the environment; the rest may be secret.

_FRAME = re.compile(r'  File "(.*)", line (\d+) in ')

Hear = Callable[[Found], None]


class _Ended(Exception):
    """There is no answer. `at` is the text that Jinja was at; `sure`, that it would end there again."""

    def __init__(self, why: str, at: At | None, words: str = "", *, sure: bool = False) -> None:
        self.why, self.at, self.sure = why, at, sure
        self.frames = tuple((file, int(line)) for file, line in _FRAME.findall(words))
        """The files and lines that it was at, the innermost call first."""


class CardProcess:
    """Implements `CardTemplates`. Threads take turns."""

    def __init__(self, budget: Budget | None = None) -> None:
        self._budget = budget or Budget()
        self._asking = threading.Lock()
        self._worker: _Worker | None = None

    def check(self, workspace: Workspace | None, templates: Path | Folder) -> Checked:
        """Every problem of every card template, each once, and the warnings."""
        with self._asking:
            problems = self._problems(Open(workspace, templates, None)) if workspace else ()
            try:
                warnings: tuple[Problem, ...] = self._ask(None, "warnings", templates)
            except _Ended as ended:
                raise _failed(ended) from ended
        return Checked(tuple(problems), warnings)

    def renderer(
        self, workspace: Workspace, templates: Path | Folder, kept: Mapping[str, str]
    ) -> "CardsElsewhere":
        """The renderer of the sources `kept` of a folder."""
        return CardsElsewhere(self, Open(workspace, templates, kept))

    def answer(self, opened: Open, method: str, *arguments: object) -> Any:
        """What a method of the renderer answers. Raises `InvalidDeclaration`, and `RendererFailed`."""
        with self._asking:
            try:
                return self._ask(opened, method, *arguments)
            except _Ended as ended:
                raise InvalidDeclaration((self._blamed(opened, ended)[1],)) from ended

    def close(self) -> None:
        """End the process, if there is one."""
        with self._asking:
            self._end()

    def _problems(self, opened: Open) -> set[Problem]:
        """What is wrong with the templates of a folder, also beside some that had to be ended."""
        problems: set[Problem] = set()
        without: set[str] = set()
        cards = 0

        def hear(found: Found) -> None:
            nonlocal cards
            cards = found.cards
            problems.update(found.problems)

        for _ in range(MOST_ENDED):
            try:
                self._ask(opened, "problems", frozenset(without), cards, hear=hear)
                break
            except _Ended as ended:
                name, problem = self._blamed(opened, ended)
                problems.add(problem)
                without |= {name, ended.at.file} if ended.at else {name}
        return problems

    def _blamed(self, opened: Open, ended: _Ended) -> tuple[str, Problem]:
        """The template that ended the process, and its problem. Raises `RendererFailed` where none did."""
        if ended.at is None:
            raise _failed(ended) from ended
        file, path = ended.at.file, ended.at.path
        log.warning("template.ended", template=file, why=str(ended.why))
        with suppress(_Ended):
            found = self._ask(opened, "blamed", file, path, ended.frames, ended.why)
            return cast("tuple[str, Problem]", found)
        return file, Problem(str(Folder.of(opened.templates).path / CARDS / file), 1, 1, path, ended.why)

    def _ask(self, opened: Open | None, method: str, *arguments: object, hear: Hear = lambda _: None) -> Any:
        """The answer to one request; once more where the process ended for no sure reason."""
        try:
            return self._try(opened, method, arguments, hear)
        except _Ended as ended:
            if ended.sure:
                raise
        return self._try(opened, method, arguments, hear)

    def _try(self, opened: Open | None, method: str, arguments: tuple[object, ...], hear: Hear) -> Any:
        if self._worker is None or self._worker.is_over:
            self._end()
            self._worker = _Worker(self._budget)
        worker = self._worker
        try:
            folder = _current_folder()
            if worker.folder != folder:
                worker.ask("enter", (folder,), hear)
                worker.folder = folder
            if opened and worker.opened is not opened:
                worker.ask("open", (opened,), hear)
                worker.opened = opened
            return worker.ask(method, arguments, hear)
        except InvalidDeclaration:
            raise
        except BaseException:  # such as Ctrl-C: else its answer would pass for that to the next request
            self._end()
            raise

    def _end(self) -> None:
        if self._worker:
            self._worker.end()
            self._worker = None


class CardsElsewhere:
    """Implements `CardRenderer` by asking another process."""

    def __init__(self, process: CardProcess, opened: Open) -> None:
        self._ask = partial(process.answer, opened)
        # Comparing boards asks for the same ones every few minutes.
        self._template_card = lru_cache(maxsize=256)(partial(self._ask, "template_card"))
        self._sources = lru_cache(maxsize=1024)(partial(self._ask, "sources"))

    def card(self, occurrence: Occurrence) -> CardText:
        """The text of an occurrence's card."""
        return cast("CardText", self._ask("card", occurrence))

    def template_card(self, board: str, task: str) -> CardText | None:
        """The text of a task's template card."""
        return cast("CardText | None", self._template_card(board, task))

    def row_texts(self, board: str, task: str, table: Table) -> RowTexts:
        """The check items of these rows, by the task's `rows`."""
        return cast("RowTexts", self._ask("row_texts", board, task, table))

    def sources(self, board: str, task: str) -> str:
        """A text that differs once the task's template, or a file that it includes, was edited."""
        return cast("str", self._sources(board, task))


class _Worker:
    """The process itself, and what it has been told."""

    def __init__(self, budget: Budget) -> None:
        self.opened: Open | None = None
        self.folder = _current_folder()
        self._seconds = budget.seconds
        command = [sys.executable, "-P", "-m", "trello_ops.render.card_worker"]
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment["PYTHONPATH"] = os.pathsep.join(sys.path)
        pipe, null = subprocess.PIPE, subprocess.DEVNULL
        try:
            self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=null, env=environment)  # noqa: S603
        except OSError as error:
            raise _failed(_Ended(str(error), None)) from error
        self._requests = cast("IO[bytes]", self._process.stdin)
        self._answers = cast("IO[bytes]", self._process.stdout)
        with suppress(BrokenPipeError):  # then it has no answers either
            send(self._requests, budget)

    @property
    def is_over(self) -> bool:
        """Whether it has ended, as it does when it is asked nothing for a while."""
        return self._process.poll() is not None

    def ask(self, method: str, arguments: tuple[object, ...], hear: Hear) -> Any:
        """The answer to a request. Raises `InvalidDeclaration`, and `_Ended` where there is none."""
        at: At | None = None
        with _Patience(self._process.kill, self._seconds) as patience:
            try:
                send(self._requests, (method, arguments))
                while True:
                    said = receive(self._answers)
                    if isinstance(said, Begun):
                        patience.anew(self._seconds)
                    elif isinstance(said, At):
                        at = said
                    elif isinstance(said, Found):
                        hear(said)
                    else:
                        return _value(said, at)
            except (EOFError, BrokenPipeError) as error:
                words = str(error) if isinstance(error, EOFError) else ""
                raise self._last_words(at, words, late=patience.is_over) from error

    def _last_words(self, at: At | None, words: str, *, late: bool) -> _Ended:
        code = self._process.wait()
        if hasattr(signal, "SIGPROF") and code == -signal.SIGPROF:
            return _Ended(TOO_LONG, at, words, sure=True)
        if late:
            return _Ended(TOO_LONG, at, words)
        return _Ended(say("ends the process that renders it (exit code %(code)s)", code=code), at, words)

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._requests, self._answers):
            with suppress(BrokenPipeError):  # it has not taken all that it was told
                pipe.close()


class _Patience:
    """Does something unless what is waited for comes in time. Looks every `tick` seconds."""

    def __init__(self, give_up: Callable[[], None], tick: float) -> None:
        self._give_up, self._tick = give_up, tick
        self._answered = threading.Event()
        self.is_over = False
        self.anew(_START_SECONDS)
        self._waiting = threading.Thread(target=self._wait, name="patience", daemon=True)
        self._waiting.start()

    def anew(self, seconds: float) -> None:
        """Wait so long from now on."""
        self._end = time.monotonic() + seconds

    def _wait(self) -> None:
        while not self._answered.wait(self._tick):
            if time.monotonic() >= self._end:
                self.is_over = True
                self._give_up()
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._answered.set()
        self._waiting.join()  # else it might still give up on what is asked next


def _value(said: object, at: At | None) -> object:
    match said:
        case Done(value):
            return value
        case Invalid(problems):
            raise InvalidDeclaration(problems)
        case Failed(why, traceback):
            log.debug("template.failed", traceback=traceback)
            raise _Ended(why, at, sure=True)
    raise TypeError(said)


def _failed(ended: _Ended) -> RendererFailed:
    return RendererFailed(
        say("No card can be rendered: the process for it ended (%(why)s). Try again.", why=ended.why)
    )


def _current_folder() -> Path | None:
    """What relative paths begin from; `None` where it was deleted."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return None


@cache
def shared() -> CardProcess:
    """The one of this program, which ends it."""
    process = CardProcess()
    atexit.register(process.close)
    return process
