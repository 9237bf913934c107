"""The renderers: callables that operations receive, since they do not import `render`."""

from typing import Protocol

from trello_ops.core.declared import CardText
from trello_ops.core.ledger import Occurrence
from trello_ops.core.reporting.report import Report
from trello_ops.ports.mail import Mail


class CardRenderer(Protocol):
    """Turns a task's card template into text. Raises `InvalidDeclaration` when the template fails."""

    def card(self, occurrence: Occurrence) -> CardText:
        """The text of an occurrence's card."""

    def template_card(self, board: str, task: str) -> CardText | None:
        """The text of a task's template card.

        `None` when the task has no checklists, or when they use the occurrence.
        """

    def sources(self, board: str, task: str) -> str:
        """A text that differs once a task's card template, or a file that it includes, was edited."""


class ReportRenderer(Protocol):
    """Turns a frozen report into the mail to one recipient."""

    def __call__(self, report: Report, recipient: str) -> Mail: ...
