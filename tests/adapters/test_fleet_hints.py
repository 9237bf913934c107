"""A hint finds its shop, wakes who listens, and is taken once."""

import datetime as dt
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from trello_ops.adapters.store import SqlStore
from trello_ops.adapters.store.fleet_hints import CHANNEL, note_hint, take_hints
from trello_ops.adapters.store.postgres import PostgresDatabase, open_server
from trello_ops.core.bindings import Binding, Kind
from trello_ops.demo.postgres import Server, running
from trello_ops.errors import StoreError

pytestmark = pytest.mark.slow

NOW = dt.datetime(2026, 11, 16, 7, tzinfo=dt.UTC)


@pytest.fixture
def address(postgres: Server) -> str:
    return postgres.create_once("hints")


@pytest.fixture
def database(address: str) -> Iterator[PostgresDatabase]:
    with closing(open_server(address)) as database:
        with psycopg.connect(address) as server:
            server.execute("TRUNCATE hints, bindings")
        for shop, board in (("zina", "b1"), ("amal", "b2")):
            bind(database, shop, board)
        yield database


def bind(database: PostgresDatabase, shop: str, board: str, key: str = "daily") -> None:
    SqlStore(database, shop).bind(Binding(Kind.BOARD, key, "", board, NOW))


def test_a_hint_finds_its_shop(database: PostgresDatabase) -> None:
    assert note_hint(database, "b1") == ("zina",)
    assert take_hints(database, ["amal"]) == ()
    assert take_hints(database, ["amal", "zina"]) == (("zina", "b1"),)


def test_many_hints_of_a_board_are_one_until_it_is_taken(database: PostgresDatabase) -> None:
    for _ in range(3):
        note_hint(database, "b1")
    assert take_hints(database, ["zina"]) == (("zina", "b1"),)
    assert take_hints(database, ["zina"]) == ()
    note_hint(database, "b1")
    assert take_hints(database, ["zina"]) == (("zina", "b1"),)


def test_what_no_shop_has_is_nobody_s(database: PostgresDatabase) -> None:
    SqlStore(database, "zina").bind(Binding(Kind.LIST, "daily", "todo", "l1", NOW))
    assert note_hint(database, "b3") == note_hint(database, "l1") == note_hint(database, "'; --") == ()
    assert take_hints(database, ["zina", "amal"]) == ()


def test_a_board_of_several_shops_is_told_to_each_once(database: PostgresDatabase) -> None:
    bind(database, "amal", "b1", "weekly")
    bind(database, "zina", "b1", "weekly")
    assert note_hint(database, "b1") == ("amal", "zina")
    assert sorted(take_hints(database, ["zina", "amal"])) == [("amal", "b1"), ("zina", "b1")]


def test_who_was_told_of_first_is_read_first(database: PostgresDatabase) -> None:
    for board in ("b2", "b1"):
        note_hint(database, board)
    assert take_hints(database, ["zina", "amal"]) == (("amal", "b2"), ("zina", "b1"))


def test_of_several_that_take_one_gets_it_and_none_is_lost(database: PostgresDatabase) -> None:
    noted, taken = threading.Event(), list[tuple[str, str]]()

    def take() -> None:
        while True:
            last = noted.is_set()
            taken.extend(take_hints(database, ["zina", "amal"]))
            if last:
                return

    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            pool.submit(take)
        for number in range(40):
            bind(database, "zina", f"n{number}", f"k{number}")
            note_hint(database, f"n{number}")
        noted.set()
    assert sorted(taken) == sorted(("zina", f"n{number}") for number in range(40))


def test_who_listens_is_woken_at_once(database: PostgresDatabase, address: str) -> None:
    with database.listening(CHANNEL) as heard, closing(open_server(address)) as elsewhere:
        assert heard(0.05) == frozenset()
        later = threading.Timer(0.2, note_hint, [elsewhere, "b1"])
        later.start()
        begun = time.monotonic()
        assert heard(20) == {"zina"}
        assert time.monotonic() - begun < 5
        later.join()


def test_listening_takes_no_connection_from_others(database: PostgresDatabase) -> None:
    with database.listening(CHANNEL), database.listening(CHANNEL):
        assert database._engine.pool.checkedout() == 0
    assert note_hint(database, "b1") == ("zina",)


def test_who_listens_hears_that_the_server_is_gone() -> None:
    with (
        running(Path(tempfile.gettempdir())) as server,
        closing(open_server(server.create("gone"))) as database,
        database.listening(CHANNEL) as heard,
    ):
        server.stop("immediate")
        with pytest.raises(StoreError, match="does not answer"):
            heard(20)


def test_a_board_is_found_by_its_index(database: PostgresDatabase, address: str) -> None:
    with psycopg.connect(address, autocommit=True) as server:
        server.execute(
            "INSERT INTO bindings SELECT 'many', 'board', 'b' || n, '', 'x' || n, now(), '', '', false"
            " FROM generate_series(1, 20000) n"
        )
        server.execute("ANALYZE bindings")
        used = "SELECT idx_scan FROM pg_stat_user_indexes WHERE indexrelname = 'bindings_by_trello_id'"
        before = server.execute(used).fetchone()
        note_hint(database, "x777")
        database.close()  # an ending connection reports what it used
        until = time.monotonic() + 20
        while server.execute(used).fetchone() == before:
            assert time.monotonic() < until
            time.sleep(0.1)
