"""A reader sees the old file or the new one, and never a part."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from trello_ops.private_files import atomic_file, private_file, private_folder


def test_the_file_appears_once_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "week.html"
    with atomic_file(path) as unfinished:
        unfinished.write_text("half")
        assert not path.exists()
        unfinished.write_text("whole")
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_leaves_what_was_there_and_nothing_else(tmp_path: Path) -> None:
    def write_half(path: Path) -> None:
        with atomic_file(path) as unfinished:
            unfinished.write_text("half")
            raise RuntimeError

    path = tmp_path / "week.html"
    path.write_text("old")
    with pytest.raises(RuntimeError):
        write_half(path)
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_in_its_place_is_an_error_that_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "week.html").mkdir()
    with pytest.raises(OSError, match="directory"), atomic_file(tmp_path / "week.html") as unfinished:
        unfinished.write_text("whole")
    assert [path.name for path in tmp_path.iterdir()] == ["week.html"]


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), atomic_file(tmp_path / "nowhere" / "week.html"):
        pass


def test_two_writers_do_not_meet_and_the_last_one_counts(tmp_path: Path) -> None:
    path = tmp_path / "week.html"
    with atomic_file(path) as one, atomic_file(path) as other:
        one.write_text("one")
        other.write_text("other")
    assert path.read_text() == "one"


def test_the_longest_name_leaves_room_for_the_unfinished_file(tmp_path: Path) -> None:
    with atomic_file(tmp_path / ("x" * 255)) as unfinished:
        unfinished.write_text("whole")
    assert (tmp_path / ("x" * 255)).read_text() == "whole"


@pytest.fixture
def _umask_of_most_systems() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.usefixtures("_umask_of_most_systems")
def test_it_is_for_its_user_alone_from_the_beginning(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "file") as unfinished:
        assert unfinished.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("_umask_of_most_systems")
def test_one_that_was_there_keeps_its_mode(tmp_path: Path) -> None:
    (tmp_path / "file").touch(0o640)
    with atomic_file(tmp_path / "file") as unfinished:
        unfinished.write_text("whole")
    private_file(tmp_path / "file")
    assert (tmp_path / "file").stat().st_mode & 0o777 == 0o640


@pytest.mark.usefixtures("_umask_of_most_systems")
def test_folders_are_for_their_user_alone_as_far_as_they_are_new(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(0o755)
    for _ in range(2):
        private_folder(tmp_path / "there" / "new" / "newer")
    made = (tmp_path / "there", tmp_path / "there" / "new", tmp_path / "there" / "new" / "newer")
    assert [oct(folder.stat().st_mode & 0o777) for folder in made] == ["0o755", "0o700", "0o700"]


def test_a_file_in_a_folder_s_place_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(FileExistsError):
        private_folder(tmp_path / "file")
