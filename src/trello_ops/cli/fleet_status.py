"""trello-ops fleet status"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.cli.fleet_choice import Chosen, chosen, file_option, section, shop_options
from trello_ops.cli.language import spoken
from trello_ops.cli.options import format_option
from trello_ops.cli.output import local, to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.escape import visible
from trello_ops.fleet.standing import Standing, departed, standings
from trello_ops.messages import joined, say, say_count

_ZONE = ZoneInfo("UTC")
"""Shops may live in several zones."""


@click.command
@file_option
@shop_options
@format_option("text", "json")
@pass_session
def command(
    session: Session, *, file: Path, names: tuple[str, ...], labels: tuple[str, ...], form: str
) -> None:
    """Show how every shop fares, the worst first.

    Since when its declaration is in force, how long ago all its boards were read (lag), what is wrong,
    unfinished or not sent; which shops are not tended, and why; how many shops each key serves. Reads the
    store only.
    """
    now = SystemClock().now()
    with chosen(session, file, names, labels) as choice:
        wanted = {*(tenant.name for tenant in choice.tenants), *choice.problems}
        found = standings(choice.fleet, choice.database, now, wanted)
        # Problems quote what servers answered, which may have repeated a secret.
        text = str if form == "json" else spoken
        found = tuple(
            replace(each, problems=tuple(
                replace(problem, message=session.redact(text(problem.message))) for problem in each.problems
            ))
            for each in found
        )  # fmt: skip
        if form == "json":
            click.echo(to_json(_as_dict(found, choice, now)))
        else:
            click.echo("\n".join(_lines(found, choice, now)))


def _shops_by_key(choice: Chosen) -> Mapping[str, int]:
    counts = Counter(tenant.key for tenant in choice.fleet.tenants.values())
    return {key: counts[key] for key in choice.fleet.keys}


# ---- for programs -----------------------------------------------------------------------------------


def _as_dict(found: tuple[Standing, ...], choice: Chosen, now: dt.datetime) -> dict[str, object]:
    return {
        "at": utc(now),
        "shops": [_shop(each, choice, now) for each in found],
        "not_tended": {name: str(message) for name, message in choice.problems.items()},
        "no_longer_in_fleet": {
            key: utc(since) for key, since in departed(choice.fleet, choice.database).items()
        },
        "keys": {key: {"shops": count} for key, count in _shops_by_key(choice).items()},
    }


def _shop(each: Standing, choice: Chosen, now: dt.datetime) -> dict[str, object]:
    tenant, lag = choice.fleet.tenants.get(each.name), each.lag(now)
    return {
        "name": each.name,
        "workspace": each.workspace,
        "key": tenant.key if tenant else None,
        "labels": list(tenant.labels) if tenant else [],
        "in_force_since": utc(each.in_force_since),
        "observed_at": utc(each.observed_at),
        "lag_seconds": round(lag.total_seconds()) if lag is not None else None,
        "problems": [
            {
                "subject": problem.subject,
                "message": problem.message,
                "since": utc(problem.since),
                "last_seen": utc(problem.last_seen),
                "count": problem.count,
            }
            for problem in each.problems
        ],
        "claims": each.claims,
        "mails_owed": each.mails_owed,
        "trouble": str(each.trouble) or None,
    }


# ---- for people -------------------------------------------------------------------------------------


def _lines(found: tuple[Standing, ...], choice: Chosen, now: dt.datetime) -> Iterator[str]:
    shops = say_count("%(count)s shop", "%(count)s shops", len(found))
    yield visible(spoken(say("%(shops)s, %(moment)s", shops=shops, moment=local(now, _ZONE))))
    yield from section(say("Shops"), [_row(each, now) for each in found])
    problems = [
        (each.name, problem.subject, say("since %(moment)s", moment=local(problem.since, _ZONE)),
         f"{problem.count}×", problem.message)
        for each in found
        for problem in each.problems
    ]  # fmt: skip
    yield from section(say("Problems"), problems)
    yield from choice.said_of_others()
    keys = [
        (key, say_count("%(count)s shop", "%(count)s shops", count))
        for key, count in _shops_by_key(choice).items()
    ]
    yield from section(say("Keys"), keys)


def _row(each: Standing, now: dt.datetime) -> tuple[str, ...]:
    lag, since = each.lag(now), each.in_force_since
    counts = {
        say_count("%(count)s problem", "%(count)s problems", len(each.problems)): len(each.problems),
        say_count("%(count)s unfinished", "%(count)s unfinished", each.claims): each.claims,
        say_count(
            "%(count)s mail not sent yet", "%(count)s mails not sent yet", each.mails_owed
        ): each.mails_owed,
    }
    told = [text for text, count in counts.items() if count]
    return (
        each.name,
        say("lag %(lag)s", lag=_clock(lag)) if lag is not None else say("not read yet"),
        say("not tended") if each.trouble else joined(told) or say("no problems"),
        say("in force since %(moment)s", moment=local(since, _ZONE)) if since else say("never in force"),
    )


def _clock(lag: dt.timedelta) -> str:
    """Hours, minutes and seconds, such as `0:04:12`; of a clock that was put back, nothing."""
    return str(max(dt.timedelta(seconds=round(lag.total_seconds())), dt.timedelta()))
