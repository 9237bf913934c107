"""Where stories take place: a folder, commands run in it as somebody would, and a judge of what they show."""

import atexit
import contextlib
import hashlib
import logging
import os
import shutil
import traceback
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import Protocol, TypeVar
from urllib.parse import quote

import structlog
from click.testing import CliRunner, Result
from live_kit import Live, small_shop

from fuzz_kit.judge import KEY, PASSWORD, SECRET, TOKEN, leaks, tracebacks
from trello_ops.cli import commands
from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import running

_NOBODY = "http://127.0.0.1:9"
T = TypeVar("T")

_standing = contextlib.ExitStack()
atexit.register(_standing.close)


class Stage:
    """One story's folder, what was wrong in it, and how many commands it ran.

    `tell` hears each `step` before it is taken, so that a hang is known by the step that never ended.
    """

    def __init__(self, folder: Path, tell: Callable[[str, str], None], trello_url: str = _NOBODY) -> None:
        self.folder, self._tell = folder, tell
        self.wrong: list[str] = []
        self.commands = 0
        self.settings = settings(trello_url)

    def run(self, *args: str, env: Mapping[str, str | None] | None = None) -> Result:
        """Run a command, and judge what it says."""
        self.step(f"trello-ops {' '.join(map(ascii, args))[:500]}")
        self.commands += 1
        with _own_logging():
            given = {**self.settings, **(env or {})}
            result = CliRunner().invoke(commands, args, prog_name="trello-ops", env=given)
        self.look(result.output)
        if result.exception and not isinstance(result.exception, SystemExit):
            self.wrong.append("".join(traceback.format_exception(result.exception)[-4:]))
        if result.exit_code and not result.output.strip():
            self.wrong.append(f"exit code {result.exit_code} without a word")
        return result

    def step(self, what: str) -> None:
        """Tell what comes next."""
        self._tell("step", what)

    def note(self, what: str) -> None:
        """Tell what a finding will need to be understood."""
        self._tell("note", what)

    def look(self, text: str) -> None:
        """Judge a text that anybody may see."""
        self.wrong += leaks(text) + tracebacks(text)

    @contextlib.contextmanager
    def untouched(self, *names: str) -> Iterator[None]:
        """Nothing in these folders may change meanwhile."""
        before = [_fingerprint(self.folder / name) for name in names]
        yield
        if before != [_fingerprint(self.folder / name) for name in names]:
            self.wrong.append("files were touched")


class Tale(Protocol):
    """What a kind of story does on a stage."""

    def __call__(self, stage: Stage, random: Random) -> None:
        """Tell one story."""


def settings(trello_url: str) -> dict[str, str]:
    """Environment variables of an installation, with every secret set, and little patience."""
    password = quote(PASSWORD, safe="")
    given = {
        "trello_url": trello_url, "trello_key": KEY, "trello_token": TOKEN, "trello_secret": SECRET,
        "database_url": "sqlite:///ops.sqlite3", "smtp_url": f"smtp://robot:{password}@127.0.0.1:9",
        "settle_seconds": "0.3", "request_timeout_seconds": "2", "lease_seconds": "5",
    }  # fmt: skip
    return {f"TRELLO_OPS_{name.upper()}": value for name, value in given.items()}


def fresh_shop(folder: Path) -> Path:
    """The small shop in a folder of its own, which becomes the current one."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    os.chdir(folder)
    return small_shop(folder)


def keep(entered: contextlib.AbstractContextManager[T]) -> T:
    """Enter something that stays for the life of this process."""
    return _standing.enter_context(entered)


@contextlib.contextmanager
def trello() -> Iterator[Live]:
    """A sandbox with the credentials of the stories."""
    with running(shop_sandbox(port=0, rate_limit=False, key=KEY, token=TOKEN, secret=SECRET)) as handle:
        yield Live(handle)


@contextlib.contextmanager
def _own_logging() -> Iterator[None]:
    """A command sets up logging for its process; here others follow."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


def _fingerprint(folder: Path) -> list[tuple[str, str]]:
    files = sorted(each for each in folder.rglob("*") if each.is_file())
    return [(str(each), hashlib.sha256(each.read_bytes()).hexdigest()) for each in files]
