"""When requests of an API key may leave, whichever node and token of a fleet send them.

The argument is that of `adapters/trello/budget.py`: a request occupies a place from its permission until ten
seconds after its answer, so there are never more in Trello's window than places. All time is the server's.
A request takes its place in a statement of its own, so that no node holds others up.
"""

import datetime as dt
import hashlib
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Connection,
    Interval,
    and_,
    bindparam,
    cast,
    exists,
    func,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningUpdate

from trello_ops.adapters.request_limit import LONGEST_PAUSE, UNANSWERED, WINDOW, raise_if_late
from trello_ops.adapters.store.fleet_tables import key_pauses, key_places
from trello_ops.adapters.store.postgres import PostgresDatabase
from trello_ops.ports import Clock

PLACES: Final = 300

_LONGEST_SLEEP: Final = 1.0
_JITTER: Final = 0.02
"""Seconds, so that not all processes ask in the same instant."""

_NOW: Final = func.clock_timestamp()


_FREEING: Final = (
    update(key_places)
    .where(
        key_places.c.key == bindparam("of"),
        key_places.c.place == bindparam("at"),
        key_places.c.taking == bindparam("the"),
    )
    .values(free_at=_NOW + bindparam("span", type_=Interval))
)


class Taken(NamedTuple):
    """A place that a request has, the how manieth it is there, and when it lapses without an answer."""

    place: int
    taking: int
    until: dt.datetime


