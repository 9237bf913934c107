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
from trello_ops.ports import CardRenderer, ReportRenderer, Services


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Context:
    """Everything an operation needs, wired by `app.py`.

    `holder` names this process in claims; it `began` at that instant of the clock's `monotonic()`, which no
    correction of the wall clock moves. Edited files make another Context, and no other process. `watch`,
    `backoff` and `comparison_cache` are what it remembers, and by `board_locks` its readers wait for each
    other. `stopping` turns true when the daemon is asked to end: an operation then finishes the step in hand
    and returns. `report_wait` is how long a closed week waits for a full read of its boards, `sweep` within
    how long each board is read whether it seems to have changed or not. `workers` is how many threads may
    ask Trello at once in one operation.
    """

    services: Services
    workspace: Workspace
    render_card: CardRenderer
    render_report: ReportRenderer
    holder: str
    began: float
    watch: Watch
    backoff: Backoff
    comparison_cache: ComparisonCache = field(default_factory=ComparisonCache)
    board_locks: BoardLocks = field(default_factory=BoardLocks)
    lease_policy: LeasePolicy = LeasePolicy()
    limits: SafetyLimits = SafetyLimits()
    report_wait: timedelta = timedelta(hours=24)
    sweep: timedelta = timedelta(hours=6)
    workers: int = 1
    stopping: Callable[[], bool] = field(default=_never)
