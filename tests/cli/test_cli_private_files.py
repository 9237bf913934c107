"""What the program writes is for its user alone, whatever the umask; an existing file keeps its mode."""

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

from trello_ops.adapters.trello.budget_file import BudgetFile
from trello_ops.app import open_app
from trello_ops.cli import rehearsal
from trello_ops.settings import load
from trello_sandbox.config import SandboxConfig
from trello_sandbox.instance import Sandbox
from trello_sandbox.server import Handle

Invoke = Callable[..., Result]


@pytest.fixture(autouse=True)
def _umask_of_most_systems() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> dict[str, str]:
    """Every file and folder below that others than its user may use, with its mode."""
    found = {path: path.stat().st_mode & 0o777 for path in folder.rglob("*")}
    return {str(path.relative_to(folder)): oct(mode) for path, mode in found.items() if mode & 0o077}


def test_store_reports_exports_and_mails_are_for_their_user_alone(
    invoke: Invoke, sandbox: Handle, folder: Path
) -> None:
    before = open_to_others(folder)
    commands = (
        "apply", "tick", "plan --out plan.json", "report --format html --out week.html",
        "export --out ledger.csv", "calendar --format ics --out shop.ics", "backup copy.sqlite3",
    )  # fmt: skip
    for command in commands:
        assert invoke(*command.split()).exit_code == 0, command
    with closing(open_app(load())):
        assert (folder / "trello-ops.sqlite3-wal").exists()  # while it is in use, the store has companions
        assert open_to_others(folder) == before


def test_a_written_file_keeps_the_mode_that_somebody_gave_it(invoke: Invoke, folder: Path) -> None:
    (folder / "shared.csv").touch()
    (folder / "shared.csv").chmod(0o640)
    (folder / "trello-ops.sqlite3").touch()
    (folder / "trello-ops.sqlite3").chmod(0o660)
    assert invoke("export", "--out", "shared.csv").exit_code == 0
    assert (folder / "shared.csv").stat().st_mode & 0o777 == 0o640
    assert (folder / "trello-ops.sqlite3").stat().st_mode & 0o777 == 0o660


def test_the_request_budget_is_for_its_user_alone(tmp_path: Path) -> None:
    BudgetFile(tmp_path / "new" / "folder" / "budget.sqlite3").close()
    assert not open_to_others(tmp_path)


def test_the_sandbox_s_data_is_for_its_user_alone(tmp_path: Path) -> None:
    data = tmp_path / "trello.json"
    config = SandboxConfig(data=data, port=0)
    sandbox = Sandbox(config)
    sandbox.world.save(data)
    rehearsal.write_settings(data, "http://127.0.0.1:1", config)
    assert {path.name for path in tmp_path.iterdir()} == {"trello.json", "trello.env"}
    assert not open_to_others(tmp_path)
    data.chmod(0o640)
    sandbox.world.save(data)
    assert data.stat().st_mode & 0o777 == 0o640
