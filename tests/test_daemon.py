"""The daemon's alarms, on an app that does nothing but count them."""

import datetime as dt
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from trello_ops.adapters.clock import SystemClock
from trello_ops.daemon import Daemon
from trello_ops.errors import StoreError
from trello_ops.jobs import Job
from trello_ops.ports import Services
from trello_ops.settings import load
from trello_ops.supervisor import ALIVE, READY, STOPPING
from trello_ops.testing import FakeTrello, MemoryStore, Outbox

NAMES = ("reconcile", "issue", "observe", "report")


class Counting:
    """Stands for an app: it notes each ring, and dies of the first few."""

    def __init__(self, failures: list[Exception]) -> None:
        self.rings: list[str] = []
        self.enough = threading.Event()
        self._failures = failures

    callback = None
    settings = load({"TRELLO_OPS_WEB_BIND": "off"}, None)
    services = Services(FakeTrello(SystemClock()), MemoryStore(), SystemClock(), Outbox())

    def standing_jobs(self) -> tuple[Job, ...]:
        return tuple(Job(name, 0.1, lambda _: None) for name in NAMES)

    def note_long_passes(self) -> None:
        pass

    def run(self, job: Job) -> None:
        if self._failures:
            raise self._failures.pop()
        self.rings.append(job.name)
        if all(self.rings.count(name) > 2 for name in NAMES):
            self.enough.set()


def daemon_of(app: Counting, stop: threading.Event) -> Daemon:
    return Daemon(app, stop)  # type: ignore[arg-type]  # it has all that a daemon asks of an app


@pytest.mark.parametrize("error", [RuntimeError("a bug"), StoreError("the database is locked")])
def test_a_first_pass_that_dies_leaves_no_deaf_daemon(error: Exception) -> None:
    app, stop = Counting([error] * 5), threading.Event()
    thread = threading.Thread(target=daemon_of(app, stop).run)
    thread.start()
    try:
        assert app.enough.wait(15), f"after the failures it only rang {app.rings}"
    finally:
        stop.set()
        thread.join(15)
    assert not thread.is_alive()


def test_cards_come_first_then_one_pass_in_order() -> None:
    app, stop = Counting([]), threading.Event()
    thread = threading.Thread(target=daemon_of(app, stop).run)
    thread.start()
    app.enough.wait(15)
    stop.set()
    thread.join(15)
    assert app.rings[:5] == ["issue", *NAMES]


def test_cards_come_again_while_the_first_look_at_the_boards_takes_long() -> None:
    """A Trello that answers comparing by drips must not hold up cards, nor may all other jobs together."""
    app, stop = Counting([]), threading.Event()
    again, counted = threading.Event(), app.run

    def run(job: Job) -> None:
        if job.name == "reconcile":
            stop.wait(15)
        counted(job)
        if app.rings.count("issue") > 2:
            again.set()

    app.run = run  # type: ignore[method-assign]
    thread = threading.Thread(target=daemon_of(app, stop).run)
    thread.start()
    assert again.wait(15)
    stop.set()
    thread.join(15)


# ---- what the service manager hears -----------------------------------------------------------------


class Shifted(SystemClock):
    """A machine's clock that can be moved on as a whole."""

    shift = 0.0

    def now(self) -> dt.datetime:
        return super().now() + dt.timedelta(seconds=self.shift)

    def monotonic(self) -> float:
        return super().monotonic() + self.shift

    def move(self, seconds: float) -> None:
        self.shift += seconds


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """The socket of who started the daemon."""
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(str(tmp_path / "notify"))
        listening.settimeout(10)
        yield listening


def test_the_service_manager_hears_of_its_life(manager: socket.socket) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=daemon_of(Counting([]), stop).run)
    thread.start()
    heard = [manager.recv(100).decode() for _ in range(3)]
    stop.set()
    thread.join(15)
    assert heard == [READY, ALIVE, ALIVE]
    while (last := manager.recv(100).decode()) == ALIVE:
        pass
    assert last == STOPPING


def test_silent_alarms_are_no_life(manager: socket.socket) -> None:
    stop, machine = threading.Event(), Shifted()
    daemon = Daemon(Counting([]), stop, machine)  # type: ignore[arg-type]  # see daemon_of
    thread = threading.Thread(target=daemon.run)
    thread.start()
    assert [manager.recv(100).decode() for _ in range(2)] == [READY, ALIVE]
    daemon._alarms._scheduler.pause()
    machine.shift = 31
    manager.settimeout(2.5)
    try:
        # A beat may have been under way, and count from the later instant.
        heard_last(manager, lambda: machine.move(31))
    finally:
        stop.set()
        thread.join(15)
    assert heard_last(manager) == STOPPING


def heard_last(manager: socket.socket, then: Callable[[], None] = lambda: None) -> str:
    """The last that is heard before it falls silent; after each, `then` is called."""
    last = ""
    for _ in range(3):
        try:
            last = manager.recv(100).decode()
            then()
        except TimeoutError:
            return last
    raise AssertionError("it goes on")
