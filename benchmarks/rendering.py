"""What a card costs that is rendered in a process of its own, beside the same cards rendered in this one.

    python benchmarks/rendering.py [rounds]

Each round renders a card of every sample task, here and there in turn; the best round of each counts, since
others may be at work. Then a check of the sample templates, the start of the process included.
"""

import datetime as dt
import sys
import time
from collections.abc import Callable
from contextlib import closing

from trello_ops import starter
from trello_ops.core.calendar.occurrences import next_occurrence
from trello_ops.core.ledger import Occurrence
from trello_ops.declared import load
from trello_ops.ports import CardRenderer
from trello_ops.render.card import InProcess
from trello_ops.render.card_files import available, sources
from trello_ops.render.card_process import CardProcess

DAY = dt.date(2026, 11, 18)


def main(rounds: int) -> None:
    samples = starter.find()
    templates = samples.templates
    shop = load.read(samples.boards, available(templates)).workspace
    assert shop
    found = (next_occurrence(shop, board, task, DAY) for board in shop.boards for task in board.tasks)
    cards = [each for each in found if each]
    with closing(CardProcess()) as process:
        elsewhere = process.renderer(shop, templates, sources(templates))
        here = InProcess().renderer(shop, templates, sources(templates))
        times = [(once(here, cards), once(elsewhere, cards)) for _ in range(rounds)]
    own, other = (min(each) for each in zip(*times, strict=True))
    print(
        f"a card: {own * 1000:.2f} ms here, {other * 1000:.2f} ms in its own process, {other / own:.1f} times"
    )
    with closing(CardProcess()) as process:
        started = seconds(lambda: process.check(shop, templates))
        again = seconds(lambda: process.check(shop, templates))
    beside = seconds(lambda: InProcess().check(shop, templates))
    print(f"a check: {beside:.2f} s here, {again:.2f} s in its own process, {started:.2f} s with its start")


def once(renderer: CardRenderer, cards: list[Occurrence]) -> float:
    """Seconds a card."""
    return seconds(lambda: [renderer.card(card) for card in cards]) / len(cards)


def seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 20)
