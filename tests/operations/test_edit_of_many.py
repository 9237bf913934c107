"""What an edit costs in a workspace of many boards: it grows with them, and not with their square."""

from dataclasses import replace

from shop_kit import Shop, daily_task

from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import Workspace
from trello_ops.operations.declaration import follow


class _Key(str):
    """A key that counts how often one is compared with another."""

    __slots__ = ()
    compared = 0

    def __eq__(self, other: object) -> bool:
        _Key.compared += 1
        return str.__eq__(self, other)

    __hash__ = str.__hash__


def _many(number: int) -> Workspace:
    """So many boards of ten tasks."""
    workspace = Shop().workspace
    (board,) = workspace.boards
    tasks = tuple(daily_task(_Key(f"task{n}")) for n in range(10))
    boards = (replace(board, key=_Key(f"b{n}"), title=f"Tableau {n}", tasks=tasks) for n in range(number))
    return replace(workspace, boards=tuple(boards))


def _compared(number: int) -> int:
    """How often keys are compared for an edit that deletes the first task of each tenth board."""
    before, shop = _many(number), Shop()
    boards = (replace(b, tasks=b.tasks[1:]) if n % 10 == 0 else b for n, b in enumerate(before.boards))
    after, now = replace(before, boards=tuple(boards)), shop.clock.now()
    _Key.compared = 0
    follow(shop.store, InForce(1, now, Declaration(before)), Declaration(after), now)
    return _Key.compared


def test_an_edit_of_sixteen_times_as_many_boards_compares_about_sixteen_times_as_often() -> None:
    assert 0 < _compared(320) < 20 * _compared(20)
