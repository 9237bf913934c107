"""trello-ops service install: units for the folder, which replace nobody's."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

Invoke = Callable[..., Result]


@pytest.fixture
def units(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where units go; the folder has what the service needs."""
    (folder / ".env").write_text("TRELLO_OPS_TRELLO_KEY=abc\nTRELLO_OPS_TRELLO_TOKEN=tok-42\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    return folder / "config" / "systemd" / "user"


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_unit_that_runs_this_program_in_this_folder(invoke: Invoke, units: Path, folder: Path) -> None:
    done = invoke("service", "install", "--user")
    assert done.exit_code == 0, done.output
    assert names(units) == ["trello-ops.service"]
    text = (units / "trello-ops.service").read_text()
    assert f"WorkingDirectory={folder}\n" in text
    assert 'trello-ops" run\n' in text
    for told in ("daemon-reload", "enable --now trello-ops.service", "enable-linger"):
        assert told in done.stdout
    assert done.stderr == ""
    assert "tok-42" not in text + done.output


def test_a_timer_instead(invoke: Invoke, units: Path) -> None:
    done = invoke("service", "install", "--user", "--timer")
    assert done.exit_code == 0, done.output
    assert names(units) == ["trello-ops-tick.service", "trello-ops-tick.timer"]
    assert 'trello-ops" tick\n' in (units / "trello-ops-tick.service").read_text()
    assert "enable --now trello-ops-tick.timer" in done.stdout


def test_twice_changes_nothing(invoke: Invoke, units: Path) -> None:
    invoke("service", "install", "--user")
    before = (units / "trello-ops.service").read_text()
    assert invoke("service", "install", "--user").exit_code == 0
    assert (units / "trello-ops.service").read_text() == before


def test_what_somebody_changed_stays_unless_told_so(invoke: Invoke, units: Path) -> None:
    invoke("service", "install", "--user", "--timer")
    (units / "trello-ops-tick.service").unlink()
    timer = units / "trello-ops-tick.timer"
    timer.write_text(own := timer.read_text().replace("0/5", "0/2"))
    done = invoke("service", "install", "--user", "--timer")
    assert done.exit_code == 2
    assert f"{timer} would say something else" in done.stderr
    assert timer.read_text() == own
    assert names(units) == ["trello-ops-tick.timer"], "none is written where one cannot be"
    assert invoke("service", "install", "--user", "--timer", "--force").exit_code == 0
    assert "0/5" in timer.read_text()


def test_a_masked_unit_is_somebodys_word_too(invoke: Invoke, units: Path) -> None:
    units.mkdir(parents=True)
    (units / "trello-ops.service").symlink_to(os.devnull)
    assert invoke("service", "install", "--user").exit_code == 2
    assert (units / "trello-ops.service").is_symlink()


def test_a_service_that_could_not_work_is_not_made(invoke: Invoke, units: Path, folder: Path) -> None:
    (folder / ".env").unlink()
    done = invoke("service", "install", "--user")
    assert done.exit_code == 2
    assert "TRELLO_OPS_TRELLO_KEY" in done.stderr
    assert not units.exists()


def test_what_only_this_terminal_knows_is_pointed_out(
    invoke: Invoke, units: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRELLO_OPS_LANG", "fr")
    done = invoke("service", "install", "--user")
    assert done.exit_code == 0
    assert "ne verra pas" in done.stderr
    assert "TRELLO_OPS_LANG" in done.stderr
    assert "Ensuite" in done.stdout


def test_a_machines_own_is_somebody_elses_to_copy(invoke: Invoke, units: Path) -> None:
    done = invoke("service", "install")
    assert done.exit_code == 2
    assert "deploy" in done.stderr
    assert not units.exists()


def test_a_folder_that_cannot_be_written_is_named(invoke: Invoke, units: Path) -> None:
    units.parent.parent.write_text("a file")
    done = invoke("service", "install", "--user")
    assert done.exit_code == 2
    assert "cannot be written" in done.stderr
