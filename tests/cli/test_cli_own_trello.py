"""One store, one Trello, as a person meets it: names of stores, refusals, addresses."""

import json
import re
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import Result

from trello_ops.adapters.store import open_store
from trello_ops.demo.shop import shop_sandbox
from trello_ops.own_store import store_address
from trello_ops.settings import load
from trello_sandbox.server import Handle, running

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]

PLAIN = "trello-ops.sqlite3"
KEPT = Path(__file__).parents[1] / "adapters" / "store" / "kept"
LOCAL = {"TRELLO_OPS_TRELLO_URL": "http://127.0.0.1:8910"}
WRITERS = (("plan",), ("apply",), ("tick",), ("recover",))


def store_of(**given: str) -> str:
    return store_address(load({**LOCAL, **given}, None))


def point_to(folder: Path, handle: Handle, *more: str) -> None:
    """What a person writes into .env, and short patience; which store it is, is not said."""
    lines = (
        f"TRELLO_OPS_TRELLO_URL={handle.url}",
        f"TRELLO_OPS_TRELLO_KEY={handle.key}",
        f"TRELLO_OPS_TRELLO_TOKEN={handle.token}",
        "TRELLO_OPS_SETTLE_SECONDS=0.3",
        *more,
    )
    (folder / ".env").write_text("\n".join(lines) + "\n")


def name_of(handle: Handle) -> str:
    return f"trello-ops-{handle.url.removeprefix('http://').replace(':', '-')}.sqlite3"


@pytest.fixture
def other() -> Iterator[Handle]:
    with running(shop_sandbox(port=0, rate_limit=False)) as handle:
        yield handle


# ---- which store


@pytest.mark.parametrize(
    ("url", "file"),
    [
        ("https://api.trello.com", PLAIN),
        ("https://API.trello.com:443", PLAIN),
        ("http://127.0.0.1:8910", "trello-ops-127.0.0.1-8910.sqlite3"),
        ("http://localhost", "trello-ops-localhost-80.sqlite3"),
        ("http://[::1]:8910", "trello-ops-1-8910.sqlite3"),
        ("https://trello.example.org", "trello-ops-trello.example.org-443.sqlite3"),
    ],
)
def test_away_from_trello_the_store_has_host_and_port_in_its_name(folder: Path, url: str, file: str) -> None:
    assert store_of(TRELLO_OPS_TRELLO_URL=url) == f"sqlite:///{file}"


def test_a_store_that_is_named_is_taken(folder: Path) -> None:
    for named in ("sqlite:///mine.sqlite3", f"sqlite:///{PLAIN}"):
        assert store_of(TRELLO_OPS_DATABASE_URL=named) == named


def test_a_plain_store_is_gone_on_with_where_it_belongs(
    invoke: Invoke, folder: Path, sandbox: Handle, other: Handle
) -> None:
    assert invoke("apply").exit_code == 0
    assert store_of(TRELLO_OPS_TRELLO_URL=sandbox.url) == f"sqlite:///{PLAIN}"
    assert store_of(TRELLO_OPS_TRELLO_URL=other.url) == f"sqlite:///{name_of(other)}"


def test_a_plain_store_that_does_not_say_where_it_belongs_is_gone_on_with(
    invoke: Invoke, folder: Path, sandbox: Handle
) -> None:
    assert invoke("apply").exit_code == 0
    with closing(sqlite3.connect(folder / PLAIN)) as database, database:
        database.execute("DELETE FROM trellos")
    point_to(folder, sandbox)
    assert "Nothing to change" in invoke("plan").stdout
    assert invoke("tick").exit_code == 0
    assert not (folder / name_of(sandbox)).exists()
    assert json.loads(invoke("status", "--format", "json").stdout)["trello"]["address"] == sandbox.url


