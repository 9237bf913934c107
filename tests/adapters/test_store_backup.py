"""`back_up`: a copy of the store while others write to it."""

import sqlite3
import stat
import threading
from contextlib import closing
from pathlib import Path

import pytest
from store_kit import NOW, fill, occurrence

from trello_ops.adapters.store import SqlStore, back_up, open_store
from trello_ops.errors import StoreError


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'trello-ops.sqlite3'}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return tmp_path / "backup.sqlite3"


def made(address: str, days: int = 3) -> SqlStore:
    store = open_store(address, "zina")
    fill(store, days)
    return store


def test_a_backup_is_a_whole_store_in_one_file(address: str, copy: Path) -> None:
    with closing(made(address)) as store:
        claim = store.claim("key", "one", NOW)
        back_up(address, copy)
        store.claim("later", "one", NOW)
        entry = store.entry(occurrence().key)
    with closing(open_store(f"sqlite:///{copy}", "zina")) as again:
        assert again.entry(occurrence().key) == entry
        assert again.claims() == (claim,)


def test_only_this_user_can_read_it(address: str, copy: Path) -> None:
    made(address).close()
    back_up(address, copy)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not list(copy.parent.glob(".*.part"))


def test_it_is_as_of_one_moment_while_others_write(address: str, copy: Path) -> None:
    """Occurrence and card are written in turn: no copy has a card whose occurrence it lacks."""
    store, stop = made(address, 200), threading.Event()

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            store.claim(f"a-{number}", "one", NOW)
            store.claim(f"b-{number}", "one", NOW)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(3):
            back_up(address, copy.with_name(f"{number}.sqlite3"))
    finally:
        stop.set()
        writer.join()
        store.close()
    for number in range(3):
        with closing(sqlite3.connect(copy.with_name(f"{number}.sqlite3"))) as database:
            keys = {key for (key,) in database.execute("SELECT key FROM claims")}
        first, second = ({key[2:] for key in keys if key[0] == letter} for letter in "ab")
        assert second <= first
        assert len(first - second) <= 1


def test_an_existing_file_is_never_overwritten(address: str, copy: Path) -> None:
    made(address).close()
    copy.write_text("precious")
    with pytest.raises(StoreError, match=r"backup\.sqlite3 exists already.*name another file"):
        back_up(address, copy)
    assert copy.read_text() == "precious"


def test_there_must_be_something_to_back_up(address: str, copy: Path, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"there is no database .*trello-ops\.sqlite3 to back up"):
        back_up(address, copy)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_folder_is_said(address: str, tmp_path: Path) -> None:
    made(address).close()
    with pytest.raises(StoreError, match="cannot be written: No such file or directory"):
        back_up(address, tmp_path / "nowhere" / "backup.sqlite3")


def test_a_damaged_store_gives_no_backup(address: str, copy: Path, tmp_path: Path) -> None:
    made(address, 200).close()
    file = tmp_path / "trello-ops.sqlite3"
    content = file.read_bytes()
    file.write_bytes(content[:4096] + b"\xff" * (len(content) - 4096))
    with pytest.raises(StoreError, match="is damaged; put back a backup"):
        back_up(address, copy)
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == []


def test_nothing_is_migrated(address: str, copy: Path, tmp_path: Path) -> None:
    """A backup is what one takes before an upgrade."""
    made(address).close()
    for file in (tmp_path / "trello-ops.sqlite3",):
        with closing(sqlite3.connect(file)) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
    back_up(address, copy)
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
