"""Real processes to be killed. Run as a script: a parent, kept warm, that forks them on request.

It reads one JSON object per line and answers each with a line: `{"start": LIFE}` with the pid of a new
process, `{"poll": PID}` with `running`, `frozen`, or `dead` and its status. A life is described by `Life`.
"""

import json
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from live_kit import one_pass
from shared_clock import SharedClock
from three_boards import SUNDAY

from trello_ops.app import App, open_app
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.daemon import Daemon, stop_on_signals
from trello_ops.errors import TrelloOpsError
from trello_ops.jobs import Job
from trello_ops.operations import reconcile
from trello_ops.operations.claims import wait_for_settling
from trello_ops.ports import Services
from trello_ops.render import card_process
from trello_ops.settings import load, name_of
from trello_ops.telemetry import configure_logging
from trello_ops.testing import FixedClock

_STORE_WRITES = (
    "bind unbind claim renew mark_unknown release record confirm amend append note_read freeze sent"
)
WRITES = frozenset(("perform", "send", *_STORE_WRITES.split(" ")))
"""The calls of ports after which something stands on Trello, in the store or in the mail folder.

One that says that it recorded nothing (0) is none.
"""
_ROUNDS = 6
_STRIKES_WITHIN = 0.05


@dataclass(frozen=True)
class Life:
    """What a process does, and when it ends.

    `role` is a key of `ROLES`. With `strike_after` the process gets `strike` (KILL or STOP) from itself
    right after so many writing calls of its ports (of that name only, with `strike_on`): after a commit, or
    after Trello's answer and before the commit. What it has to say is written to `out` once it has done its
    work for the first time.
    """

    role: str
    environment: dict[str, str]
    clock: str
    out: str
    strike_after: int = 0
    strike_on: str = ""
    strike: str = "KILL"


class Fate:
    """Counts the writing calls of a process' ports, and strikes it after one of them."""

    def __init__(self, life: Life, clock: SharedClock) -> None:
        self.steps: list[str] = []
        self._left, self._signal = life.strike_after, signal.Signals[f"SIG{life.strike}"]
        self._on = life.strike_on
        self._clock = clock
        self._calls = threading.Condition()
        self._running = 0

    def over(self, services: Services) -> Services:
        """The same services, watched."""
        return replace(
            services,
            trello=_Watched(services.trello, {"perform": self._perform}),
            store=_Watched(services.store, {}, self._call),
            mailer=_Watched(services.mailer, {"send": partial(self._call, "send")}),
        )

    def _perform(self, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        """Counted first: whoever freezes the process waits until the clock is let go of."""

        def stand_and_call() -> Any:
            with self._clock.standing():
                return call(*args, **named)

        return self._call("perform", stand_and_call)

    def _call(self, name: str, call: Callable[..., Any], *args: Any, **named: Any) -> Any:
        with self._calls:
            self._running += 1
        answer = None
        try:
            answer = call(*args, **named)
            return answer
        finally:
            with self._calls:
                self._running -= 1
                self._calls.notify_all()
            if name in WRITES and answer != 0:
                self._passed(name)

    def _passed(self, name: str) -> None:
        with self._calls:
            self.steps.append(name)
            self._left -= self._on in ("", name)
            if self._left != 0 or self._on not in ("", name):
                return
            if self._signal is signal.SIGSTOP:
                # Not between the check of a lease and the sending, nor with database or clock locked.
                self._calls.wait_for(lambda: self._running == 0)
            with self._clock.left_alone():
                os.kill(os.getpid(), self._signal)
                time.sleep(_STRIKES_WITHIN)  # other threads may take the signal, and this one run on a little


class _Watched:
    """A port whose calls pass through `watch`, those named in `watches` through a function of their own."""

    def __init__(
        self,
        port: Any,
        watches: dict[str, Callable[..., Any]],
        watch: Callable[..., Any] | None = None,
    ) -> None:
        self._port, self._watches, self._watch = port, watches, watch

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._port, name)
        if name in self._watches:
            return partial(self._watches[name], method)
        return partial(self._watch, name, method) if self._watch else method


# ---- roles ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Told(App):
    """An app that says when its first pass, which ends with `report`, is over."""

    tell: Callable[[App], None] = lambda _: None

    def run(self, job: Job) -> TrelloOpsError | None:
        error = super().run(job)
        if job.name == "report":
            self.tell(self)
        return error


def _daemon(app: App, tell: Callable[[App], None]) -> None:
    """What `trello-ops run` does."""
    stop = threading.Event()
    stop_on_signals(stop)
    wired = {each.name: getattr(app, each.name) for each in fields(app)}
    wired["runtime"] = replace(app.runtime, stopping=stop.is_set)
    Daemon(_Told(**wired, tell=tell), stop).run()


