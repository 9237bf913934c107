"""When a token's requests may leave: as fast as Trello's limit allows, never faster, and in which order.

Trello counts a token's requests in windows of ten seconds, fixed or sliding: it does not say which
(trello-behaviour.md#rate-limits). It counts a request some time after we let it go and before its answer is
here. That time varies, so if we counted departures, 100 in each of our windows could be 101 in one of
Trello's. Hence:

**A request counts from its permission until ten seconds after its answer.** Let Trello count request *i* at
`c(i)`, between its permission `p(i)` and its answer `a(i)`. Suppose that more than the limit fell within ten
seconds of Trello's, and let *k* be the one of them permitted last. At `p(k)` fewer than the limit counted
here, so one of the others, *i*, did not: `a(i) + 10 s < p(k)`. Then `c(i) + 10 s <= a(i) + 10 s < p(k) <=
c(k)`: the two are more than ten seconds apart, a contradiction. This holds for windows of either kind.

The price is the latency: a place is free again after ten seconds and one latency, so at 100 ms we use 99 % of
the limit. A request without an answer counts for forty seconds: Trello gives up on a request after thirty
(trello-behaviour.md#lengths-and-time-outs), so it was counted by then. A crashed process holds others up no
longer than that.

Other programs may use the same token, key or member. The headers of answers tell how much is left, and
outrank our own count: what is missing is entered as requests of strangers, which count for ten seconds.

Reads go before writes, and while there are any, the last twentieth of the limit is reserved for them, so that
a flood of cards does not blind the observer. Once reads hold three quarters of the limit, writes go first.
Among reads, and among writes, it is first come, first served.
"""

import hashlib
import math
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from trello_ops.adapters.request_limit import LONGEST_PAUSE, UNANSWERED, WINDOW, raise_if_late
from trello_ops.adapters.trello.budget_file import BudgetFile
from trello_ops.ports import Clock

# Milliseconds, all of them.
_WINDOW = round(WINDOW * 1000)
_UNANSWERED = round(UNANSWERED * 1000)
_RENEWED = 1_000
_MISSED = 3_000
"""A waiting request renews its entry every second; after three without, its process has crashed or hangs."""
_REMEMBERED = 2_000
"""How long lapsed entries are kept: the answer to a request that left before may still count them."""
_LONGEST_PAUSE = round(LONGEST_PAUSE * 1000)

_WAITING, _SENT, _QUIET = "waiting", "sent", "quiet"

