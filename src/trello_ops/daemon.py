"""The daemon: runs jobs when their alarms ring or Trello calls, until a signal stops it."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Collection
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

import structlog

from trello_ops import __version__, supervisor
from trello_ops.adapters.clock import SystemClock
from trello_ops.app import App
from trello_ops.errors import StoreError
from trello_ops.jobs import observe_job
from trello_ops.ports import Clock
from trello_ops.ringing import Alarms, Ringer
from trello_ops.telemetry import Tally
from trello_ops.web.hints import Hints
from trello_ops.web.listening import listening
from trello_ops.web.refused import REFUSED, RefusedCalls

if TYPE_CHECKING:
    from starlette.applications import Starlette

log = structlog.get_logger()

_DRAIN_SECONDS = 3.0  # from the signal on, for running jobs to finish their step
_END_SECONDS = 4.5  # from the signal on, for all the rest
_TELL_SECONDS = 0.2  # for the last line of the log
_WATCH_SECONDS = 5.0  # between looks at how the daemon itself fares
_THREADS = 8  # more than there are jobs: none waits because others take long
_HINT_SECONDS = 1.0  # between looks at whether to stop
_BEAT_SECONDS = 1.0  # between signs of life of the alarms
_DEAD_SECONDS = 30.0  # without one, and the service manager hears of none either


class Daemon:
    """Runs an app's jobs until `stop` is set.

    `machine` is the real clock, by which alarms ring; the app's own may be another.
    """

    def __init__(self, app: App, stop: threading.Event, machine: Clock | None = None) -> None:
        self._app = app
        self._stop = stop
        self._machine = machine or SystemClock()
        self._alarms = Alarms(_THREADS, self._machine)
        self._ringer = Ringer(app, self._alarms, stop.is_set)
        self._beat_at = 0.0

    def run(self) -> bool:
        """Block until stopped. Returns whether every step in hand was finished within three seconds."""
        intervals = {job.name: job.seconds for job in self._app.standing_jobs()}
        log.info("daemon.started", version=__version__, **intervals)
        hints = Hints[str](self._machine.monotonic)
        threading.Thread(target=self._read_hinted, args=[hints], name="hints", daemon=True).start()
        tally = Tally("webhook.refused", REFUSED, self._machine.monotonic)
        threading.Thread(target=self._watch, args=[RefusedCalls(tally)], name="watch", daemon=True).start()
        with listening(self._app.settings, partial(self._site, hints.add, tally), tally):
            self._alarms.start()
            self._beat()
            self._alarms.every(_BEAT_SECONDS, self._beat)
            self._ringer.begin()
            supervisor.tell(supervisor.READY)
            while not self._stop.wait(1.0):
                self._alarms.notice_jump()
                self._tell_alive()
            asked = time.monotonic()
            supervisor.tell(supervisor.STOPPING)
        self._alarms.stop()
        drained = self._ringer.drained(max(0.0, _DRAIN_SECONDS - (time.monotonic() - asked)))
        log.info("daemon.stopped", drained=drained)
        return drained

    def _site(self, hear: Callable[[str], None], tally: Tally) -> "Starlette":
        """What the daemon serves."""
        from trello_ops.web import receiver
        from trello_ops.web.served import create_app

        callback = self._app.callback
        webhook = receiver.route(self._secrets, callback, hear, tally) if callback else None
        return create_app(self._app, self._machine, self._alive, tally, webhook)

    def _beat(self) -> None:
        """The alarms ring: this is one of them."""
        self._beat_at = self._machine.monotonic()

    def _tell_alive(self) -> None:
        """Tell the service manager that this loop turns, as long as the alarms ring too."""
        if self._alive():
            supervisor.tell(supervisor.ALIVE)

    def _alive(self) -> bool:
        return self._machine.monotonic() - self._beat_at < _DEAD_SECONDS

    def _secrets(self) -> Collection[str]:
        secret = self._app.settings.trello_secret
        return [secret.get_secret_value()] if secret else []

    def _read_hinted(self, hints: Hints[str]) -> None:
        """Read boards as soon as Trello tells of them, until stopped."""
        while not self._stop.is_set():
            boards = hints.take(_HINT_SECONDS)
            if boards:
                self._ringer.ring(observe_job(self._app.settings, boards))

    def _watch(self, calls: RefusedCalls) -> None:
        """Note what `status` is to tell while jobs run, until stopped."""
        while not self._stop.wait(_WATCH_SECONDS):
            # The jobs say it too when the store cannot be written.
            with suppress(StoreError):
                self._app.note_long_passes()
                calls.note(self._app.services)


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
    leave("daemon.left")


def leave(event: str) -> None:
    """End the process now, whatever its threads do, with a last line in the log."""
    # In a thread of its own, since whoever reads the log may hold it up as well.
    told = threading.Thread(target=log.warning, args=[event], daemon=True)
    told.start()
    told.join(_TELL_SECONDS)
    # As after a crash: what was in hand is claimed in the store, and settled by whoever comes next.
    os._exit(0)
