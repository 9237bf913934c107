"""`trello-ops store copy`."""

from contextlib import closing
from pathlib import Path

from click.testing import CliRunner
from store_kit import NOW, fill

from trello_ops.adapters.store import open_store
from trello_ops.cli import commands


def test_a_store_is_copied_and_counted(tmp_path: Path) -> None:
    old, new = (f"sqlite:///{tmp_path / name}" for name in ("old.sqlite3", "new.sqlite3"))
    with closing(open_store(old, "zina")) as store:
        fill(store, days=3)
    done = CliRunner().invoke(commands, ["store", "copy", old, new], env={"TRELLO_OPS_LANG": "fr"})
    assert done.exit_code == 0, done.output
    lines = dict(line.split() for line in done.stdout.splitlines()[:-1])
    assert (lines["occurrences"], lines["cards"]) == ("3", "3")
    total = sum(map(int, lines.values()))
    assert done.stdout.splitlines()[-1] == f"{total} lignes copiées, et chacune retrouvée."
    with closing(open_store(new, "zina")) as store:
        assert len(store.due_between(NOW, NOW.replace(year=2027))) == 3


def test_an_address_that_will_not_do_is_refused_and_not_shown(tmp_path: Path) -> None:
    done = CliRunner().invoke(
        commands, ["store", "copy", f"sqlite:///{tmp_path}/x", "mysql://u:hunter2@db/x"]
    )
    assert done.exit_code != 0
    assert "there is no store to copy" in done.stderr
    with closing(open_store(f"sqlite:///{tmp_path}/x", "zina")):
        pass
    done = CliRunner().invoke(
        commands, ["store", "copy", f"sqlite:///{tmp_path}/x", "mysql://u:hunter2@db/x"]
    )
    assert "neither SQLite nor PostgreSQL" in done.stderr
    assert "hunter2" not in done.output
