"""Every command says that the store is gone; three make another."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

Invoke = Callable[..., Result]

READERS = ("status", "plan", "tick", "apply", "run", "report", "export")


@pytest.fixture
def gone(invoke: Invoke, trello: Any, folder: Path) -> Path:
    """A store with a card in it, deleted."""
    for command in ("apply", "tick"):
        assert invoke(command).exit_code == 0
    for file in folder.glob("trello-ops.sqlite3*"):
        file.unlink()
    return folder / "trello-ops.sqlite3"


def test_no_command_makes_it_anew_unawares(
    invoke: Invoke, gone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in READERS:
        refused = invoke(command)
        assert refused.exit_code == 5, command
        assert refused.stderr.startswith(f"the store {gone} is gone")
        assert "`trello-ops recover`" in refused.stderr
        assert not gone.exists()
    assert invoke("validate").exit_code == 0, "which needs no store"
    gone.touch()  # an emptied one is gone as well
    refused = invoke("backup", "copy.sqlite3")
    assert refused.exit_code == 5
    assert refused.stderr.startswith(f"the store {gone} is gone")
    assert not Path("copy.sqlite3").exists()
    gone.unlink()
    monkeypatch.setenv("TRELLO_OPS_LANG", "fr")
    assert "a disparu" in invoke("status").stderr


def test_recover_makes_another(invoke: Invoke, gone: Path) -> None:
    assert invoke("recover").exit_code == 0
    assert invoke("status").exit_code == 0


def test_apply_makes_another_where_that_is_meant(invoke: Invoke, gone: Path, trello: Any) -> None:
    cards = len(trello.cards)
    done = invoke("apply", "--new-store")
    assert done.exit_code == 0, done.stderr
    assert invoke("tick").exit_code == 0
    assert len(trello.cards) == cards, "what stands on the boards is found"


def test_a_fresh_folder_needs_nothing(invoke: Invoke, folder: Path, trello: Any) -> None:
    assert invoke("status").exit_code == 0
    assert invoke("apply", "--new-store").exit_code == 0
