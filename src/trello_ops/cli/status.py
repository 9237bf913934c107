"""trello-ops status"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

import click

from trello_ops import __version__, zone_data
from trello_ops.cli.codes import word
from trello_ops.cli.files import reading
from trello_ops.cli.language import spoken
from trello_ops.cli.options import format_option
from trello_ops.cli.output import done, local, problem_as_dict, table, to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.escape import visible
from trello_ops.messages import say, say_count
from trello_ops.operations.status import Status, status


@click.command
@format_option("text", "json")
@pass_session
def command(session: Session, form: str) -> None:
    """Show how the robot fares and the week stands.

    Boards and when they were last read, when each job last succeeded, what is unfinished or wrong, what
    comes next, and every duty of this week. Reads the store only, so that it works while Trello is out of
    reach; needs no credentials.
    """
    with reading(session) as app:
        workspace = app.context().workspace
        found = status(app.context())
        # Problems quote what servers answered, which may have repeated a secret.
        text = str if form == "json" else spoken
        masked = (replace(each, message=session.redact(text(each.message))) for each in found.problems)
        found = replace(found, problems=tuple(masked))
        if form == "json":
            click.echo(to_json(_as_dict(found)))
        else:
            jobs = [job.name for job in app.jobs()]
            click.echo("\n".join(_lines(found, workspace.name, jobs, workspace.timezone)))


# ---- for programs -----------------------------------------------------------------------------------


def _as_dict(found: Status) -> dict[str, object]:
    return {
        "workspace": found.week.workspace,
        "at": utc(found.at),
        "version": __version__,
        "timezone": found.week.timezone,
        "zone_data": zone_data.use_newest().as_dict(),
        "trello": {
            "address": found.trello.address,
            "account": found.trello.username,
            "workspace": found.trello.workspace_name or None,
        }
        if found.trello
        else None,
        "boards": [
            {
                "key": board.key,
                "title": board.title,
                "url": board.url or None,
                "read_at": utc(board.cursor.read_at) if board.cursor else None,
                "last_action_at": utc(board.cursor.last_action_at) if board.cursor else None,
            }
            for board in found.boards
        ],
        "jobs": {name: utc(at) for name, at in found.jobs.items()},
        "claims": [
            {
                "key": claim.key,
                "holder": claim.holder,
                "attempted_at": utc(claim.attempted_at),
                "attempt": claim.attempt,
                "unknown": claim.unknown,
            }
            for claim in found.claims
        ],
        "problems": [
            {**problem_as_dict(problem), "left": bool(problem.left_while)} for problem in found.problems
        ],
        "next": [
            {
                "key": str(occurrence.key),
                "title": occurrence.title,
                "assignees": list(occurrence.assignees),
                "release_at": utc(occurrence.release),
                "due_at": utc(occurrence.due),
                "nobody_left": occurrence.nobody_left,
            }
            for occurrence in found.next
        ],
        "mails_owed": found.mails_owed,
        "week": found.week.as_dict(),
    }


# ---- for people -------------------------------------------------------------------------------------


def _lines(found: Status, name: str, jobs: Iterable[str], zone: ZoneInfo) -> Iterator[str]:
    now = say(
        "%(workspace)s, %(moment)s; trello-ops %(program)s, time zone data %(version)s",
        workspace=name,
        moment=local(found.at, zone),
        program=__version__,
        version=zone_data.use_newest().words,
    )
    yield visible(spoken(now))
    if found.trello:
        yield visible(spoken(found.trello.sentence()))
    boards = []
    for board in found.boards:
        cursor = board.cursor
        read = say("read %(moment)s", moment=local(cursor.read_at, zone)) if cursor else say("not read yet")
        state = read if board.url else say("not made yet: run `trello-ops apply`")
        boards.append((board.key, board.title, state, board.url))
    yield from _section(say("Boards"), boards)
    successes = [
        (word(name), local(found.jobs[name], zone) if name in found.jobs else say("never")) for name in jobs
    ]
    yield from _section(say("Last success"), successes)
    claims = [(each.key, _since(each.attempted_at, zone), each.holder) for each in found.claims]
    yield from _section(say("Unfinished"), claims)
    problems = [
        (each.subject, _since(each.since, zone), f"{each.count}×", each.message) for each in found.problems
    ]
    yield from _section(say("Problems"), problems)
    coming = [
        (local(each.release, zone), str(each.key), each.title, _flag(each.nobody_left)) for each in found.next
    ]
    yield from _section(say("Next"), coming)
    if found.mails_owed:
        mails = say_count("%(count)s mail not sent yet.", "%(count)s mails not sent yet.", found.mails_owed)
        yield from ("", spoken(mails))
    totals = found.week.totals
    week = say(
        "Week %(week)s: %(occurrences)s, %(on_time)s on time so far",
        week=str(found.week.week),
        occurrences=say_count("%(count)s occurrence", "%(count)s occurrences", totals.scheduled),
        on_time=totals.on_time,
    )
    duties = [
        (
            word(line.outcome),
            line.key,
            line.title,
            say("due %(moment)s", moment=local(line.due_at, zone)),
            done(line, zone) or _flag(line.nobody_left),
        )
        for line in found.week.occurrences
    ]
    yield from _section(week, duties)


def _section(title: str, rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """A title and a table below it; nothing when there are no rows."""
    if rows:
        yield from ("", spoken(title), *table(rows))


def _flag(nobody_left: bool) -> str:
    """What somebody has to look after: a duty that is nobody's, as all are away."""
    return say("nobody is there") if nobody_left else ""


def _since(instant: dt.datetime, zone: ZoneInfo) -> str:
    return say("since %(moment)s", moment=local(instant, zone))
