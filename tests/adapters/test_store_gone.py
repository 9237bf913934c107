"""A store that is gone is not made anew unawares."""

import stat
from pathlib import Path

import pytest

from trello_ops.adapters.store import back_up, is_gone, is_there, open_store
from trello_ops.errors import StoreError


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A store that was made, and closed."""
    file = tmp_path / "ops.sqlite3"
    open_store(f"sqlite:///{file}", "zina").close()
    return file


def _delete(file: Path) -> None:
    """As people do."""
    for each in file.parent.glob(f"{file.name}*"):
        each.unlink()


def test_a_store_that_was_deleted_is_refused_until_that_is_meant(file: Path) -> None:
    _delete(file)
    url = f"sqlite:///{file}"
    for _ in range(2):
        with pytest.raises(StoreError, match=r"is gone") as refused:
            open_store(url, "zina")
        assert refused.value.exit_code == 5
        assert "trello-ops recover" in str(refused.value)
        assert "--new-store" in str(refused.value)
        assert not file.exists()
    assert is_gone(url)
    open_store(url, "zina", new=True).close()
    assert is_there(url)
    assert not is_gone(url)
    open_store(url, "zina").close()


def test_one_that_was_emptied_is_gone_as_well(file: Path) -> None:
    _delete(file)
    file.touch()
    assert not is_there(f"sqlite:///{file}")
    with pytest.raises(StoreError, match="is gone"):
        open_store(f"sqlite:///{file}", "zina")


def test_an_empty_file_where_none_was_is_taken_as_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "ops.sqlite3").touch()
    open_store(f"sqlite:///{tmp_path}/ops.sqlite3", "zina").close()


def test_a_store_under_another_name_is_a_new_one(file: Path) -> None:
    moved = file.with_name("other.sqlite3")
    file.rename(moved)
    open_store(f"sqlite:///{moved}", "zina").close()
    _delete(moved)
    with pytest.raises(StoreError, match="is gone"):
        open_store(f"sqlite:///{moved}", "zina")


def test_one_of_an_older_version_is_noticed_at_its_next_opening(file: Path) -> None:
    (trace,) = file.parent.glob(".*")
    trace.unlink()
    open_store(f"sqlite:///{file}", "zina").close()
    _delete(file)
    with pytest.raises(StoreError, match="is gone"):
        open_store(f"sqlite:///{file}", "zina")


def test_the_address_may_be_relative_or_say_more(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _delete(file)
    monkeypatch.chdir(file.parent)
    for url in ("sqlite:///ops.sqlite3", f"sqlite:///{file}?timeout=1", f"sqlite:///file:{file}?uri=true"):
        with pytest.raises(StoreError, match="is gone"):
            open_store(url, "zina")


def test_a_backup_that_is_put_back_is_the_store_again(file: Path) -> None:
    copy = file.parent / "backups" / "copy.sqlite3"
    copy.parent.mkdir()
    back_up(f"sqlite:///{file}", copy)
    _delete(file)
    copy.rename(file)
    open_store(f"sqlite:///{file}", "zina").close()
    with pytest.raises(StoreError, match="is gone"):
        open_store(f"sqlite:///{copy}", "zina")


def test_only_this_user_reads_what_tells(file: Path) -> None:
    (trace,) = file.parent.glob(".*")
    assert stat.S_IMODE(trace.stat().st_mode) == 0o600
