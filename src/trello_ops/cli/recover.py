"""trello-ops recover"""

from collections.abc import Iterator
from contextlib import closing
from zoneinfo import ZoneInfo

import click

from trello_ops.app import open_app
from trello_ops.cli.codes import word
from trello_ops.cli.language import spoken
from trello_ops.cli.options import format_option
from trello_ops.cli.output import local, progress, table, to_json, utc
from trello_ops.cli.session import CREDENTIALS, Session, pass_session
from trello_ops.messages import say, say_count
from trello_ops.operations.recover import Recovered, recover


@click.command
@format_option("text", "json")
@pass_session
def command(session: Session, form: str) -> None:
    """Rebuild a lost store from what Trello shows.

    For when the database is gone and there is no backup. Reads the boards that bear this workspace's
    marker, their archived cards and their whole action logs, and fills the empty store: what was issued,
    what was done, the reports of past weeks, which are mailed to nobody again. Lists what cannot be known.
    Writes nothing to Trello, refuses a store that holds anything, and may be interrupted and run again.
    """
    with closing(open_app(session.settings(*CREDENTIALS), new_store=True)) as app:
        context = app.context()
        with progress(say("Reading"), len(context.workspace.boards)) as step:
            found = recover(context, step)
        if form == "json":
            click.echo(to_json(_as_dict(found, context.workspace.key)))
        else:
            click.echo("\n".join(_lines(found, context.workspace.timezone)))


def _as_dict(found: Recovered, workspace: str) -> dict[str, object]:
    rebuilt = found.rebuilt
    return {
        "workspace": workspace,
        "at": utc(found.at),
        "boards": [
            {
                "key": shown.board.key,
                "title": shown.snapshot.board.title,
                "url": shown.snapshot.board.url,
                "cards": len(shown.cards),
                "actions": len(shown.log),
            }
            for shown in found.boards
        ],
        "occurrences": len(rebuilt.entries),
        "cards": sum(entry.card is not None for entry in rebuilt.entries),
        "completions": sum(len(entry.events) for entry in rebuilt.entries),
        "weeks": [str(report.week) for report in rebuilt.reports],
        "waiting": [str(key) for key in rebuilt.waiting],
        "doubts": [
            {"subject": each.subject, "about": each.kind, "message": each.message}
            for each in rebuilt.uncertainties
        ],
    }


def _lines(found: Recovered, zone: ZoneInfo) -> Iterator[str]:
    yield spoken(say("Recovered what Trello showed %(moment)s:", moment=local(found.at, zone)))
    yield from table(
        (
            shown.board.key,
            shown.snapshot.board.title,
            say_count("%(count)s card", "%(count)s cards", len(shown.cards)),
        )
        for shown in found.boards
    )
    yield from map(spoken, _summary(found))
    rebuilt = found.rebuilt
    if rebuilt.uncertainties:
        things = say_count(
            "%(count)s thing that Trello does not tell:",
            "%(count)s things that Trello does not tell:",
            len(rebuilt.uncertainties),
        )
        yield from ("", spoken(things))
        yield from table((each.subject, word(each.kind), each.message) for each in rebuilt.uncertainties)
    yield spoken(say("Look with `trello-ops plan`, then start the daemon."))


def _summary(found: Recovered) -> Iterator[str]:
    rebuilt = found.rebuilt
    yield say(
        "%(occurrences)s, %(issued)s with a card, and %(completions)s.",
        occurrences=say_count("%(count)s occurrence", "%(count)s occurrences", len(rebuilt.entries)),
        issued=sum(entry.card is not None for entry in rebuilt.entries),
        completions=say_count(
            "%(count)s completion",
            "%(count)s completions",
            sum(len(entry.events) for entry in rebuilt.entries),
        ),
    )
    if rebuilt.reports:
        # Their recipients had them, most likely; only a person can tell about the last one.
        yield say_count(
            "%(count)s closed week frozen, %(first)s to %(last)s, and mailed to nobody. Who did not get the"
            " last: `trello-ops report --week %(last)s --format html --out report.html`.",
            "%(count)s closed weeks frozen, %(first)s to %(last)s, and mailed to nobody. Who did not get the"
            " last: `trello-ops report --week %(last)s --format html --out report.html`.",
            len(rebuilt.reports),
            first=str(rebuilt.reports[0].week),
            last=str(rebuilt.reports[-1].week),
        )
