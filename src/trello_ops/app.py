"""The composition root: the only module that chooses adapters and wires everything by hand."""

import getpass
import os
import socket
import tempfile
import threading
import uuid
from collections.abc import Callable, Collection, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from pydantic import SecretStr

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.request_limit import RequestLimit
from trello_ops.adapters.row_files import RowFiles
from trello_ops.adapters.store import Database, SqlStore, is_there, open_store, workspaces
from trello_ops.adapters.trello import webhook
from trello_ops.adapters.trello.gateway import Gateway, connect
from trello_ops.channels import heartbeat_of, mailer_of, notifier_of
from trello_ops.core.calendar.agenda import Agenda
from trello_ops.core.claims import Holder
from trello_ops.core.declaration import Declaration
from trello_ops.core.declared import AttachedForm
from trello_ops.core.mails import OwedMail
from trello_ops.core.people import Person
from trello_ops.core.planning.safety import SafetyLimits
from trello_ops.core.problems import DECLARATION, OTHER_TRELLO
from trello_ops.core.reporting.report import Report
from trello_ops.declaration_source import (
    DeclarationSource,
    Declared,
    other_key,
)
from trello_ops.errors import (
    OUT_OF_REACH,
    InvalidDeclaration,
    Stopped,
    StoreError,
    TokenRefused,
    TrelloOpsError,
)
from trello_ops.folder_files import Folder
from trello_ops.jobs import FailureStreaks, Job, Passes, pass_jobs, webhooks_job
from trello_ops.messages import say, translated
from trello_ops.operations.clock_check import require_true_clock
from trello_ops.operations.context import Config, Context, Runtime
from trello_ops.operations.declaration import (
    Foreseen,
    foresee,
    put_in_force,
)
from trello_ops.operations.leases import LeasePolicy
from trello_ops.operations.own_trello import require_own_trello
from trello_ops.operations.token_breaker import TokenBreaker
from trello_ops.own_store import declared_key, store_address, workspace_key
from trello_ops.ports import Clock, Mail, Services
from trello_ops.settings import Settings
from trello_ops.unforeseen import blamed_on

log = structlog.get_logger()

WORKERS = 20
"""Threads that may ask Trello at once: enough for 100 requests in ten seconds at two seconds of latency."""


