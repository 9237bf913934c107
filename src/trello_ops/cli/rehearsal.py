"""What `trello-ops sandbox` takes over from this folder: who is there and, with --apply, the boards.

With --apply there are, beside the data file `trello.json`, `trello.env`, settings by which other commands use
this sandbox, and the store `trello.sqlite3`. They belong together: to start afresh, delete all three.
"""

import os
import re
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from trello_ops.cli.output import notice
from trello_ops.cli.session import CREDENTIALS
from trello_ops.core.declared import Workspace
from trello_ops.declared import load as declared
from trello_ops.demo.shop import SHOP
from trello_ops.errors import TrelloOpsError
from trello_ops.messages import Message, say, say_count
from trello_ops.private_files import private_file
from trello_ops.settings import Settings, load
from trello_ops.telemetry import configure_logging, redactor
from trello_sandbox.config import SandboxConfig
from trello_sandbox.slugs import slug

# The user's environment may point to the real Trello: a rehearsal must never go there.
_NOT_FROM_OUTSIDE = ("TRELLO_OPS_TRELLO_", "TRELLO_OPS_DATABASE_URL")


def who_is_there(settings: Settings) -> dict[str, Any]:
    """The Workspace, people and time zone of the board files, as `SandboxConfig` names them; or nothing.

    Parts of workspace.yaml that are wrong are told, and left out.
    """
    file = next(settings.boards_dir.glob("workspace.y*ml"), None)
    if file is None:
        return {}
    found = declared.read(settings.boards_dir, ())
    if found.workspace is None or any(Path(problem.file).name == file.name for problem in found.problems):
        notice(
            say(
                "%(file)s has mistakes, which `trello-ops validate` names: start the sandbox again when they"
                " are mended.",
                file=file,
            )
        )
    return _tenancy(found.workspace) if found.workspace else {}


def _tenancy(workspace: Workspace) -> dict[str, Any]:
    name = workspace.trello_workspace
    by_id = {"workspace": slug(workspace.name) or "workspace", "workspace_id": name}
    tenant = replace(
        SHOP,
        title=workspace.name,
        people={person.username: person.name for person in workspace.people},
        **(by_id if re.fullmatch("[0-9a-f]{24}", name) else {"workspace": name}),
    )
    return {"tenant": tenant, "zone": workspace.timezone}


def settings_file(data: Path) -> Path:
    """Where the settings for the sandbox of this data file are kept."""
    return data.with_suffix(".env")


def kept_credentials(data: Path) -> dict[str, str]:
    """The robot's key, token and secret of an earlier start, as `SandboxConfig` names them; or none."""
    file = settings_file(data)
    if not file.exists():
        return {}
    settings = load({}, file)
    kept = {"key": settings.trello_key, "token": settings.trello_token, "secret": settings.trello_secret}
    return {name: secret.get_secret_value() for name, secret in kept.items() if secret}


def write_settings(data: Path, url: str, config: SandboxConfig) -> None:
    """Write settings by which other commands reach this sandbox, to a file only this user can read."""
    file = settings_file(data)
    private_file(file)  # before the secrets are in it
    file.write_text(
        f"TRELLO_OPS_TRELLO_URL={url}\n"
        f"TRELLO_OPS_TRELLO_KEY={config.key}\n"
        f"TRELLO_OPS_TRELLO_TOKEN={config.token}\n"
        f"TRELLO_OPS_TRELLO_SECRET={config.secret}\n"
        f"TRELLO_OPS_DATABASE_URL=sqlite:///{data.with_suffix('.sqlite3').resolve().as_posix()}\n",
        "utf-8",
    )


def bring_in(data: Path, url: str, *, new_store: bool) -> None:
    """Make the declared boards and the cards that are due now. Says so on standard error, or what failed.

    With `new_store`, a store that is gone is made anew: its sandbox is a new one too.
    """
    notice(say("Bringing in the declared boards; the first time takes half a minute."))
    outside = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_FROM_OUTSIDE)}
    try:
        settings = load(outside, settings_file(data), CREDENTIALS)
        configure_logging("error", "console", redactor(settings.secrets()))
        problems: list[str] = [*_apply_and_issue(settings, new_store=new_store)]
    except TrelloOpsError as error:
        problems = [error.message]
    for said in problems or [say("The declared boards are in it: open %(url)s/ in a browser.", url=url)]:
        notice(said)


def _apply_and_issue(settings: Settings, *, new_store: bool) -> list[Message]:
    """Do what `apply` does, then make the cards that are due. Returns what went wrong."""
    from trello_ops.app import open_app
    from trello_ops.core.planning.safety import raise_if_unsafe
    from trello_ops.operations import issue, reconcile

    with closing(open_app(settings, new_store=new_store)) as app:
        app.take_up(alarming=True)
        context = app.context()
        plan = reconcile.plan(context)
        raise_if_unsafe(plan, reconcile.owned_cards(context), context.config.limits)
        applied = reconcile.apply(context, plan)
        failed = issue.issue(context).failed
    said = [
        Message("%(subject)s: %(message)s", {"subject": subject, "message": message})
        for subject, message in applied.failed.items()
    ]
    if failed:
        said.append(
            say_count(
                "%(count)s card could not be made: see `trello-ops status`.",
                "%(count)s cards could not be made: see `trello-ops status`.",
                failed,
            )
        )
    return said
