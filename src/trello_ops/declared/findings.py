"""What reading the files has found so far."""

from dataclasses import dataclass, field

from trello_ops.errors import Problem
from trello_ops.located_yaml import Document, Path


@dataclass(frozen=True, slots=True)
class Findings:
    """Problems keep a declaration from being used; warnings do not."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def problem(self, document: Document, path: Path, message: str) -> None:
        """Note a mistake at a place, or at as much of it as stands in the file."""
        self.problems.append(document.problem(document.placed(path), message))

    def warn(self, document: Document, path: Path, message: str) -> None:
        """Note what is no mistake, but may be a slip, likewise."""
        self.warnings.append(document.problem(document.placed(path), message))

    def sorted_problems(self) -> tuple[Problem, ...]:
        """Each problem once, by file and place."""
        return _in_order(self.problems)

    def sorted_warnings(self) -> tuple[Problem, ...]:
        """Each warning once, by file and place."""
        return _in_order(self.warnings)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.path, p.message)))
