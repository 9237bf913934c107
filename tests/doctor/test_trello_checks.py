"""What the doctor finds at Trello."""

import datetime as dt
from contextlib import closing
from pathlib import Path

import pytest
from doctor_kit import CALLBACK, PUBLIC, WORKSPACE, Bench, told

from trello_ops.adapters.store import open_store
from trello_ops.core.bindings import Bindings
from trello_ops.core.identity import TrelloIdentity
from trello_ops.core.planning.changes import CreateBoard
from trello_ops.core.trello import Grant
from trello_ops.doctor import of_trello
from trello_ops.doctor.finding import Level
from trello_ops.errors import NotFound, TokenRefused, Unavailable

CREATE = CreateBoard(board="daily", title="Every day", description="", workspace="zinaobeldi")
ALL = frozenset({"Board", "Organization"})


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def test_a_token_that_may_all_for_ever_is_fine(bench: Bench) -> None:
    assert told(of_trello.token(bench.patient())) == (Level.FINE, "it may read and write, and never expires")


@pytest.mark.parametrize(("days", "level"), [(13, Level.LOOK), (15, Level.FINE)])
def test_a_token_that_ends_soon_is_told(bench: Bench, days: int, level: Level) -> None:
    end = bench.clock.now() + dt.timedelta(days=days)
    bench.trello.granted = Grant(end, ALL, ALL)
    found = of_trello.token(bench.patient())
    assert (found.level, found.message) == (level, f"it may read and write, until {end.date()}")
    assert ("new token" in found.advice) == (level is Level.LOOK)


@pytest.mark.parametrize(
    ("reads", "writes", "lacking"),
    [
        (ALL, frozenset[str](), "to change boards, to make boards in it"),
        (frozenset({"Organization"}), ALL, "to read boards"),
        (frozenset({"Board"}), ALL, "to read the Trello Workspace"),
    ],
)
def test_each_right_that_a_token_lacks_is_named(
    bench: Bench, reads: frozenset[str], writes: frozenset[str], lacking: str
) -> None:
    bench.trello.granted = Grant(None, reads, writes)
    assert told(of_trello.token(bench.patient())) == (Level.BROKEN, f"it lacks rights: {lacking}")


@pytest.mark.parametrize("error", [TokenRefused("401: invalid token"), NotFound("404")])
def test_a_refused_token_is_broken(bench: Bench, error: Exception) -> None:
    bench.trello.fail_next(error, lambda call: call == "grant")  # type: ignore[arg-type]
    assert told(of_trello.token(bench.patient())) == (Level.BROKEN, str(error))


def test_the_account_is_named_with_its_workspace(bench: Bench) -> None:
    level, message = told(of_trello.account(bench.patient()))
    assert level is Level.FINE
    assert "@robot" in message
    assert "zinaobeldi" in message


def test_a_workspace_that_the_account_does_not_see_is_broken(bench: Bench) -> None:
    (bench.folder / "boards" / "workspace.yaml").write_text(WORKSPACE.replace("zinaobeldi", "another"))
    level, message = told(of_trello.account(bench.patient()))
    assert level is Level.BROKEN
    assert message == "@robot does not see the Trello Workspace `another`"


def test_without_files_that_name_a_workspace_there_is_nothing_to_ask(bench: Bench) -> None:
    (bench.folder / "boards" / "workspace.yaml").write_text("name: [")
    level, message = told(of_trello.account(bench.patient()))
    assert level is Level.LOOK
    assert "files do not say" in message


@pytest.mark.parametrize(("username", "level"), [("robot", Level.FINE), ("other", Level.BROKEN)])
def test_a_store_of_another_account_is_broken(bench: Bench, username: str, level: Level) -> None:
    found = bench.trello.identity("zinaobeldi")
    other = TrelloIdentity(found.address, found.world, "5a" * 12, username, found.workspace_id, "zinaobeldi")
    with closing(open_store(bench.store, "shop")) as store:
        store.bind_trello(found if username == "robot" else other)
    assert told(of_trello.account(bench.patient()))[0] is level


@pytest.mark.parametrize(
    ("seconds", "level"), [(0, Level.FINE), (-50, Level.FINE), (100, Level.LOOK), (-700, Level.BROKEN)]
)
def test_clocks_that_differ_are_told_with_how_much(bench: Bench, seconds: int, level: Level) -> None:
    bench.trello.ahead = dt.timedelta(seconds=seconds)
    message = f"it and Trello's are {abs(seconds)} seconds apart"
    assert told(of_trello.clock(bench.patient())) == (level, message)


def test_without_a_public_address_no_webhook_is_missed(bench: Bench) -> None:
    bench.trello.fail_next(Unavailable("away"), lambda call: call == "webhooks")
    assert of_trello.webhooks(bench.patient()).level is Level.FINE


def test_webhooks_are_counted_by_boards_and_those_that_trello_disabled_are_not(bench: Bench) -> None:
    patient = bench.patient(**PUBLIC)
    assert told(of_trello.webhooks(patient)) == (Level.LOOK, "Trello calls about 0 of 1 boards")
    board = bench.trello.perform(CREATE, Bindings()).id
    bench.trello.hook(board, "https://elsewhere.example.org")
    assert of_trello.webhooks(patient).level is Level.LOOK
    ours = bench.trello.hook(board, CALLBACK)
    assert told(of_trello.webhooks(patient)) == (Level.FINE, "Trello calls about 1 of 1 boards")
    bench.trello.disable_webhook(ours.id)
    assert of_trello.webhooks(patient).level is Level.LOOK
