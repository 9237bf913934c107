"""The composition root: the only module that chooses adapters and wires everything by hand."""

import getpass
import os
import socket
import tempfile
import threading
import uuid
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import structlog
from pydantic import SecretStr

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.mail import FolderMailer, SmtpMailer
from trello_ops.adapters.store import back_up as copy_store
from trello_ops.adapters.store import open_store
from trello_ops.adapters.trello import webhook
from trello_ops.adapters.trello.gateway import connect
from trello_ops.addresses import SmtpServer
from trello_ops.core.declared import Workspace
from trello_ops.core.planning.changes import UNATTENDED
from trello_ops.core.planning.safety import SafetyLimits
from trello_ops.declared import load
from trello_ops.declared.load import Declaration
from trello_ops.errors import InvalidDeclaration, StoreError, TokenRefused, TrelloOpsError
from trello_ops.operations import issue, observe, reconcile, report, webhooks
from trello_ops.operations.backoff import Backoff
from trello_ops.operations.comparison_cache import ComparisonCache
from trello_ops.operations.context import Config, Context, Runtime
from trello_ops.operations.leases import LeasePolicy
from trello_ops.operations.token_breaker import TokenBreaker
from trello_ops.ports import Clock, Mailer, Services
from trello_ops.render import card as card_templates
from trello_ops.render.report_mail import mail
from trello_ops.settings import Settings

log = structlog.get_logger()

MAIL_FOLDER = Path("mail")
"""Where reports go as .eml files while no mail server is set: nothing is lost meanwhile."""

WORKERS = 20
"""Threads that issue: 100 requests in ten seconds are kept under way up to two seconds of latency."""


# ---- declarations -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Declared:
    """A sound declaration and the renderer of its card templates.

    Edited files may mend anything, and change what any board should be: so each declaration begins with no
    pauses, and with no board compared.
    """

    workspace: Workspace
    cards: card_templates.CardRenderer
    backoff: Backoff = field(default_factory=Backoff)
    comparison_cache: ComparisonCache = field(default_factory=ComparisonCache)


def check_declaration(settings: Settings) -> Declaration:
    """Board files and card templates, with every problem of both, by file and line."""
    templates = settings.templates_dir
    found = load.read(settings.boards_dir, card_templates.available(templates))
    problems = found.problems
    if found.workspace:
        problems += card_templates.check(found.workspace, templates)
    in_order = sorted(problems, key=lambda p: (p.file, p.line, p.column, p.message))
    return replace(found, problems=tuple(in_order))


def read_declaration(settings: Settings) -> Declared:
    """A declaration without problems. Raises `InvalidDeclaration` with every problem."""
    found = check_declaration(settings)
    if found.problems or found.workspace is None:
        raise InvalidDeclaration(found.problems)
    return Declared(found.workspace, card_templates.CardRenderer(found.workspace, settings.templates_dir))


@dataclass(slots=True)
class Source:
    """The declaration as the files have it now; while they are wrong, as they had it last.

    Jobs share it: while one reads edited files, the others wait rather than go by the old ones.
    """

    settings: Settings
    declared: Declared
    signature: frozenset[tuple[str, int, int]]
    error: str = ""
    _reading: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def read(cls, settings: Settings) -> "Source":
        """Raises `InvalidDeclaration`: there is nothing to fall back on yet."""
        signature = _signature((settings.boards_dir, settings.templates_dir))
        return cls(settings, read_declaration(settings), signature)

    def reload(self) -> Declared:
        with self._reading:
            return self._reload()

    def _reload(self) -> Declared:
        signature = _signature((self.settings.boards_dir, self.settings.templates_dir))
        if signature != self.signature:
            self.signature = signature
            try:
                self.declared, self.error = read_declaration(self.settings), ""
            except InvalidDeclaration as error:
                self.error = str(error)
                log.warning("declaration.refused", problems=self.error.splitlines())
        return self.declared


