"""The writes that build a card, and what may happen at each of them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from shop_kit import Shop

from trello_ops.core.bindings import Bindings
from trello_ops.core.planning.changes import AddCheckItem, AddChecklist, Change, CreateCard
from trello_ops.ports import Made

BUILD = (CreateCard, AddChecklist, AddCheckItem)


class Died(BaseException):
    """The process was killed."""


def nth(number: int) -> Callable[[object], bool]:
    """Fits the write of that number, from 0, of those that build a card."""
    seen = -1

    def fits(change: object) -> bool:
        nonlocal seen
        seen += isinstance(change, BUILD)
        return isinstance(change, BUILD) and seen == number

    return fits


@contextmanager
def killed_at(shop: Shop, step: int, *, after: bool) -> Iterator[None]:
    """Within, the process dies before, or after, the write of that number arrives."""
    fits, perform = nth(step), shop.trello.perform

    def dies(change: Change, bindings: Bindings, send_before: float | None = None) -> Made:
        last = fits(change)
        if last and not after:
            raise Died
        made = perform(change, bindings, send_before)
        if last:
            raise Died
        return made

    shop.trello.perform = dies  # type: ignore[method-assign]
    try:
        yield
    finally:
        shop.trello.perform = perform  # type: ignore[method-assign]
