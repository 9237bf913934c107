"""A small shop that has lived for some weeks: what its pages show, and the shop served over real HTTP."""

import atexit
import datetime as dt
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from live_kit import small_shop
from site_kit import SmallSite, site_in

from trello_ops.core.bindings import Binding, Kind
from trello_ops.core.cadence import Span
from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.calendar.occurrences import on_days
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import EventKind, EventSource, IssuedCard, LedgerEvent, Occurrence
from trello_ops.core.sights import ReadCursor
from trello_ops.core.trello import Member
from trello_ops.operations.report import account
from trello_ops.telemetry import Tally
from trello_ops.testing.clock import FixedClock
from trello_ops.web.addresses import entrance
from trello_ops.web.refused import REFUSED
from trello_ops.web.server import listen, serving

NOW = dt.datetime(2026, 11, 19, 13, 32, tzinfo=dt.UTC)
"""A Thursday, 14:32 in Paris."""

WEEKS = tuple(IsoWeek(2026, number) for number in range(33, 47))
"""Those that are frozen; week 47 is running."""

PORT = """\
title: Port
cadence: daily
on: mon-sat
release: "06:00"
due: "18:00"
lists: {todo: À faire, doing: En cours, done: Terminé}
tasks:
  crates: {title: Caisses du quai, theme: quay, template: news.md, assign: salma}
"""
"""A board beside the small shop's, with a task, a theme and a person that the other one has not."""

_KARIM = Member("m2", "karim_zina", "Karim")
_HOUR = dt.timedelta(hours=1)


def live_through(shop: SmallSite, weeks: tuple[IsoWeek, ...] = WEEKS, seed: int = 47) -> None:
    """Cards come as declared, most are done in time, some late, few not at all; closed weeks are frozen."""
    store, chance, now = shop.app.services.store, Random(seed), shop.clock.now()  # noqa: S311 - dice, not keys
    for board in shop.app.context().workspace.boards:
        url = f"https://trello.com/b/{board.key}"
        store.bind(Binding(Kind.BOARD, board.key, "", f"b-{board.key}", now, url=url))
        store.note_read(ReadCursor(board.key, now))
    for week in (*weeks, weeks[-1].next()):
        _live(shop, week, chance)
    for week in weeks:
        report = account(shop.app.context(), week)
        store.freeze(replace(report, frozen_at=report.closes_at), [])


def _live(shop: SmallSite, week: IsoWeek, chance: Random) -> None:
    workspace, store, now = shop.app.context().workspace, shop.app.services.store, shop.clock.now()
    found = [
        each
        for board in workspace.boards
        for task in board.tasks
        for each in on_days(workspace, board, task, Span(week.monday, week.sunday))
        if each.release <= now
    ]
    store.record(found, now)
    for each in found:
        name = f"{each.key.task}-{each.key.date}"
        store.confirm(each.key, IssuedCard(name, f"https://trello.com/c/{name}", each.release, each.release))
        if done := _done(each, chance, now):
            store.append([LedgerEvent(each.key, EventKind.DONE, done, EventSource.TICK, _KARIM, name)], now)


def _done(each: Occurrence, chance: Random, now: dt.datetime) -> dt.datetime | None:
    """When it was done, if it was by now."""
    (hours,) = chance.choices((-1, 3, None), (88, 8, 4))
    at = each.due + hours * _HOUR if hours else None
    return at if at and at <= now else None


@contextmanager
def lived(folder: Path, **settings: Any) -> Iterator[SmallSite]:
    """The small shop with a second board, on Thursday afternoon, after fourteen weeks."""
    shutil.copytree(_shop(), folder, dirs_exist_ok=True)
    with site_in(folder, FixedClock(NOW), **settings) as shop:
        yield shop


@cache
def _shop() -> Path:
    """Its folder, with its store: made once for the life of this process, as its weeks take seconds."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder)
    small_shop(folder)
    boards = folder / "boards"
    (boards / "port.yaml").write_text(PORT, "utf-8")
    text = (boards / "workspace.yaml").read_text("utf-8")
    text = text.replace("people:\n", "people:\n  salma: {trello: salma_zina, name: Salma}\n")
    text = text.replace("themes:\n", "themes:\n  quay: {title: Au quai, colour: sky}\n")
    (boards / "workspace.yaml").write_text(text, "utf-8")
    with site_in(folder, FixedClock(NOW)) as shop:
        live_through(shop)
    return folder


@dataclass(frozen=True)
class Served:
    """A shop's pages at an address of this machine."""

    shop: SmallSite
    base: str

    def entrance(self, choice: Choice = EVERYTHING) -> str:
        """A secret address, of a new link."""
        return entrance(self.base, self.shop.link(choice)[1])


@contextmanager
def served(shop: SmallSite) -> Iterator[Served]:
    """The pages over real HTTP while the block runs."""
    socket = listen(("127.0.0.1", 0))
    port = socket.getsockname()[1]
    with serving(shop.web, socket, Tally("refused", REFUSED, shop.clock.monotonic)):
        yield Served(shop, f"http://127.0.0.1:{port}")
