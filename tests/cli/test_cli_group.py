"""The group of commands: late imports, errors in words, nothing of a secret."""

import json
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from trello_ops import __version__
from trello_ops.cli import COMMANDS, commands
from trello_ops.cli.group import CommandLine
from trello_ops.cli.session import Session, pass_session
from trello_ops.errors import StoreError, UnsafePlan
from trello_sandbox.server import Handle

HEAVY = (
    "sqlalchemy",
    "requests",
    "trello",
    "pydantic",
    "jinja2",
    "starlette",
    "apscheduler",
    "structlog",
    "rich",
)
SECRET = "swordfish-0123456789"


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import json, sys\n"
        "from trello_ops.cli import commands\n"
        "commands.main(['--help'], standalone_mode=False)\n"
        "print(json.dumps([name for name in sys.modules]), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Usage" in done.stdout
    loaded = {name.partition(".")[0] for name in json.loads(done.stderr)}
    assert loaded.isdisjoint(HEAVY)


def test_no_command_needs_what_only_fleets_install() -> None:
    code = (
        "import sys\n"
        "sys.modules |= {'procrastinate': None, 'psycopg': None}\n"
        "from trello_ops.cli import commands\n"
        "commands.main(['man'], standalone_mode=False)"  # which has all of them
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_help_lists_every_command_in_order() -> None:
    shown = CliRunner().invoke(commands, ["--help"]).stdout
    places = [shown.index(f"\n  {name} ") for name in COMMANDS]
    assert places == sorted(places)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_says_first_what_the_list_says(name: str) -> None:
    command = commands.get_command(click.Context(commands), name)
    assert command is not None
    assert (command.help or "").splitlines()[0] == COMMANDS[name]


def test_python_m_runs_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "trello_ops", "--version"],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
    )
    assert __version__ in done.stdout


def test_an_unknown_command_is_answered_with_the_nearest() -> None:
    result = CliRunner().invoke(commands, ["aply"])
    assert result.exit_code == 2
    assert "'apply'" in result.stderr


# ---- errors -----------------------------------------------------------------------------------------


class Troubled(CommandLine):
    """A command line with one command, which raises."""

    trouble: BaseException

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        @click.command
        @pass_session
        def command(session: Session) -> None:
            session.settings()
            raise self.trouble

        return command if name == "go" else None


@pytest.fixture
def troubled(folder: Path) -> Troubled:
    (folder / ".env").write_text(f"TRELLO_OPS_TRELLO_TOKEN={SECRET}\n")
    return Troubled("test", summaries={"go": "Raise."})


@pytest.mark.parametrize(("error", "code"), [(UnsafePlan, 3), (StoreError, 5)])
def test_a_known_error_is_a_paragraph_and_its_exit_code(
    troubled: Troubled, error: type[StoreError | UnsafePlan], code: int
) -> None:
    troubled.trouble = error(f"GET /1/cards?token={SECRET} failed\nbecause of \x1b[31mred\x1b[0m")
    result = CliRunner().invoke(troubled, ["go"])
    assert result.exit_code == code
    assert result.stderr == "GET /1/cards?token=*** failed\nbecause of \\x1b[31mred\\x1b[0m\n"
    assert result.stdout == ""


def test_a_bug_gives_its_traceback_without_secrets(troubled: Troubled) -> None:
    troubled.trouble = RuntimeError(f"the token is {SECRET}")
    result = CliRunner().invoke(troubled, ["go"])
    assert result.exit_code == 1
    assert result.stderr.startswith("Traceback")
    assert result.stderr.endswith("RuntimeError: the token is ***\n")


def test_ctrl_c_ends_quietly(troubled: Troubled) -> None:
    troubled.trouble = KeyboardInterrupt()
    result = CliRunner().invoke(troubled, ["go"])
    assert (result.exit_code, result.output) == (130, "")


def test_a_reader_that_went_away_is_no_news(folder: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "trello_ops", "preview", "parcels"]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False, cwd=folder)
    os.close(writing)
    assert done.stderr == ""


def test_all_wrong_settings_are_said_at_once(folder: Path) -> None:
    (folder / ".env").write_text(
        f"TRELLO_OPS_TRELLO_TOKEN={SECRET}\nTRELLO_OPS_LOG_LEVEL=loud\nTRELLO_OPS_COLOUR=1\n"
    )
    result = CliRunner().invoke(commands, ["plan"])
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 3
    for name in ("TRELLO_OPS_TRELLO_KEY", "TRELLO_OPS_LOG_LEVEL", "TRELLO_OPS_COLOUR"):
        assert name in result.stderr
    assert SECRET not in result.output


def test_a_refused_token_exits_with_4_and_is_not_quoted(sandbox: Handle, folder: Path) -> None:
    settings = (folder / ".env").read_text().replace(sandbox.token, "0" * 64)
    (folder / ".env").write_text(settings)
    result = CliRunner().invoke(commands, ["plan"])
    assert result.exit_code == 4
    assert "0" * 64 not in result.output
    assert sandbox.key not in result.output
