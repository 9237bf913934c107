"""Tasks that give the rows of a workbook cards of their own, as a task for each row.

Part of what the files declare, but a workbook that cannot be read keeps no edit from being in force: its rows
stay as they are in force.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.row_tasks import RowTasks, again, row_tasks, rows_of
from trello_ops.core.rows import Rows, dated, lacking
from trello_ops.declared.load import BoardsFolder
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.messages import Message, say
from trello_ops.plain_text import Unreadable
from trello_ops.ports import CardRenderer, RowReader


def has_row_cards(workspace: Workspace) -> bool:
    """Whether any task gives rows cards of their own."""
    return any(task.rows and task.rows.cards for _, task in workspace.tasks)


def with_row_tasks(
    found: BoardsFolder, reader: RowReader, cards: CardRenderer, before: Workspace | None
) -> BoardsFolder:
    """What a folder says, with the tasks of rows in the place of those that declare them.

    `before` is the workspace in force. What is wrong with rows is in `row_problems`.
    """
    if found.workspace is None:
        return found
    writing = _Writing(found, found.workspace, reader, cards, before)
    boards = tuple(writing.board(board) for board in found.workspace.boards)
    workspace = _covering_rows(replace(found.workspace, boards=boards))
    return replace(found, workspace=workspace, row_problems=tuple(dict.fromkeys(writing.problems)))


def _covering_rows(workspace: Workspace) -> Workspace:
    """The workspace, where what covers a task with rows covers each of them."""
    rows: dict[str, list[str]] = {}
    for board, task in workspace.tasks:
        if task.row_of:
            rows.setdefault(f"{board.key}/{task.row_of}", []).append(f"{board.key}/{task.key}")

    def covering(task: Task) -> Task:
        return replace(task, covers=tuple(key for each in task.covers for key in rows.get(each, [each])))

    boards = (replace(board, tasks=tuple(map(covering, board.tasks))) for board in workspace.boards)
    return replace(workspace, boards=tuple(boards))


@dataclass(slots=True)
class _Writing:
    """Writes boards out; notes what is wrong with rows."""

    found: BoardsFolder
    workspace: Workspace
    reader: RowReader
    cards: CardRenderer
    before: Workspace | None
    problems: list[Problem] = field(default_factory=list)

    def board(self, board: Board) -> Board:
        return replace(board, tasks=tuple(made for task in board.tasks for made in self._tasks(board, task)))

    def _tasks(self, board: Board, task: Task) -> Iterator[Task]:
        if task.rows is None or not task.rows.cards:
            yield task
            return
        made = self._rows(board, task, task.rows)
        yield from self._as_in_force(board, task) if made is None else made.tasks

    def _rows(self, board: Board, task: Task, rows: Rows) -> RowTasks | None:
        """The tasks of a workbook's rows; `None` where it cannot be used, which is noted."""
        try:
            table = self.reader.read(rows.file, rows.sheet)
        except Unreadable as error:
            self._note(board, task, "file", say("`%(file)s` %(why)s", file=rows.file, why=error.message))
            return None
        if missing := list(lacking(rows, table)):
            for name, message in missing:
                self._note(board, task, name, message)
            return None
        found = dated(rows, table)
        try:
            rendered = self.cards.row_texts(board.key, task.key, found.table)
        except InvalidDeclaration as invalid:
            self._note(board, task, "item", *(each.message for each in invalid.problems))
            return None
        made = row_tasks(self.workspace, board, task, found.table, rendered.texts)
        self.problems += (*found.problems, *rendered.problems, *made.problems)
        if made.told:
            self._note(board, task, "file", made.told)
        return made

    def _as_in_force(self, board: Board, task: Task) -> Iterator[Task]:
        """The rows that are in force, as the files now say of all of them."""
        known = self.before.board_now(board.key) if self.before else None
        for each in rows_of(known, task.key) if known else ():
            if row := again(self.workspace, board, task, each):
                yield row

    def _note(self, board: Board, task: Task, name: str, *messages: Message | str) -> None:
        document = self.found.boards[board.key]
        path = document.placed(("tasks", task.key, "rows", name))
        self.problems += (document.problem(path, message) for message in messages)
