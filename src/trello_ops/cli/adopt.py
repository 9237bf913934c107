"""trello-ops adopt"""

import json
import shlex
from collections.abc import Iterator
from contextlib import closing

import click

from trello_ops.app import App, open_app
from trello_ops.cli.apply import complain
from trello_ops.cli.files import announce
from trello_ops.cli.language import reader, spoken
from trello_ops.cli.names import find_board
from trello_ops.cli.options import format_option
from trello_ops.cli.output import progress, sentence, table, to_json
from trello_ops.cli.session import CREDENTIALS, Session, pass_session
from trello_ops.cli.waiting import let_settle
from trello_ops.core.bindings import Kind
from trello_ops.core.claims import ClaimKey, ClaimKind
from trello_ops.core.planning.adoption import Taken
from trello_ops.core.planning.safety import raise_if_unsafe
from trello_ops.escape import visible
from trello_ops.messages import Message, say
from trello_ops.operations import reconcile
from trello_ops.operations.adopt import AdoptionPlan, adopt, board_id, plan_adoption
from trello_ops.operations.context import Context
from trello_ops.operations.mistakes import said_of
from trello_ops.operations.problems import forget_trouble
from trello_ops.operations.reconcile import Applied
from trello_ops.render import plan as render
from trello_ops.render.changes import describe, thing


@click.command
@click.argument("key")
@click.argument("board")
@click.option("--apply", "performs", is_flag=True, help="Take the board, and make the changes that follow.")
@click.option("--force", is_flag=True, help="Also where suspiciously many cards are created.")
@format_option("text", "json")
@pass_session
def command(session: Session, key: str, board: str, *, performs: bool, force: bool, form: str) -> None:
    """Take a board that is on Trello already for a board file's.

    KEY is the board file's, BOARD a Trello board's address, short link or id. Lists, labels and members
    of the names that the file gives become ours, what is missing is added, and the rest of the board
    stays as it is, with all its cards. Without --apply, only shows what would become of it.
    """
    with closing(open_app(session.settings(*CREDENTIALS))) as app:
        context, foreseen = app.planned()
        declared, named = find_board(context.workspace, key, "KEY"), _id(board)
        if performs:
            _let_settle(context, declared.key)
        planned = plan_adoption(context, foreseen.bindings, declared, named)
        announce(app)
        if form == "text":
            click.echo("\n".join(_lines(planned)))
            click.echo(render.text(planned.plan, reader()), nl=False)
        applied = _perform(app, context, planned, force=force) if performs else Applied(0, {})
        mistakes = said_of(context, planned.plan)
    if form == "json":
        click.echo(_as_json(planned, applied))
    elif performs:
        click.echo(visible(spoken(_done(planned, applied))))
    elif planned.adoption.taken or planned.plan.changes:
        again = shlex.join(["trello-ops", "adopt", key, board, "--apply"])
        hint = say("Nothing was changed. To do all this: `%(command)s`.", command=again)
        click.echo(visible(spoken(hint)))
    complain(session, planned.plan, applied, mistakes)


def _id(board: str) -> str:
    try:
        return board_id(board)
    except ValueError:
        message = say(
            "%(board)s names no board: give its address, such as %(address)s",
            board=board,
            address="https://trello.com/b/AbCd1234",
        )
        raise click.BadParameter(spoken(message), param_hint="BOARD") from None


def _let_settle(context: Context, board: str) -> None:
    """Wait for what an earlier attempt may still make of the board."""
    claims = (ClaimKey.parse(claim.key) for claim in context.store.claims())
    names = [claim.name for claim in claims if claim.kind is ClaimKind.CHANGE]
    if any(name == board or name.startswith(f"{board}/") for name in names) and let_settle(context):
        reconcile.free_settled_changes(context)


def _perform(app: App, context: Context, planned: AdoptionPlan, *, force: bool) -> Applied:
    if not force:
        raise_if_unsafe(planned.plan, reconcile.owned_cards(context), context.config.limits)
    # Not with what only `apply` puts in force: of the other boards nobody has seen a plan.
    app.take_up()
    app.told()
    forget_trouble(context.store, [planned.board.key])
    with progress(say("Applying"), len(planned.plan)) as step:
        return adopt(context, planned, lambda change: step(describe(change)))


def _lines(planned: AdoptionPlan) -> Iterator[str]:
    """What is taken, and what stays as it is."""
    title, url, key = planned.found.title, planned.found.url, planned.board.key
    if planned.adoption.taken:
        intro = say("From “%(title)s” (%(url)s) is taken for %(key)s:", title=title, url=url, key=key)
    else:
        intro = say("“%(title)s” (%(url)s) is the board of %(key)s already.", title=title, url=url, key=key)
    yield visible(spoken(intro))
    yield from table(_row(each) for each in planned.adoption.taken)
    yield from (f"  {render.FROZEN} {visible(spoken(note))}" for note in planned.adoption.notes)
    yield ""


def _row(taken: Taken) -> tuple[str, str, str]:
    person = taken.kind is Kind.PERSON
    title = taken.title if person else Message("“%(title)s”", {"title": taken.title})
    return thing(taken.kind, taken.key), title, taken.detail


def _as_json(planned: AdoptionPlan, applied: Applied) -> str:
    found = planned.found
    return to_json(
        {
            "board": {"key": planned.board.key, "id": found.id, "title": found.title, "url": found.url},
            "taken": [
                {"kind": each.kind, "key": each.key, "id": each.trello_id, "title": each.title}
                for each in planned.adoption.taken
            ],
            "notes": [sentence(note) for note in planned.adoption.notes],
            "plan": json.loads(render.as_json(planned.plan)),
            "done": applied.done,
            "failed": applied.failed,
        }
    )


def _done(planned: AdoptionPlan, applied: Applied) -> str:
    return say(
        "“%(title)s” is the board of %(key)s. Changes made: %(done)s of %(all)s.",
        title=planned.found.title,
        key=planned.board.key,
        done=applied.told,
        all=len(planned.plan.told),
    )