@dataclass(frozen=True, slots=True)
class App:
    """Everything wired. Tests `replace` parts of `services`.

    `runtime` began when the store had been opened. `neighbours` are the keys of workspaces that are known to
    be others of the same database, as in a fleet.
    """

    settings: Settings
    services: Services
    source: DeclarationSource
    runtime: Runtime
    token_breaker: TokenBreaker = field(default_factory=TokenBreaker)
    failures: FailureStreaks = field(default_factory=FailureStreaks)
    passes: Passes = field(default_factory=Passes)
    closers: tuple[Callable[[], None], ...] = ()
    neighbours: Collection[str] = ()
    _alone: threading.Lock = field(default_factory=threading.Lock)

    def context(self) -> Context:
        """What an operation works with now: what the files say, as far as that can be in force."""
        return self._context(self.source.reload())

    def _context(self, declared: Declared) -> Context:
        settings = self.settings
        runtime = replace(self.runtime, backoff=declared.backoff, comparison_cache=declared.comparison_cache)
        config = Config(
            lease_policy_of(settings),
            SafetyLimits(settings.max_archive_share, created_per_board=settings.max_cards_created),
            timedelta(hours=settings.report_wait_hours),
            timedelta(hours=settings.sweep_hours),
            WORKERS,
        )
        return Context(
            self.services,
            declared.workspace,
            declared.cards,
            partial(_mail, templates=settings.templates_folder, attach=declared.workspace.report.attach),
            _forecast,
            runtime,
            config,
            declared.locate,
            said_in,
        )

    def planned(self) -> tuple[Context, Foreseen]:
        """What `plan` and `apply` work with: what the files say, also what only `apply` puts in force.

        Raises `InvalidDeclaration` while they are broken.
        """
        self.source.reload()
        context = self._context(self.source.as_files_say())
        with blamed_on(self.settings.boards_dir):
            return context, foresee(context, self.source.following)

    def take_up(self, *, alarming: bool = False) -> None:
        """Put in force what the files say, where it is sound; with `alarming` also what only `apply` may.

        Raises `OtherTrello`, as far as is known, and `WrongClock`: by a wrong clock, the wrong cards would be
        withdrawn. Without `alarming`, raises `InvalidDeclaration` for a first declaration with the boards of
        another workspace of the store: its key was changed, and each board would be made anew.
        """
        with self._alone:
            context = self.context()
            following = self.source.following
            if following is None or not following.is_new or (following.alarms and not alarming):
                return
            # Without asking, since an edit counts from now on also while Trello is away.
            require_own_trello(context, ask=False)
            if following.before:
                with suppress(*OUT_OF_REACH):
                    require_true_clock(context)
            elif not alarming and (other := self._same_boards(following.declaration)):
                raise InvalidDeclaration((self.source.found.locate(other_key(other)),))
            try:
                with blamed_on(self.settings.boards_dir):
                    put_in_force(context, following)
            except InvalidDeclaration as invalid:
                self.source.hold(invalid)

    def told(self) -> Context:
        """What an operation works with now. Has `status` say why, while not all of the files is in force."""
        context = self.context()
        if self.source.trouble:
            self._note_problem(str(DECLARATION), self.source.trouble)
        else:
            context.store.clear_problem(str(DECLARATION))
        return context

    def _same_boards(self, declaration: Declaration) -> str | None:
        """The key of another workspace of the store that has boards in force with the keys of these."""
        url, keys = store_address(self.settings), {board.key for board in declaration.workspace.boards}
        for key in set(workspaces(url) if is_there(url) else ()).difference(self.neighbours):
            with closing(open_store(url, key)) as store:
                other = store.in_force()
            if other and keys & {board.key for board in other.declaration.workspace.boards}:
                return key
        return None

    def jobs(self) -> tuple[Job, ...]:
        """The jobs of one pass, in order."""
        return pass_jobs(self.settings)

    def standing_jobs(self) -> tuple[Job, ...]:
        """The daemon's jobs, in order: those of a pass, and the one that tends webhooks."""
        # Not in `jobs`: Trello refuses a webhook whose address does not answer, and only the daemon listens.
        reconciling, *others = self.jobs()
        return (reconciling, webhooks_job(self.settings, self.callback), *others)

    @property
    def callback(self) -> str | None:
        """The address that webhooks are to call; `None` without a public URL."""
        return webhook.callback(self.settings.public_url)

    def run(self, job: Job) -> TrelloOpsError | None:
        """Run a job once. Returns what went wrong, which also becomes a problem under the job's name.

        While Trello refuses the token, a job that asks Trello is not run: the refusal is returned. Errors
        that are not ours are noted too, and then raised. A pass that a stop cuts short neither went well nor
        failed.
        """
        heartbeat = self.services.heartbeat
        heartbeat.begun()
        try:
            with self.passes.one(job, self.services.clock.monotonic):
                error = self._run(job)
        except Stopped:  # what is left of the pass is done after the next start, or by another node
            return None
        except Exception:
            self.passes.ended(job, well=False)
            heartbeat.failed()
            raise
        self.passes.ended(job, well=error is None)
        if error:
            heartbeat.failed()
        elif not self.failures.counts:  # else another job has work that it cannot do
            heartbeat.went_well()
        return error

    def _run(self, job: Job) -> TrelloOpsError | None:
        try:
            self.take_up()
            context = self.told()
            if job.asks_trello:
                refusal = self.token_breaker.refusal(self.services, context.runtime.backoff)
                if refusal:
                    return refusal
            self.passes.did(job.run(context))
            if job.whole:
                self._note_success(job)
        except TokenRefused as error:
            self.token_breaker.trip(self.services, context.runtime.backoff, error)
            return error
        except Stopped:
            raise
        except TrelloOpsError as error:
            self._note_problem(job.subject_of(error), error.message)
            self.failures.failed(job, error)
            return error
        except Exception as error:  # a bug of ours: noted here, then shown with its traceback
            self._note_problem(
                job.subject, say("unexpected %(error)s; see the log", error=type(error).__name__)
            )
            raise
        return None

    def _note_success(self, job: Job) -> None:
        store = self.services.store
        self.failures.succeeded(job)
        store.clear_problem(job.subject)
        if job.asks_trello:
            store.clear_problem(str(OTHER_TRELLO))
        store.job_done(job.name, self.services.clock.now())

    def note_long_passes(self) -> None:
        """Have `status` tell of each pass that outlasts its usual time by far, until the job succeeds."""
        now = self.services.clock.monotonic()
        for each in self.passes.newly_long(now):
            minutes = round((now - each.begun) / 60)
            log.warning("job.long", job=each.job.name, minutes=minutes)
            self._note_problem(
                each.job.subject,
                say(
                    "a pass has been under way for %(minutes)s minutes, far longer than usual; see the log",
                    minutes=minutes,
                ),
            )

    def _note_problem(self, subject: str, message: str) -> None:
        # The store itself may be the problem, as when the disk is full: then only the log has it.
        with suppress(StoreError):
            self.services.store.note_problem(subject, message, self.services.clock.now())

    def close(self) -> None:
        """Close the store, the connections to Trello and the request budget."""
        for close in self.closers:
            close()


