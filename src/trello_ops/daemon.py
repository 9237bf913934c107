"""The daemon: runs jobs when their alarms ring or Trello calls, until a signal stops it.

Alarms live in memory and carry no meaning. What is due comes from the calendar and the store, so a missed,
merged or doubled ring changes nothing.
"""

import datetime as dt
import logging
import signal
import threading
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

_DRAIN_SECONDS = 10.0  # for running jobs to finish their step
_JUMP_SECONDS = 5.0  # from which on a step of the wall clock counts as a jump
_HINT_SECONDS = 1.0  # between looks at whether to stop


class Daemon:
    """Runs an app's jobs until `stop` is set.

    `machine` is the real clock, by which APScheduler goes; the app's own may be another.
    """

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
        # It would warn of every job that outlasts its interval, whose rings are simply merged.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def run(self) -> bool:
        """Block until stopped. Returns whether every step in hand was finished within ten seconds."""
        jobs = self._app.standing_jobs()
        log.info("daemon.started", **{job.name: job.seconds for job in jobs})
        hints = Hints(self._machine.monotonic)
        threading.Thread(target=self._read_hinted, args=[hints], name="hints", daemon=True).start()
        with listening(self._app.callback, self._app.settings, hints, self._machine):
            self._scheduler.start()
            self._scheduler.add_job(self._first_pass, args=[jobs])
            self._wait_for_stop()
        self._scheduler.shutdown(wait=False)
        with self._idle:
            drained = self._idle.wait_for(lambda: self._running == 0, _DRAIN_SECONDS)
        log.info("daemon.stopped", drained=drained)
        return drained

    def _wait_for_stop(self) -> None:
        """Block until stopped. When the wall clock jumps meanwhile, ring every alarm."""
        offset = self._offset()
        while not self._stop.wait(1.0):
            if abs(self._offset() - offset) > _JUMP_SECONDS:
                offset = self._offset()
                log.warning("clock.jumped")
                # APScheduler counts intervals by the wall clock: set back by a day, it would sleep for a day.
                for job in self._scheduler.get_jobs():
                    job.modify(next_run_time=self._machine.now())

    def _offset(self) -> float:
        return self._machine.now().timestamp() - self._machine.monotonic()

    def _first_pass(self, jobs: tuple[Job, ...]) -> None:
        """Run each job once, in order, and only then set the alarms."""
        # Cards first of all: people wait for those of today, and comparing the boards takes its time.
        issue = [job for job in jobs if job.name == "issue"]
        for job in (*issue, *jobs):
            self._ring(job)
        for job in jobs:
            self._scheduler.add_job(self._ring, "interval", seconds=job.seconds, args=[job], id=job.name)

    def _read_hinted(self, hints: Hints) -> None:
        """Read boards as soon as Trello tells of them, until stopped."""
        while not self._stop.is_set():
            boards = hints.take(_HINT_SECONDS)
            if boards:
                self._ring(observe_job(self._app.settings, boards))

    def _ring(self, job: Job) -> None:
        """Run a job, unless stopped. A crash is logged, and the alarms go on."""
        if self._stop.is_set():
            return
        with self._idle:
            self._running += 1
        try:
            self._app.run(job)
        except Exception:
            log.exception("job.crashed", job=job.name)
        finally:
            with self._idle:
                self._running -= 1
                self._idle.notify_all()


def stop_on_signals(stop: threading.Event) -> None:
    """Set `stop` on SIGTERM or SIGINT; a second signal ends the process at once."""

    def asked(number: int, _: FrameType | None) -> None:
        signal.signal(number, signal.SIG_DFL)
        stop.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, asked)
