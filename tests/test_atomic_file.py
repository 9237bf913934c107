"""A reader sees the old file or the new one, and never a part."""

import os
from pathlib import Path

import pytest

from trello_ops.atomic_file import atomic_file


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


@pytest.mark.parametrize(("mode", "under_umask_022"), [(0o666, 0o644), (0o600, 0o600)])
def test_its_mode_is_as_asked_for_from_the_beginning(mode: int, under_umask_022: int, tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        with atomic_file(tmp_path / "file", mode) as unfinished:
            assert unfinished.stat().st_mode & 0o777 == under_umask_022
    finally:
        os.umask(before)
    assert (tmp_path / "file").stat().st_mode & 0o777 == under_umask_022
