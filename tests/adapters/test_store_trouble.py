"""What may become of the database file, and of the disk under it: each refused in words, nothing lost."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from full_disk import FullDisk
from store_kit import NOW, fill, occurrence

from trello_ops.adapters.store import back_up, open_store
from trello_ops.core.ledger import IssuedCard
from trello_ops.errors import StoreError

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

NOBODY = 65534


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sound") / "trello-ops.sqlite3"
    with closing(open_store(f"sqlite:///{path}", "zina")) as store:
        fill(store, 300)
    return path


@pytest.fixture
def file(sound: Path, tmp_path: Path) -> Path:
    """A sound store of 300 days, closed."""
    return Path(shutil.copy(sound, tmp_path))


def refused(file: Path) -> str:
    """What is said of a file that cannot be opened."""
    with pytest.raises(StoreError) as refusal:
        open_store(f"sqlite:///{file}", "zina").close()
    assert refusal.value.exit_code == 5
    assert str(file) in str(refusal.value)
    return str(refusal.value)


# ---- damage


@pytest.mark.parametrize("kept", [0.3, 0.6, 0.95])
def test_a_truncated_file_is_refused(file: Path, kept: float) -> None:
    os.truncate(file, int(file.stat().st_size * kept))
    assert "is damaged; put back a backup" in refused(file)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_garbage_in_the_middle_is_found_at_the_start(file: Path, share: float) -> None:
    """Not only when a query meets it, perhaps after weeks of further backups."""
    with file.open("r+b") as content:
        content.seek(int(file.stat().st_size * share) // 4096 * 4096)
        content.write(b"\xa5" * 4096)
    assert "`trello-ops recover`" in refused(file)


@pytest.fixture
def large(file: Path) -> Path:
    """More than is read from end to end at every start; what makes it so large has lost a piece."""
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE ballast AS SELECT zeroblob(70 * 1048576) AS bytes")
    with file.open("r+b") as content:
        content.seek(40 * 2**20)
        content.write(bytes(8192))
    return file


def test_a_large_file_is_not_read_whole_at_the_start_but_by_each_backup(large: Path, tmp_path: Path) -> None:
    with closing(open_store(f"sqlite:///{large}", "zina")) as store:
        assert store.entry(occurrence(299).key)
    with pytest.raises(StoreError, match="is damaged; put back a backup"):
        back_up(f"sqlite:///{large}", tmp_path / "copy.sqlite3")


def test_a_large_file_without_its_end_is_refused(large: Path) -> None:
    os.truncate(large, large.stat().st_size - 8192)
    assert "is damaged; put back a backup" in refused(large)


def test_a_damaged_file_is_left_as_it_is(file: Path) -> None:
    os.truncate(file, 5000)
    before = file.read_bytes()
    refused(file)
    assert file.read_bytes() == before


def test_garbage_in_place_of_the_journal_does_no_harm(file: Path) -> None:
    """Frames without a right checksum are not there."""
    file.with_name(file.name + "-wal").write_bytes(os.urandom(8192))
    with closing(open_store(f"sqlite:///{file}", "zina")) as store:
        assert store.entry(occurrence(299).key)


def test_without_its_journal_a_store_is_sound_and_older(tmp_path: Path) -> None:
    """As after copying the one file alone; it then knows no more than a backup of that moment."""
    path, copy = tmp_path / "trello-ops.sqlite3", tmp_path / "copy.sqlite3"
    open_store(f"sqlite:///{path}", "zina").close()
    with closing(open_store(f"sqlite:///{path}", "zina")) as store:
        store.claim("key", "one", NOW)
        shutil.copy(path, copy)
    with closing(open_store(f"sqlite:///{copy}", "zina")) as older:
        assert older.claims() == ()


def test_an_empty_file_is_a_new_store(tmp_path: Path) -> None:
    """SQLite makes the file before it writes to it: another process may be about to."""
    path = tmp_path / "trello-ops.sqlite3"
    path.touch()
    with closing(open_store(f"sqlite:///{path}", "zina")) as store:
        assert store.first_due() is None


# ---- taken away while in use


def move_all(file: Path, folder: Path) -> Path:
    """Move a database with what belongs to it."""
    folder.mkdir(exist_ok=True)
    for part in file.parent.glob(f"{file.name}*"):
        part.rename(folder / part.name)
    return folder / file.name


@pytest.mark.parametrize("replaced", [False, True])
def test_nothing_is_written_to_a_file_that_was_taken_away(file: Path, replaced: bool) -> None:
    """Another process would see none of it, and make the same cards again."""
    with closing(open_store(f"sqlite:///{file}", "zina")) as store:
        store.claim("before", "one", NOW)
        away = move_all(file, file.parent / "away")
        if replaced:
            open_store(f"sqlite:///{file}", "zina", new=True).close()
        with pytest.raises(StoreError, match="was moved, deleted or replaced while in use"):
            store.claim("key", "one", NOW)
        file.unlink(missing_ok=True)
        move_all(away, file.parent)
        assert store.claim("key", "one", NOW)


# ---- rights


@contextmanager
def as_somebody_else() -> Iterator[None]:
    """Root may do everything, so root becomes nobody for a while."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


