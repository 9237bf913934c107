"""Values of workspace.yaml that Trello contradicts: named with their place and what there is instead."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import Result

from trello_ops.adapters.store import open_store
from trello_sandbox.server import Handle

Invoke = Callable[..., Result]


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / "boards" / "workspace.yaml"
    assert file.read_text().count(old) == 1
    file.write_text(file.read_text().replace(old, new))


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_wrong_workspace_is_named_with_those_there_are(
    invoke: Invoke, trello: Any, folder: Path, command: str
) -> None:
    edit(folder, "trello_workspace: zinaobeldi", "trello_workspace: zinabeldi")
    result = invoke(command)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "boards/workspace.yaml:3:19 trello_workspace: the token sees no Trello Workspace `zinabeldi`: "
        "it sees `zinaobeldi` (Zina ô Beldi)\n"
    )
    assert trello.boards == []


def test_a_workspace_mistyped_later_is_named_although_the_boards_are_there(
    invoke: Invoke, trello: Any, folder: Path
) -> None:
    assert invoke("apply").exit_code == 0
    edit(folder, "trello_workspace: zinaobeldi", "trello_workspace: zinabeldi")
    for command in ("plan", "apply"):
        result = invoke(command)
        assert (result.exit_code, result.stdout.splitlines()[0]) == (0, "Nothing to change.")
        assert "boards/workspace.yaml:3:19 trello_workspace: the token sees no Trello" in result.stderr


def test_the_jobs_of_a_pass_name_a_wrong_workspace_too(invoke: Invoke, trello: Any, folder: Path) -> None:
    edit(folder, "trello_workspace: zinaobeldi", "trello_workspace: zinabeldi")
    result = invoke("tick")
    assert "boards/workspace.yaml:3:19 trello_workspace: the token sees no" in result.stderr
    assert "boards/workspace.yaml:3:19" in invoke("status").stdout


def test_a_wrong_username_is_named_before_anything_is_written(
    invoke: Invoke, trello: Any, folder: Path
) -> None:
    edit(folder, "amal_zina", "amal_zna")
    planned = invoke("plan")
    assert planned.exit_code == 0
    assert "add member amal (@amal_zna)" in planned.stdout
    assert planned.stderr == (
        "boards/workspace.yaml:7:18 people.amal.trello: Trello has no account `amal_zna`: "
        "did you mean `amal_zina`?\n"
    )
    assert trello.boards == []


def test_nobody_else_is_kept_waiting_by_a_wrong_username(invoke: Invoke, trello: Any, folder: Path) -> None:
    edit(
        folder,
        "  amal: {trello: amal_zina, name: Amal Benali}\n",
        "  amal: {trello: amal_zna, name: Amal Benali}\n  karim: {trello: karim_zina, name: Karim}\n",
    )
    applied = invoke("apply")
    assert applied.exit_code == 4
    done = re.search(r"Made (\d+) changes of (\d+)\.", applied.stdout)
    assert done
    assert int(done[1]) == int(done[2]) - 1
    place, *_ = applied.stderr.splitlines()
    assert place.startswith(
        "daily/person/amal: boards/workspace.yaml:7:18 people.amal.trello: Trello has no account"
    )
    edit(folder, "amal_zna", "amal_zina")
    assert invoke("apply").exit_code == 0


def test_a_renamed_account_is_named_with_its_new_username(
    invoke: Invoke, sandbox: Handle, trello: Any, folder: Path
) -> None:
    assert invoke("apply").exit_code == 0
    told = (
        "boards/workspace.yaml:7:18 people.amal.trello: the account `amal_zina` is called `amal_benali` now: "
        "write `amal_benali`\n"
    )
    rename(sandbox, trello, "amal_benali")
    for command in ("plan", "apply"):
        result = invoke(command)
        assert (result.exit_code, result.stderr) == (0, told)
        assert result.stdout.startswith("Nothing to change.\n")
    assert invoke("tick").exit_code == 0
    assert [len(card["idMembers"]) for card in trello.cards] == [1]
    status = invoke("status").stdout
    assert "people.amal.trello: the account `amal_zina` is called `amal_benali` now" in status
    edit(folder, "amal_zina", "amal_benali")
    assert invoke("plan").output == "Nothing to change.\n"
    assert invoke("tick").exit_code == 0
    assert "amal_benali" not in invoke("status").stdout


def test_a_renamed_account_is_found_for_a_board_that_is_new(
    invoke: Invoke, sandbox: Handle, trello: Any, folder: Path
) -> None:
    assert invoke("apply").exit_code == 0
    rename(sandbox, trello, "amal_benali")
    board = (folder / "boards" / "daily.yaml").read_text()
    (folder / "boards" / "evening.yaml").write_text(board.replace("Every day", "Every evening"))
    assert "write `amal_benali`" in invoke("plan").stderr


def test_cards_of_a_board_that_came_while_running_get_their_people(
    invoke: Invoke, trello: Any, folder: Path
) -> None:
    assert invoke("tick").exit_code == 0
    assert [card["idMembers"] for card in trello.cards] == [[]]
    applied = invoke("apply")
    assert applied.exit_code == 0, applied.output
    assert "daily/parcels/2026-12-02: add amal" in applied.stdout
    assert [len(card["idMembers"]) for card in trello.cards] == [1]
    assert invoke("plan").output == "Nothing to change.\n"


def rename(sandbox: Handle, trello: Any, to: str) -> None:
    url = f"{sandbox.url}/1/members/me"
    requests.put(url, params={**trello._amal, "username": to}, timeout=5).raise_for_status()


def test_the_binding_of_a_renamed_account_stays(invoke: Invoke, sandbox: Handle, trello: Any) -> None:
    assert invoke("apply").exit_code == 0
    rename(sandbox, trello, "amal_benali")
    assert invoke("tick").exit_code == 0
    store = open_store("sqlite:///trello-ops.sqlite3", "shop")
    people = [each.key for each in store.bindings() if each.kind == "person"]
    store.close()
    assert people == ["amal"]
