"""trello-ops status"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import asdict, replace
from zoneinfo import ZoneInfo

import click

from trello_ops import zone_data
from trello_ops.app import open_app
from trello_ops.cli.options import format_option
from trello_ops.cli.output import count, local, table, to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.ledger import Occurrence
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.operations.status import BoardStatus, Status, status
from trello_ops.render.escape import visible


@click.command
@format_option("text", "json")
@pass_session
def command(session: Session, form: str) -> None:
    """Show how the robot fares and the week stands.

    Boards and when they were last read, when each job last succeeded, what is unfinished or wrong, what
    comes next, and every duty of this week. Reads the store only, so that it works while Trello is out of
    reach; needs no credentials.
    """
    with closing(open_app(session.settings())) as app:
        workspace = app.context().workspace
        found = _without_secrets(status(app.context()), session.redact)
        if form == "json":
            click.echo(to_json(_as_dict(found)))
        else:
            jobs = [job.name for job in app.jobs()]
            click.echo("\n".join(_lines(found, workspace.name, jobs, workspace.timezone)))


def _without_secrets(found: Status, redact: Callable[[str], str]) -> Status:
    """Messages of problems may quote whatever a server answered."""
    problems = (replace(problem, message=redact(problem.message)) for problem in found.problems)
    return replace(found, problems=tuple(problems))


# ---- for programs -----------------------------------------------------------------------------------


def _as_dict(found: Status) -> dict[str, object]:
    return {
        "workspace": found.week.workspace,
        "at": utc(found.at),
        "timezone": found.week.timezone,
        "zone_data": asdict(zone_data.use_newest()) | {"version": zone_data.use_newest().version},
        "boards": [_board_as_dict(board) for board in found.boards],
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
            asdict(problem) | {"since": utc(problem.since), "last_seen": utc(problem.last_seen)}
            for problem in found.problems
        ],
        "next": [_occurrence_as_dict(occurrence) for occurrence in found.next],
        "mails_owed": found.mails_owed,
        "week": found.week.as_dict(),
    }


def _board_as_dict(board: BoardStatus) -> dict[str, object]:
    return {
        "key": board.key,
        "title": board.title,
        "url": board.url or None,
        "read_at": utc(board.cursor.read_at) if board.cursor else None,
        "last_action_at": utc(board.cursor.last_action_at) if board.cursor else None,
    }


def _occurrence_as_dict(occurrence: Occurrence) -> dict[str, object]:
    return {
        "key": str(occurrence.key),
        "title": occurrence.title,
        "assignees": list(occurrence.assignees),
        "release_at": utc(occurrence.release),
        "due_at": utc(occurrence.due),
    }


# ---- for people -------------------------------------------------------------------------------------


def _lines(found: Status, name: str, jobs: Iterable[str], zone: ZoneInfo) -> Iterator[str]:
    yield f"{visible(name)}, {local(found.at, zone)}; time zone data {zone_data.use_newest()}"
    yield from _section("Boards", [_board(board, zone) for board in found.boards])
    yield from _section("Last success", [_job(name, found, zone) for name in jobs])
    yield from _section(
        "Unfinished",
        [(claim.key, f"since {local(claim.attempted_at, zone)}", claim.holder) for claim in found.claims],
    )
    yield from _section(
        "Problems",
        [
            (problem.subject, f"since {local(problem.since, zone)}", f"{problem.count}×", problem.message)
            for problem in found.problems
        ],
    )
    yield from _section(
        "Next",
        [(local(each.release, zone), str(each.key), each.title) for each in found.next],
    )
    if found.mails_owed:
        yield from ("", f"{count(found.mails_owed, 'mail')} not sent yet.")
    yield from _section(_week(found.week), [_duty(line, zone) for line in found.week.occurrences])


def _section(title: str, rows: list[tuple[str, ...]]) -> Iterator[str]:
    if rows:
        yield from ("", title, *table(rows))


def _board(board: BoardStatus, zone: ZoneInfo) -> tuple[str, ...]:
    if not board.url:
        return board.key, board.title, "not made yet: run `trello-ops apply`", ""
    read = f"read {local(board.cursor.read_at, zone)}" if board.cursor else "not read yet"
    return board.key, board.title, read, board.url


def _job(name: str, found: Status, zone: ZoneInfo) -> tuple[str, ...]:
    at = found.jobs.get(name)
    return name, local(at, zone) if at else "never"


def _week(week: Report) -> str:
    totals = week.totals
    return f"Week {week.week}: {count(totals.scheduled, 'occurrence')}, {totals.on_time} on time so far"


def _duty(line: ReportedOccurrence, zone: ZoneInfo) -> tuple[str, ...]:
    return line.outcome, line.key, line.title, f"due {local(line.due_at, zone)}", _done(line, zone)


def _done(line: ReportedOccurrence, zone: ZoneInfo) -> str:
    if line.completed_at is None:
        return ""
    about = "about " if line.approximate else ""
    return f"done {about}{local(line.completed_at, zone)} by {line.completed_by or 'somebody'}"
