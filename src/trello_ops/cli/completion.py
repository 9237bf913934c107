"""trello-ops completion"""

import click
from click.shell_completion import get_completion_class

_SHELLS = ("bash", "zsh", "fish")
_ASKED_BY = "_TRELLO_OPS_COMPLETE"  # as click derives it from the program's name


@click.command
@click.argument("shell", type=click.Choice(_SHELLS))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print what lets a shell complete commands.

    For bash, add `eval "$(trello-ops completion bash)"` to ~/.bashrc; for zsh the same with `zsh` to
    ~/.zshrc; for fish, write it to ~/.config/fish/completions/trello-ops.fish.
    """
    kind = get_completion_class(shell)
    assert kind is not None  # noqa: S101 (click knows these shells)
    click.echo(kind(context.find_root().command, {}, "trello-ops", _ASKED_BY).source())
