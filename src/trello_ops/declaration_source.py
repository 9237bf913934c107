"""Board files and card templates as one declaration, and which declaration the robot goes by now."""

import datetime as dt
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import structlog

from trello_ops.adapters.row_files import RowFiles
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import Workspace
from trello_ops.core.mistakes import Mistake
from trello_ops.declared import glance, load
from trello_ops.declared.holiday_dates import dated
from trello_ops.declared.load import BoardsFolder
from trello_ops.errors import InvalidDeclaration, Problem, RendererFailed
from trello_ops.folder_files import Folder
from trello_ops.messages import joined, say
from trello_ops.operations.backoff import Backoff
from trello_ops.operations.comparison_cache import ComparisonCache
from trello_ops.operations.declaration import Following, follow
from trello_ops.ports import CardRenderer, CardTemplates, Clock, Store
from trello_ops.render import card_files, card_process
from trello_ops.render import declaration as words
from trello_ops.render.i18n import SOURCE_LANGUAGE
from trello_ops.row_cards import has_row_cards, with_row_tasks
from trello_ops.row_check import row_problems
from trello_ops.settings import Settings
from trello_ops.unforeseen import blamed_on, unforeseen

log = structlog.get_logger()

_TRY_AGAIN = 300.0
"""Seconds after which broken files are read again, even if they look the same: their disk may be to blame."""


_MOST_TOLD = 5
"""Problems of rows that are told; `validate` tells all."""


@dataclass(frozen=True, slots=True)
class Declared:
    """A sound declaration, the renderer of its card templates, and where each of its values stands.

    An edit may fix whatever failed before, and may change what any board should be. So each declaration
    starts without pauses, and with no board compared.
    """

    workspace: Workspace
    cards: CardRenderer
    locate: Callable[[Mistake], Problem]
    backoff: Backoff = field(default_factory=Backoff)
    comparison_cache: ComparisonCache = field(default_factory=ComparisonCache)


def language(settings: Settings) -> str:
    """The language of whoever reads: what the settings ask for, else the workspace's, else English."""
    return settings.lang or glance.language(settings.boards_folder) or SOURCE_LANGUAGE


# ---- the files --------------------------------------------------------------------------------------


def check_declaration(
    settings: Settings,
    today: dt.date | None = None,
    cards: CardTemplates | None = None,
    before: Workspace | None = None,
) -> BoardsFolder:
    """Read board files and card templates, with every problem of both, sorted by file and line.

    With `today`, the warnings tell where coming changes of the clocks move a release. Rows that have cards of
    their own are as in `before`, the workspace in force, while their workbook cannot be read.
    """
    try:
        found = load.read(settings.boards_folder, card_files.available(settings.templates_folder), today)
    except Exception as error:  # noqa: BLE001 (whatever it is, it is to be told)
        found = load.unusable(settings.boards_dir, error)
    problems, warnings = found.problems, found.warnings
    try:
        # Templates are rendered with the workspace's own tasks, so only once that is sound.
        checked = (cards or card_process.shared()).check(found.workspace, settings.templates_folder)
        problems, warnings = (*problems, *checked.problems), (*warnings, *checked.warnings)
    except RendererFailed as error:
        problems += (Problem(str(settings.templates_dir), 1, 1, "", error.message),)
    except Exception as error:  # noqa: BLE001 (likewise)
        problems += (unforeseen(error, settings.templates_dir),)
    found = replace(found, problems=_in_order(problems), warnings=_in_order(warnings))
    return _with_row_tasks(found, settings, cards or card_process.shared(), before)


def _with_row_tasks(
    found: BoardsFolder, settings: Settings, cards: CardTemplates, before: Workspace | None
) -> BoardsFolder:
    if found.workspace is None or not has_row_cards(found.workspace):
        return found
    renderer = cards.renderer(found.workspace, settings.templates_folder, {})
    try:
        return with_row_tasks(found, RowFiles(settings.boards_folder), renderer, before)
    except RendererFailed as error:
        problem = Problem(str(settings.boards_dir), 1, 1, "", error.message)
    except Exception as error:  # noqa: BLE001 (likewise)
        problem = unforeseen(error, settings.boards_dir)
    return replace(found, problems=_in_order((*found.problems, problem)))


