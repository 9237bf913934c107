"""What a node does for the groups that it has in hand: runs the jobs of their shops as alarms ring."""

import os
import socket
import threading
import uuid
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final

import structlog
from pydantic import SecretStr

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.request_limit import RequestLimit
from trello_ops.adapters.store import Database
from trello_ops.adapters.store.key_budget import PLACES, KeyBudget, digest
from trello_ops.adapters.store.postgres import PostgresDatabase
from trello_ops.adapters.trello.budget import Budget
from trello_ops.adapters.trello.token_and_key import TokenAndKey
from trello_ops.app import App, open_app
from trello_ops.core.claims import Holder
from trello_ops.errors import Stopped, StoreError, TrelloOpsError, WrongClock
from trello_ops.fleet.agency_post import SECONDS, AgencyPost
from trello_ops.fleet.tenant import Fleet, Tenant
from trello_ops.fleet.watchdog import machine_time
from trello_ops.jobs import Job, observe_job
from trello_ops.messages import say
from trello_ops.operations.context import Runtime
from trello_ops.ports import Clock
from trello_ops.ringing import Alarms, Ringer

log = structlog.get_logger()

_AGAIN: Final = 60.0
"""Seconds until a shop that could not be opened is tried again."""

_PER_SECOND: Final = 10
"""How many passes of one kind a node begins in a second. One takes 10 to 40 ms where nothing is to do."""

_ASTRAY: Final = 600.0
"""Seconds for which a clock that was wrong is not believed again."""

_WATCH: Final = 60.0
_RESTS: Final = 30.0
"""Seconds for which what a term had open stays so after it: the next one may begin here at once."""


class Tending:
    """All that this node tends, with one connection pool, one scheduler and one set of threads.

    Without `budgets`, the processes of this machine share those that they keep in a file. With a `clock`,
    shops live by that one.
    """

    def __init__(
        self,
        database: Database,
        threads: int,
        node: str,
        budgets: "Budgets | None" = None,
        clock: Clock | None = None,
    ) -> None:
        self.database, self.node, self.clock = database, node, clock
        self.alarms = Alarms(threads, pace=self.pace)
        self.budgets = budgets
        self.terms: dict[str, Term] = {}
        self._resting: dict[str, tuple[Means, float]] = {}
        self._wrong_clock_at = float("-inf")

    def pace(self, seconds: float) -> float:
        """So that at most `_PER_SECOND` passes of a kind begin in a second, however many shops there are."""
        return max(seconds, sum(len(term.tenants) for term in list(self.terms.values())) / _PER_SECOND)

    def heard(self, job: Job, error: TrelloOpsError | None) -> None:
        """Learn by a job that ended whether this machine's clock is wrong, which is no shop's fault."""
        if isinstance(error, WrongClock):
            self._wrong_clock_at = machine_time()
        elif error is None and job.name == "issue":  # which goes well by a true clock alone
            self._wrong_clock_at = float("-inf")

    def report_all(self, fleet: Callable[[], Fleet], stopping: Callable[[], bool]) -> None:
        """Freeze and send the week of all shops of a fleet from now on, whenever there is one to be told."""
        clock = self.clock or SystemClock()
        runtime = Runtime(self.node, clock.monotonic(), stopping=stopping)
        post = AgencyPost(self.database, fleet, clock, runtime)
        self.alarms.every(SECONDS, self._unless_astray, post.ring)

    def _unless_astray(self, call: Callable[[], None]) -> None:
        if not self.is_astray:
            call()

    @property
    def is_astray(self) -> bool:
        """Whether this machine's clock was wrong lately, and no pass has agreed with it since."""
        return machine_time() - self._wrong_clock_at < _ASTRAY

    def begin(
        self, group: str, tenants: tuple[Tenant, ...], workspaces: Mapping[str, str], *, had_before: bool
    ) -> "Term":
        """Begin a term of a group.

        `workspaces` are the keys of all shops of the fleet, by name. `had_before` says that no other node has
        had the group since this one did.
        """
        means = self._means(group, tenants, had_before=had_before)
        term = self.terms[group] = Term(self, group, means, workspaces)
        return term

    def _means(self, group: str, tenants: tuple[Tenant, ...], *, had_before: bool) -> "Means":
        rested, _ = self._resting.pop(group, (None, 0.0))
        if rested and had_before and rested.tenants == tenants:
            return rested
        if rested:
            rested.close()
        budget = self.budgets.take(group, tenants, had_before=had_before) if self.budgets else None
        return Means(tenants, budget)

    def end(self, term: "Term") -> bool:
        """End a term, but for jobs in hand. Returns whether all have ended; to be asked again until then."""
        if not term.end():
            return False
        self.terms.pop(term.group, None)
        self._resting[term.group] = term.means, machine_time()
        self._close_what_rested()
        return True

    def _close_what_rested(self) -> None:
        for group, (means, since) in list(self._resting.items()):
            if machine_time() - since > _RESTS and self._resting.pop(group, (None, since))[0]:
                means.close()
                if self.budgets:
                    self.budgets.drop(group)

    def open_workspaces(self) -> tuple[str, ...]:
        """The keys of the workspaces that are looked after here now."""
        return tuple(self._open())

    def read_soon(self, workspace: str, boards: Collection[str]) -> None:
        """Have boards of a workspace be read, by their Trello ids, as soon as a thread is free.

        Where its shop is not open here any more, whoever opens it next reads all.
        """
        if boards and (shop := self._open().get(workspace)):
            shop.read_soon(boards)

    def _open(self) -> "dict[str, _Shop]":
        shops = (shop for term in list(self.terms.values()) for shop in term.shops)
        return {shop.workspace: shop for shop in shops if shop.is_open}


