"""What a fleet consists of now, read again and again: while it cannot be read, what it was before."""

import threading
from collections.abc import Callable, Collection, Mapping

import structlog

from trello_ops.errors import TrelloOpsError
from trello_ops.fleet.groups import groups
from trello_ops.fleet.tenant import Fleet, Tenant
from trello_ops.fleet.watchdog import machine_time

log = structlog.get_logger()

AGAIN, LATELY = 60.0, 1.0
"""Seconds: how old what was read may be, and for a group that is not known."""


class Reading:
    """The groups of a fleet, as `load` read them last. For any number of threads."""

    def __init__(self, load: Callable[[], Fleet]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._read_at = float("-inf")
        self._problems: Mapping[str, str] = {}
        self.groups: Mapping[str, tuple[Tenant, ...]] = {}
        self.workspaces: Mapping[str, str] = {}
        self.fleet = Fleet()
        self._secrets = frozenset[str]()

    def read(self, older_than: float = AGAIN) -> None:
        """Read it, if the last time was so many seconds ago. What is wrong is logged, once."""
        with self._lock:
            if machine_time() - self._read_at <= older_than:
                return
            try:
                fleet = self._load()
            except TrelloOpsError as error:
                log.warning("fleet.unreadable", error=error.message)
                return
            self._read_at = machine_time()
            self.fleet, self.groups, self.workspaces = fleet, groups(fleet), fleet.workspaces
            self._secrets = _secrets(fleet)
            for shop, problem in fleet.problems.items():
                if self._problems.get(shop) != problem:
                    log.warning("shop.not_tended", shop=shop, error=problem)
            self._problems = fleet.problems

    def secrets(self) -> Collection[str]:
        """Those of all keys that shops use."""
        return self._secrets

    def group(self, name: str) -> tuple[Tenant, ...]:
        """The shops of a group: none where there is no such group."""
        self.read()
        if name not in self.groups:
            self.read(LATELY)
        return self.groups.get(name, ())


def _secrets(fleet: Fleet) -> frozenset[str]:
    found = (tenant.settings.trello_secret for tenant in fleet.tenants.values())
    return frozenset(secret.get_secret_value() for secret in found if secret)
