"""Errors that nobody foresaw, where files of people are read: each becomes a problem of its file."""

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from trello_ops.errors import InvalidDeclaration, Problem, TrelloOpsError
from trello_ops.messages import say


def unforeseen(error: Exception, file: Path | str) -> Problem:
    """The problem of a file that an error keeps from being used. The log has the traceback."""
    # Imported late: the process that renders cards reads files too, and logs nothing.
    import structlog

    # No message of the error, which was made for nobody and may quote anything.
    name = type(error).__name__
    # Below the level at which commands log that only print, so that no traceback stands among their problems.
    # The end alone of a traceback that may be a thousand calls long, and without the values of variables.
    trace = "".join(traceback.format_exception(error, limit=-20))
    structlog.get_logger().warning("files.unforeseen", file=str(file), error=name, exception=trace)
    message = say(
        "cannot be used, for a reason that nobody foresaw (%(error)s): simplify it, or undo its last change",
        error=name,
    )
    return Problem(str(file), 1, 1, "", message)


@contextmanager
def blamed_on(folder: Path) -> Iterator[None]:
    """Turns an error that nobody foresaw into an `InvalidDeclaration` of the folder."""
    try:
        yield
    except TrelloOpsError:
        raise
    except Exception as error:
        raise InvalidDeclaration((unforeseen(error, folder),)) from error