def with_rows_checked(
    found: BoardsFolder, settings: Settings, cards: CardTemplates | None = None
) -> BoardsFolder:
    """What the files say, with what is wrong with the workbooks that they name; that keeps nothing back."""
    if found.workspace is None:
        return found
    renderer = (cards or card_process.shared()).renderer(found.workspace, settings.templates_folder, {})
    try:
        problems = row_problems(found, RowFiles(settings.boards_folder), renderer)
    except RendererFailed as error:
        problems = (Problem(str(settings.boards_dir), 1, 1, "", error.message),)
    return replace(found, problems=_in_order((*found.problems, *found.row_problems, *problems)))


def _in_order(found: tuple[Problem, ...]) -> tuple[Problem, ...]:
    return tuple(sorted(found, key=lambda p: (p.file, p.line, p.column, p.message)))


def declaration_of(found: BoardsFolder, settings: Settings) -> Declaration:
    """The declaration that the files make. Raises `InvalidDeclaration` with every problem."""
    if found.problems or found.workspace is None:
        raise InvalidDeclaration(found.problems)
    return Declaration(found.workspace, card_files.sources(settings.templates_folder))


def read_declaration(settings: Settings) -> Declared:
    """Read the files alone. Raises `InvalidDeclaration` with every problem."""
    found = check_declaration(settings)
    return _declared(declaration_of(found, settings), found, settings, card_process.shared())


def _declared(
    declaration: Declaration, found: BoardsFolder, settings: Settings, cards: CardTemplates
) -> Declared:
    workspace = declaration.workspace
    renderer = cards.renderer(workspace, settings.templates_folder, declaration.templates)
    return Declared(workspace, renderer, found.locate)


# ---- what the robot goes by -------------------------------------------------------------------------


