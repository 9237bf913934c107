"""The daemon's jobs: what each of them does, how often, how long, and how often in a row it has failed."""

import statistics
import threading
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import structlog

from trello_ops.core.planning.changes import UNATTENDED
from trello_ops.core.problems import OTHER_TRELLO, ProblemSubject
from trello_ops.errors import OtherTrello, TrelloOpsError
from trello_ops.operations import issue, observe, reconcile, report, webhooks
from trello_ops.operations.context import Context
from trello_ops.settings import Settings

log = structlog.get_logger()

_LONG, _TIMES, _REMEMBERED = 600.0, 10, 20
"""A pass is too long from so many seconds on, and from so many times the median of the last passes on."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something the daemon does again and again, every `seconds`.

    While Trello refuses the token, jobs that `asks_trello` are left out. A job that is not `whole`, such as
    reading some of the boards, leaves the job's last success and its problem as they are.
    """

    name: str
    seconds: float
    run: Callable[[Context], object]
    asks_trello: bool = True
    whole: bool = True

    @property
    def subject(self) -> str:
        """The subject under which the job's problem is kept in the store."""
        return str(ProblemSubject(job=self.name))

    def subject_of(self, error: TrelloOpsError) -> str:
        """The subject under which an error of the job is kept: all jobs meet another Trello alike."""
        return str(OTHER_TRELLO) if isinstance(error, OtherTrello) else self.subject


def pass_jobs(settings: Settings) -> tuple[Job, ...]:
    """The jobs of one pass, in order: a board is made before its cards, and cards before they are read."""
    return (
        Job("reconcile", settings.reconcile_seconds, lambda c: reconcile.reconcile(c, UNATTENDED)),
        Job("issue", settings.issue_seconds, issue.issue),
        Job("observe", settings.observe_seconds, observe.observe),
        # A manager who hears nothing believes that all is well, so reports go out even without Trello.
        Job("report", settings.report_seconds, report.report, asks_trello=False),
    )


def webhooks_job(settings: Settings, callback: str | None) -> Job:
    """The daemon's job that keeps one webhook per board calling `callback`; without it, removes them."""
    return Job("webhooks", settings.reconcile_seconds, lambda c: webhooks.keep_webhooks(c, callback))


def observe_job(settings: Settings, boards: Collection[str]) -> Job:
    """The job `observe` for the boards of these Trello ids alone."""
    return Job("observe", settings.observe_seconds, lambda c: observe.observe(c, boards), whole=False)


@dataclass(frozen=True, slots=True)
class FailureStreaks:
    """How often in a row this process has seen each job fail, and the log lines about it.

    The store counts failures too, but those of all processes, and not while its disk is full.
    """

    counts: dict[str, int] = field(default_factory=dict)

    def failed(self, job: Job, error: TrelloOpsError) -> None:
        """Count a failure. Logs the 1st, 2nd, 4th, 8th … in a row, so that a long outage is a few lines."""
        failures = self.counts[job.name] = self.counts.get(job.name, 0) + 1
        if failures & (failures - 1) == 0:  # a power of two
            log.warning("job.failed", job=job.name, error=str(error), failures=failures)

    def succeeded(self, job: Job) -> None:
        """End the job's streak, and log that it is over if there was one."""
        if failures := self.counts.pop(job.name, 0):
            log.info("job.recovered", job=job.name, failures=failures)


@dataclass(eq=False, slots=True)
class Pass:
    """A pass under way since one monotonic instant, long from another; `told` once somebody said so."""

    job: Job
    begun: float
    long_from: float
    told: bool = False


@dataclass(frozen=True, slots=True)
class Passes:
    """This process's passes under way, how long those before took, how they ended. Safe between threads."""

    _under_way: list[Pass] = field(default_factory=list)
    _took: dict[str, deque[float]] = field(default_factory=dict)
    _ended: Counter[tuple[str, bool]] = field(default_factory=Counter)
    _cards: list[int] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def one(self, job: Job, monotonic: Callable[[], float]) -> Iterator[None]:
        """Count what happens meanwhile as a pass of the job."""
        begun = monotonic()
        with self._lock:
            took = self._took.setdefault(job.name, deque(maxlen=_REMEMBERED))
            usual = statistics.median(took) if took else 0.0
            this = Pass(job, begun, begun + max(_LONG, _TIMES * usual))
            self._under_way.append(this)
        try:
            yield
        finally:
            with self._lock:
                self._under_way.remove(this)
                took.append(monotonic() - begun)

    def ended(self, job: Job, *, well: bool) -> None:
        """Count a pass that is over; one that was asked for by a hint apart from polls."""
        with self._lock:
            self._ended[job.name if job.whole else f"{job.name}_hinted", well] += 1

    def counts(self) -> Mapping[tuple[str, bool], int]:
        """How many passes are over, by job and whether they went well."""
        with self._lock:
            return dict(self._ended)

    def did(self, done: object) -> None:
        """Count the cards of what a pass has done."""
        if isinstance(done, issue.Issued):
            with self._lock:
                self._cards[:] = [self.cards() + done.cards]

    def cards(self) -> int:
        """How many cards the passes have made or found."""
        return sum(self._cards)

    def newly_long(self, now: float) -> tuple[Pass, ...]:
        """The passes that outlast their usual time by far, each told once."""
        with self._lock:
            found = tuple(each for each in self._under_way if not each.told and now >= each.long_from)
            for each in found:
                each.told = True
        return found
