"""All boards and tasks, each of which leads to the card that it gives."""

from trello_ops.core.declared import Board
from trello_ops.escape import one_line
from trello_ops.render.site import Nav, document
from trello_ops.web.visit import Answer, Visit, of_all

MAY = of_all


def view(visit: Visit) -> Answer:
    """The tasks of each board, in the order of the files."""
    boards = [(one_line(board.title), _tasks(visit, board)) for board in visit.context.workspace.boards]
    frame = visit.frame("/preview", visit.translator.gettext("Preview"))
    return Answer.page(document("previews.html.j2", frame, boards=boards))


def _tasks(visit: Visit, board: Board) -> list[Nav]:
    return [
        Nav(f"{visit.base}/preview/{board.key}/{task.key}", one_line(task.title), here=False)
        for task in board.tasks
    ]