class KeyBudget:
    """A `RequestLimit` for all threads of all nodes. One for each process and key is enough.

    Of a key that the server has not met, or forgot in a crash, nobody knows who used it just now: its
    requests leave after a window.
    """

    def __init__(
        self, database: PostgresDatabase, key_digest: str, clock: Clock, places: int = PLACES
    ) -> None:
        self._database = database
        self._key = key_digest
        self._clock = clock
        self._places = places
        self._asking = threading.Lock()
        self._mine = and_(key_places.c.key == key_digest, key_places.c.place <= places)
        self._taking_one = self._taking(1, UNANSWERED)  # made once: to build it takes longer than to run it

    def prepare(self) -> None:
        """Make the places of a key not met yet, so that their window passes from now. Raises `StoreError`."""
        self._seconds_to_wait()

    def wait(self, *, reads: bool, send_before: float | None = None) -> Taken:  # noqa: ARG002 - any order
        """Block until a request may leave, and return its place.

        Raises `NotSent` when it could not leave before `send_before`, an instant of `clock.monotonic()`.
        """
        with self._in_turn(send_before):
            while (taken := self._take()) is None:
                wait = self._seconds_to_wait()
                raise_if_late(self._clock, send_before, wait)
                jitter = random.uniform(0, _JITTER)  # noqa: S311 - mere jitter
                self._clock.sleep(min(wait + jitter, _LONGEST_SLEEP))
        return taken

    def answered(self, permission: Taken, room: int | None = None, of_key: int | None = None) -> None:  # noqa: ARG002
        """Tell that the answer is here, and how many more requests it says the key allows, if it does."""
        self._free(permission, WINDOW)
        # More places than Trello has are for a local one without limits; its headers still tell of them.
        if of_key is not None and of_key < self._places // 4 and self._places <= PLACES:
            self._leave_to_strangers(permission, of_key)

    def give_back(self, permission: Taken) -> None:
        """Tell that the request never left."""
        self._free(permission, 0)

    def pause(self, seconds: float, *, of_key: bool = True) -> None:  # noqa: ARG002 - there is no other
        """Let no request of the key leave for `seconds`, a minute at most."""
        row = insert(key_pauses).values(key=self._key, until=_NOW + _span(min(seconds, LONGEST_PAUSE)))
        later = func.greatest(key_pauses.c.until, row.excluded.until)
        with self._database.at_once() as db:
            db.execute(row.on_conflict_do_update(index_elements=[key_pauses.c.key], set_={"until": later}))

    @property
    def limit(self) -> int:
        """How many places there are."""
        return self._places

    def used(self) -> int:
        """How many places are taken now."""
        taken = (
            select(func.count()).select_from(key_places).where(self._mine, _lies_ahead(key_places.c.free_at))
        )
        with self._database.at_once() as db:
            return db.scalar(taken) or 0

    def close(self) -> None:
        """Nothing: the database is somebody else's to close."""

    @contextmanager
    def _in_turn(self, send_before: float | None) -> Iterator[None]:
        """One thread of a process asks at a time: all of them at once would only ask more often."""
        while not self._asking.acquire(timeout=_LONGEST_SLEEP):
            raise_if_late(self._clock, send_before, 0)
        try:
            raise_if_late(self._clock, send_before, 0)
            yield
        finally:
            self._asking.release()

    def _take(self) -> Taken | None:
        with self._database.at_once() as db:
            row = db.execute(self._taking_one).one_or_none()
        return Taken(*row) if row else None

    def _taking(self, count: int, seconds: float) -> ReturningUpdate[Any]:
        """Takes free places for so long, up to a number."""
        places = key_places.c
        free = (
            select(places.place)
            .where(self._mine, ~_lies_ahead(places.free_at), ~self._is_paused())
            .limit(count)
            .with_for_update(skip_locked=True)
            .cte("free")
        )
        return (
            update(key_places)
            .where(places.key == self._key, places.place == free.c.place)
            .values(free_at=_NOW + _span(seconds), taking=places.taking + 1)
            .returning(places.place, places.taking, places.free_at)
        )

    def _is_paused(self) -> ColumnElement[bool]:
        return exists().where(key_pauses.c.key == self._key, _lies_ahead(key_pauses.c.until))

    def _seconds_to_wait(self) -> float:
        """Until a place is free, as it looks now; makes the places where there are none."""
        seen = select(func.count(), _seconds_until(func.min(key_places.c.free_at))).where(self._mine)
        pause = select(_seconds_until(key_pauses.c.until)).where(
            key_pauses.c.key == self._key, _lies_ahead(key_pauses.c.until)
        )
        with self._database.at_once() as db:
            count, free = db.execute(seen).one()
            if count < self._places:
                self._make_places(db)
            return max(0.0, float(free or 0), float(db.scalar(pause) or 0))

    def _make_places(self, db: Connection) -> None:
        rows = [{"key": self._key, "place": number} for number in range(1, self._places + 1)]
        new = insert(key_places).values(free_at=_NOW + _span(WINDOW)).on_conflict_do_nothing()
        db.execute(new, rows)

    def _free(self, taken: Taken, seconds: float) -> None:
        """Have a place free in so many seconds, unless it lapsed and is another's now."""
        values = {
            "of": self._key,
            "at": taken.place,
            "the": taken.taking,
            "span": dt.timedelta(seconds=seconds),
        }
        with self._database.at_once() as db:
            db.execute(_FREEING, values)

    def _leave_to_strangers(self, taken: Taken, room: int) -> None:
        """Trello counts what we count since this request left; what it counts beyond is a stranger's."""
        since = taken.until - dt.timedelta(seconds=UNANSWERED)
        ours = select(func.count()).select_from(key_places).where(self._mine, key_places.c.free_at >= since)
        with self._database.at_once() as db:
            strangers = self._places - room - (db.scalar(ours) or 0)
            if strangers > 0:
                db.execute(self._taking(strangers, WINDOW))


def digest(key: str) -> str:
    """What the database knows a key by."""
    return hashlib.sha256(key.encode()).hexdigest()[:16]


def _span(seconds: float) -> ColumnElement[dt.timedelta]:
    return cast(dt.timedelta(seconds=seconds), Interval)


def _lies_ahead(instant: ColumnElement[Any]) -> ColumnElement[bool]:
    """What lies further ahead than anything can was noted before the server's clock was set back."""
    return and_(instant > _NOW, instant < _NOW + _span(LONGEST_PAUSE + 1))


def _seconds_until(instant: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.extract("epoch", instant - _NOW)
