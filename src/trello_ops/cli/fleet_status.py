"""trello-ops fleet status"""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.store.key_budget import PLACES
from trello_ops.cli.fleet_choice import Chosen, chosen, file_option, section, shop_options
from trello_ops.cli.language import spoken
from trello_ops.cli.options import format_option
from trello_ops.cli.output import local, problem_as_dict, to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.problems import SystemProblem
from trello_ops.escape import visible
from trello_ops.fleet.metrics import exposition
from trello_ops.fleet.overview import AgencyMails, KeyShare, Nodes, Overview, overview
from trello_ops.fleet.standing import Standing, departed
from trello_ops.messages import joined, say, say_count

_ZONE = ZoneInfo("UTC")
"""Shops may live in several zones."""


@click.command
@file_option
@shop_options
@format_option("text", "json", "prometheus")
@pass_session
def command(
    session: Session, *, file: Path, names: tuple[str, ...], labels: tuple[str, ...], form: str
) -> None:
    """Show how every shop fares, the worst first.

    Since when its declaration is in force, how long ago all its boards were read (lag), what is wrong,
    unfinished or not sent; which shops are not tended, and why; how many shops each key serves, and how
    they lag. With PostgreSQL, also the nodes, which of them tends which shop, and the requests of each key.
    Reads the store only.
    """
    now = SystemClock().now()
    with chosen(session, file, names, labels) as choice:
        wanted = {*(tenant.name for tenant in choice.tenants), *choice.problems}
        whole = overview(choice.fleet, choice.database, now)
        if form == "prometheus":
            click.echo(exposition(whole), nl=False)
            return
        # Problems quote what servers answered, which may have repeated a secret.
        text = str if form == "json" else spoken

        def told(problems: tuple[SystemProblem, ...]) -> tuple[SystemProblem, ...]:
            return tuple(replace(each, message=session.redact(text(each.message))) for each in problems)

        shops = (replace(each, problems=told(each.problems)) for each in whole.shops if each.name in wanted)
        agency = whole.agency and replace(whole.agency, problems=told(whole.agency.problems))
        found = replace(whole, shops=tuple(shops), agency=agency)
        if form == "json":
            click.echo(to_json(_as_dict(found, choice)))
        else:
            click.echo("\n".join(_lines(found, choice)))


# ---- for programs -----------------------------------------------------------------------------------


def _as_dict(found: Overview, choice: Chosen) -> dict[str, object]:
    return {
        "at": utc(found.at),
        "shops": [_shop(each, choice, found) for each in found.shops],
        "not_tended": {name: str(message) for name, message in choice.problems.items()},
        "no_longer_in_fleet": {
            key: utc(since) for key, since in departed(choice.fleet, choice.database).items()
        },
        "report": found.agency
        and {
            "mails_owed": found.agency.owed,
            "problems": [problem_as_dict(problem) for problem in found.agency.problems],
        },
        "keys": {key: _key(share) for key, share in found.keys.items()},
        **({"nodes": _nodes(found.nodes)} if found.nodes else {}),
    }


def _key(share: KeyShare) -> dict[str, object]:
    requests = {"requests": share.requests, "requests_limit": PLACES} if share.requests is not None else {}
    return {
        "shops": share.shops,
        "not_read": share.not_read,
        "lag_median_seconds": _seconds(share.lag_median),
        "lag_worst_seconds": _seconds(share.lag_worst),
        **requests,
    }


def _nodes(nodes: Nodes) -> list[dict[str, object]]:
    shops = Counter(nodes.of_shops.values())
    return [
        {
            "name": node.name,
            "since": utc(node.since),
            "last_seen": utc(node.seen_at),
            "alive": node.alive,
            "groups": node.groups,
            "shops": shops[node.name],
        }
        for node in nodes.nodes
    ]


def _seconds(lag: dt.timedelta | None) -> int | None:
    return round(lag.total_seconds()) if lag is not None else None


def _shop(each: Standing, choice: Chosen, found: Overview) -> dict[str, object]:
    tenant = choice.fleet.tenants.get(each.name)
    return {
        "name": each.name,
        "workspace": each.workspace,
        "key": tenant.key if tenant else None,
        "labels": list(tenant.labels) if tenant else [],
        "in_force_since": utc(each.in_force_since),
        "observed_at": utc(each.observed_at),
        "lag_seconds": _seconds(each.lag(found.at)),
        "problems": [problem_as_dict(problem) for problem in each.problems],
        "claims": each.claims,
        "mails_owed": each.mails_owed,
        "trouble": str(each.trouble) or None,
        **({"node": found.nodes.of_shops.get(each.name)} if found.nodes else {}),
    }


