"""trello-ops fleet"""

import click

from trello_ops.cli import fleet_apply, fleet_links, fleet_plan, fleet_report, fleet_run, fleet_status


@click.group
def command() -> None:
    """Look after many shops at once.

    fleet.yaml says which shops there are; docs/fleet.md explains it.
    """


command.add_command(fleet_status.command, "status")
command.add_command(fleet_plan.command, "plan")
command.add_command(fleet_apply.command, "apply")
command.add_command(fleet_run.command, "run")
command.add_command(fleet_report.command, "report")
command.add_command(fleet_links.link_command, "link")
command.add_command(fleet_links.feed_command, "feed")
