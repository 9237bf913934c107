"""What every operation works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from trello_ops.core.declared import Task, Workspace
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.mistakes import Mistake
from trello_ops.core.planning.safety import SafetyLimits
from trello_ops.core.rows import RowsNow, Table
from trello_ops.errors import Problem
from trello_ops.operations.backoff import Backoff, note_failure, paused_subjects
from trello_ops.operations.board_locks import BoardLocks
from trello_ops.operations.board_looks import BoardLooks
from trello_ops.operations.comparison_cache import ComparisonCache
from trello_ops.operations.leases import LeasePolicy, Watch
from trello_ops.ports import (
    CardRenderer,
    Clock,
    ForecastRenderer,
    Mailer,
    ReportRenderer,
    Services,
    Store,
    TrelloGateway,
)


@dataclass(frozen=True, slots=True)
class Config:
    """How operations behave, as the settings have it.

    A closed week waits at most `report_wait` for a full read of its boards. Every board is read at least once
    in a `sweep`, changed or not. One operation has at most `workers` threads.
    """

    lease_policy: LeasePolicy = LeasePolicy()
    limits: SafetyLimits = SafetyLimits()
    report_wait: timedelta = timedelta(hours=24)
    sweep: timedelta = timedelta(hours=6)
    workers: int = 1


@dataclass(frozen=True, slots=True)
class Runtime:
    """What this process is, and what it remembers between operations.

    `holder` names it in claims. It `began` at that instant of the monotonic clock, which no correction of the
    wall clock moves. `backoff` and `comparison_cache` begin anew when files are edited. `rows` is what
    workbooks had for cards at the last look. `stopping` turns true
    when the daemon is asked to end: an operation then finishes the step in hand and returns.
    """

    holder: str
    began: float
    watch: Watch = field(default_factory=Watch)
    backoff: Backoff = field(default_factory=Backoff)
    comparison_cache: ComparisonCache = field(default_factory=ComparisonCache)
    board_locks: BoardLocks = field(default_factory=BoardLocks)
    looks: BoardLooks = field(default_factory=BoardLooks)
    rows: dict[OccurrenceKey, tuple[Table, Task, RowsNow]] = field(default_factory=dict)
    stopping: Callable[[], bool] = field(default=lambda: False)


@dataclass(frozen=True, slots=True)
class Context:
    """Everything an operation needs, wired by `app.py`. Edited files make another one.

    `locate` finds the place of a mistake in its file. `translate` says a message in a locale.
    """

    services: Services
    workspace: Workspace
    render_card: CardRenderer
    render_report: ReportRenderer
    render_forecast: ForecastRenderer
    runtime: Runtime
    config: Config = Config()
    locate: Callable[[Mistake], Problem] = field(
        # Without files, as in most tests, a mistake has its path and no line.
        default=lambda each: Problem("workspace.yaml", 1, 1, ".".join(each.path), each.message)
    )
    translate: Callable[[str, str], str] = field(default=lambda message, _locale: message)

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

    def stopping(self) -> bool:
        """Whether the daemon is asked to end, so that no further step begins."""
        return self.runtime.stopping()

    def note_failure(self, subject: str, error: Exception | str) -> None:
        """Begin a problem, or count it again; its subject is left alone for a growing pause."""
        note_failure(self.services, self.runtime.backoff, subject, error)

    def paused_subjects(self) -> frozenset[str]:
        """The subjects that are left alone for now."""
        return paused_subjects(self.services, self.runtime.backoff)
