"""Alarms, and who runs an app's jobs when they ring.

Alarms live in memory and carry no meaning. What is due comes from the calendar and the store, so a missed,
merged or doubled ring changes nothing.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

from trello_ops.adapters.clock import SystemClock
from trello_ops.app import App
from trello_ops.errors import TrelloOpsError
from trello_ops.jobs import Job
from trello_ops.ports import Clock

log = structlog.get_logger()

_JUMP_SECONDS = 5.0  # from which on a step of the wall clock counts as a jump


class Alarms:
    """Calls things again and again, in so many threads that all of them share.

    `machine` is the real clock, by which APScheduler goes; an app's own may be another. `pace` says how many
    seconds pass until what is to ring every so many seconds rings again.
    """

    def __init__(
        self, threads: int, machine: Clock | None = None, pace: Callable[[float], float] = float
    ) -> None:
        self._machine = machine or SystemClock()
        self._pace = pace
        self._offset = self._offset_now()
        self._scheduler = BackgroundScheduler(
            timezone=dt.UTC,
            executors={"default": ThreadPoolExecutor(threads)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        # It would warn of every job that outlasts its interval, whose rings are simply merged.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def start(self) -> None:
        """Begin to ring."""
        self._scheduler.start()

    def stop(self) -> None:
        """Ring no more. Whatever runs goes on."""
        self._scheduler.shutdown(wait=False)

    def once(self, call: Callable[..., object], *args: object) -> None:
        """Call as soon as a thread is free."""
        self._scheduler.add_job(call, args=args)

    def every(self, seconds: float, call: Callable[..., object], *args: object) -> Callable[[], None]:
        """Call again and again. Returns what ends it."""
        alarm = self._scheduler.add_job(call, _Every(seconds, self._pace), args=args)
        return lambda: _remove(alarm)

    def notice_jump(self) -> None:
        """When the wall clock has jumped since the last look, ring every alarm. To be called each second."""
        if abs(self._offset_now() - self._offset) > _JUMP_SECONDS:
            self._offset = self._offset_now()
            log.warning("clock.jumped")
            # APScheduler counts intervals by the wall clock: set back by a day, it would sleep for a day.
            for alarm in self._scheduler.get_jobs():
                with suppress(JobLookupError):
                    alarm.modify(next_run_time=self._machine.now())

    def _offset_now(self) -> float:
        return self._machine.now().timestamp() - self._machine.monotonic()


class _Every(BaseTrigger):  # type: ignore[misc]  # APScheduler tells no types
    """An interval that may be another each time."""

    def __init__(self, seconds: float, pace: Callable[[float], float]) -> None:
        self._seconds, self._pace = seconds, pace

    def get_next_fire_time(self, previous: dt.datetime | None, now: dt.datetime) -> dt.datetime:
        """The next instant after the last one, or after now where there was none."""
        return (previous or now) + dt.timedelta(seconds=self._pace(self._seconds))


class Ringer:
    """Runs an app's jobs as `alarms` ring, until `stopped`. Every line that it logs has what it is `told`.

    `ended` hears of each job that ended, and what it failed by.
    """

    def __init__(
        self,
        app: App,
        alarms: Alarms,
        stopped: Callable[[], bool],
        ended: Callable[[Job, TrelloOpsError | None], object] = lambda _, __: None,
        **told: str,
    ) -> None:
        self.app = app
        self._ended = ended
        self._alarms = alarms
        self._stopped = stopped
        self._told = told
        self._running = 0
        self._idle = threading.Condition()
        self._ends: list[Callable[[], None]] = []

    def begin(self) -> None:
        """Run each job once, in order, in a thread of the alarms'; from then on as they ring."""
        self._alarms.once(self._first_pass, self.app.standing_jobs())

    def ring(self, job: Job) -> None:
        """Run a job, unless stopped. A crash is logged, and the alarms go on."""
        with self._idle:
            if self._stopped():
                return
            self._running += 1
        try:
            with structlog.contextvars.bound_contextvars(**self._told):
                self._run(job)
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()

    def _run(self, job: Job) -> None:
        try:
            self._ended(job, self.app.run(job))
        except Exception:
            log.exception("job.crashed", job=job.name)

    def silence(self) -> None:
        """Take its alarms away, once it is stopped."""
        with self._idle:
            ends, self._ends = self._ends, []
        for end in ends:
            end()

    def drained(self, seconds: float | None) -> bool:
        """Wait until no job runs, so many seconds at most. Returns whether none does."""
        with self._idle:
            return self._idle.wait_for(lambda: self._running == 0, seconds)

    def _first_pass(self, jobs: tuple[Job, ...]) -> None:
        """Run each job once, in order, and only then set the alarms; that of `issue` waits for none."""
        # Cards first of all: people wait for those of today, and comparing the boards takes its time.
        issue = [job for job in jobs if job.name == "issue"]
        *others, last = jobs
        for job in issue:
            self.ring(job)
        self._set_alarms(issue)
        for job in others:
            self.ring(job)
        self._set_alarms(job for job in others if job not in issue)
        self.ring(last)  # it may wait for a mail server for as long as that takes
        self._set_alarms([last])

    def _set_alarms(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            with self._idle:
                if not self._stopped():
                    self._ends.append(self._alarms.every(job.seconds, self.ring, job))


def _remove(alarm: Any) -> None:
    with suppress(JobLookupError):
        alarm.remove()
