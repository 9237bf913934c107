"""Which boards were active, as far as Trello tells."""

from trello_ops.core.tracking.board_selection import Activity
from trello_ops.errors import InvalidDeclaration, TrelloError, TrelloOpsError
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.context import Context
from trello_ops.operations.mistakes import naming_workspace


def last_active(context: Context) -> tuple[Activity | None, TrelloOpsError | None]:
    """When each board was last active, by its Trello id, or why Trello refuses to tell.

    Raises one of `OUT_OF_REACH`.
    """
    try:
        with naming_workspace(context):
            return context.trello.last_active(context.workspace.trello_workspace), None
    except InvalidDeclaration as error:
        return None, error
    except TrelloError as error:
        if out_of_reach(context.services, error):
            raise
        return None, error  # as when the Trello Workspace was renamed: its boards can still be read
