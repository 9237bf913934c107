"""All files are written, or none is."""

from pathlib import Path

import pytest

from trello_ops.errors import InvalidDeclaration
from trello_ops.files_together import Rewrite, write_all

NAMES = ("daily", "weekly", "workspace")


@pytest.fixture
def rewrites(tmp_path: Path) -> list[Rewrite]:
    found = []
    for name in NAMES:
        path = tmp_path / f"{name}.yaml"
        path.write_bytes(before := f"old {name}\r\n".encode())
        found.append(Rewrite(path, before, f"new {name}\r\n".encode()))
    return found


def held(rewrites: list[Rewrite]) -> list[bytes]:
    """What the files hold; nothing else may lie beside them."""
    assert {path.name for path in rewrites[0].path.parent.iterdir()} == {each.path.name for each in rewrites}
    return [each.path.read_bytes() for each in rewrites]


def test_all_are_written_and_keep_their_modes(rewrites: list[Rewrite]) -> None:
    for each, mode in zip(rewrites, (0o640, 0o604, 0o600), strict=True):
        each.path.chmod(mode)
    write_all(rewrites)
    assert held(rewrites) == [each.after for each in rewrites]
    assert [each.path.stat().st_mode & 0o777 for each in rewrites] == [0o640, 0o604, 0o600]


def test_a_link_leads_where_it_led(rewrites: list[Rewrite], tmp_path: Path) -> None:
    elsewhere = tmp_path.parent / f"{tmp_path.name}-elsewhere.yaml"
    rewrites[0].path.rename(elsewhere)
    rewrites[0].path.symlink_to(elsewhere)
    write_all(rewrites)
    assert rewrites[0].path.is_symlink()
    assert elsewhere.read_bytes() == rewrites[0].after


@pytest.mark.parametrize("number", range(3))
def test_one_that_was_changed_meanwhile_keeps_all_as_they_are(rewrites: list[Rewrite], number: int) -> None:
    path = rewrites[number].path
    path.write_bytes(b"somebody's")
    with pytest.raises(InvalidDeclaration, match=rf"{path.name}:1:1: was changed meanwhile.*begin again$"):
        write_all(rewrites)
    assert held(rewrites) == [b"somebody's" if each.path == path else each.before for each in rewrites]


def test_all_that_changed_or_went_are_told(rewrites: list[Rewrite]) -> None:
    rewrites[0].path.unlink()
    rewrites[1].path.write_bytes(rewrites[1].after)
    with pytest.raises(InvalidDeclaration) as caught:
        write_all(rewrites)
    assert [problem.file for problem in caught.value.problems] == [str(each.path) for each in rewrites[:2]]
    assert rewrites[1].path.read_bytes() == rewrites[1].after
    assert held(rewrites[1:])[1] == rewrites[2].before


@pytest.mark.parametrize("failing", range(3))
def test_what_was_replaced_is_put_back_when_another_cannot_be(
    rewrites: list[Rewrite], failing: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, calls = Path.replace, []

    def fail_once(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == failing + 1:
            raise OSError("no")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", fail_once)
    with pytest.raises(OSError, match="no"):
        write_all(rewrites)
    assert len(calls) == failing + 1 + failing, "each that was replaced is put back"
    assert held(rewrites) == [each.before for each in rewrites]


def test_without_room_for_the_new_ones_nothing_is_touched(rewrites: list[Rewrite]) -> None:
    nowhere = Rewrite(rewrites[0].path.parent / "nowhere" / "x.yaml", b"", b"x")
    with pytest.raises(FileNotFoundError):
        write_all([*rewrites, nowhere])
    assert held(rewrites) == [each.before for each in rewrites]
