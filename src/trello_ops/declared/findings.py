"""What reading the files has found so far."""

from dataclasses import dataclass, field

from trello_ops.errors import Problem


@dataclass(frozen=True, slots=True)
class Findings:
    """Problems keep a declaration from being used; warnings do not."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def sorted_problems(self) -> tuple[Problem, ...]:
        """Each problem once, by file and place."""
        return _in_order(self.problems)

    def sorted_warnings(self) -> tuple[Problem, ...]:
        """Each warning once, by file and place."""
        return _in_order(self.warnings)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.path, p.message)))