def test_a_store_of_an_older_version_is_one_of_those(folder: Path) -> None:
    with closing(sqlite3.connect(folder / PLAIN)) as database:
        database.executescript((KEPT / "r0005.sqlite3.sql").read_text("utf-8"))
    assert store_of() == f"sqlite:///{PLAIN}"


def test_a_plain_store_without_boards_is_left_alone(invoke: Invoke, folder: Path) -> None:
    (folder / ".env").write_text("")
    assert invoke("status").exit_code == 0
    assert (folder / PLAIN).exists()
    assert store_of() == "sqlite:///trello-ops-127.0.0.1-8910.sqlite3"


def test_what_is_no_store_is_left_to_be_refused(invoke: Invoke, folder: Path) -> None:
    (folder / PLAIN).write_text("nonsense" * 999)
    (folder / ".env").write_text("TRELLO_OPS_TRELLO_URL=http://127.0.0.1:8910\n")
    refused = invoke("status")
    assert (refused.exit_code, "it is no SQLite database" in refused.stderr) == (5, True)


def test_a_backup_is_of_the_store_in_use(invoke: Invoke, folder: Path, sandbox: Handle) -> None:
    point_to(folder, sandbox)
    assert invoke("apply").exit_code == 0
    assert not (folder / PLAIN).exists()
    assert invoke("backup", "copy.sqlite3").exit_code == 0
    shutil.move(folder / "copy.sqlite3", folder / name_of(sandbox))
    assert "Nothing to change" in invoke("plan").stdout


# ---- refusals


@pytest.mark.parametrize("command", WRITERS, ids=lambda words: words[0])
def test_another_trello_is_refused_by_name(
    invoke: Invoke, folder: Path, sandbox: Handle, other: Handle, command: tuple[str, ...]
) -> None:
    assert invoke("apply").exit_code == 0
    if command == ("recover",):  # which wants an empty store; a bound one may be that
        with closing(open_store(f"sqlite:///{PLAIN}", "shop")) as store:
            bound = store.trello()
        (folder / PLAIN).unlink()
        with closing(open_store(f"sqlite:///{PLAIN}", "shop", new=True)) as store:
            assert bound
            store.bind_trello(bound)
    point_to(folder, other, f"TRELLO_OPS_DATABASE_URL=sqlite:///{PLAIN}")
    refused = invoke(*command)
    assert refused.exit_code == 5, refused.output
    for said in (PLAIN, sandbox.url, other.url, "@robot", "zinaobeldi", "Nothing was done"):
        assert said in refused.stderr
    state = requests.get(f"{other.url}/sandbox/state", timeout=9).json()
    assert (state["boards"], state["actions"]) == ([], [])


def test_the_daemon_does_not_start_on_the_store_of_another_trello(
    invoke: Invoke, folder: Path, sandbox: Handle
) -> None:
    assert invoke("apply").exit_code == 0
    (folder / ".env").write_text(
        f"TRELLO_OPS_TRELLO_KEY={sandbox.key}\nTRELLO_OPS_TRELLO_TOKEN={sandbox.token}\n"
        f"TRELLO_OPS_DATABASE_URL=sqlite:///{PLAIN}\n"
    )
    refused = invoke("run")
    assert refused.exit_code == 5
    assert "belongs to another Trello: the local Trello" in refused.stderr
    assert "The settings lead to: https://api.trello.com." in refused.stderr


def test_it_is_one_problem_that_goes_away(
    invoke: Invoke, folder: Path, sandbox: Handle, other: Handle
) -> None:
    assert invoke("apply").exit_code == 0
    settings = (folder / ".env").read_text()
    point_to(folder, other, f"TRELLO_OPS_DATABASE_URL=sqlite:///{PLAIN}")
    assert invoke("tick").exit_code == 5
    problems = json.loads(invoke("status", "--format", "json").stdout)["problems"]
    assert [problem["subject"] for problem in problems] == ["job:trello"]
    (folder / ".env").write_text(settings)
    invoke("tick")
    problems = json.loads(invoke("status", "--format", "json").stdout)["problems"]
    assert "job:trello" not in [problem["subject"] for problem in problems]