@pytest.fixture
def public(file: Path) -> Iterator[Path]:
    """The store in a folder that everybody may enter."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    moved = Path(shutil.move(file, folder))
    moved.chmod(0o666)
    yield moved
    folder.chmod(0o777)
    shutil.rmtree(folder)


def test_a_file_of_somebody_else_is_refused(public: Path) -> None:
    public.chmod(0)
    with as_somebody_else():
        assert "let this user read and write the file and its folder" in refused(public)


def test_a_file_that_may_only_be_read_is_refused(public: Path) -> None:
    public.chmod(0o444)
    with as_somebody_else():
        assert "is read-only; let this user write to the file and to its folder" in refused(public)


def test_a_folder_that_may_only_be_read_is_refused(public: Path) -> None:
    public.parent.chmod(0o555)
    with as_somebody_else():
        assert "is read-only; let this user write to the file and to its folder" in refused(public)


def test_a_folder_in_its_place_is_said_to_be_one(tmp_path: Path) -> None:
    assert "it is a folder; name a file" in refused(tmp_path)


# ---- a full disk


def test_a_full_disk_is_said_and_nothing_is_half_written(file: Path) -> None:
    with closing(FullDisk(file)) as disk:
        disk.fill("claims", "cards")
        with pytest.raises(StoreError, match="the disk is full; make room"):
            disk.store.claim("key", "one", NOW)
        assert disk.store.claims() == ()
        disk.make_room()
        assert disk.store.claim("key", "one", NOW)


def test_a_card_that_found_no_room_is_confirmed_later(file: Path) -> None:
    issued = IssuedCard("c300", "https://trello.com/c/300", NOW, NOW)
    with closing(FullDisk(file)) as disk:
        disk.store.record([occurrence(300)], NOW)
        disk.fill("cards")
        with pytest.raises(StoreError, match="the disk is full; make room"):
            disk.store.confirm(occurrence(300).key, issued)
        disk.make_room()
        assert disk.store.confirm(occurrence(300).key, issued)


# ---- the plug is pulled

WRITER = """
import datetime as dt, sys
from trello_ops.adapters.store import open_store
store = open_store(sys.argv[1], "zina")
for number in range(1_000_000):
    claim = store.claim(f"key-{number}", "one", dt.datetime(2026, 11, 16, tzinfo=dt.UTC))
    print(claim.key, flush=True)
"""


@pytest.mark.parametrize("after", [1, 17, 60])
def test_what_was_claimed_before_a_kill_is_there(tmp_path: Path, after: int) -> None:
    """A claim that was answered is on disk: its request may have left."""
    address = f"sqlite:///{tmp_path / 'trello-ops.sqlite3'}"
    command = [sys.executable, "-W", "error", "-c", WRITER, address]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout
        told = [writer.stdout.readline().strip() for _ in range(after)]
        writer.send_signal(signal.SIGKILL)
        told += [line.strip() for line in writer.stdout.read().splitlines()]
    with closing(open_store(address, "zina")) as store:
        kept = {claim.key for claim in store.claims()}
    assert set(told) <= kept
    assert len(kept) <= len(told) + 1, "at most the one that was being answered"


def test_a_killed_writer_leaves_a_sound_file(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'trello-ops.sqlite3'}"
    for _ in range(2):
        command = [sys.executable, "-W", "error", "-c", WRITER.replace("key-", "{id(store)}-"), address]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout
            writer.stdout.readline()
            writer.kill()
    with closing(sqlite3.connect(tmp_path / "trello-ops.sqlite3")) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
