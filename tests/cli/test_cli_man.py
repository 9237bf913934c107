"""The manual page: it has everything, and roff finds nothing wrong with it."""

import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from trello_ops import errors
from trello_ops.cli import COMMANDS, commands, roff
from trello_ops.cli.man import EXIT_STATUS
from trello_ops.errors import TrelloOpsError
from trello_ops.settings import Settings, name_of


@pytest.fixture
def page(tmp_path: Path) -> Path:
    shown = CliRunner().invoke(commands, ["man"], prog_name="trello-ops")
    assert shown.exit_code == 0
    path = tmp_path / "trello-ops.1"
    path.write_text(shown.stdout)
    return path


def rendered(page: Path) -> str:
    """What a reader sees, on lines that never end."""
    if not shutil.which("groff"):
        pytest.skip("groff, which shows manual pages, is not installed")
    shown = subprocess.run(
        ["groff", "-man", "-Tascii", "-P-cbou", "-rLL=1000n", "-ww", page],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert shown.stderr == ""
    return shown.stdout


def test_it_has_every_command_option_setting_and_exit_status(page: Path) -> None:
    text = rendered(page)
    for name in COMMANDS:
        command = commands.get_command(click.Context(commands), name)
        assert command is not None
        assert re.search(rf"^ +trello-ops {name} .*\[OPTIONS\]|^ +trello-ops {name} ", text, re.MULTILINE), (
            name
        )
        for option in (each for each in command.params if isinstance(each, click.Option)):
            assert option.opts[0] in text
    assert [name for name in map(name_of, Settings.model_fields) if f" {name}\n" not in text] == []
    section = text.partition("EXIT STATUS")[2]
    assert [int(code) for code in re.findall(r"^ +(\d+) ", section, re.MULTILINE)] == list(EXIT_STATUS)


def test_its_exit_codes_are_all_there_are() -> None:
    kinds = [each for each in vars(errors).values() if isinstance(each, type)]
    codes = {each.exit_code for each in kinds if issubclass(each, TrelloOpsError)}
    assert codes | {0, 130} == set(EXIT_STATUS)


def test_man_shows_it_without_a_warning(page: Path) -> None:
    if not shutil.which("man"):
        pytest.skip("man is not installed")
    shown = subprocess.run(
        ["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", page],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shown.stderr == ""
    assert "trello" in shown.stdout


@pytest.mark.parametrize(
    ("words", "seen"),
    [
        (r"back\slash, a-b", r"back\slash, a-b"),
        (".SH is no heading", ".SH is no heading"),
        ("'quoted' \"twice\" `bold` ^~", "'quoted' \"twice\" bold ^~"),
        ("`.env` first", ".env first"),
        (r"\fBnot bold\fR", r"\fBnot bold\fR"),
    ],
)
def test_words_are_taken_literally(words: str, seen: str, tmp_path: Path) -> None:
    page = tmp_path / "page.1"
    page.write_text(f".TH T 1\n.SH Words\n{roff.paragraphs(words)}\n.PP\n{roff.subsection(words)}\n")
    assert [line.strip() for line in rendered(page).splitlines() if line.strip()][2:4] == [
        seen,
        words,
    ], rendered(page)


def test_letters_beyond_ascii_are_named() -> None:
    assert roff.text("é …") == r"\[u00E9] \[u2026]"