def test_refusals_are_in_the_readers_language(
    invoke: Invoke, folder: Path, sandbox: Handle, other: Handle
) -> None:
    assert invoke("apply").exit_code == 0
    file = folder / "boards" / "workspace.yaml"
    file.write_text(file.read_text().replace("locale: en", "locale: fr"))
    point_to(folder, other, f"TRELLO_OPS_DATABASE_URL=sqlite:///{PLAIN}")
    said = invoke("plan").stderr
    assert "appartient à un autre Trello\u00a0: le Trello local" in said
    assert "déplacez la base ailleurs et lancez `trello-ops apply --new-store`." in said


def test_another_account_goes_on_once_a_person_says_so(
    invoke: Invoke, folder: Path, sandbox: Handle, trello: Any
) -> None:
    assert invoke("apply").exit_code == 0
    token = trello.control("tokens", {"username": "amal_zina"})["token"]
    settings = (folder / ".env").read_text()
    (folder / ".env").write_text(settings.replace(sandbox.token, token))
    refused = invoke("tick")
    assert refused.exit_code == 5
    assert "Put back the token of @robot; or, if @amal_zina is to go on" in refused.stderr
    assert invoke("apply", "--rebind").exit_code == 0
    assert invoke("tick").exit_code == 0
    (folder / ".env").write_text(settings)
    assert invoke("apply").exit_code == 5


def test_a_rehearsal_moves_no_clock_but_that_of_its_own_trello(
    invoke: Invoke, folder: Path, sandbox: Handle, other: Handle
) -> None:
    assert invoke("apply").exit_code == 0
    point_to(folder, other, f"TRELLO_OPS_DATABASE_URL=sqlite:///{PLAIN}")
    assert invoke("tick", "--at", "2097-01-14T08:00").exit_code == 5
    assert requests.get(f"{other.url}/sandbox/clock", timeout=9).json()["offset"] == 0


# ---- addresses


def test_apply_and_status_print_the_boards_addresses(
    invoke: Invoke, folder: Path, trello: Any, sandbox: Handle
) -> None:
    point_to(folder, sandbox)
    first = invoke("apply")
    assert first.exit_code == 0, first.output
    (board,) = trello.boards
    line = f"  Every day  {board['shortUrl']}"
    assert first.stdout.splitlines()[-2:] == ["Boards", line]
    assert invoke("apply").stdout.splitlines()[-1] == line
    assert requests.get(board["shortUrl"], timeout=9).status_code == 200
    assert board["shortUrl"] in invoke("status").stdout


def test_both_print_them_as_json(invoke: Invoke, folder: Path, trello: Any, sandbox: Handle) -> None:
    point_to(folder, sandbox)
    done = json.loads(invoke("apply", "--format", "json").stdout)
    (board,) = trello.boards
    assert done["boards"] == [{"key": "daily", "title": "Every day", "url": board["shortUrl"]}]
    assert (done["done"] > 0, done["failed"]) == (True, {})
    again = json.loads(invoke("apply", "--format", "json").stdout)
    assert (again["done"], again["boards"]) == (0, done["boards"])
    status = json.loads(invoke("status", "--format", "json").stdout)
    assert [each["url"] for each in status["boards"]] == [board["shortUrl"]]
    assert status["trello"] == {"address": sandbox.url, "account": "robot", "workspace": "zinaobeldi"}
    found = re.search(r"^the local Trello \w{6} at .*$", invoke("status").stdout, re.MULTILINE)
    assert found
    assert found[0].endswith(f"{sandbox.url} (account @robot, Workspace `zinaobeldi`)")


def test_before_the_first_write_there_are_none(invoke: Invoke) -> None:
    status = json.loads(invoke("status", "--format", "json").stdout)
    assert (status["trello"], status["boards"][0]["url"]) == (None, None)
