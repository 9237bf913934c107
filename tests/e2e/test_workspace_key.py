"""The key of a workspace is edited: its boards are not made a second time."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from live_kit import MONDAY, PARCELS, Live, MovableClock, apply, live, one_pass, small_shop

from trello_ops.errors import InvalidDeclaration, StoreError

pytestmark = pytest.mark.slow  # minutes, with the others of its kind


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[tuple[Live, Path, MovableClock]]:
    with live() as trello:
        folder, clock = small_shop(tmp_path), MovableClock(trello, MONDAY)
        with trello.app(folder, clock) as app:
            apply(app)
            assert one_pass(app) == {}
        yield trello, folder, clock


def _set_key(folder: Path, key: str) -> None:
    file = folder / "boards" / "workspace.yaml"
    file.write_text(file.read_text("utf-8").replace("key: small", f"key: {key}"), "utf-8")


def test_only_apply_makes_the_boards_of_a_workspace_anew(shop: tuple[Live, Path, MovableClock]) -> None:
    trello, folder, clock = shop
    _set_key(folder, "other")
    with trello.app(folder, clock) as app:
        errors = one_pass(app)
        assert errors
        assert all(isinstance(error, InvalidDeclaration) for error in errors.values())
        assert "in force under the key `small`" in str(errors["issue"])
    assert len(trello.state()["boards"]) == len(trello.cards(PARCELS)) == 1
    with trello.app(folder, clock) as app:
        app.take_up(alarming=True)
        apply(app)
        assert one_pass(app) == {}
    assert len(trello.state()["boards"]) == 2


def test_a_robot_that_runs_goes_on_under_the_key_in_force(shop: tuple[Live, Path, MovableClock]) -> None:
    trello, folder, clock = shop
    with trello.app(folder, clock) as app:
        _set_key(folder, "other")
        assert one_pass(app) == {}
        assert "in force under the key `small`" in app.services.store.problems()[0].message
        in_force = app.services.store.in_force()
        assert in_force
        assert in_force.declaration.workspace.key == "small"


def test_a_declaration_of_a_newer_program_is_refused_in_words(
    shop: tuple[Live, Path, MovableClock],
) -> None:
    trello, folder, clock = shop
    with closing(sqlite3.connect(folder / "ops.sqlite3")) as database:
        database.execute(
            "INSERT INTO declarations (workspace, version, since, body) SELECT workspace, version + 1, since,"
            " replace(body, '\"daily\"', '\"fortnightly\"') FROM declarations"
        )
        database.commit()
    with pytest.raises(StoreError, match="newer program"), trello.app(folder, clock):
        pass