def _signature(folders: tuple[Path, ...]) -> frozenset[tuple[str, int, int]]:
    """Changes whenever a file below the folders does. Editors' own files come and go meanwhile."""
    found = set()
    for folder in folders:
        for path in folder.rglob("*"):
            with suppress(OSError):
                stat = path.stat()
                found.add((str(path), stat.st_mtime_ns, stat.st_size))
    return frozenset(found)


# ---- the app ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Job:
    """One of the things the daemon does again and again, every so many seconds.

    One that `asks_trello` is left out while Trello refuses the token. Where it is `whole` no more, as when
    some boards only are read, its success says nothing of the job.
    """

    name: str
    seconds: float
    run: Callable[[Context], object]
    asks_trello: bool = True
    whole: bool = True

    @property
    def subject(self) -> str:
        """Under what its problems are noted."""
        return f"job:{self.name}"


@dataclass(frozen=True, slots=True)
class App:
    """Everything wired. `replace` a part of `services` for tests.

    `runtime` began when the store had been opened; `failures` are how often in a row this process saw each
    job fail.
    """

    settings: Settings
    services: Services
    source: Source
    runtime: Runtime
    token_breaker: TokenBreaker = field(default_factory=TokenBreaker)
    failures: dict[str, int] = field(default_factory=dict)
    closers: tuple[Callable[[], None], ...] = ()

    def context(self) -> Context:
        """What an operation works with now; edited files are taken up here."""
        declared = self.source.reload()
        return Context(
            services=self.services,
            workspace=declared.workspace,
            render_card=declared.cards,
            render_report=mail,
            runtime=replace(
                self.runtime, backoff=declared.backoff, comparison_cache=declared.comparison_cache
            ),
            config=_config(self.settings),
        )

    def jobs(self) -> tuple[Job, ...]:
        """In the order of one pass: a card must be possible before it is made, and made before it is read."""
        settings = self.settings
        return (
            Job("reconcile", settings.reconcile_seconds, lambda c: reconcile.reconcile(c, UNATTENDED)),
            Job("issue", settings.issue_seconds, issue.issue),
            Job("observe", settings.observe_seconds, observe.observe),
            Job("report", settings.report_seconds, report.report, asks_trello=False),
        )

    def standing_jobs(self) -> tuple[Job, ...]:
        """The daemon's: only where somebody listens may Trello be told to call."""
        reconciling, *others = self.jobs()
        seconds = self.settings.reconcile_seconds
        tending = Job("webhooks", seconds, lambda c: webhooks.keep_webhooks(c, self.callback))
        return (reconciling, tending, *others)

    def observe_job(self, boards: Collection[str]) -> Job:
        """The job `observe` for the boards of these Trello ids alone."""
        (observing,) = (job for job in self.jobs() if job.name == "observe")
        return replace(observing, run=lambda context: observe.observe(context, boards), whole=False)

    @property
    def callback(self) -> str | None:
        """The address that webhooks are to call, while there is one."""
        url = self.settings.public_url
        return url + webhook.PATH if url else None

    def run(self, job: Job) -> TrelloOpsError | None:
        """Run a job once. What goes wrong becomes a problem under its name; returns it."""
        now, store = self.services.clock.now, self.services.store
        try:
            context = self.context()
            self._note_declaration()
            refusal = (
                self.token_breaker.refusal(self.services, context.runtime.backoff)
                if job.asks_trello
                else None
            )
            if refusal:
                return refusal
            job.run(context)
            if job.whole:
                self._succeeded(job)
                store.job_done(job.name, now())
        except TokenRefused as error:
            self.token_breaker.trip(self.services, context.runtime.backoff, error)
            return error
        except TrelloOpsError as error:
            self._note_problem(job.subject, str(error))
            self._say_failed(job, error)
            return error
        except Exception as error:  # a bug of ours: noted here, then shown with its traceback
            self._note_problem(job.subject, f"unexpected {type(error).__name__}; see the log")
            raise
        return None

    def _succeeded(self, job: Job) -> None:
        if failures := self.failures.pop(job.name, 0):
            log.info("job.recovered", job=job.name, failures=failures)
        self.services.store.clear_problem(job.subject)

    def _say_failed(self, job: Job, error: TrelloOpsError) -> None:
        """An outage of hours is some lines and not thousands: the 1st failure in a row, 2nd, 4th, 8th …"""
        failures = self.failures[job.name] = self.failures.get(job.name, 0) + 1
        if failures & (failures - 1) == 0:
            log.warning("job.failed", job=job.name, error=str(error), failures=failures)

    def _note_problem(self, subject: str, message: str) -> None:
        """A store that is the problem itself cannot hold it; the log has it."""
        with suppress(StoreError):
            self.services.store.note_problem(subject, message, self.services.clock.now())

    def _note_declaration(self) -> None:
        if self.source.error:
            self._note_problem("job:declaration", self.source.error)
        else:
            self.services.store.clear_problem("job:declaration")

    def close(self) -> None:
        for close in self.closers:
            close()


