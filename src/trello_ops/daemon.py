"""The daemon: alarms ring, Trello calls, signals stop. Nothing of ours depends on when an alarm goes off.

Jobs live in memory and are only alarms: what is due comes from the calendar and the store, so a missed,
merged or doubled ring changes nothing.
"""

import datetime as dt
import logging
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from trello_ops.adapters.clock import SystemClock
from trello_ops.app import App
from trello_ops.jobs import Job, observe_job
from trello_ops.ports import Clock
from trello_ops.web.hints import Hints
from trello_ops.web.listening import listening

log = structlog.get_logger()

_DRAIN_SECONDS = 10.0
_JUMP_SECONDS = 5.0
_HINT_SECONDS = 1.0


class Daemon:
    """Runs an app's jobs until `stop` is set. `machine` is the clock that APScheduler goes by."""

    def __init__(self, app: App, stop: threading.Event, machine: Clock | None = None) -> None:
        self._app = app
        self._stop = stop
        self._machine = machine or SystemClock()
        self._running = 0
        self._idle = threading.Condition()
        self._scheduler = BackgroundScheduler(
            timezone=dt.UTC,
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        # A job that outlasts its interval is no news: the ring is merged with the next.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def run(self) -> bool:
        """Block until stopped; whether every step in hand was finished before we lost patience."""
        jobs = self._app.standing_jobs()
        log.info("daemon.started", **{job.name: job.seconds for job in jobs})
        hints = Hints(self._machine.monotonic)
        threading.Thread(target=self._read_hinted, args=[hints], name="hints", daemon=True).start()
        with listening(self._app.callback, self._app.settings, hints, self._machine):
            self._scheduler.start()
            self._scheduler.add_job(self._first_pass, args=[jobs])
            self._watch_the_clock()
        self._scheduler.shutdown(wait=False)
        drained = self._drained()
        log.info("daemon.stopped", drained=drained)
        return drained

    def _watch_the_clock(self) -> None:
        """Until stopped."""
        offset = self._offset()
        while not self._stop.wait(1.0):
            if abs(self._offset() - offset) > _JUMP_SECONDS:
                offset = self._offset()
                self._ring_all()

    # ---- rings

    def _first_pass(self, jobs: tuple[Job, ...]) -> None:
        """Today's cards first, where boards stand already; then one pass in order; then the alarms."""
        issue = [job for job in jobs if job.name == "issue"]
        for job in (*issue, *jobs):
            self._ring(job)
        for job in jobs:
            self._scheduler.add_job(self._ring, "interval", seconds=job.seconds, args=[job], id=job.name)

    def _read_hinted(self, hints: Hints) -> None:
        """What Trello tells of is read at once, by the job that would have read it anyway."""
        while not self._stop.is_set():
            boards = hints.take(_HINT_SECONDS)
            if boards:
                self._ring(observe_job(self._app.settings, boards))

    def _ring(self, job: Job) -> None:
        """Whatever a job dies of, the alarms go on."""
        if self._stop.is_set():
            return
        with self._counted():
            try:
                self._app.run(job)
            except Exception:
                log.exception("job.crashed", job=job.name)

    def _ring_all(self) -> None:
        """The machine's clock jumped: intervals counted by it mean nothing any more."""
        log.warning("clock.jumped")
        for job in self._scheduler.get_jobs():
            job.modify(next_run_time=self._machine.now())

    def _offset(self) -> float:
        return self._machine.now().timestamp() - self._machine.monotonic()

    # ---- draining

    @contextmanager
    def _counted(self) -> Iterator[None]:
        with self._idle:
            self._running += 1
        try:
            yield
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()

    def _drained(self) -> bool:
        with self._idle:
            return self._idle.wait_for(lambda: self._running == 0, _DRAIN_SECONDS)


def stop_on_signals(stop: threading.Event) -> None:
    """SIGTERM and SIGINT ask for an orderly end; a second one ends at once."""

    def asked(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
