"""backup and recover, as a person types them."""

import json
import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from trello_ops.core.recovery.uncertainty import UncertaintyKind

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]

PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
SECTION = PAGE.partition("\n## recover\n")[2].partition("\n## ")[0]


def lose(folder: Path) -> None:
    for file in folder.glob("trello-ops.sqlite3*"):
        file.unlink()


@pytest.fixture
def worked(invoke: Invoke, trello: Any) -> None:
    """A board with cards on it, and one of them done."""
    for command in (("apply",), ("tick",)):
        assert invoke(*command).exit_code == 0
    trello.tick(trello.cards[0])
    assert invoke("tick").exit_code == 0


def test_a_lost_store_is_recovered(invoke: Invoke, worked: None, folder: Path) -> None:
    before = json.loads(invoke("report", "--format", "json").stdout)
    lose(folder)
    done = invoke("recover")
    assert (done.exit_code, done.stderr) == (0, "")
    assert "with a card, and 1 completion." in done.stdout
    assert done.stdout.endswith("Look with `trello-ops plan`, then start the daemon.\n")
    assert json.loads(invoke("report", "--format", "json").stdout) == before
    assert invoke("plan").stdout == "Nothing to change.\n"


def test_the_page_explains_every_key_and_every_doubt(invoke: Invoke, worked: None, folder: Path) -> None:
    lose(folder)
    printed = json.loads(invoke("recover", "--format", "json").stdout)
    keys, codes = (
        {
            word
            for cell in re.findall(r"^\| ([^|]+) \|", rows, re.MULTILINE)
            for word in re.findall(r"`(\w+)`", cell)
        }
        for rows in SECTION.partition("| Key | Value |")[2].split("| Code | Meaning |")
    )
    assert set(printed) == keys
    assert codes == set(UncertaintyKind)
    assert set(printed["boards"][0]) == {"key", "title", "url", "cards", "actions"}


def test_a_store_in_use_is_refused(invoke: Invoke, worked: None) -> None:
    refused = invoke("recover")
    assert (refused.exit_code, refused.stdout) == (5, "")
    assert "the store is not lost: it holds bindings, occurrences" in refused.stderr


def test_nothing_on_trello_is_nothing_to_recover(invoke: Invoke, trello: Any) -> None:
    refused = invoke("recover")
    assert refused.exit_code == 4
    assert "nothing to recover from" in refused.stderr


def test_a_backup_is_made_beside_everything(invoke: Invoke, worked: None, folder: Path) -> None:
    made = invoke("backup", "copy.sqlite3")
    assert (made.exit_code, made.stderr) == (0, "")
    assert re.fullmatch(r"Backed up to copy\.sqlite3, \d+ KiB, and checked\.\n", made.stdout)
    with closing(sqlite3.connect(folder / "copy.sqlite3")) as copy:
        assert copy.execute("SELECT count(*) FROM cards").fetchone() > (0,)
    again = invoke("backup", "copy.sqlite3")
    assert again.exit_code == 5
    assert "copy.sqlite3 exists already" in again.stderr


def test_a_backup_needs_no_sound_board_files(invoke: Invoke, worked: None, folder: Path) -> None:
    (folder / "boards" / "daily.yaml").write_text("broken")
    assert invoke("backup", "copy.sqlite3").exit_code == 0
