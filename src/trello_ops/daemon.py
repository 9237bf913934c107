"""The daemon: runs jobs when their alarms ring or Trello calls, until a signal stops it.

Alarms live in memory and carry no meaning. What is due comes from the calendar and the store, so a missed,
merged or doubled ring changes nothing.
"""

import datetime as dt
import logging
import os
import signal
import socket
import threading
import time
from collections.abc import Iterable
from contextlib import suppress

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler

from trello_ops.adapters.clock import SystemClock
from trello_ops.app import App
from trello_ops.errors import StoreError
from trello_ops.jobs import Job, observe_job
from trello_ops.ports import Clock
from trello_ops.telemetry import Tally
from trello_ops.web.hints import Hints
from trello_ops.web.listening import listening
from trello_ops.web.refused import REFUSED, RefusedCalls

log = structlog.get_logger()

_DRAIN_SECONDS = 3.0  # from the signal on, for running jobs to finish their step
_END_SECONDS = 4.5  # from the signal on, for all the rest
_TELL_SECONDS = 0.2  # for the last line of the log
_JUMP_SECONDS = 5.0  # from which on a step of the wall clock counts as a jump
_WATCH_SECONDS = 5.0  # between looks at how the daemon itself fares
_THREADS = 8  # more than there are jobs: none waits because others take long
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
            executors={"default": ThreadPoolExecutor(_THREADS)},
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )
        # It would warn of every job that outlasts its interval, whose rings are simply merged.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)

    def run(self) -> bool:
        """Block until stopped. Returns whether every step in hand was finished within three seconds."""
        jobs = self._app.standing_jobs()
        log.info("daemon.started", **{job.name: job.seconds for job in jobs})
        hints = Hints(self._machine.monotonic)
        threading.Thread(target=self._read_hinted, args=[hints], name="hints", daemon=True).start()
        tally = Tally("webhook.refused", REFUSED, self._machine.monotonic)
        threading.Thread(target=self._watch, args=[RefusedCalls(tally)], name="watch", daemon=True).start()
        with listening(self._app.callback, self._app.settings, hints, tally):
            self._scheduler.start()
            self._scheduler.add_job(self._first_pass, args=[jobs])
            self._wait_for_stop()
            asked = time.monotonic()
        self._scheduler.shutdown(wait=False)
        with self._idle:
            left = max(0.0, _DRAIN_SECONDS - (time.monotonic() - asked))
            drained = self._idle.wait_for(lambda: self._running == 0, left)
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
        """Run each job once, in order, and only then set the alarms; that of `issue` waits for none."""
        # Cards first of all: people wait for those of today, and comparing the boards takes its time.
        issue = [job for job in jobs if job.name == "issue"]
        *others, last = jobs
        for job in issue:
            self._ring(job)
        self._set_alarms(issue)
        for job in others:
            self._ring(job)
        self._set_alarms(job for job in others if job not in issue)
        self._ring(last)  # it may wait for a mail server for as long as that takes
        self._set_alarms([last])

    def _set_alarms(self, jobs: Iterable[Job]) -> None:
        for job in jobs:
            self._scheduler.add_job(self._ring, "interval", seconds=job.seconds, args=[job], id=job.name)

    def _read_hinted(self, hints: Hints) -> None:
        """Read boards as soon as Trello tells of them, until stopped."""
        while not self._stop.is_set():
            boards = hints.take(_HINT_SECONDS)
            if boards:
                self._ring(observe_job(self._app.settings, boards))

    def _watch(self, calls: RefusedCalls) -> None:
        """Note what `status` is to tell while jobs run, until stopped."""
        while not self._stop.wait(_WATCH_SECONDS):
            # The jobs say it too when the store cannot be written.
            with suppress(StoreError):
                self._app.note_long_passes()
                calls.note(self._app.services)

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
    """Set `stop` on SIGTERM or SIGINT. At a second one, or soon after, the process ends whatever it does."""
    heard, told = socket.socketpair()
    told.setblocking(False)
    # Python runs handlers in the main thread, which may be held up, as by a locked database.
    signal.set_wakeup_fd(told.fileno())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: None)
    threading.Thread(target=_end, args=[stop, heard, told], name="end", daemon=True).start()


def _end(stop: threading.Event, heard: socket.socket, _wakeup: socket.socket) -> None:
    heard.recv(1)
    stop.set()
    heard.settimeout(_END_SECONDS)
    with suppress(TimeoutError):
        heard.recv(1)
    # In a thread of its own, since whoever reads the log may hold it up as well.
    told = threading.Thread(target=log.warning, args=["daemon.left"], daemon=True)
    told.start()
    told.join(_TELL_SECONDS)
    # As after a crash: what was in hand is claimed in the store, and settled by whoever comes next.
    os._exit(0)