@dataclass(slots=True)
class DeclarationSource:
    """What the robot goes by: what the files say, as far as it can be put in force; else what is in force.

    `found` is what the files say, sound or not. `following` is what they would put in force, once they are
    sound. `trouble` says why not all that they say is in force, and is empty where it is. Safe to share
    between threads.
    """

    settings: Settings
    store: Store
    clock: Clock
    cards: CardTemplates = field(default_factory=card_process.shared)
    found: BoardsFolder = field(init=False)
    declared: Declared = field(init=False)
    following: Following | None = field(init=False, default=None)
    trouble: str = field(init=False, default="")
    _before: InForce | None = field(init=False, default=None)
    _goes_by: Declaration | None = field(init=False, default=None)
    _signature: "frozenset[tuple[str, int, int, int]] | None" = field(init=False, default=None)
    _version: int = field(init=False, default=-1)
    _read_at: float = field(init=False, default=0.0)
    _reading: threading.Lock = field(init=False, default_factory=threading.Lock)

    @property
    def before(self) -> InForce | None:
        """The declaration in force."""
        return self._before

    @property
    def broken(self) -> bool:
        """Whether the files have problems, so that they can be neither planned nor applied."""
        return bool(self.found.problems)

    @property
    def _is_in_trouble(self) -> bool:
        return self.broken or bool(self.found.row_problems)

    def reload(self) -> Declared:
        """Return what to go by, read anew if a file or the declaration in force has changed.

        Raises `InvalidDeclaration` for wrong files while none was ever in force.
        """
        # Under the lock: a job that starts during a reload must wait for it and not use the old declaration.
        with self._reading:
            # Taken before reading: an edit made meanwhile then shows as another signature next time.
            signature = files_signature(self.settings.boards_folder, self.settings.templates_folder)
            version = self.store.declaration_version()
            edited = signature != self._signature
            waited = self.clock.monotonic() - self._read_at
            if version != self._version:
                self._before = dated(self.store.in_force())
            if edited or (self._is_in_trouble and waited >= _TRY_AGAIN):
                edited = self._read() or edited
            if edited or version != self._version:
                self._decide(edited=edited)
                self._signature, self._version = signature, version
            return self.declared

    def hold(self, error: InvalidDeclaration) -> None:
        """Go on by what is in force, as to put the files in force has failed."""
        with self._reading:
            self.found = replace(self.found, problems=error.problems)
            self._decide(edited=True)

    def _read(self) -> bool:
        """Read the files. Returns whether they have other problems than before."""
        before = (self.found.problems, self.found.row_problems) if self._signature is not None else None
        in_force = self._before.declaration.workspace if self._before else None
        self.found = check_declaration(self.settings, cards=self.cards, before=in_force)
        self._read_at = self.clock.monotonic()
        return (self.found.problems, self.found.row_problems) != before

    def as_files_say(self) -> Declared:
        """What the files say, also where only `apply` puts it in force. Raises `InvalidDeclaration`."""
        if self.following is None:
            raise InvalidDeclaration(self.found.problems)
        return _declared(self.following.declaration, self.found, self.settings, self.cards)

    def files_alone(self) -> Declared:
        """What the files say by themselves, whatever may come in force of it. Raises `InvalidDeclaration`."""
        return _declared(declaration_of(self.found, self.settings), self.found, self.settings, self.cards)

    def _followed(self) -> Following | None:
        """What the files would put in force; `None` while something is wrong with them."""
        if self.found.problems:
            return None
        try:
            with blamed_on(self.settings.boards_dir):
                files = declaration_of(self.found, self.settings)
                return follow(self.store, self._before, files, self.clock.now())
        except InvalidDeclaration as invalid:
            self.found = replace(self.found, problems=invalid.problems)
            return None

    def _decide(self, *, edited: bool) -> None:
        before, trouble = self._before, self.trouble
        said = self.found.workspace
        if before and said and said.key != before.declaration.workspace.key:
            problem = self.found.locate(other_key(before.declaration.workspace.key))
            self.found = replace(self.found, problems=(*self.found.problems, problem))
        self.following = self._followed()
        if self.following is None:
            if before is None:
                raise InvalidDeclaration(self.found.problems)
            self.trouble = joined((problem.located for problem in self.found.problems), "\n")
            goes_by = before.declaration
        else:
            waiting = words.what_waits(self.following.differences, self.following.alarms)
            rows = (problem.located for problem in self.found.row_problems[:_MOST_TOLD])
            self.trouble = joined((*waiting, *rows), "\n")
            # Only `apply`, which a person runs, puts in force what may be an accident.
            held = before if self.following.alarms else None
            goes_by = held.declaration if held else self.following.declaration
        # Not made anew without need: pauses and comparisons with the boards would begin again.
        if edited or goes_by != self._goes_by:
            self._goes_by, self.declared = goes_by, _declared(goes_by, self.found, self.settings, self.cards)
        if edited and self.trouble != trouble:
            if self.trouble:
                event = "declaration.refused" if self.broken else "declaration.waits"
                log.warning(event, problems=self.trouble.splitlines())
            else:
                log.info("declaration.whole")


def other_key(key: str) -> Mistake:
    """That the key of a workspace was another: a mistake, or a workspace of its own."""
    return Mistake(
        ("key",),
        say(
            "these boards are in force under the key `%(key)s`: put it back; under another,"
            " `trello-ops apply` makes every board anew",
            key=key,
        ),
    )


def files_signature(*folders: Path | Folder) -> frozenset[tuple[str, int, int, int]]:
    """Path, times and size of every file below the folders: changes whenever a file or its rights do."""
    found = set()
    for folder in folders:
        for path in Folder.of(folder).below():
            # An editor's temporary file may vanish between the listing and the stat.
            with suppress(OSError):
                stat = path.stat()
                found.add((str(path), stat.st_mtime_ns, stat.st_ctime_ns, stat.st_size))
    return frozenset(found)
