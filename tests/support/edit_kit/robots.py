"""The program, run in this process on the shipped fakes."""

import datetime as dt
from pathlib import Path

from live_kit import one_pass

from edit_kit.judge import Json
from edit_kit.reckoning import PARIS
from edit_kit.trello_side import PEOPLE, FakeSide
from trello_ops.app import App
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.declaration_source import DeclarationSource
from trello_ops.errors import InvalidDeclaration
from trello_ops.operations import reconcile
from trello_ops.operations.context import Runtime
from trello_ops.ports import Services
from trello_ops.render import card
from trello_ops.settings import Settings, load
from trello_ops.testing import FakeTrello, FixedClock, MemoryStore, Outbox


class InProcess:
    """A daemon's passes and people's `apply`, each as it is wired in production but for Trello itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.clock = FixedClock(dt.datetime(2026, 11, 16, tzinfo=PARIS))
        self._trello = FakeTrello(self.clock, PEOPLE, "zinaobeldi")
        self._store = MemoryStore()
        self.side = FakeSide(self._trello)
        self._app: App | None = None
        self._number = 0

    def go_to(self, moment: dt.datetime) -> None:
        self.clock.advance_to(moment)

    def tick(self) -> str:
        """A pass of the daemon; one that had ended starts anew."""
        try:
            self._app = self._app or self._open()
        except InvalidDeclaration as error:
            return f"does not start: {error}"
        return "; ".join(f"{job}: {error}" for job, error in one_pass(self._app).items())

    def apply(self) -> str:
        app = self._open()
        try:
            context, foreseen = app.planned()
        except InvalidDeclaration as error:
            return str(error)
        plan = reconcile.plan(context, foreseen)
        app.take_up(alarming=True)
        applied = reconcile.apply(context, plan.only(EVERY_RISK))
        return "; ".join(f"{subject}: {error}" for subject, error in applied.failed.items())

    def restart(self) -> None:
        """End; the next pass is another process's."""
        self._app = None

    @property
    def trello(self) -> FakeTrello:
        """Trello, to be looked at."""
        return self._trello

    def reports(self) -> list[Json]:
        store = self._store
        return [report.as_dict() for week in store.frozen_weeks() if (report := store.frozen(week))]

    def _open(self) -> App:
        settings = self._settings()
        services = Services(self._trello, self._store, self.clock, Outbox())
        self._number += 1
        runtime = Runtime(f"robot:{self._number}", self.clock.monotonic())
        source = DeclarationSource(settings, self._store, self.clock, card.InProcess())
        source.reload()
        return App(settings, services, source, runtime)

    def _settings(self) -> Settings:
        folder = self._folder
        given = {
            "DATABASE_URL": f"sqlite:///{folder / 'ops.sqlite3'}",
            "BOARDS_DIR": str(folder / "boards"),
            "TEMPLATES_DIR": str(folder / "templates"),
            "MAIL_DIR": str(folder / "mail"),
            "TRELLO_KEY": "k",
            "TRELLO_TOKEN": "t",
        }
        return load({f"TRELLO_OPS_{name}": text for name, text in given.items()}, env_file=None)
