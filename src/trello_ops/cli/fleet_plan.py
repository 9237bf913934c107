"""trello-ops fleet plan"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from trello_ops.cli.files import announced
from trello_ops.cli.fleet_choice import Chosen, chosen, file_option, page, section, shop_options, told
from trello_ops.cli.language import spoken
from trello_ops.cli.options import format_option, out_option
from trello_ops.cli.output import notice, progress, to_json, write_file
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.planning.plan import Plan
from trello_ops.fleet.standing import departed
from trello_ops.messages import joined, say, say_count
from trello_ops.operations import reconcile
from trello_ops.operations.mistakes import said_of
from trello_ops.render import plan as render


@dataclass(frozen=True, slots=True)
class Planned:
    """What is due at one shop, with what is to be said of its files; or why that cannot be told."""

    name: str
    plan: Plan
    said: tuple[str, ...] = ()
    exit_code: int = 0


@click.command
@file_option
@shop_options
@out_option("Save the plans as JSON, for `trello-ops fleet apply PLAN`.")
@format_option("text", "json")
@pass_session
def command(
    session: Session,
    *,
    file: Path,
    names: tuple[str, ...],
    labels: tuple[str, ...],
    out: Path | None,
    form: str,
) -> None:
    """Show what would change on Trello, shop by shop.

    For every shop how many changes of which kind, and in all; `trello-ops plan` shows each change of one. A
    shop that cannot be planned is told, and stops no other. Writes nothing to Trello.
    """
    with chosen(session, file, names, labels) as choice:
        planned = plan_all(session, choice)
        document = to_json(as_dict(planned, choice))
        click.echo(document if form == "json" else page(lines(planned, choice)))
        if out:
            write_file(out, document)
            notice(
                say(
                    "Saved to %(file)s: `trello-ops fleet apply %(file)s` performs these plans and no other.",
                    file=out,
                )
            )
        click.get_current_context().exit(exit_code(planned) or choice.exit_code)


def plan_all(session: Session, choice: Chosen) -> list[Planned]:
    """The plan of every chosen shop, one after another."""
    found = list[Planned]()
    with progress(say("Planning"), len(choice.tenants)) as step:
        for tenant in choice.tenants:
            step(tenant.name)
            try:
                with choice.app(tenant) as app:
                    context, foreseen = app.planned()
                    plan = reconcile.plan(context, foreseen)
                    said = (*announced(app), *said_of(context, plan))
                found.append(Planned(tenant.name, plan, tuple(session.redact(spoken(each)) for each in said)))
            except Exception as error:  # noqa: BLE001 (whatever it is, it stops no other shop)
                message, code = told(session, error)
                found.append(Planned(tenant.name, Plan(), (message,), code))
    return found


def exit_code(planned: Sequence[Planned]) -> int:
    """That of the first shop that could not be planned."""
    return next((each.exit_code for each in planned if each.exit_code), 0)


def as_dict(planned: Sequence[Planned], choice: Chosen) -> dict[str, object]:
    """The plans as JSON values, by shop; of others why there is none."""
    return {
        "shops": {each.name: json.loads(render.as_json(each.plan)) for each in planned if not each.exit_code},
        "failed": {each.name: "\n".join(each.said) for each in planned if each.exit_code},
        "not_tended": {name: str(message) for name, message in choice.problems.items()},
        "no_longer_in_fleet": sorted(departed(choice.fleet, choice.database)),
    }


def lines(planned: Sequence[Planned], choice: Chosen) -> Iterator[str]:
    """One line a shop, with what is said of its files below it; then the whole."""
    rows = [(each.name, "\n".join((*_counted(each), *each.said))) for each in planned]
    yield from section(say("Plans"), rows)
    yield from choice.said_of_others()
    yield from ("", spoken(_total(planned)))


def _counted(each: Planned) -> tuple[str, ...]:
    return () if each.exit_code else (spoken(render.summary(each.plan)),)


def _total(planned: Sequence[Planned]) -> str:
    whole = Plan(tuple(change for each in planned for change in each.plan.changes))
    if not whole.changes:
        return render.NOTHING
    shops = sum(bool(each.plan.changes) for each in planned)
    changes = sum(len(each.plan.told) for each in planned)
    return joined(
        (
            say_count("%(count)s change in all", "%(count)s changes in all", changes),
            say_count("at %(count)s shop", "at %(count)s shops", shops),
            render.counted(whole),
        )
    )
