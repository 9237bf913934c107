"""The weekly report: from its sound shape to its core value, and checks across its fields and the boards."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from trello_ops.core.declared import ReportPolicy, Workspace
from trello_ops.declared.findings import Findings
from trello_ops.declared.names import repeated
from trello_ops.declared.report_shapes import ReportShape
from trello_ops.located_yaml import Document, Path
from trello_ops.messages import Message, say
from trello_ops.wording import choose, shown

_Recipients = tuple[str, ...]


def report_of(shape: ReportShape) -> ReportPolicy:
    """The policy; the keys of boards are as the file says them."""
    return ReportPolicy(
        recipients=shape.to,
        closes_at=shape.closes,
        target=shape.target,
        people=shape.people,
        by_board=tuple((shape.boards or {}).items()),
        attach=shape.attach or (),
        forecast=shape.forecast,
    )


def twice_listed(shape: ReportShape) -> Iterator[Path]:
    """The addresses that one list names before."""
    lists: dict[Path, _Recipients] = {("to",): shape.to}
    lists |= {("boards", key): recipients for key, recipients in (shape.boards or {}).items()}
    for path, recipients in lists.items():
        texts: dict[Path, str] = {("report", *path, n): address for n, address in enumerate(recipients)}
        yield from (again for again, _ in repeated(texts))


def warn_of_no_address(workspace: Workspace, document: Document, findings: Findings) -> None:
    """Note that people are to get their coming week, and nobody has an address."""
    if workspace.report.forecast and not any(person.email for person in workspace.people):
        message = say("nobody gets a forecast: give people their `email`, or delete this line")
        findings.warn(document, ("report", "forecast"), message)


def with_boards_of_report(
    workspace: Workspace, declared: Document, documents: Mapping[str, Document], findings: Findings
) -> Workspace:
    """The workspace, whose report names boards by the keys that they have now.

    Notes boards that are not there, that are named twice, and those of which there is nothing to report.
    """
    found: dict[str, _Recipients] = {}
    for said, recipients in workspace.report.by_board:
        board = workspace.board_now(said)
        # A board with mistakes of its own is there all the same.
        key = board.key if board else said
        path: Path = ("report", "boards", said)
        if board is None and said not in documents:
            findings.problems.append(declared.problem_with_key(path, _unknown(said, workspace, documents)))
        elif key in found:
            message = say("`%(board)s` is named already: delete one of the two", board=key)
            findings.problems.append(declared.problem_with_key(path, message))
        else:
            found[key] = recipients
        if board and not board.tasks:
            message = say("the board `%(board)s` has no tasks, so its report is empty", board=key)
            findings.warnings.append(declared.problem_with_key(path, message))
    return replace(workspace, report=replace(workspace.report, by_board=tuple(found.items())))


def _unknown(said: str, workspace: Workspace, documents: Mapping[str, Document]) -> Message:
    # Boards are called by their titles too.
    titled = {board.title.casefold(): board.key for board in workspace.boards}
    advice = choose(titled.get(said.casefold(), said), list(documents))
    return say("there is no board `%(board)s`: %(advice)s", board=shown(said), advice=advice)
