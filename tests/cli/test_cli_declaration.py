"""What an edit of the files will do is told before it is done, and broken files stop no reading."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from trello_sandbox.server import Handle

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]
_SECOND = """\
    assign: amal
  tills:
    title: Count the tills
    theme: operations
    template: tills.md
    assign: amal
"""


@pytest.fixture
def shop(invoke: Invoke, sandbox: Handle, tmp_path: Path) -> Path:
    """Two tasks on one board, applied, with today's cards out."""
    assert sandbox.url
    boards = tmp_path / "boards"
    (tmp_path / "templates" / "cards" / "tills.md").write_text("---\n---\nTwice.\n", "utf-8")
    daily = (boards / "daily.yaml").read_text("utf-8")
    (boards / "daily.yaml").write_text(daily.replace("    assign: amal\n", _SECOND), "utf-8")
    assert invoke("apply").exit_code == 0
    assert invoke("tick").exit_code == 0
    return boards


def edit(shop: Path, old: str, new: str) -> None:
    text = (shop / "daily.yaml").read_text("utf-8")
    assert old in text
    (shop / "daily.yaml").write_text(text.replace(old, new), "utf-8")


def remove_tills(shop: Path) -> None:
    edit(shop, _SECOND, "    assign: amal\n")


def test_validate_says_what_leaves_and_what_becomes_of_its_cards(invoke: Invoke, shop: Path) -> None:
    remove_tills(shop)
    said = invoke("validate")
    assert said.exit_code == 0
    assert "“Count the tills” (`daily/tills`) has left: its open card stays on Trello, and is" in said.stdout
    (change,) = json.loads(invoke("validate", "--format", "json").stdout)["changes"]
    assert (change["noun"], change["turn"], change["key"]) == ("task", "left", "daily/tills")


def test_plan_says_it_and_puts_nothing_in_force(invoke: Invoke, shop: Path) -> None:
    remove_tills(shop)
    for _ in range(2):
        said = invoke("plan")
        assert "“Count the tills” (`daily/tills`) has left" in said.stderr
        assert "archive template card" not in said.stdout, "it has no checklists, and so none"
    assert "daily/tills" in invoke("status").stdout


def test_a_task_that_looks_renamed_is_asked_at_its_line(invoke: Invoke, shop: Path) -> None:
    edit(shop, "  tills:", "  tills-evening:")
    said = invoke("validate")
    assert said.exit_code == 0
    assert "daily.yaml:11:3 tasks.tills-evening: warning: `daily/tills-evening` looks like" in said.stdout
    assert "write `was: tills` there, or `new: true`" in said.stdout
    assert invoke("tick").exit_code == 0
    assert "`daily/tills-evening` gets no card" in invoke("status").stdout
    edit(shop, "  tills-evening:", "  tills-evening:\n    was: tills")
    assert "`daily/tills` is now called `daily/tills-evening`" in invoke("validate").stdout
    assert invoke("tick").exit_code == 0
    assert "looks like" not in invoke("status").stdout
    assert "daily/tills/2026-12-02" in invoke("history", "tills-evening").stdout


def test_a_board_that_vanished_waits_for_apply(invoke: Invoke, shop: Path) -> None:
    text = (shop / "daily.yaml").read_text("utf-8").replace("Every day", "Other")
    text = text.replace("parcels:", "post:").replace("tills:", "safe:")
    (shop / "weekly.yaml").write_text(text, "utf-8")
    assert invoke("apply").exit_code == 0
    (shop / "weekly.yaml").rename(shop / "weekly.yaml.txt")
    assert "The board file `weekly` is gone: everything goes on" in invoke("validate").stdout
    assert invoke("tick").exit_code == 0
    assert "the board file `weekly` is gone" in invoke("status").stdout
    applied = invoke("apply")
    assert applied.exit_code == 0, applied.output
    assert "“Other” (`weekly`) has left" in applied.stderr
    assert "is gone" not in invoke("status").stdout


def test_broken_files_stop_no_reading_and_are_said_first(invoke: Invoke, shop: Path) -> None:
    edit(shop, 'due: "23:59"', "due: never")
    for command in ("status", "report", "history", "export"):
        said = invoke(*([command, "tills"] if command == "history" else [command]))
        assert said.exit_code == 0, command
        assert said.stderr.startswith(
            "The files have problems, so this goes by the declaration in force since"
        )
        assert "daily.yaml:4:6 due:" in said.stderr
        assert "tills" in said.stdout
    for command in ("plan", "apply"):
        assert invoke(command).exit_code == 2
    ticked = invoke("tick")
    assert (ticked.exit_code, "issue done" in ticked.stdout) == (2, True)


def test_a_workspace_whose_file_is_gone_is_known_from_the_store(invoke: Invoke, shop: Path) -> None:
    (shop / "workspace.yaml").unlink()
    said = invoke("status")
    assert (said.exit_code, "The shop" in said.stdout) == (0, True)
    assert "workspace.yaml" in said.stderr


_SPOILT = {
    "far day": ("boards/daily.yaml", "{old}start: 9999-12-31\n"),
    "parentheses": ("templates/cards/tills.md", "{{{{ " + "(" * 5000 + "1" + ")" * 5000 + " }}}}"),
    "sum": ("templates/cards/tills.md", "{{{{ " + "+".join(["1"] * 2000) + " }}}}"),
    "digits": ("templates/cards/tills.md", "{{{{ " + "9" * 5000 + " }}}}"),
}


def test_no_mistake_of_the_files_is_a_traceback_of_any_command(invoke: Invoke, shop: Path) -> None:
    for name, text in _SPOILT.values():
        file = shop.parent / name
        old = file.read_text("utf-8")
        file.write_text(text.format(old=old), "utf-8")
        for command, code in (("validate", 2), ("plan", 2), ("status", 0), ("report", 0), ("tick", 2)):
            said = invoke(command)
            assert said.exit_code == code, (name, command, said.output)
            assert "Traceback" not in said.output
            if command in {"validate", "plan", "status"}:
                assert file.name in said.output
        file.write_text(old, "utf-8")
    assert invoke("validate").exit_code == 0


def test_who_will_get_reports_is_told_before_it_is_so(invoke: Invoke, shop: Path) -> None:
    text = (shop / "workspace.yaml").read_text("utf-8")
    report = "[owner@shop.example, new@shop.example]\n  target: 95\n  boards: {daily: tills@shop.example}"
    edited = text.replace("[manager@shop.example, owner@shop.example]", report)
    (shop / "workspace.yaml").write_text(edited, "utf-8")
    said = (
        "The weekly report will also go to new@shop.example",
        "The weekly report will no longer go to manager@shop.example",
        "The report of the board “Every day” will also go to tills@shop.example",
        "The target will be 95 % on time (it was 90 %)",
    )
    planned, validated = invoke("plan"), invoke("validate")
    assert all(each in planned.stderr for each in said)
    assert all(each in validated.stdout for each in said)
    assert invoke("tick").exit_code == 0
    assert "weekly report" not in invoke("validate").stdout
