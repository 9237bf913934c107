"""The command line. One module per command holds its `command`, and is imported when it is called."""

import click

from trello_ops import __version__, zone_data
from trello_ops.cli import streams
from trello_ops.cli.group import CommandLine

COMMANDS = {
    "init": "Start a folder of boards, templates and settings.",
    "draft": "Draft a board file from a list, a table or a board that you have.",
    "validate": "Check the board files and card templates.",
    "preview": "Show the card that would be made of a task.",
    "calendar": "Show what comes, week by week.",
    "plan": "Show what would change on Trello.",
    "apply": "Bring the boards on Trello to what is declared.",
    "adopt": "Take a board that is on Trello already for a board file's.",
    "tick": "Do everything that is due once, then exit.",
    "run": "Keep the boards going until told to stop.",
    "service": "Have systemd keep the robot going.",
    "report": "Show the account of a week, or send it.",
    "explain": "Say why a week's report says what it says.",
    "status": "Show how the robot fares and the week stands.",
    "doctor": "Check whether all that the robot needs is there and works.",
    "history": "Show what became of a task, or of one occurrence.",
    "export": "Write out the ledger for spreadsheets and programs.",
    "sheet": "Edit boards in a spreadsheet.",
    "link": "Make a secret address of the pages.",
    "feed": "Make a secret address for a calendar program.",
    "backup": "Copy the store while everything runs.",
    "store": "Move the store from one database to another.",
    "fleet": "Look after many shops at once.",
    "recover": "Rebuild a lost store from what Trello shows.",
    "sandbox": "Serve a local Trello to rehearse in.",
    "demo": "Live some weeks of a shop in a local Trello.",
    "completion": "Print what lets a shell complete commands.",
    "man": "Print the manual page.",
}
"""Every command and what it does, here so that `--help` need not import them."""

_VERSION = f"%(prog)s, version %(version)s\ntime zone data {zone_data.use_newest()}"


@click.group(cls=CommandLine, summaries=COMMANDS, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", message=_VERSION)
def commands() -> None:
    """Keep Trello boards in step with files.

    Settings come from the environment and from .env in the current folder. Every command is explained by
    `trello-ops COMMAND --help` and in docs/cli.md.
    """


def main() -> None:
    """Run the command line and exit with 0 or the code of the error (docs/cli.md lists them)."""
    streams.take_over()
    try:
        commands.main(prog_name="trello-ops")
    finally:
        streams.end()
