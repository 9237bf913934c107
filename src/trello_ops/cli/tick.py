"""trello-ops tick"""

import datetime as dt
from contextlib import closing, suppress
from urllib.parse import urlsplit

import click
import requests

from trello_ops.adapters.clock import ShiftedClock
from trello_ops.app import App, open_app
from trello_ops.cli.codes import word
from trello_ops.cli.language import spoken
from trello_ops.cli.options import INSTANT
from trello_ops.cli.output import local, utc
from trello_ops.cli.session import CREDENTIALS, Session, pass_session
from trello_ops.cli.waiting import let_settle
from trello_ops.declaration_source import read_declaration
from trello_ops.errors import InvalidDeclaration, TrelloError, TrelloOpsError, Unavailable
from trello_ops.messages import joined, say, say_count
from trello_ops.operations.own_trello import require_own_trello
from trello_ops.settings import Settings

_AT = "--at"
_Outcome = dict[str, TrelloOpsError | None]


@click.command
@click.option(
    _AT, "instant", type=INSTANT, metavar="INSTANT",
    help="Rehearse as if it were then; moves the sandbox's clock too. Refused against Trello.",
)  # fmt: skip
@pass_session
def command(session: Session, instant: dt.datetime | None) -> None:
    """Do everything that is due once, then exit.

    One pass of what `trello-ops run` does again and again, for cron: the boards' additive changes, the
    cards that are due, what people have done, the weeks to report. Where an earlier pass was cut short, it
    waits until that may be taken over, and makes a second pass.
    """
    settings = session.settings(*CREDENTIALS, logs=True)
    clock = _rehearse(settings, instant) if instant else None
    with closing(open_app(settings, clock)) as app:
        outcome = _pass(app)
        if let_settle(app.context()):
            outcome = _pass(app)
        context = app.context()
        now = local(context.clock.now(), context.workspace.timezone)
        jobs = joined(
            say("%(job)s failed", job=word(name)) if error else say("%(job)s done", job=word(name))
            for name, error in outcome.items()
        )
        problems = len(context.store.problems())
        more = say_count(
            "%(count)s problem: see `trello-ops status`.",
            "%(count)s problems: see `trello-ops status`.",
            problems,
        )
        done = spoken(say("%(at)s: %(jobs)s.", at=now, jobs=jobs))
        click.echo(f"{done}{' ' + spoken(more) if problems else ''}")
        broken = app.source.found.problems
    failed = [error for error in outcome.values() if error]
    if failed:
        raise failed[0]
    if broken:  # all is done by the declaration in force, and yet somebody has to know
        raise InvalidDeclaration(broken)


def _pass(app: App) -> _Outcome:
    """Run every job once, in order, whatever the others end with."""
    return {job.name: app.run(job) for job in app.jobs()}


# ---- rehearsing -------------------------------------------------------------------------------------


def _rehearse(settings: Settings, instant: dt.datetime) -> ShiftedClock:
    """Move the sandbox's clock to an instant, and return one for us that shows the same.

    Raises `click.BadParameter` against Trello itself, and `OtherTrello`. An instant without zone is in the
    workspace's.
    """
    host = urlsplit(settings.trello_url).hostname or ""
    if host == "trello.com" or host.endswith(".trello.com"):
        raise click.BadParameter(
            spoken(
                say(
                    "%(host)s is Trello itself, where nothing is rehearsed: set TRELLO_OPS_TRELLO_URL to the"
                    " address of a `trello-ops sandbox`.",
                    host=host,
                )
            ),
            param_hint=_AT,
        )
    with closing(open_app(settings)) as app, suppress(TrelloError):
        require_own_trello(app.context())  # before the clock of somebody else's sandbox is moved
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=read_declaration(settings).workspace.timezone)
    url = f"{settings.trello_url}/sandbox/clock"
    with requests.Session() as http:
        http.trust_env = False  # no proxy lies between us and this machine
        try:
            answer = http.post(url, json={"now": utc(instant)}, timeout=settings.request_timeout_seconds)
        except requests.RequestException:
            raise Unavailable(
                say("%(url)s does not answer: start it with `trello-ops sandbox`.", url=settings.trello_url)
            ) from None
    if not answer.ok:
        raise click.BadParameter(
            spoken(
                say(
                    "%(url)s does not let its clock be set (%(status)s): rehearse against a"
                    " `trello-ops sandbox` on this machine.",
                    url=settings.trello_url,
                    status=answer.status_code,
                )
            ),
            param_hint=_AT,
        )
    return ShiftedClock(instant)
