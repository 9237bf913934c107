"""trello-ops man"""

import inspect
from collections.abc import Iterator

import click

from trello_ops import __version__
from trello_ops.cli import roff

EXIT_STATUS = {
    0: "It is done; warnings do not count.",
    1: "Anything else: a bug, with a traceback worth reporting, or what a command only printed was lost.",
    2: "Wrong usage, settings, board files or templates; all that is wrong is listed.",
    3: "The plan is unsafe, or not the one that was saved.",
    4: "Trello refused a request, or could not be reached.",
    5: "The store is gone, cannot be used as it is, or belongs to another Trello.",
    6: "A mail was not handed over.",
    130: "Somebody pressed Ctrl-C.",
}

_FILES = {
    ".env": "Settings of the installation, in the current folder. Keep it to yourself.",
    "boards/": "The board files, and workspace.yaml.",
    "templates/": "The card templates.",
    "trello-ops.sqlite3": "The store, unless TRELLO_OPS_DATABASE_URL names another.",
}


@click.command
@click.pass_context
def command(context: click.Context) -> None:
    """Print the manual page.

    Read it by `trello-ops man | man -l -`, or write it to ~/.local/share/man/man1/trello-ops.1, where `man
    trello-ops` finds it.
    """
    click.echo("\n".join(_page(context.find_root())))


def _page(root: click.Context) -> Iterator[str]:
    name, about = root.info_name or "", _paragraphs(root.command)
    yield f'.TH TRELLO\\-OPS 1 "" "trello\\-ops {__version__}" "User Commands"'
    yield roff.section("Name")
    yield rf"{roff.text(name)} \- {roff.text(about[0].rstrip('.'))}"
    yield roff.section("Synopsis")
    yield rf"{roff.bold(name)} \fICOMMAND\fR [\fIOPTIONS\fR]"
    yield roff.section("Description")
    yield roff.paragraphs("\n\n".join(about))
    yield roff.section("Commands")
    for each in _leaves(root):
        yield from _about(each)
    yield roff.section("Environment")
    yield from roff.entries(_settings())
    yield roff.section("Files")
    yield from roff.entries(_FILES.items())
    yield roff.section("Exit status")
    yield from roff.entries((str(code), said) for code, said in EXIT_STATUS.items())


def _leaves(context: click.Context) -> Iterator[click.Context]:
    """The commands below one that do something, in the order of `--help`."""
    group = context.command
    if not isinstance(group, click.Group):
        yield context
        return
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is not None and not command.hidden:
            yield from _leaves(click.Context(command, info_name=name, parent=context))


def _about(context: click.Context) -> Iterator[str]:
    command = context.command
    yield roff.subsection(" ".join([context.command_path, *command.collect_usage_pieces(context)]))
    yield roff.paragraphs("\n\n".join(_paragraphs(command)))
    records = (parameter.get_help_record(context) for parameter in command.params)
    yield from roff.entries(record for record in records if record and record[1])


def _paragraphs(command: click.Command) -> list[str]:
    return inspect.cleandoc(command.help or "").split("\n\n")


def _settings() -> Iterator[tuple[str, str]]:
    """Every setting by its variable, with what .env.example says of it."""
    from trello_ops.settings import Settings, name_of  # imported late: `--help` needs none

    for field, about in Settings.model_fields.items():
        yield name_of(field), about.description or ""
