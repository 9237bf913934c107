"""trello-ops apply"""

import json
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path

import click

from trello_ops.app import App, open_app
from trello_ops.cli.files import announce
from trello_ops.cli.language import reader, spoken
from trello_ops.cli.options import PathType, format_option, new_store_option
from trello_ops.cli.output import notice, progress, table, to_json
from trello_ops.cli.session import CREDENTIALS, Session, pass_session
from trello_ops.cli.waiting import let_settle
from trello_ops.core.claims import ClaimKey, ClaimKind
from trello_ops.core.planning.plan import Plan
from trello_ops.core.planning.safety import raise_if_unsafe
from trello_ops.errors import PlanChanged, TrelloError
from trello_ops.folder_files import limited
from trello_ops.messages import Message, say, say_count
from trello_ops.operations import reconcile
from trello_ops.operations.context import Context
from trello_ops.operations.mistakes import said_of
from trello_ops.operations.own_trello import rebind_trello
from trello_ops.operations.problems import forget_trouble
from trello_ops.operations.reconcile import Applied
from trello_ops.operations.status import BoardLink, board_links
from trello_ops.render import plan as render
from trello_ops.render.changes import describe

_LARGEST = 50_000_000
"""Bytes of a saved plan, far beyond any."""


@click.command
@click.argument("file", required=False, type=PathType(exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Also where the plan archives or creates suspiciously much.")
@click.option(
    "--rebind", is_flag=True, help="Have another account or Workspace go on, where it has the store's boards."
)
@new_store_option
@format_option("text", "json")
@pass_session
def command(
    session: Session, file: Path | None, *, force: bool, rebind: bool, new_store: bool, form: str
) -> None:
    """Bring the boards on Trello to what is declared.

    Plans anew and performs every change, also those that the daemon leaves to a person. With FILE, a plan
    saved by `trello-ops plan --out FILE`, nothing is done unless what is due now is exactly that plan.
    """
    approved = _checksum(file) if file else None
    with closing(open_app(session.settings(*CREDENTIALS), new_store=new_store)) as app:
        if rebind:
            rebind_trello(app.context())
        context, plan = settled_plan(app)
        if approved and plan.checksum != approved:
            raise PlanChanged(
                say(
                    "%(file)s does not hold what is due now: its checksum is %(approved)s, that of the plan"
                    " now %(checksum)s. Look at the plan again with `trello-ops plan --out %(file)s`.",
                    file=file,
                    approved=approved,
                    checksum=plan.checksum,
                )
            )
        if not force:
            raise_if_unsafe(plan, reconcile.owned_cards(context), context.config.limits)
        announce(app)
        put_in_force(app, context)
        if form == "text":
            click.echo(render.text(plan, reader()), nl=False)
        with progress(say("Applying"), len(plan)) as step:
            applied = reconcile.apply(context, plan, lambda change: step(describe(change)))
        mistakes, boards = said_of(context, plan), board_links(context)
    click.echo(_as_json(plan, applied, boards) if form == "json" else "\n".join(_done(plan, applied, boards)))
    complain(session, plan, applied, mistakes)


def put_in_force(app: App, context: Context) -> None:
    """Have the robot go by what the files say, and try everything at once."""
    app.take_up(alarming=True)
    app.told()
    # A person asks for all of it, so nothing is left out because it failed lately.
    forget_trouble(context.store, [board.key for board in context.workspace.boards])


def complain(session: Session, plan: Plan, applied: Applied, mistakes: Iterable[str]) -> None:
    """Say what Trello contradicts and what failed; the latter is the command's exit code."""
    for mistake in mistakes:
        if mistake not in applied.failed.values():
            session.complain(mistake)
    if applied.failed:
        for subject, message in applied.failed.items():
            session.complain(Message("%(subject)s: %(message)s", {"subject": subject, "message": message}))
        if applied.done + len(applied.failed) < len(plan):
            notice(say("The rest of these boards was left as it is; `trello-ops apply` goes on from there."))
        click.get_current_context().exit(TrelloError.exit_code)


def _as_json(plan: Plan, applied: reconcile.Applied, boards: Iterable[BoardLink]) -> str:
    return to_json(
        {
            "plan": json.loads(render.as_json(plan)),
            "done": applied.done,
            "failed": applied.failed,
            "boards": [{"key": each.key, "title": each.title, "url": each.url or None} for each in boards],
        }
    )


def _done(plan: Plan, applied: reconcile.Applied, boards: Iterable[BoardLink]) -> Iterator[str]:
    """How much was made, and where the boards are."""
    if plan.changes:
        done = say_count("%(count)s change", "%(count)s changes", applied.told)
        made = done if applied.told else say("no changes")
        yield spoken(say("Made %(done)s of %(all)s.", done=made, all=len(plan.told)))
    yield spoken(say("Boards"))
    yield from table([(each.title, each.url or say("not made yet")) for each in boards])


def _checksum(file: Path) -> str:
    """The checksum of a saved plan. Raises `click.BadParameter` when the file is none."""
    try:
        with file.open("rb") as opened:
            return str(json.loads(limited(opened, _LARGEST))["checksum"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise click.BadParameter(
            spoken(
                say(
                    "%(file)s is not a saved plan: make one with `trello-ops plan --out %(file)s`.", file=file
                )
            ),
            param_hint="FILE",
        ) from None


def settled_plan(app: App) -> tuple[Context, Plan]:
    """Plan what is due now, once claims that an earlier attempt left on it have settled."""
    context, foreseen = app.planned()
    plan = reconcile.plan(context, foreseen)
    keys = (ClaimKey.parse(claim.key) for claim in context.store.claims())
    claimed = {key.name for key in keys if key.kind is ClaimKind.CHANGE}
    if claimed.isdisjoint(change.subject for change in plan.changes) or not let_settle(context):
        return context, plan
    reconcile.free_settled_changes(context)
    return context, reconcile.plan(context, foreseen)