def open_trello(settings: Settings) -> Gateway:
    """The Trello of some settings alone, without a store; to be closed."""
    return _connected(settings, SystemClock(), _budget_file(), None)


def _connected(
    settings: Settings, clock: Clock, budget_file: Path | None, budget: RequestLimit[Any] | None
) -> Gateway:
    return connect(
        settings.trello_url,
        _text(settings.trello_key),
        _text(settings.trello_token),
        timeout=settings.request_timeout_seconds,
        requests_per_10s=settings.requests_per_10s,
        budget_file=budget_file,
        clock=clock,
        budget=budget,
    )


def open_app(
    settings: Settings,
    clock: Clock | None = None,
    stopping: Callable[[], bool] = lambda: False,
    *,
    new_store: bool = False,
    database: Database | None = None,
    neighbours: Collection[str] = (),
    budget: RequestLimit[Any] | None = None,
) -> App:
    """Wire the app of a settings' workspace. Raises `InvalidDeclaration` and `StoreError`.

    A store that is gone is made anew with `new_store` alone. With a `clock` of your own, the request budget
    is this process's alone: the shared one counts in machine time. `stopping` turns true when the daemon is
    asked to end. A `database` that is open already is that of the settings, shared with the `neighbours`, and
    stays open when the app is closed. A `budget` takes the place of that of the settings.
    """
    # Of a shared database, the only workspace so far may be a neighbour's.
    key = declared_key(settings) if database else workspace_key(settings)
    budget_file = None if clock or budget else _budget_file()
    clock = clock or SystemClock()
    trello = _connected(settings, clock, budget_file, budget)
    if database:
        store, close_store = SqlStore(database, key), _leave_open
    else:
        store = open_store(store_address(settings), key, new=new_store)
        close_store = store.close
    source = DeclarationSource(settings, store, clock)
    try:
        source.reload()
    except TrelloOpsError:
        close_store()
        trello.close()
        raise
    holder = Holder(socket.gethostname(), os.getpid(), uuid.uuid4().hex[:6])
    return App(
        settings,
        Services(
            trello,
            store,
            clock,
            mailer_of(settings),
            notifier_of(settings),
            heartbeat_of(settings, clock),
            RowFiles(settings.boards_folder),
        ),
        source,
        Runtime(str(holder), clock.monotonic(), stopping=stopping),
        closers=(trello.close, close_store),
        neighbours=neighbours,
    )


def lease_policy_of(settings: Settings) -> LeasePolicy:
    """How long claims last by these settings."""
    return LeasePolicy(settings.settle_seconds, settings.lease_seconds, settings.request_timeout_seconds)


def _leave_open() -> None:
    """The database is somebody else's to close."""


def _mail(report: Report, mail: OwedMail, templates: Folder, attach: Collection[AttachedForm]) -> Mail:
    """A report's mail, by the workspace's own template if it has one."""
    # Imported late: what draws pages would take memory all week.
    from trello_ops.render import report_mail

    return report_mail.mail(report, mail, templates, attach)


def _forecast(weeks: Sequence[tuple[Person, Agenda]], mail: OwedMail) -> Mail:
    """The mail of people's coming weeks."""
    from trello_ops.render import forecast_mail

    return forecast_mail.mail(weeks, mail)


def said_in(message: str, locale: str) -> str:
    """A message in the language of a locale."""
    from trello_ops.render.i18n import Translator

    return translated(message, Translator(locale))


def _budget_file() -> Path:
    """The file in which all processes of this user on this machine count a token's requests together."""
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError as error:  # there is none that can be written to, as on a full disk
        raise StoreError(
            say(
                "The request budget needs a temporary folder (%(why)s). Make room there, or set TMPDIR.",
                why=error.strerror,
            )
        ) from error
    # By number where users have one: $USER may be anything, even a path.
    user = str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()
    return folder / f"trello-ops-{user}" / "budget.sqlite3"


def _text(secret: SecretStr | None) -> str:
    """Commands that only read the store go without credentials; if used after all, Trello refuses these."""
    return secret.get_secret_value() if secret else "unset"
