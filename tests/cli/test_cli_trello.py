"""plan, apply, tick, report and status against the sandbox, as a person types them."""

import datetime as dt
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from clock_kit import now

from trello_ops import __version__
from trello_ops.adapters.store import open_store
from trello_ops.core.reporting.report import Report
from trello_sandbox.server import Handle

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]

MONDAY = "2097-01-07"
"""Later than any today of a run, since `report` goes by the machine's clock."""
WEEK = "2097-W02"
LOST = {"method": "POST", "lose_answer": True}


def files_below(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


# ---- plan and apply ---------------------------------------------------------------------------------


def test_plan_shows_what_apply_then_makes_once(invoke: Invoke, trello: Any) -> None:
    planned = invoke("plan")
    assert planned.exit_code == 0
    assert "create board “Every day”" in planned.stdout
    assert planned.stdout.count("template card of parcels") == 1, "its checklists are part of it"
    assert planned.stdout.splitlines()[-1].startswith("8 changes: + 7 additive, ~ 1 careful.")
    assert trello.boards == []

    applied = invoke("apply")
    assert applied.exit_code == 0, applied.output
    assert applied.stdout.startswith(planned.stdout)
    assert "\nMade 8 changes of 8.\n" in applied.stdout
    assert applied.stderr == ""
    assert [board["name"] for board in trello.boards] == ["Every day"]

    for command in ("plan", "apply"):
        again = invoke(command)
        assert (again.exit_code, again.output.splitlines()[0]) == (0, "Nothing to change.")


def test_apply_shows_its_progress_on_a_terminal(trello: Any, folder: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "trello_ops", "apply"]
    env = {"PATH": os.environ["PATH"], "TERM": "xterm", "COLUMNS": "100"}
    done = subprocess.run(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=theirs, check=False)
    os.close(theirs)
    shown = os.read(ours, 100_000).decode()
    os.close(ours)
    assert done.returncode == 0
    assert "Applying" in shown
    assert "/9" in shown
    assert "Applying" not in done.stdout.decode()


def test_a_saved_plan_is_applied_as_it_is_or_not_at_all(invoke: Invoke, trello: Any, folder: Path) -> None:
    saved = invoke("plan", "--out", "plan.json", "--format", "json")
    assert json.loads(saved.stdout) == json.loads((folder / "plan.json").read_text())
    assert "trello-ops apply plan.json" in saved.stderr

    board = folder / "boards" / "daily.yaml"
    sound = board.read_text()
    board.write_text(sound.replace("Every day", "Each day"))
    refused = invoke("apply", "plan.json")
    assert refused.exit_code == 3
    assert "trello-ops plan --out plan.json" in refused.stderr
    assert trello.boards == []

    board.write_text(sound)
    assert invoke("apply", "plan.json").exit_code == 0
    assert len(trello.boards) == 1
    assert not [path for path in folder.iterdir() if path.name.startswith(".plan")]


def test_a_file_that_is_no_plan_is_refused(invoke: Invoke, sandbox: Handle) -> None:
    for text in ("{}", "[]", "nonsense"):
        Path("plan.json").write_text(text)
        result = invoke("apply", "plan.json")
        assert result.exit_code == 2
        assert "is not a saved plan" in result.stderr


def test_a_plan_that_cannot_be_saved_says_so(invoke: Invoke, sandbox: Handle) -> None:
    result = invoke("plan", "--out", "nowhere/plan.json")
    assert result.exit_code == 2
    assert "nowhere/plan.json cannot be written: No such file or directory." in result.stderr


def test_an_unsafe_plan_needs_force(invoke: Invoke, trello: Any, folder: Path) -> None:
    board = folder / "boards" / "daily.yaml"
    task = board.read_text().partition("tasks:\n")[2]
    board.write_text(board.read_text() + task.replace("parcels:", "letters:"))
    with (folder / ".env").open("a") as settings:
        settings.write("TRELLO_OPS_MAX_CARDS_CREATED=1\n")
    refused = invoke("apply")
    assert refused.exit_code == 3
    assert "--force" in refused.stderr
    assert trello.boards == []
    assert invoke("apply", "--force").exit_code == 0
    assert len(trello.boards) == 1


def test_apply_ends_the_pauses_of_its_boards(invoke: Invoke, trello: Any) -> None:
    store = open_store("sqlite:///trello-ops.sqlite3", "shop")
    mended, others = ["daily", "daily/stock", "daily:issuing", "daily:reading"], ["daily:limits", "job:mail"]
    for subject in (*mended, *others):
        store.note_problem(subject, "it failed", now())
    assert invoke("apply").exit_code == 0
    assert [problem.subject for problem in store.problems()] == others
    store.close()


def test_apply_waits_for_an_attempt_whose_answer_was_lost(invoke: Invoke, trello: Any) -> None:
    trello.control("faults", {"path": "/1/boards", **LOST})
    first = invoke("apply")
    assert first.exit_code == 4
    assert "Made no changes of 8." in first.stdout
    assert first.stderr.startswith("daily: ")
    second = invoke("apply")
    assert second.exit_code == 0, second.output
    assert second.stderr.startswith("An earlier attempt has not settled: change:daily.")
    assert len(trello.boards) == 1


# ---- tick -------------------------------------------------------------------------------------------


def test_a_rehearsed_week_from_card_to_mail(
    invoke: Invoke, trello: Any, sandbox: Handle, folder: Path
) -> None:
    assert invoke("apply").exit_code == 0
    ticked = invoke("tick", "--at", f"{MONDAY}T09:00")
    assert ticked.exit_code == 0, ticked.output
    assert (
        ticked.stdout == f"Mon {MONDAY} 09:00 UTC: reconcile done, issue done, observe done, report done.\n"
    )
    (card,) = trello.cards
    assert card["name"] == "Send the parcels"

    trello.tick(card)
    assert invoke("tick", "--at", f"{MONDAY}T12:00:00Z").exit_code == 0
    not_yet = invoke("report", "--week", WEEK, "--send")
    assert not_yet.exit_code == 2
    assert "closes Mon 2097-01-14 07:00 UTC" in not_yet.stderr

    assert invoke("tick", "--at", "2097-01-14T08:00").exit_code == 0
    frozen = json.loads(invoke("report", "--week", WEEK, "--format", "json").stdout)
    assert Report.from_dict(frozen).as_dict() == frozen
    assert frozen["frozen_at"].startswith("2097-01-14T08:00")
    first = frozen["occurrences"][0]
    assert (first["outcome"], first["completed_by"]) == ("on_time", "amal")
    assert first["completed_at"].startswith(f"{MONDAY}T09:00")
    mails = [
        message_from_bytes(path.read_bytes(), policy=policy.default) for path in (folder / "mail").iterdir()
    ]
    assert sorted(mail["To"] for mail in mails) == ["manager@shop.example", "owner@shop.example"]
    assert "Nobody is owed" in invoke("report", "--week", WEEK, "--send").stderr

    told = b"".join(path.read_bytes() for path in files_below(folder) - {folder / ".env"})
    for secret in (sandbox.key, sandbox.token, sandbox.secret):
        assert secret.encode() not in told


def test_tick_heals_a_card_whose_answer_was_lost(
    invoke: Invoke, trello: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Longer than a pass takes on a busy machine, so that there is something left to wait for.
    monkeypatch.setenv("TRELLO_OPS_SETTLE_SECONDS", "3")
    assert invoke("apply").exit_code == 0
    trello.control("faults", {"path": "/1/cards", **LOST})
    result = invoke("tick")
    assert result.exit_code == 0, result.output
    assert "daily/parcels/" in result.stderr
    assert result.stderr.count("An earlier attempt has not settled") == 1
    assert len(trello.cards) == 1
    assert "card.adopted" in result.stderr


def test_tick_says_what_went_wrong_and_exits_with_its_code(invoke: Invoke, trello: Any) -> None:
    assert invoke("apply").exit_code == 0
    trello.control("faults", {"path": "/1/boards", "method": "GET", "reset": True, "count": 99})
    result = invoke("tick")
    assert result.exit_code == 4
    assert "observe failed" in result.stdout
    assert "see `trello-ops status`" in result.stdout
    problems = json.loads(invoke("status", "--format", "json").stdout)["problems"]
    boards = {"daily", "daily:looking", "daily:reading"}
    assert {problem["subject"] for problem in problems} == {*boards, "job:observe", "job:reconcile"}
    assert re.search(r"  job:observe +since", invoke("status").stdout)


@pytest.mark.parametrize("host", ["https://api.trello.com", "https://trello.com"])
def test_trello_itself_is_never_rehearsed_with(invoke: Invoke, folder: Path, host: str) -> None:
    (folder / ".env").write_text(
        f"TRELLO_OPS_TRELLO_URL={host}\nTRELLO_OPS_TRELLO_KEY=k\nTRELLO_OPS_TRELLO_TOKEN=t\n"
    )
    result = invoke("tick", "--at", "2097-01-07T09:00")
    assert result.exit_code == 2
    assert "trello-ops sandbox" in result.stderr


def test_a_server_without_a_clock_to_set_is_no_rehearsal(
    invoke: Invoke, sandbox: Handle, folder: Path
) -> None:
    settings = (folder / ".env").read_text()
    (folder / ".env").write_text(settings.replace(sandbox.url, f"{sandbox.url}/elsewhere"))
    result = invoke("tick", "--at", "2097-01-07T09:00")
    assert result.exit_code == 2
    assert "does not let its clock be set (404)" in result.stderr


def test_a_sandbox_that_is_not_there_says_how_to_start_it(
    invoke: Invoke, sandbox: Handle, folder: Path
) -> None:
    settings = (folder / ".env").read_text()
    (folder / ".env").write_text(settings.replace(sandbox.url, "http://127.0.0.1:1"))
    result = invoke("tick", "--at", "2097-01-07T09:00")
    assert result.exit_code == 4
    assert "`trello-ops sandbox`" in result.stderr


# ---- report and status ------------------------------------------------------------------------------


def test_report_needs_neither_credentials_nor_trello(invoke: Invoke, folder: Path) -> None:
    assert "(provisional)" in invoke("report").stdout
    assert invoke("report", "--format", "html", "--out", "week.html").output == ""
    assert (folder / "week.html").read_text().lstrip().startswith("<!")
    last = json.loads(invoke("report", "--week", "last", "--format", "json").stdout)
    this = json.loads(invoke("report", "--format", "json").stdout)
    assert last["week"] < this["week"]
    wrong = invoke("report", "--week", "47")
    assert wrong.exit_code == 2
    assert "write it like 2026-W47" in wrong.stderr


def test_a_mail_that_cannot_go_out_stays_owed(invoke: Invoke, trello: Any, folder: Path) -> None:
    invoke("apply")
    invoke("tick", "--at", f"{MONDAY}T09:00")
    (folder / "mail").write_text("a file where the folder should be")
    invoke("tick", "--at", "2097-01-14T08:00")
    failed = invoke("report", "--week", WEEK, "--send")
    assert failed.exit_code == 6
    assert "manager@shop.example, owner@shop.example" in failed.stderr
    (folder / "mail").unlink()
    sent = invoke("report", "--week", WEEK, "--send", "--format", "json")
    assert sent.exit_code == 0
    assert json.loads(sent.stdout)["week"] == WEEK
    assert sent.stderr == f"Sent the report of {WEEK} to 2 recipients.\n"
    assert len(list((folder / "mail").iterdir())) == 2


def test_status_tells_who_did_what_when(invoke: Invoke, trello: Any) -> None:
    for command in ("apply", "tick"):
        result = invoke(command)
        assert result.exit_code == 0, result.output
    (card,) = trello.cards
    trello.tick(card)
    invoke("tick")
    found = json.loads(invoke("status", "--format", "json").stdout)
    assert list(found) == [
        "workspace", "at", "version", "timezone", "zone_data", "trello",
        "boards", "jobs", "claims", "problems", "next", "mails_owed", "week",
    ]  # fmt: skip
    (board,) = found["boards"]
    assert board["url"]
    assert board["read_at"]
    assert set(found["jobs"]) == {"reconcile", "issue", "observe", "report"}
    line, *ahead = found["week"]["occurrences"]
    assert len(ahead) == 7 - dt.datetime.fromisoformat(found["at"]).isoweekday()
    assert {(each["outcome"], each["card_url"]) for each in ahead} <= {("open", None)}
    assert line["card_url"] == card["shortUrl"]
    assert line["completed_by"] == "amal"
    assert found["next"][0]["key"].startswith("daily/parcels/")
    assert found["version"] == __version__
    shown = invoke("status").stdout
    assert f"; trello-ops {__version__}, time zone data " in shown.splitlines()[0]
    assert f"{line['outcome']}" in shown
    assert "by amal" in shown


def test_status_works_without_credentials_and_before_anything_is_made(invoke: Invoke) -> None:
    result = invoke("status")
    assert result.exit_code == 0
    assert "not made yet: run `trello-ops apply`" in result.stdout
    assert "never" in result.stdout


def test_status_names_what_is_unfinished(invoke: Invoke, trello: Any) -> None:
    trello.control("faults", {"path": "/1/boards", **LOST})
    invoke("apply")
    (claim,) = json.loads(invoke("status", "--format", "json").stdout)["claims"]
    assert (claim["key"], claim["unknown"], claim["attempt"]) == ("change:daily", True, 1)
    assert "change:daily" in invoke("status").stdout


def test_status_quotes_no_secret_of_a_problem(invoke: Invoke, sandbox: Handle) -> None:
    store = open_store("sqlite:///trello-ops.sqlite3", "shop")
    store.note_problem("daily", f"GET /1/boards said {sandbox.token}", now())
    store.close()
    for form in ("text", "json"):
        shown = invoke("status", "--format", form).stdout
        assert "GET /1/boards said ***" in shown
        assert sandbox.token not in shown


def test_no_device_and_no_deep_nest_is_a_saved_plan(invoke: Invoke, trello: Any, folder: Path) -> None:
    (folder / "deep.json").write_text("[" * 100_000)
    for name in ("/dev/zero", "deep.json"):
        result = invoke("apply", name)
        assert result.exit_code == 2
        assert "is not a saved plan" in result.stderr
