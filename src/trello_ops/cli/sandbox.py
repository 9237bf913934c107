"""trello-ops sandbox"""

import threading
from functools import partial
from pathlib import Path
from typing import Any

import click

from trello_ops.addresses import is_loopback
from trello_ops.cli import rehearsal
from trello_ops.cli.options import PathType
from trello_ops.cli.output import notice
from trello_ops.demo.shop import shop_sandbox
from trello_ops.private_files import private_folder
from trello_ops.settings import load
from trello_sandbox.config import OWN_LINKS, TRELLO_LINKS
from trello_sandbox.server import SandboxConfig, serve

_HOUR = 3_600_000  # ms


def _host(_context: click.Context, _parameter: click.Parameter, host: str) -> str:
    """What can be looked up, or is an address."""
    try:
        host.encode("idna")
    except UnicodeError:
        raise click.BadParameter(f"{host!r} is no address: write it like 127.0.0.1.") from None
    return host


@click.command
@click.option(
    "--host", default="127.0.0.1", show_default=True, callback=_host, help="Address to serve on."
)  # fmt: skip
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8910, show_default=True, help="0: any free one."
)
@click.option(
    "--data", type=PathType(dir_okay=False), metavar="FILE",
    help="Keep everything in a file, over restarts.",
)  # fmt: skip
@click.option(
    "--links", type=click.Choice([OWN_LINKS, TRELLO_LINKS]), default=OWN_LINKS, show_default=True,
    help="Where links to cards and boards lead: to the sandbox's own pages, or to trello.com as Trello's do.",
)  # fmt: skip
@click.option("--key", help="The robot's API key. Without: a new one at every start; so for the next two.")
@click.option("--token", help="The robot's token.")
@click.option("--secret", help="The secret of the API key.")
@click.option(
    "--no-rate-limit", "rate_limit", flag_value=False, default=True,
    help="Answer however many requests come.",
)  # fmt: skip
@click.option(
    "--latency", "latency_ms", type=click.IntRange(0, _HOUR), default=0, metavar="MS",
    help="Take that long for every answer.",
)  # fmt: skip
@click.option(
    "--jitter", "jitter_ms", type=click.IntRange(0, _HOUR), default=0, metavar="MS",
    help="Take up to so much more or less.",
)  # fmt: skip
@click.option(
    "--apply", "boards", is_flag=True,
    help="Bring in the declared boards and the cards due now. Keeps credentials and store beside --data.",
)  # fmt: skip
def command(boards: bool, **given: Any) -> None:
    """Serve a local Trello to rehearse in.

    It has the Trello Workspace and the people of this folder's boards/workspace.yaml, or of the sample shop.
    Prints its address, key and token, and the same as settings to put into .env; then serves until Ctrl-C.
    Its address opened in a browser shows the boards. Its clock, faults and switches are set over HTTP, as
    docs/sandbox.md tells.
    """
    chosen = {name: value for name, value in given.items() if value is not None}
    if boards and "data" not in chosen:
        raise click.UsageError("--apply needs --data FILE, to keep credentials and store beside it.")
    chosen |= rehearsal.who_is_there(load())
    if boards:
        chosen = {**rehearsal.kept_credentials(chosen["data"]), **chosen}
    config = shop_sandbox(**chosen)
    if not is_loopback(config.host):
        notice(f"{config.host} is not this machine alone: whoever reaches it can use the sandbox.")
    try:
        if config.data:
            private_folder(config.data.parent)
        is_new = config.data is None or not config.data.exists()
        serve(config, partial(_ready, config, config.data if boards else None, is_new))
    except (OSError, ValueError) as error:
        raise click.ClickException(f"The sandbox cannot be served: {error}") from error


def _ready(config: SandboxConfig, boards_beside: Path | None, is_new: bool, url: str) -> None:
    """Tell where the sandbox is, and bring in the boards where they are asked for."""
    click.echo(
        f"Trello sandbox on {url}\n"
        f"  key    {config.key}\n"
        f"  token  {config.token}\n"
        "\n"
        "To use it, put this into .env, or into the environment:\n"
        f"TRELLO_OPS_TRELLO_URL={url}\n"
        f"TRELLO_OPS_TRELLO_KEY={config.key}\n"
        f"TRELLO_OPS_TRELLO_TOKEN={config.token}\n"
        "\n"
        f"In the Workspace {config.tenant.workspace}: {', '.join(config.tenant.accounts)}."
    )
    if boards_beside:
        rehearsal.write_settings(boards_beside, url, config)
        # In a thread: the sandbox answers nothing before this function has returned.
        threading.Thread(
            target=rehearsal.bring_in, args=(boards_beside, url), kwargs={"new_store": is_new}, daemon=True
        ).start()