_SWEEP = "DELETE FROM request WHERE until < ? OR until > ?"
"""Removes what has lapsed, and what dates from before a restart of the machine: its time began anew."""
_READ = "SELECT id, state, reads, since, until FROM request WHERE budget = ? AND until >= ? AND id IS NOT ?"
_WRITE = """
INSERT INTO request (id, budget, state, reads, since, until) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (id) DO UPDATE SET state = excluded.state, since = excluded.since, until = excluded.until
RETURNING id
"""
_LEAVE = "UPDATE request SET since = ?, until = ? WHERE id = ? AND until >= ? RETURNING id"
_ANSWER = "UPDATE request SET until = ? WHERE id = ? RETURNING since"
_KNOWN = "SELECT count(*) FROM request WHERE budget = ? AND state = ? AND until >= ?"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A request that waits or was sent, or a pause (`quiet`), in ms. `number` is set once it is written."""

    number: int | None
    state: str
    reads: bool
    since: int
    until: int


class Budget:
    """A `RequestLimit` for all threads of a process or, made by `shared`, for several processes.

    Time is the clock's `monotonic()`, which is the same in all processes of a machine. Every method may raise
    `StoreError`.
    """

    def __init__(self, requests_per_10s: int, clock: Clock, file: BudgetFile, name: str) -> None:
        self.limit = requests_per_10s
        self._clock = clock
        self._file = file
        self._name = name

    @classmethod
    def private(cls, requests_per_10s: int, clock: Clock) -> "Budget":
        """A budget of this process alone."""
        return cls(requests_per_10s, clock, BudgetFile(None), "")

    @classmethod
    def taken_over(cls, requests_per_10s: int, clock: Clock) -> "Budget":
        """A budget of this process alone, for a token with which another may have sent until now.

        No request leaves before what the other sent has lapsed.
        """
        budget = cls.private(requests_per_10s, clock)
        budget.pause(WINDOW)
        return budget

    @classmethod
    def shared(cls, requests_per_10s: int, clock: Clock, file: Path, token: str) -> "Budget":
        """A budget of every process that opens `file` with this token. Raises `StoreError`."""
        name = hashlib.sha256(token.encode()).hexdigest()[:16]
        return cls(requests_per_10s, clock, BudgetFile(file), name)

    def wait(self, *, reads: bool, send_before: float | None = None) -> int:
        """Block until a request may leave, and return its permission, for `answered`.

        Raises `NotSent` when it could not leave before `send_before`, an instant of `clock.monotonic()`.
        """
        permission, wait = self._file.run(partial(self._ask, None, reads))
        try:
            while wait:
                raise_if_late(self._clock, send_before, wait / 1000)
                self._clock.sleep(min(wait, _RENEWED) / 1000)
                _, wait = self._file.run(partial(self._ask, permission, reads))
            raise_if_late(self._clock, send_before, 0)
        except BaseException:  # Ctrl-C too: what never leaves must hold nobody up
            self.give_back(permission)
            raise
        return permission

    def give_back(self, permission: int) -> None:
        """Tell that the request never left."""
        self._file.run(lambda db: db.execute("DELETE FROM request WHERE id = ?", (permission,)))

    def leaves(self, permission: int) -> bool:
        """Let a request count from now, as it leaves some time after its permission.

        False when it has lapsed: then it may not leave.
        """
        now = int(self._clock.monotonic() * 1000)
        values = (now, now + _UNANSWERED, permission, now)
        return bool(self._file.run(lambda db: db.execute(_LEAVE, values).fetchall()))

    def answered(self, permission: int, room: int | None = None, of_key: int | None = None) -> None:
        """Tell that the answer is here.

        It may say how many more requests are allowed: `room` by token and member, `of_key` by the key.
        """
        now = math.ceil(self._clock.monotonic() * 1000)
        room = min((told for told in (room, of_key) if told is not None), default=None)

        def learn(db: sqlite3.Connection) -> None:
            found = db.execute(_ANSWER, (now + _WINDOW, permission)).fetchall()
            if room is None or not found:
                return
            # Trello counts what we count since this request left; what it counts beyond is a stranger's.
            (since,) = found[0]
            (known,) = db.execute(_KNOWN, (self._name, _SENT, since)).fetchone()
            for _ in range(self.limit - room - known):
                self._write(_Entry(None, _SENT, False, now, now + _WINDOW), db)

        self._file.run(learn)

    def pause(self, seconds: float, *, of_key: bool = False) -> None:  # noqa: ARG002 - none leaves anyway
        """Let no request of this token leave for `seconds`, a minute at most."""
        now = math.ceil(self._clock.monotonic() * 1000)
        until = now + min(math.ceil(seconds * 1000), _LONGEST_PAUSE)
        self._file.run(partial(self._write, _Entry(None, _QUIET, False, now, until)))

    def used(self) -> int:
        """How many requests count now, strangers' included."""
        now = int(self._clock.monotonic() * 1000)
        values = (self._name, _SENT, now)
        ((count,),) = self._file.run(lambda db: db.execute(_KNOWN, values).fetchall())
        return int(count)

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _ask(self, number: int | None, reads: bool, db: sqlite3.Connection) -> tuple[int, int]:
        """Go, queue up or stay in the queue. Returns the request's number, and when, in ms, to ask again."""
        now = int(self._clock.monotonic() * 1000)
        db.execute(_SWEEP, (now - _REMEMBERED, now + _LONGEST_PAUSE))
        others = [_Entry(*row) for row in db.execute(_READ, (self._name, now, number))]
        mine = _Entry(number, _WAITING, reads, now, now + _MISSED)
        wait = _wait(mine, others, self.limit)
        if not wait:
            mine = replace(mine, state=_SENT, until=now + _UNANSWERED)
        return self._write(mine, db), wait

    def _write(self, entry: _Entry, db: sqlite3.Connection) -> int:
        """Insert or update an entry, and return its number."""
        values = (entry.number, self._name, entry.state, entry.reads, entry.since, entry.until)
        ((number,),) = db.execute(_WRITE, values).fetchall()
        return int(number)


def _wait(mine: _Entry, others: Sequence[_Entry], limit: int) -> int:
    """In how many milliseconds a request may leave at the earliest."""
    now = mine.since
    sent = [each for each in others if each.state == _SENT]
    reads_first = sum(each.reads for each in sent) < limit - limit // 4
    place = _place(mine, reads_first)
    ahead = sum(_place(each, reads_first) < place for each in others if each.state == _WAITING)
    # What goes ahead of us, or has no answer yet, will count for at least one window from now.
    lapses = sorted(min(each.until, now + _WINDOW) for each in sent) + [now + _WINDOW] * ahead
    for_reads = limit // 20 if any(each.reads for each in others) and not mine.reads else 0
    over = len(lapses) + 1 - (limit - for_reads)
    free = lapses[over - 1] + 1 if over > 0 else now
    quiet = [each.until + 1 for each in others if each.state == _QUIET]
    return max(now, free, *quiet) - now


def _place(entry: _Entry, reads_first: bool) -> tuple[bool, float]:
    """Sorts the queue. A request without a number came last."""
    return entry.reads != reads_first, math.inf if entry.number is None else entry.number
