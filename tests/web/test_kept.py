"""Answers that are kept: one is made for all who ask, and none stays longer than it may."""

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

from trello_ops.web.kept import Kept


class Page:
    """An answer."""


def test_an_answer_is_made_once_for_all_who_ask_meanwhile_and_anew_when_it_is_old() -> None:
    now, made = [0.0], []
    kept = Kept[Page](lambda: now[0])

    def make() -> Page:
        made.append(threading.Event().wait(0.05))
        return Page()

    for instant, many in ((0.0, 1), (4.9, 1), (5.0, 2)):
        now[0] = instant
        with ThreadPoolExecutor(8) as pool:
            assert len(set(pool.map(lambda _: kept.get("a", 5.0, make), range(8)))) == 1
        assert len(made) == many


def test_what_is_too_old_is_let_go_of_so_that_a_busy_minute_costs_no_memory_for_good() -> None:
    now = [0.0]
    kept = Kept[Page](lambda: now[0])
    feed, answers = kept.get("feed", 3600.0, Page), weakref.WeakSet[Page]()
    for number in range(400):
        answers.add(kept.get(number, 5.0, Page))
    now[0] = 6.0
    kept.get("another", 5.0, Page)
    gc.collect()
    assert len(answers) == 0
    assert kept.get("feed", 3600.0, Page) is feed


def test_of_very_many_those_asked_for_last_are_kept() -> None:
    kept = Kept[Page](lambda: 0.0)
    answers = weakref.WeakSet[Page]()
    first = kept.get(0, 5.0, Page)
    for number in range(2_000):
        answers.add(kept.get(number, 5.0, Page))
        assert kept.get(0, 5.0, Page) is first
    gc.collect()
    assert len(answers) == 500