@dataclass(slots=True)
class Means:
    """What the terms of a group work with: the limit of its requests, and the apps of its shops, once open.

    It outlasts a term where the next one begins here at once, so that Trello and the store need not be asked
    again for what is known. `ended` is the end of the term that has it.
    """

    tenants: tuple[Tenant, ...]
    budget: RequestLimit[Any] | None
    apps: dict[str, App] = field(default_factory=dict)
    ended: Callable[[], bool] = lambda: False

    def close(self) -> None:
        """Close the apps, which no term has any more. The limit is its owner's to close."""
        for app in self.apps.values():
            app.close()


class Term:
    """For as long as it lasts, the shops of one group are looked after. Each of them on its own."""

    def __init__(self, tending: Tending, group: str, means: Means, workspaces: Mapping[str, str]) -> None:
        self.group, self.means = group, means
        self._ended = threading.Event()
        means.ended = self._ended.is_set
        self.shops = [_Shop(tenant, tending, means, workspaces, means.ended) for tenant in means.tenants]
        for shop in self.shops:
            shop.begin()

    @property
    def tenants(self) -> tuple[Tenant, ...]:
        """The shops as they were declared when it began."""
        return self.means.tenants

    def end(self) -> bool:
        """See `Tending.end`."""
        self._ended.set()
        return all([shop.end() for shop in self.shops])  # noqa: C419 - each of them


