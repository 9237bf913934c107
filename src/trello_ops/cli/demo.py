"""trello-ops demo"""

from pathlib import Path

import click

from trello_ops import starter
from trello_ops.cli.options import PathType
from trello_ops.demo.run import run


@click.command
@click.option("--weeks", type=click.IntRange(1, 52), default=4, show_default=True, help="Weeks to live.")
@click.option(
    "--out", type=PathType(file_okay=False), default=Path("demo-out"), show_default=True,
    metavar="DIR", help="Folder for the reports and pages.",
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Another number, another month.")
@click.option(
    "--workspace", "sample", type=click.Choice(starter.SAMPLES), default=starter.SHOP, show_default=True,
    help="Which sample: a shop's checklists, or its planned week.",
)  # fmt: skip
def command(weeks: int, out: Path, seed: int, sample: str) -> None:
    """Live some weeks of a shop in a local Trello.

    Starts a sandbox, makes the sample boards, and lets a made-up team work on them, in simulated time, by
    the same jobs that the daemon runs. Leaves the weekly reports and pages that show the boards; begin with
    index.html.
    """
    run(weeks, out, seed, sample=sample)
