"""All checks at once, each in its own time."""

import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass

import structlog

from trello_ops.doctor import of_files, of_machine, of_mail, of_store, of_trello, of_web
from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.errors import TrelloOpsError
from trello_ops.messages import joined, say
from trello_ops.settings import name_of

log = structlog.get_logger()

SECONDS = 20.0
"""For which a check is waited for."""


@dataclass(frozen=True, slots=True)
class Check:
    """A check by its name. Where one of the settings that it `needs` is missing or wrong, it is left out."""

    name: str
    find: Callable[[Patient], Finding]
    needs: tuple[str, ...] = ()
    credentials: bool = False
    seconds: float = SECONDS


CHECKS = (
    Check("settings", of_files.settings),
    Check("files", of_files.files, ("boards_dir", "templates_dir", "shared_dirs")),
    Check("token", of_trello.token, ("trello_url",), credentials=True),
    Check("account", of_trello.account, ("trello_url", "database_url", "boards_dir"), credentials=True),
    Check("clock", of_trello.clock, ("trello_url",), credentials=True),
    Check("time_zones", of_machine.time_zones),
    Check("store", of_store.store, ("trello_url", "database_url"), seconds=of_store.SECONDS + SECONDS),
    Check("mail", of_mail.mail, ("smtp_url", "mail_dir", "mail_from")),
    Check("public_url", of_web.public_url, ("public_url",)),
    Check("webhooks", of_trello.webhooks, ("trello_url", "public_url"), credentials=True),
    Check("heartbeat", of_mail.heartbeat, ("heartbeat_url",)),
    Check("web_bind", of_web.web_bind, ("web_bind",)),
)

TEST_MAIL = Check("test_mail", of_mail.test_mail, ("smtp_url", "mail_dir", "mail_from"), seconds=120)


def examine(patient: Patient, checks: Iterable[Check] | None = None) -> tuple[Finding, ...]:
    """What every check finds, in their order; with `mail_to`, the test mail as well."""
    asked = checks or (*CHECKS, *([TEST_MAIL] if patient.mail_to else []))
    begun = [(check, _begun(check, patient)) for check in asked]
    start = time.monotonic()
    return tuple(_found(check, future, start) for check, future in begun)


def _begun(check: Check, patient: Patient) -> Future[Finding]:
    future = Future[Finding]()

    def fill() -> None:
        try:
            future.set_result(_left_out(check, patient) or check.find(patient))
        except BaseException as error:  # noqa: BLE001 - a finding as well
            future.set_exception(error)

    # In a thread that holds up no end of the program: what hangs is left.
    threading.Thread(target=fill, name=check.name, daemon=True).start()
    return future


def _found(check: Check, future: Future[Finding], start: float) -> Finding:
    try:
        return future.result(max(0.0, start + check.seconds - time.monotonic()))
    except TimeoutError:
        said = say("it took more than %(seconds)s seconds", seconds=f"{check.seconds:g}")
        return Finding(check.name, Level.BROKEN, said, say("Look at what it asks, then try again."))
    except TrelloOpsError as error:
        return Finding(check.name, Level.BROKEN, error.message)
    except Exception as error:  # whatever it is, the other findings are told
        log.exception("doctor.crashed", check=check.name)
        said = say("unexpected %(error)s", error=type(error).__name__)
        return Finding(check.name, Level.BROKEN, said, say("Please report this, with what was logged."))


def _left_out(check: Check, patient: Patient) -> Finding | None:
    """That a check cannot be made until a setting is right; `None` where it can."""
    wrong = [field for field in check.needs if field in patient.left_out]
    if check.credentials:
        both = ("trello_key", "trello_token")
        wrong += [field for field in both if getattr(patient.settings, field) is None]
    if not wrong:
        return None
    said = say("not checked, for want of %(settings)s", settings=joined(map(name_of, wrong)))
    return Finding(check.name, Level.LOOK, said, say("Correct the settings first."))