class _Shop:
    """One shop within a term. What fails here is told, tried again, and stops no other shop."""

    def __init__(
        self,
        tenant: Tenant,
        tending: Tending,
        means: Means,
        workspaces: Mapping[str, str],
        ended: Callable[[], bool],
    ) -> None:
        self._tenant, self._tending, self._neighbours = tenant, tending, workspaces.values()
        self.workspace = workspaces.get(tenant.name, "")
        self._means, self._ended = means, ended
        self._told = {"shop": tenant.name}
        self._lock = threading.Lock()
        self._ringer: Ringer | None = None
        self._quiet: list[Callable[[], None]] = []
        self._hinted: set[str] | None = None
        self._hinting = threading.Lock()

    @property
    def is_open(self) -> bool:
        """Whether its jobs can run."""
        return self._ringer is not None and not self._ended()

    def begin(self) -> None:
        """Open it as soon as a thread is free, and again and again until that goes well."""
        alarms = self._tending.alarms
        self._quiet = [alarms.every(_AGAIN, self._begin), alarms.every(_WATCH, self._watch)]
        alarms.once(self._begin)

    def end(self) -> bool:
        """Take its alarms away. Returns whether no job of it is in hand."""
        for quiet in self._quiet:
            quiet()
        if not self._lock.acquire(blocking=False):  # it is being opened
            return False
        try:
            if self._ringer:
                self._ringer.silence()
                if not self._ringer.drained(0):
                    return False
                self._ringer = None
            return True
        finally:
            self._lock.release()

    def _begin(self) -> None:
        with self._lock, structlog.contextvars.bound_contextvars(**self._told):
            if self._ringer or self._ended():
                return
            app = self._app()
            if app is None:
                return
            self._ringer = Ringer(app, self._tending.alarms, self._ended, self._tending.heard, **self._told)
            self._ringer.begin()
            self._quiet[0]()

    def _app(self) -> App | None:
        """Its app, opened if it is not open yet; `None` where that goes wrong."""
        means, name = self._means, self._tenant.name
        try:
            if name not in means.apps:
                means.apps[name] = open_app(
                    self._tenant.settings,
                    self._tending.clock,
                    stopping=lambda: means.ended(),  # noqa: PLW0108 - the end of a later term, too
                    database=self._tending.database,
                    budget=means.budget,
                )
        except TrelloOpsError as error:
            log.warning("shop.not_opened", error=str(error))
            return None
        except Exception:
            log.exception("shop.crashed")
            return None
        return replace(means.apps[name], neighbours=self._neighbours)

    def read_soon(self, boards: Collection[str]) -> None:
        """Have boards be read in one of the alarms' threads; those that come meanwhile, after that."""
        with self._hinting:
            if self._hinted is not None:
                self._hinted.update(boards)
                return
            self._hinted = set(boards)
        self._tending.alarms.once(self._read_hinted)

    def _read_hinted(self) -> None:
        while boards := self._take_hinted():
            if ringer := self._ringer:
                ringer.ring(observe_job(self._tenant.settings, boards))

    def _take_hinted(self) -> set[str]:
        with self._hinting:
            taken, self._hinted = self._hinted or set(), set()
            if not taken:
                self._hinted = None
            return taken

    def _watch(self) -> None:
        ringer = self._ringer
        if ringer and not self._ended():
            with suppress(StoreError), structlog.contextvars.bound_contextvars(**self._told):
                ringer.app.note_long_passes()


class _UntilStopped(SystemClock):
    """Waits no longer than the node runs."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop

    def sleep(self, seconds: float) -> None:
        """Wait, or raise `Stopped` when stopped."""
        if self._stop.wait(seconds):
            raise Stopped(say("The request was held back, as the program stops. It is due again."))


class Budgets:
    """The limits of the requests of each group in hand, and of the keys that groups share.

    Once `stop` is set, a request that would have to wait is not sent.
    """

    def __init__(self, database: PostgresDatabase, stop: threading.Event, of_a_key: int = PLACES) -> None:
        self._database = database
        self._of_a_key = of_a_key
        self._clock = _UntilStopped(stop)
        self._lock = threading.Lock()
        self._tokens: dict[str, Budget] = {}
        self._keys: dict[str, KeyBudget] = {}

    def take(self, group: str, tenants: tuple[Tenant, ...], *, had_before: bool) -> RequestLimit[Any]:
        """The limit of a group's requests.

        Where another node may have sent some until now, none leaves before those have lapsed.
        """
        settings = tenants[0].settings
        with self._lock:
            kept = self._tokens.get(group)
            if kept is None or not had_before:
                least = min(tenant.settings.requests_per_10s for tenant in tenants)
                self._close(group)
                self._tokens[group] = kept = Budget.taken_over(least, self._clock)
        return TokenAndKey(kept, self._of_key(settings.trello_key))

    def _of_key(self, key: SecretStr | None) -> KeyBudget:
        name = digest(key.get_secret_value() if key else "")
        with self._lock:
            if name in self._keys:
                return self._keys[name]
            budget = self._keys[name] = KeyBudget(self._database, name, self._clock, self._of_a_key)
        with suppress(StoreError):  # else the first request does it
            budget.prepare()  # at once: what a new key waits passes together with what its tokens wait
        return budget

    def drop(self, group: str) -> None:
        """Keep a group's budget no longer."""
        with self._lock:
            self._close(group)

    def _close(self, group: str) -> None:
        if budget := self._tokens.pop(group, None):
            budget.close()


def own_name() -> str:
    """What this process is called among the nodes."""
    return str(Holder(socket.gethostname(), os.getpid(), uuid.uuid4().hex[:6]))
