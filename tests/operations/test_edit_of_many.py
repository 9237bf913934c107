"""What an edit costs in a workspace of many boards: it grows with them, and not with their square."""

import time
from dataclasses import replace

from shop_kit import Shop, daily_task

from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import Workspace
from trello_ops.operations.declaration import follow


def _many(number: int) -> Workspace:
    """So many boards of ten tasks."""
    workspace = Shop().workspace
    (board,) = workspace.boards
    tasks = tuple(daily_task(f"task{n}") for n in range(10))
    boards = (replace(board, key=f"b{n}", title=f"Tableau {n}", tasks=tasks) for n in range(number))
    return replace(workspace, boards=tuple(boards))


def _cost(number: int) -> float:
    """The processor's time that an edit takes which deletes the first task of each tenth board."""
    before, shop = _many(number), Shop()
    boards = (replace(b, tasks=b.tasks[1:]) if n % 10 == 0 else b for n, b in enumerate(before.boards))
    after, now = replace(before, boards=tuple(boards)), shop.clock.now()
    begin = time.process_time()
    follow(shop.store, InForce(1, now, Declaration(before)), Declaration(after), now)
    return time.process_time() - begin


def test_an_edit_of_sixteen_times_as_many_boards_costs_about_sixteen_times_as_much() -> None:
    _cost(5)  # what is made once
    assert _cost(320) < 40 * _cost(20)
