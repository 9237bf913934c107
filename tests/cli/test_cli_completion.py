"""Completion as shells ask for it, and as bash really completes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from trello_ops.cli import COMMANDS, commands

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

SCRIPT = Path(sys.executable).with_name("trello-ops")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_gets_its_script(shell: str) -> None:
    shown = CliRunner().invoke(commands, ["completion", shell])
    assert shown.exit_code == 0
    assert f"_TRELLO_OPS_COMPLETE={shell}_complete" in shown.stdout
    assert shown.stdout == CliRunner().invoke(commands, ["completion", shell]).stdout


def test_another_shell_is_answered_with_those_there_are() -> None:
    shown = CliRunner().invoke(commands, ["completion", "tcsh"])
    assert shown.exit_code == 2
    assert "'bash', 'zsh', 'fish'" in shown.stderr


def completed(typed: str, cwd: Path) -> list[str]:
    """What bash offers for the last word of a line."""
    asked = """
        eval "$(trello-ops completion bash)"
        COMP_WORDS=($1) COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        [[ $1 == *' ' ]] && COMP_WORDS+=('') COMP_CWORD=$((COMP_CWORD + 1))
        compopt() { echo "files"; }
        "$(complete -p trello-ops | sed 's/.*-F \\([^ ]*\\).*/\\1/')" trello-ops
        printf '%s\\n' "${COMPREPLY[@]}"
    """
    path = f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "--norc", "-c", asked, "bash", typed], cwd=cwd, env={**os.environ, "PATH": path},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("trello-ops ", list(COMMANDS)),
        ("trello-ops pre", ["preview"]),
        ("trello-ops fleet re", ["report"]),
        ("trello-ops validate --f", ["--format"]),
        ("trello-ops validate --format ", ["text", "json"]),
        ("trello-ops completion z", ["zsh"]),
        ("trello-ops calendar --out ", ["files"]),
    ],
)
def test_bash_completes(typed: str, offered: list[str], tmp_path: Path) -> None:
    assert SCRIPT.is_file(), "make setup installs it"
    assert completed(typed, tmp_path) == offered


def test_completing_a_command_imports_none() -> None:
    code = (
        "import sys\n"
        "from trello_ops.cli import commands\n"
        "try:\n    commands.main([], prog_name='trello-ops')\n"
        "finally:\n    print(sorted(sys.modules), file=sys.stderr)"
    )
    asked = {"_TRELLO_OPS_COMPLETE": "bash_complete", "COMP_WORDS": "trello-ops s", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert "plain,status" in done.stdout
    assert "'trello_ops.cli.group'" in done.stderr
    assert "'trello_ops.cli.status'" not in done.stderr
