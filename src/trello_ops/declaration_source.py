"""Board files and card templates as one declaration, taken up anew whenever they are edited."""

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from trello_ops.core.declared import Workspace
from trello_ops.core.mistakes import Mistake
from trello_ops.declared import language as declared_language
from trello_ops.declared import load
from trello_ops.declared.load import Declaration
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.operations.backoff import Backoff
from trello_ops.operations.comparison_cache import ComparisonCache
from trello_ops.render import card as card_templates
from trello_ops.render.i18n import SOURCE_LANGUAGE
from trello_ops.settings import Settings

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Declared:
    """A sound declaration, the renderer of its card templates, and where each of its values stands.

    An edit may fix whatever failed before, and may change what any board should be. So each declaration
    starts without pauses, and with no board compared.
    """

    workspace: Workspace
    cards: card_templates.CardRenderer
    locate: Callable[[Mistake], Problem]
    backoff: Backoff = field(default_factory=Backoff)
    comparison_cache: ComparisonCache = field(default_factory=ComparisonCache)


def language(settings: Settings) -> str:
    """The language of whoever reads: what the settings ask for, else the workspace's, else English."""
    return settings.lang or declared_language.language(settings.boards_dir) or SOURCE_LANGUAGE


def check_declaration(settings: Settings) -> Declaration:
    """Read board files and card templates, with every problem of both, sorted by file and line."""
    templates = settings.templates_dir
    found = load.read(settings.boards_dir, card_templates.available(templates))
    problems = found.problems
    # Templates are rendered with the workspace's own tasks, so they can be checked only once that is sound.
    if found.workspace:
        problems += card_templates.check(found.workspace, templates)
    warnings = (*found.warnings, *card_templates.unread(templates))
    return replace(found, problems=_in_order(problems), warnings=_in_order(warnings))


def _in_order(found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(found, key=lambda p: (p.file, p.line, p.column, p.message)))


def read_declaration(settings: Settings) -> Declared:
    """Read a declaration without problems. Raises `InvalidDeclaration` with every problem."""
    found = check_declaration(settings)
    if found.problems or found.workspace is None:
        raise InvalidDeclaration(found.problems)
    cards = card_templates.CardRenderer(found.workspace, settings.templates_dir)
    return Declared(found.workspace, cards, found.locate)


@dataclass(slots=True)
class DeclarationSource:
    """The declaration as the files have it now; while they are wrong, the last sound one.

    `error` says what is wrong with the files, and is empty while they are sound. Safe to share between
    threads.
    """

    settings: Settings
    declared: Declared
    signature: frozenset[tuple[str, int, int]]
    error: str = ""
    _reading: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def read(cls, settings: Settings) -> "DeclarationSource":
        """Read the files for the first time. Raises `InvalidDeclaration`: nothing to fall back on yet."""
        # Taken before reading: an edit made meanwhile then shows as another signature at the next reload.
        signature = files_signature(settings.boards_dir, settings.templates_dir)
        return cls(settings, read_declaration(settings), signature)

    def reload(self) -> Declared:
        """Return the declaration, read anew if a file has changed. Never raises because of wrong files."""
        # Under the lock: a job that starts during a reload must wait for it and not use the old declaration.
        with self._reading:
            signature = files_signature(self.settings.boards_dir, self.settings.templates_dir)
            if signature != self.signature:
                self.signature = signature
                try:
                    self.declared, self.error = read_declaration(self.settings), ""
                except InvalidDeclaration as error:
                    self.error = str(error)
                    log.warning("declaration.refused", problems=self.error.splitlines())
            return self.declared


def files_signature(*folders: Path) -> frozenset[tuple[str, int, int]]:
    """Path, modification time and size of every file below the folders: changes whenever one of them does."""
    found = set()
    for folder in folders:
        for path in folder.rglob("*"):
            # An editor's temporary file may vanish between the listing and the stat.
            with suppress(OSError):
                stat = path.stat()
                found.add((str(path), stat.st_mtime_ns, stat.st_size))
    return frozenset(found)
