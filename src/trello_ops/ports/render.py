"""The renderers: callables that operations receive, since they do not import `render`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from trello_ops.core.calendar.agenda import Agenda
from trello_ops.core.card_text import CardText
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.mails import OwedMail
from trello_ops.core.people import Person
from trello_ops.core.reporting.report import Report
from trello_ops.core.rows import Table
from trello_ops.errors import Problem
from trello_ops.folder_files import Folder
from trello_ops.ports.mail import Mail


@dataclass(frozen=True, slots=True)
class RowTexts:
    """The check item of each row of a table, empty where it has none, and what is wrong with single rows."""

    texts: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


class CardRenderer(Protocol):
    """Turns a task's card template into text. Raises `InvalidDeclaration` when the template fails."""

    def card(self, occurrence: Occurrence) -> CardText:
        """The text of an occurrence's card."""

    def template_card(self, board: str, task: str) -> CardText | None:
        """The text of a task's template card.

        `None` when the task has no checklists, or when they use the occurrence.
        """

    def row_texts(self, board: str, task: str, table: Table) -> RowTexts:
        """The check items of these rows, by the task's `rows`."""

    def sources(self, board: str, task: str) -> str:
        """A text that differs once a task's card template, or a file that it includes, was edited."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What is wrong in a folder of card templates, and what is worth a thought."""

    problems: tuple[Problem, ...] = ()
    warnings: tuple[Problem, ...] = ()


class CardTemplates(Protocol):
    """Reads folders of card templates. Raises `RendererFailed` where that cannot be done at all."""

    def check(self, workspace: Workspace | None, templates: Path | Folder) -> Checked:
        """Every problem of every card template, each once, and the warnings.

        Templates are rendered for each task that uses them, the others for a made-up task. Tasks whose
        template does not exist are left out: `declared.load` says where their board file names it. Without
        a workspace, there are only warnings.
        """

    def renderer(
        self, workspace: Workspace, templates: Path | Folder, kept: Mapping[str, str]
    ) -> CardRenderer:
        """The renderer of the sources `kept` of a folder."""


class ReportRenderer(Protocol):
    """Turns a frozen report into a mail of it, or of one board's part of it."""

    def __call__(self, report: Report, owed: OwedMail, /) -> Mail: ...


class ForecastRenderer(Protocol):
    """Turns people's coming weeks into the mail to their common address."""

    def __call__(self, weeks: Sequence[tuple[Person, Agenda]], owed: OwedMail, /) -> Mail: ...
