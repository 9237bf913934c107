"""The account of a week as whoever may see but one board sees it."""

from dataclasses import replace

from trello_ops.core.declared import Board
from trello_ops.core.reporting.of_board import of_board
from trello_ops.core.reporting.report import Report
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import Standing
from trello_ops.operations.context import Context


def alone(context: Context, report: Report, key: str) -> Report:
    """What a report says of the board that has this key now, whatever it was called then.

    Only boards with recipients of their own were frozen with a standing: that of another is worked out here.
    """
    board = context.workspace.board_now(key)
    found = of_board(report, *(_keys(context, board) if board else (key,)))
    if found.standing.trend or report.standing.target is None:
        return found
    return replace(found, standing=_standing(context, found, key, report.standing.target))


def _keys(context: Context, board: Board) -> tuple[str, ...]:
    """The keys that a board has and had; not those that another has by now."""
    return tuple(key for key in (board.key, *board.was) if context.workspace.board_now(key) == board)


def _standing(context: Context, report: Report, key: str, target: int) -> Standing:
    before = [
        each.of_board(context.workspace, key)
        for each in context.store.frozen_counts()
        if each.week < report.week
    ]
    return standing(before, report.totals.of_week(report.week), target)