# ---- for people -------------------------------------------------------------------------------------


def _lines(found: Overview, choice: Chosen) -> Iterator[str]:
    shops, nodes = say_count("%(count)s shop", "%(count)s shops", len(found.shops)), found.nodes
    yield visible(spoken(say("%(shops)s, %(moment)s", shops=shops, moment=local(found.at, _ZONE))))
    yield from section(say("Shops"), [_row(each, found) for each in found.shops])
    problems = [(each.name, *_problem(problem)) for each in found.shops for problem in each.problems]
    yield from section(say("Problems"), problems)
    yield from section(say("Week of all shops"), list(_agency(found.agency)) if found.agency else [])
    yield from choice.said_of_others()
    yield from section(say("Keys"), [_key_row(key, share) for key, share in found.keys.items()])
    yield from section(say("Nodes"), _node_rows(nodes, found.at) if nodes else [])


def _problem(problem: SystemProblem) -> tuple[str, ...]:
    since = say("since %(moment)s", moment=local(problem.since, _ZONE))
    return problem.subject, since, f"{problem.count}×", problem.message


def _agency(mails: AgencyMails) -> Iterator[tuple[str, ...]]:
    """Nothing where all is well."""
    if mails.owed:
        yield _not_sent(mails.owed), "", "", ""
    yield from map(_problem, mails.problems)


def _not_sent(count: int) -> str:
    return say_count("%(count)s mail not sent yet", "%(count)s mails not sent yet", count)


def _key_row(key: str, share: KeyShare) -> tuple[str, ...]:
    shops = say_count("%(count)s shop", "%(count)s shops", share.shops)
    if share.lag_median is None or share.lag_worst is None:
        lag = say("not read yet")
    else:
        median, worst = _clock(share.lag_median), _clock(share.lag_worst)
        lag = say("lag %(median)s at the median, %(worst)s at most", median=median, worst=worst)
    if share.requests is None:
        return key, shops, lag
    used = say("%(used)s of %(most)s requests taken", used=share.requests, most=PLACES)
    return key, shops, lag, used


def _node_rows(nodes: Nodes, now: dt.datetime) -> list[tuple[str, ...]]:
    shops = Counter(nodes.of_shops.values())
    rows: list[tuple[str, ...]] = [
        (
            node.name,
            say("since %(moment)s", moment=local(node.since, _ZONE)) if node.since else "",
            say("last sign of life %(lag)s ago", lag=_clock(now - node.seen_at)),
            say_count("%(count)s group in hand", "%(count)s groups in hand", node.groups),
            say_count("%(count)s shop", "%(count)s shops", shops[node.name]),
        )
        for node in nodes.nodes
    ]
    waiting = say_count("%(count)s shop", "%(count)s shops", shops[None])
    return [*rows, ("–", say("waiting for a node"), "", "", waiting)] if shops[None] else rows


def _row(each: Standing, found: Overview) -> tuple[str, ...]:
    lag, since = each.lag(found.at), each.in_force_since
    counts = {
        say_count("%(count)s problem", "%(count)s problems", len(each.problems)): len(each.problems),
        say_count("%(count)s unfinished", "%(count)s unfinished", each.claims): each.claims,
        _not_sent(each.mails_owed): each.mails_owed,
    }
    told = [text for text, count in counts.items() if count]
    row = (
        each.name,
        say("lag %(lag)s", lag=_clock(lag)) if lag is not None else say("not read yet"),
        say("not tended") if each.trouble else joined(told) or say("no problems"),
        say("in force since %(moment)s", moment=local(since, _ZONE)) if since else say("never in force"),
    )
    if not found.nodes or each.trouble:
        return row
    node = found.nodes.of_shops.get(each.name)
    return *row, say("tended by %(node)s", node=node) if node else say("waits for a node")


def _clock(lag: dt.timedelta) -> str:
    """Hours, minutes and seconds, such as `0:04:12`; of a clock that was put back, nothing."""
    return str(max(dt.timedelta(seconds=round(lag.total_seconds())), dt.timedelta()))
