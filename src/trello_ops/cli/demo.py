"""trello-ops demo"""

from pathlib import Path

import click

from trello_ops.cli.options import PathType, pack_option
from trello_ops.demo import plot
from trello_ops.demo.run import FIRST_WEEK, run

_WEEKS = 4


@click.command
@click.option(
    "--weeks", type=click.IntRange(1, 52),
    help=f"Weeks to live. Without: {_WEEKS}, of a story {plot.STORY_WEEKS}.",
)  # fmt: skip
@click.option(
    "--out", type=PathType(file_okay=False), default=Path("demo-out"), show_default=True,
    metavar="DIR", help="Folder for the reports and pages.",
)  # fmt: skip
@click.option("--seed", type=int, default=1, show_default=True, help="Another number, another month.")
@pack_option
@click.option("--story", is_flag=True, help="Steady weeks, then a holiday week, an outage and a fall.")
def command(weeks: int | None, out: Path, seed: int, packs: tuple[str, ...], *, story: bool) -> None:
    """Live some weeks of a shop in a local Trello.

    Starts a sandbox, makes the sample boards, and lets a made-up team work on them, in simulated time, by
    the same jobs that the daemon runs. Leaves the weekly reports and pages that show the boards; begin with
    index.html. In its folder `workspace` lie the files and the store, for the commands that read them.
    """
    told = plot.story(FIRST_WEEK.monday) if story else plot.AS_IT_COMES
    run(weeks or (plot.STORY_WEEKS if story else _WEEKS), out, seed, packs=packs, plot=told)
