"""What boards and their tasks are built with."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from trello_ops.core.cadence import Span
from trello_ops.core.declared import Workspace
from trello_ops.declared.findings import Findings
from trello_ops.declared.schema import BoardShape
from trello_ops.located_yaml import Document, Path, Value


@dataclass(frozen=True, slots=True)
class Team:
    """What workspace.yaml says for all boards. `says_working_days`: it does, be it wrongly."""

    working_days: tuple[int, ...] = ()
    says_working_days: bool = False
    closures: tuple[Span, ...] = ()
    pauses: tuple[Span, ...] = ()
    theme_pauses: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BoardFile:
    """A board file, and where to note what is wrong with it."""

    key: str
    shape: BoardShape
    document: Document
    workspace: Workspace
    team: Team
    findings: Findings

    @property
    def tasks(self) -> Mapping[str, Value]:
        """The tasks as they stand in the file, sound or not."""
        tasks = self.document.entries.get("tasks")
        return tasks if isinstance(tasks, dict) else {}

    def problem(self, path: Path, message: str) -> None:
        """Note a mistake at a place; a board's that all its tasks meet is told once."""
        self.findings.problem(self.document, path, message)

    def warn(self, path: Path, message: str) -> None:
        """Note what is no mistake, but may be a slip."""
        self.findings.warn(self.document, path, message)

    @property
    def says_working_days(self) -> bool:
        """Whether the file or workspace.yaml says which weekdays are worked, be it wrongly."""
        return self.says(("working_days",)) or self.team.says_working_days

    def says(self, path: Path) -> bool:
        """Whether the file says something there, be it wrong."""
        return self.document.has(path)
