"""trello-ops plan"""

from contextlib import closing
from pathlib import Path

import click

from trello_ops.app import open_app
from trello_ops.cli.files import announce
from trello_ops.cli.language import reader
from trello_ops.cli.options import format_option, out_option
from trello_ops.cli.output import notice, write_file
from trello_ops.cli.session import CREDENTIALS, Session, pass_session
from trello_ops.escape import safe_json
from trello_ops.messages import say
from trello_ops.operations import reconcile
from trello_ops.operations.mistakes import said_of
from trello_ops.render import plan as render


@click.command
@out_option("Save the plan as JSON, for `trello-ops apply FILE`.")
@format_option("text", "json")
@pass_session
def command(session: Session, out: Path | None, form: str) -> None:
    """Show what would change on Trello.

    Compares the boards on Trello with the files. Writes nothing to Trello.
    """
    with closing(open_app(session.settings(*CREDENTIALS))) as app:
        context, foreseen = app.planned()
        plan = reconcile.plan(context, foreseen)
        announce(app)
        mistakes = said_of(context, plan)
    click.echo(safe_json(render.as_json(plan)) if form == "json" else render.text(plan, reader()), nl=False)
    for mistake in mistakes:
        session.complain(mistake)
    if out:
        write_file(out, render.as_json(plan))
        notice(
            say("Saved to %(file)s: `trello-ops apply %(file)s` performs this plan and no other.", file=out)
        )
