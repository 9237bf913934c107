"""What reading the files has turned up so far."""

from dataclasses import dataclass, field

from trello_ops.errors import Problem


@dataclass(frozen=True, slots=True)
class Findings:
    """Problems forbid the use of a declaration; warnings are for somebody to think about."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    def sorted_problems(self) -> tuple[Problem, ...]:
        return _in_order(self.problems)

    def sorted_warnings(self) -> tuple[Problem, ...]:
        return _in_order(self.warnings)


def _in_order(problems: list[Problem]) -> tuple[Problem, ...]:
    """Each once, by file and place."""
    return tuple(sorted(set(problems), key=lambda p: (p.file, p.line, p.column, p.path, p.message)))
