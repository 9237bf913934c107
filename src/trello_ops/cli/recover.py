"""trello-ops recover"""

from collections.abc import Iterator
from contextlib import closing
from zoneinfo import ZoneInfo

import click

from trello_ops.app import open_app
from trello_ops.cli.options import format_option
from trello_ops.cli.output import count, local, progress, table, to_json, utc
from trello_ops.cli.session import CREDENTIALS, Session, pass_session
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
    with closing(open_app(session.settings(*CREDENTIALS))) as app:
        context = app.context()
        with progress("Reading", len(context.workspace.boards)) as step:
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
    rebuilt = found.rebuilt
    boards = (
        (shown.board.key, shown.snapshot.board.title, count(len(shown.cards), "card"))
        for shown in found.boards
    )
    yield f"Recovered what Trello showed {local(found.at, zone)}:"
    yield from table(boards)
    issued = sum(entry.card is not None for entry in rebuilt.entries)
    events = sum(len(entry.events) for entry in rebuilt.entries)
    yield (
        f"{count(len(rebuilt.entries), 'occurrence')}, {issued} with a card,"
        f" and {count(events, 'completion')}."
    )
    if rebuilt.reports:
        first, last = rebuilt.reports[0].week, rebuilt.reports[-1].week
        # Their recipients had them, most likely; only a person can tell about the last one.
        yield (
            f"{count(len(rebuilt.reports), 'closed week')} frozen, {first} to {last}, and mailed to nobody."
            f" Who did not get the last: `trello-ops report --week {last} --format html --out report.html`."
        )
    if rebuilt.uncertainties:
        yield from ("", f"{count(len(rebuilt.uncertainties), 'thing')} that Trello does not tell:")
        yield from table((each.subject, each.kind, each.message) for each in rebuilt.uncertainties)
    yield "Look with `trello-ops plan`, then start the daemon."
