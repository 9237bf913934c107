"""What every operation works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from trello_ops.core.declared import Workspace
from trello_ops.core.planning.safety import SafetyLimits
from trello_ops.operations.backoff import Backoff
from trello_ops.operations.board_locks import BoardLocks
from trello_ops.operations.claims import LeasePolicy, Watch
from trello_ops.operations.comparison_cache import ComparisonCache
from trello_ops.ports import CardRenderer, Clock, Mailer, ReportRenderer, Services, Store, TrelloGateway


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Config:
    """How operations behave, as the settings have it.

    `report_wait` is how long a closed week waits for a full read of its boards, `sweep` within how long each
    board is read whether it seems to have changed or not. `workers` is how many threads may ask Trello at
    once in one operation.
    """

    lease_policy: LeasePolicy = LeasePolicy()
    limits: SafetyLimits = SafetyLimits()
    report_wait: timedelta = timedelta(hours=24)
    sweep: timedelta = timedelta(hours=6)
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Runtime:
    """What this process is, and what it remembers between operations.

    `holder` names it in claims; it `began` at that instant of the clock's `monotonic()`, which no correction
    of the wall clock moves. `backoff` and `comparison_cache` begin anew when files are edited. By
    `board_locks` its threads wait for each other. `stopping` turns true when the daemon is asked to end: an
    operation then finishes the step in hand and returns.
    """

    holder: str
    began: float
    watch: Watch = field(default_factory=Watch)
    backoff: Backoff = field(default_factory=Backoff)
    comparison_cache: ComparisonCache = field(default_factory=ComparisonCache)
    board_locks: BoardLocks = field(default_factory=BoardLocks)
    stopping: Callable[[], bool] = field(default=_never)


@dataclass(frozen=True, slots=True)
class Context:
    """Everything an operation needs, wired by `app.py`. Edited files make another one."""

    services: Services
    workspace: Workspace
    render_card: CardRenderer
    render_report: ReportRenderer
    runtime: Runtime
    config: Config = Config()

    @property
    def trello(self) -> TrelloGateway:
        """The gateway among the services."""
        return self.services.trello

    @property
    def store(self) -> Store:
        """The store among the services."""
        return self.services.store

    @property
    def clock(self) -> Clock:
        """The clock among the services."""
        return self.services.clock

    @property
    def mailer(self) -> Mailer:
        """The mailer among the services."""
        return self.services.mailer
