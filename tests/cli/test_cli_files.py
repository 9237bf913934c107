"""init, validate and preview: the commands that need neither Trello nor a store."""

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from trello_ops import starter

Invoke = Callable[..., Result]


# ---- init -------------------------------------------------------------------------------------------


def test_init_makes_a_folder_that_is_valid(
    invoke: Invoke, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    result = invoke("init", "new/shop")
    assert result.exit_code == 0, result.output
    assert "trello-ops validate" in result.stdout
    made = folder / "new" / "shop"
    assert {path.name for path in made.iterdir()} == {"boards", "templates", "schema", ".env", ".gitignore"}
    assert stat.S_IMODE((made / ".env").stat().st_mode) == 0o600
    assert (made / ".env").read_text() == starter.find().env_example.read_text()
    assert ".env" in (made / ".gitignore").read_text().splitlines()
    monkeypatch.chdir(made)
    assert invoke("validate").exit_code == 0


def test_init_may_start_from_the_planned_week(
    invoke: Invoke, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoke("init", "new", "--pack", "planned-week").exit_code == 0
    monkeypatch.chdir(folder / "new")
    result = invoke("validate")  # which also tries every card template
    assert result.stdout.startswith("Aucune erreur, aucun avertissement")
    assert result.stdout.endswith("3 tableaux, 40 tâches.\n")


def test_init_brings_the_schemas_that_the_board_files_name(invoke: Invoke, folder: Path) -> None:
    invoke("init", "shop")
    for board in (folder / "shop" / "boards").glob("*.yaml"):
        named = board.read_text().splitlines()[0].partition("$schema=")[2]
        assert json.loads((board.parent / named).read_text())["title"]


@pytest.mark.parametrize("name", [".", "./", "../{}"])
def test_init_names_the_current_folder(
    invoke: Invoke, folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (folder / "fresh").mkdir()
    monkeypatch.chdir(folder / "fresh")
    said = invoke("init", name.format("fresh")).stdout.splitlines()
    assert said[0] == "Made boards, templates, schema, .env, .gitignore in the current folder."
    assert said[1] == "Next, in the current folder:"


def test_init_overwrites_nothing_and_says_what_is_in_the_way(invoke: Invoke, folder: Path) -> None:
    (folder / ".env").write_text("mine")
    before = sorted(folder.rglob("*"))
    result = invoke("init", ".")
    assert result.exit_code == 2
    for name in ("boards", "templates", ".env"):
        assert name in result.stderr
    assert ".gitignore" not in result.stderr
    assert (folder / ".env").read_text() == "mine"
    assert sorted(folder.rglob("*")) == before


def test_init_does_not_write_through_a_dangling_link(invoke: Invoke, folder: Path) -> None:
    (folder / "shop").mkdir()
    (folder / "shop" / ".env").symlink_to(folder / "elsewhere")
    assert invoke("init", "shop").exit_code == 2
    assert not (folder / "elsewhere").exists()


# ---- validate ---------------------------------------------------------------------------------------


def test_a_sound_declaration_is_counted(invoke: Invoke) -> None:
    result = invoke("validate")
    assert result.exit_code == 0
    assert result.stdout == "No problems, no warnings; sound: 1 board, 1 task.\n"


def test_warnings_do_not_fail(invoke: Invoke, folder: Path) -> None:
    board = folder / "boards" / "daily.yaml"
    board.write_text(board.read_text().replace("    assign: amal\n", ""))
    result = invoke("validate")
    assert result.exit_code == 0
    first, last = result.stdout.splitlines()
    assert first.startswith("boards/daily.yaml:")
    assert " tasks.parcels: warning: " in first
    assert last == "No problems, 1 warning; sound: 1 board, 1 task."


BROKEN = {
    "unknown-key": ("assign: amal", "assigned: amal"),
    "duplicate-key": ("    assign: amal\n", "    assign: amal\n    assign: amal\n"),
    "unknown-theme": ("theme: operations", "theme: operatoins"),
    "unknown-person": ("assign: amal", "assign: anal"),
    "unknown-template": ("template: parcels.md", "template: parcel.md"),
    "impossible-date": ('due: "23:59"\n', 'due: "23:59"\nstart: 2026-02-30\n'),
    "impossible-time": ('due: "23:59"', 'due: "24:59"'),
    "no-title": ("title: Every day\n", ""),
    "bad-cadence": ("cadence: daily", "cadence: hourly"),
    "not-yaml": ("tasks:", "tasks: ["),
}


def test_ten_broken_files_are_ten_messages_in_one_run(invoke: Invoke, folder: Path) -> None:
    sound = (folder / "boards" / "daily.yaml").read_text()
    for name, (right, wrong) in BROKEN.items():
        assert right in sound
        titled = sound.replace(right, wrong, 1).replace("Every day", f"Every day {name}")
        (folder / "boards" / f"{name}.yaml").write_text(titled)
    before = sorted(folder.rglob("*"))
    result = invoke("validate")
    assert result.exit_code == 2
    assert result.stderr == ""
    *lines, last = result.stdout.splitlines()
    assert last.startswith("10 problems, no warnings")
    assert len(lines) == 10
    for name in BROKEN:
        assert sum(line.startswith(f"boards/{name}.yaml:") for line in lines) == 1, name
    assert sorted(folder.rglob("*")) == before


def test_problems_as_json_and_seen_from_the_current_folder(invoke: Invoke, folder: Path) -> None:
    (folder / ".env").write_text(f"TRELLO_OPS_BOARDS_DIR={folder / 'boards'}\n")
    board = folder / "boards" / "daily.yaml"
    board.write_text(board.read_text().replace("operations", "operatoins"))
    result = invoke("validate", "--format", "json")
    assert result.exit_code == 2
    found = json.loads(result.stdout)
    assert found["warnings"] == []
    (problem,) = found["problems"]
    assert (problem["file"], problem["line"], problem["path"]) == (
        "boards/daily.yaml",
        8,
        "tasks.parcels.theme",
    )
    assert "did you mean `operations`?" in problem["message"]


def test_a_broken_template_is_a_problem_too(invoke: Invoke, folder: Path) -> None:
    template = folder / "templates" / "cards" / "parcels.md"
    template.write_text(template.read_text().replace("task.title", "task.titel"))
    result = invoke("validate")
    assert result.exit_code == 2
    assert result.stdout.startswith("templates/cards/parcels.md:2:")


@pytest.mark.parametrize("command", ["plan", "apply", "tick", "run", "report", "status", "preview"])
def test_no_command_works_on_a_broken_declaration(invoke: Invoke, folder: Path, command: str) -> None:
    (folder / ".env").write_text("TRELLO_OPS_TRELLO_KEY=k\nTRELLO_OPS_TRELLO_TOKEN=t\n")
    (folder / "boards" / "daily.yaml").write_text("title: Nothing\n")
    result = invoke(command, *(["parcels"] if command == "preview" else []))
    assert result.exit_code == 2
    assert "boards/daily.yaml:1:1" in result.stderr
    assert not (folder / "trello-ops.sqlite3").exists()


# ---- preview ----------------------------------------------------------------------------------------


def test_preview_shows_the_card_of_a_day(invoke: Invoke, folder: Path) -> None:
    before, marker = sorted(folder.rglob("*")), "trello-ops:card:shop/daily/parcels/2026-11-16"
    result = invoke("preview", "parcels", "--date", "2026-11-16")
    assert result.exit_code == 0
    assert result.stdout.splitlines() == [
        "daily/parcels/2026-11-16",
        "  Title     Send the parcels",
        "  Board     Every day (daily)",
        "  List      To do",
        "  Label     Operations (orange)",
        "  Assigned  Amal Benali (@amal_zina)",
        "  Release   Mon 2026-11-16 00:00 UTC",
        "  Due       Mon 2026-11-16 23:59 UTC",
        "",
        "Checklist: Steps",
        "  [ ] Pack",
        "  [ ] Send",
        "",
        "Description:",
        "  Before noon, please.",
        "",
        "  ---",
        "",
        f"  *Card made automatically; please leave this line:* `{marker}`",
    ]
    assert sorted(folder.rglob("*")) == before


def test_preview_as_json(invoke: Invoke) -> None:
    result = invoke("preview", "daily/parcels", "--date", "2026-11-16", "--format", "json")
    found = json.loads(result.stdout)
    assert found["key"] == "daily/parcels/2026-11-16"
    assert found["checklists"] == [{"title": "Steps", "items": ["Pack", "Send"]}]
    assert found["due_at"] == "2026-11-16T23:59:00Z"
    assert found["assignees"] == [{"key": "amal", "username": "amal_zina", "name": "Amal Benali"}]


def test_a_misspelt_task_is_answered_with_the_nearest(invoke: Invoke) -> None:
    for wrong, right in (("parcel", "`parcels`"), ("dayly/parcels", "`daily/parcels`")):
        result = invoke("preview", wrong)
        assert result.exit_code == 2
        assert f"did you mean {right}?" in result.stderr


def test_a_task_of_two_boards_needs_its_board(invoke: Invoke, folder: Path) -> None:
    board = (folder / "boards" / "daily.yaml").read_text()
    (folder / "boards" / "other.yaml").write_text(board.replace("Every day", "Each day"))
    result = invoke("preview", "parcels")
    assert result.exit_code == 2
    assert "daily/parcels, other/parcels" in result.stderr
    assert invoke("preview", "other/parcels").exit_code == 0
    assert invoke("preview", "xyz").stderr.endswith("there is no task 'xyz': use `parcels`\n")


def test_a_date_that_is_none_is_refused_with_an_example(invoke: Invoke) -> None:
    result = invoke("preview", "parcels", "--date", "16/11/2026")
    assert result.exit_code == 2
    assert "2026-11-16" in result.stderr


def test_what_a_terminal_would_obey_is_shown(invoke: Invoke, folder: Path) -> None:
    board = folder / "boards" / "daily.yaml"
    board.write_text(board.read_text().replace("Send the parcels", '"Send \\u009b31m \\u202e the parcels"'))
    for form in ("text", "json"):
        shown = invoke("preview", "parcels", "--format", form).stdout
        assert "\u009b" not in shown
        assert "\u202e" not in shown
    assert json.loads(shown)["title"] == "Send \u009b31m \u202e the parcels"


NIGHT = """release: "02:30"
due: "03:10"
timezone: Europe/Paris
"""


def test_validate_and_preview_tell_of_a_release_that_gives_way(invoke: Invoke, folder: Path) -> None:
    board = folder / "boards" / "daily.yaml"
    board.write_text(board.read_text().replace('due: "23:59"\n', NIGHT))
    result = invoke("validate")
    assert result.exit_code == 0
    assert "boards/daily.yaml:4:10 release: warning: on 2027-03-28 the clocks skip 02:30" in result.stdout
    shown = invoke("preview", "parcels", "--date", "2027-03-28").stdout.splitlines()
    assert "  Release   Sun 2027-03-28 01:30 CET (the clocks skip 02:30)" in shown
    assert "  Due       Sun 2027-03-28 03:10 CEST" in shown
    assert "skip" not in invoke("preview", "parcels", "--date", "2027-03-29").stdout