def _apply(app: App, tell: Callable[[App], None]) -> None:
    """What `trello-ops apply` does."""
    context = app.context()
    reconcile.free_settled_changes(context)
    reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK))
    tell(app)


def _apply_all(app: App, tell: Callable[[App], None]) -> None:
    """What a person does whose apply broke off: apply again, until nothing is left to do."""
    for _ in range(_ROUNDS):
        context = app.context()
        if not reconcile.plan(context).changes:
            break
        _apply(app, lambda _: None)
        _settle(app)
    tell(app)


def _heal(app: App, tell: Callable[[App], None]) -> None:
    """Pass after pass, until nothing is wrong."""
    for _ in range(_ROUNDS):
        errors, store = one_pass(app), app.services.store
        if not errors and not store.claims() and not store.problems():
            break
        _settle(app)
    tell(app)


def _settle(app: App) -> None:
    context = app.context()
    waiting, now = wait_for_settling(context), context.clock.now()
    # A mail that may have gone out is sent again minutes later.
    later = (each.not_before - now for each in context.store.problems() if each.not_before)
    context.clock.sleep(max([1.0, waiting, *(each.total_seconds() for each in later)]))


def _tick(app: App, tell: Callable[[App], None]) -> None:
    """What `trello-ops tick` does."""
    one_pass(app)
    if app.services.store.claims():
        _settle(app)
        one_pass(app)
    tell(app)


ROLES = {"tick": _tick, "daemon": _daemon, "apply": _apply, "apply_all": _apply_all, "heal": _heal}


# ---- a process --------------------------------------------------------------------------------------


def _live(life: Life) -> None:
    settings = load(life.environment, env_file=None)
    with Path(f"{life.out}.log").open("a", encoding="utf-8") as log:
        configure_logging("info", "json", str, log)
        clock = SharedClock(Path(life.clock), settings.trello_url)
        app = open_app(settings, clock)
        fate = Fate(life, clock)

        def tell(told: App) -> None:
            _write(Path(life.out), _account(told, fate.steps))

        ROLES[life.role](replace(app, services=fate.over(app.services)), tell)
        app.close()


def _account(app: App, steps: list[str]) -> dict[str, object]:
    """How the store stands, and what the process wrote."""
    store = app.services.store
    reports = [report.as_dict() for week in store.frozen_weeks() if (report := store.frozen(week))]
    return {
        "steps": list(steps),
        "claims": [claim.key for claim in store.claims()],
        "problems": {problem.subject: problem.message for problem in store.problems()},
        "unsent": [[str(mail.week), mail.recipient] for mail in store.unsent()],
        "reports": reports,
    }


def _write(path: Path, account: dict[str, object]) -> None:
    """In one step: whoever waits for the file reads all of it."""
    part = path.with_suffix(".part")
    part.write_text(json.dumps(account), "utf-8")
    part.replace(path)


@cache
def _warm(boards: str, templates: str) -> None:
    """Do once what every process would do at length: import late, read files, compile templates."""
    with tempfile.TemporaryDirectory() as scratch:
        given = {
            "boards_dir": boards,
            "templates_dir": templates,
            "database_url": f"sqlite:///{scratch}/warm",
        }
        settings = load({name_of(name): value for name, value in given.items()}, env_file=None)
        app = open_app(settings, FixedClock(SUNDAY))
        context = app.context()
        for board in context.workspace.boards:
            for task in board.tasks:
                context.render_card.template_card(board.key, task.key)
        app.close()
        card_process.shared().close()  # each life has its own
    assert threading.active_count() == 1, "only a process of one thread is forked"


def _start(life: Life) -> int:
    _warm(*(life.environment[name_of(name)] for name in ("boards_dir", "templates_dir")))
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 0)
        os.dup2(os.open(f"{life.out}.stderr", os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
        os.dup2(2, 1)
        _live(life)
        code = 0
    except BaseException:  # noqa: BLE001 - whatever it is, the test shows it
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(code)


def _poll(pid: int) -> str:
    found, status = os.waitpid(pid, os.WNOHANG | os.WUNTRACED)
    if not found:
        return "running"
    return "frozen" if os.WIFSTOPPED(status) else f"dead {os.waitstatus_to_exitcode(status)}"


def main() -> None:
    """Answer requests until standard input ends."""
    for line in sys.stdin:
        asked = json.loads(line)
        answer = _start(Life(**asked["start"])) if "start" in asked else _poll(asked["poll"])
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