def open_app(
    settings: Settings, clock: Clock | None = None, stopping: Callable[[], bool] = lambda: False
) -> App:
    """Wire the app of a settings' workspace. Raises `InvalidDeclaration` and `StoreError`.

    A clock of one's own also gets a request budget of its own: budgets are counted in machine time.
    """
    source = Source.read(settings)
    clock, budget = (clock, None) if clock else (SystemClock(), _budget_file())
    trello = connect(
        settings.trello_url,
        _text(settings.trello_key),
        _text(settings.trello_token),
        timeout=settings.request_timeout_seconds,
        requests_per_10s=settings.requests_per_10s,
        budget_file=budget,
        clock=clock,
    )
    store = open_store(settings.database_url.get_secret_value(), source.declared.workspace.key)
    return App(
        settings,
        Services(trello, store, clock, _mailer(settings)),
        source,
        Runtime(_holder(), clock.monotonic(), stopping=stopping),
        closers=(trello.close, store.close),
    )


def _config(settings: Settings) -> Config:
    return Config(
        LeasePolicy(settings.settle_seconds, settings.lease_seconds, settings.request_timeout_seconds),
        SafetyLimits(settings.max_archive_share, created_per_board=settings.max_cards_created),
        timedelta(hours=settings.report_wait_hours),
        timedelta(hours=settings.sweep_hours),
        WORKERS,
    )


def back_up(settings: Settings, file: Path) -> None:
    """Copy a settings' database to a new file, whatever runs. Raises `StoreError`."""
    copy_store(settings.database_url.get_secret_value(), file)


def _mailer(settings: Settings) -> Mailer:
    if settings.smtp_url:
        server = SmtpServer.parse(settings.smtp_url.get_secret_value())
        return SmtpMailer(server, settings.mail_from)
    return FolderMailer(settings.mail_dir or MAIL_FOLDER, settings.mail_from)


def _text(secret: SecretStr | None) -> str:
    """Commands that only read the store go without credentials; were they used, Trello would refuse."""
    return secret.get_secret_value() if secret else "unset"


def _budget_file() -> Path:
    """Where every process of this user on this machine finds what a token has spent of its requests."""
    try:
        folder = Path(tempfile.gettempdir())
    except FileNotFoundError as error:  # none in which anything can be written
        raise StoreError(
            f"The request budget needs a temporary folder ({error.strerror}). Make room there, or set TMPDIR."
        ) from error
    return folder / f"trello-ops-{_user()}" / "budget.sqlite3"


def _user() -> str:
    """A name for the folder, by number where users have one: $USER may be anything, a path too."""
    return str(os.getuid()) if hasattr(os, "getuid") else getpass.getuser()


def _holder() -> str:
    return f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"
