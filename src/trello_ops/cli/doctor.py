"""trello-ops doctor"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace

import click

from trello_ops import __version__
from trello_ops.adapters.clock import SystemClock
from trello_ops.cli.codes import word
from trello_ops.cli.language import spoken
from trello_ops.cli.options import format_option
from trello_ops.cli.output import paragraph, sentence, to_json
from trello_ops.cli.session import Session, pass_session
from trello_ops.doctor.examination import examine
from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.messages import say

_EXAMPLE = "name@example.org"


def _address(_: click.Context, __: click.Parameter, given: str | None) -> str:
    """A bare mail address; empty where none is given."""
    if given is not None and not re.fullmatch(r"[!-?A-~]+@[!-?A-~]+", given):
        raise click.BadParameter(
            spoken(say("should be a mail address, such as %(example)s", example=_EXAMPLE))
        )
    return given or ""


@click.command
@click.option(
    "--mail", "mail_to", metavar="ADDRESS", callback=_address, help="Send a test message to this address."
)
@format_option("text", "json")
@pass_session
def command(session: Session, mail_to: str, form: str) -> None:
    """Check whether all that the robot needs is there and works.

    Looks at the settings, the files, the token and its account, the clock, the time zone data, the store,
    mail, and what is to be reached over HTTP, and says what to do. Changes nothing, and takes half a
    minute at most, or two with a test message. Exits with 0 where all is fine, with 1 where something is
    worth a look, and with 2 where something is broken.
    """
    settings, complaints, left_out = session.sound_settings()
    patient = Patient(settings, SystemClock(), complaints, left_out, mail_to)
    text = str if form == "json" else spoken
    # Servers' answers may repeat a secret.
    found = [
        replace(each, message=session.redact(text(each.message)), advice=session.redact(text(each.advice)))
        for each in examine(patient)
    ]
    worst = max((each.level for each in found), key=lambda level: level.code)
    if form == "json":
        findings = [{**asdict(each), "level": str(each.level)} for each in found]
        click.echo(to_json({"version": __version__, "level": str(worst), "findings": findings}))
    else:
        click.echo("\n".join(_lines(found, worst)))
    click.get_current_context().exit(worst.code)


_MARKS = {Level.FINE: "✓", Level.LOOK: "!", Level.BROKEN: "✗"}


def _lines(found: Sequence[Finding], worst: Level) -> Iterator[str]:
    names = [spoken(word(each.check)) for each in found]
    width = max(map(len, names))
    for name, each in zip(names, found, strict=True):
        first, *others = paragraph(each.message, indent="") or [""]
        yield f"{_MARKS[each.level]} {name:<{width}}  {first}"
        yield from (f"{'':<{width}}    {line}" for line in others)
        if each.advice:
            yield from (f"{'':<{width}}    → {line}" for line in paragraph(each.advice, indent=""))
    yield ""
    yield sentence(_VERDICTS[worst])


_VERDICTS = {
    Level.FINE: say("all is fine."),
    Level.LOOK: say("something is worth a look."),
    Level.BROKEN: say("something is broken."),
}
