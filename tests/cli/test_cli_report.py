"""trello-ops report: past weeks, every form, and what would be sent."""

import json
import sys
from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes, policy
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import Result
from openpyxl import load_workbook
from shop_kit import Shop

from trello_ops.cli import report_forms
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.report import Report
from trello_ops.render import pdf as pdf_module
from trello_ops.render.report_mail import mail
from trello_ops.settings import Settings
from trello_sandbox.server import Handle

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]
WEEK = "2026-W49"


@pytest.fixture
def frozen(invoke: Invoke, sandbox: Handle) -> str:
    """A week that is frozen and mailed, in which nobody did anything."""
    assert sandbox.url
    assert invoke("apply").exit_code == 0
    for at in ("2026-12-03T08:00", "2026-12-04T08:00", "2026-12-07T08:00"):
        assert invoke("tick", "--at", at).exit_code == 0
    return WEEK


def test_past_weeks_are_listed(invoke: Invoke, frozen: str) -> None:
    (found,) = json.loads(invoke("report", "--list", "--format", "json").stdout)["weeks"]
    report = json.loads(invoke("report", "--week", frozen, "--format", "json").stdout)
    assert list(found) == [
        "week", "frozen_at", "n", "on_time", "rate", "verdict", "trial", "mails_sent", "mails_owed",
    ]  # fmt: skip
    totals = report["totals"]
    assert found["n"] == totals["on_time"] + totals["late"] + totals["missed"] > 0
    assert (found["week"], found["frozen_at"], found["rate"]) == (WEEK, report["frozen_at"], 0.0)
    assert (found["mails_sent"], found["mails_owed"]) == (2, 0)
    shown = invoke("report", "--list").stdout
    assert shown.startswith(f"{WEEK}  0 of {found['n']}  0%  ")
    assert "mails: 2 sent, 0 owed" in shown


def test_a_list_without_a_week_says_so(invoke: Invoke) -> None:
    assert invoke("report", "--list").stdout == "No week has closed yet.\n"
    assert json.loads(invoke("report", "--list", "--format", "json").stdout) == {"weeks": []}


@pytest.mark.parametrize(
    "wrong",
    [
        ["--list", "--send"],
        ["--list", "--preview"],
        ["--list", "--week", WEEK],
        ["--list", "--format", "html"],
        ["--preview", "--send"],
        ["--board", "daily", "--send"],
        ["--board", "dayly"],
    ],
)
def test_options_that_exclude_each_other_are_refused(wrong: list[str], invoke: Invoke) -> None:
    assert invoke("report", *wrong).exit_code == 2


def test_the_workbook_opens(invoke: Invoke, frozen: str, folder: Path) -> None:
    result = invoke("report", "--week", frozen, "--format", "xlsx", "--out", "week.xlsx")
    assert (result.exit_code, result.output) == (0, "")
    assert load_workbook(folder / "week.xlsx").sheetnames
    piped = invoke("report", "--week", frozen, "--format", "xlsx")
    assert load_workbook(BytesIO(piped.stdout_bytes)).sheetnames


def test_the_mail_is_the_one_that_went_out(invoke: Invoke, frozen: str, folder: Path) -> None:
    result = invoke("report", "--week", frozen, "--format", "eml", "--out", "week.eml")
    assert result.exit_code == 0, result.output
    made = message_from_bytes((folder / "week.eml").read_bytes(), policy=policy.strict)
    sent = {mail["To"]: mail for mail in map(_mail, (folder / "mail").iterdir())}
    assert made["To"] == "manager@shop.example"
    assert made["Message-ID"] == sent[made["To"]]["Message-ID"]
    assert made["Subject"] == sent[made["To"]]["Subject"]


def _mail(path: Path) -> object:
    return message_from_bytes(path.read_bytes(), policy=policy.default)


@pytest.mark.parametrize("week", [[], ["--week", WEEK]], ids=["running", "frozen"])
def test_a_preview_is_never_taken_for_the_report(week: list[str], invoke: Invoke, frozen: str) -> None:
    assert frozen
    preview = ["report", *week, "--preview", "--format"]
    assert "(provisional)" in invoke(*preview, "text").stdout
    assert "(provisional)" in invoke(*preview, "html").stdout
    assert json.loads(invoke(*preview, "json").stdout)["frozen_at"] is None
    mail = message_from_bytes(invoke(*preview, "eml").stdout_bytes, policy=policy.default)
    assert "(provisional)" in mail["Subject"]
    assert "provisional" in mail["Message-ID"]


@pytest.mark.parametrize("form", ["xlsx", "eml", "pdf"])
def test_no_file_goes_to_a_terminal(form: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        stdout = type("Stream", (), {"isatty": staticmethod(lambda: True)})

    monkeypatch.setattr(report_forms, "sys", Terminal)
    refused = invoke("report", "--format", form)
    assert refused.exit_code == 2
    assert f"--out report.{form}" in refused.stderr
    assert sys.stdout


def test_without_a_browser_a_pdf_says_what_to_do(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_module.shutil, "which", lambda _name: None)
    refused = invoke("report", "--format", "pdf", "--out", "week.pdf")
    assert refused.exit_code == 1
    assert "Install one, or write the report with --format html" in refused.stderr
    assert not Path("week.pdf").exists()


@pytest.mark.parametrize("form", ["text", "html", "json", "xlsx", "eml"])
def test_what_the_first_version_froze_opens_in_every_form(form: str) -> None:
    oldest = Path(__file__).parents[1] / "core" / "reporting" / "frozen_report.json"
    report = Report.from_dict(json.loads(oldest.read_text("utf-8")))
    context = replace(Shop().context(), render_report=mail)
    assert report_forms.content(
        context, Settings(), report, form, OwedMail(report.week, "manager@shop.example")
    )


def test_a_board_has_its_own_report(invoke: Invoke, frozen: str, folder: Path) -> None:
    workspace = folder / "boards" / "workspace.yaml"
    workspace.write_text(workspace.read_text("utf-8") + "  boards: {daily: till@shop.example}\n", "utf-8")
    report = json.loads(invoke("report", "--week", frozen, "--board", "daily", "--format", "json").stdout)
    assert [board["key"] for board in report["boards"]] == ["daily"]
    preview = invoke("report", "--board", "daily", "--preview", "--format", "eml")
    assert preview.exit_code == 0, preview.output
    assert message_from_bytes(preview.stdout_bytes, policy=policy.default)["To"] == "till@shop.example"


def test_who_became_a_recipient_since_gets_the_week_when_asked(
    invoke: Invoke, frozen: str, folder: Path
) -> None:
    """As after an address that the mail server refused was corrected."""
    workspace = folder / "boards" / "workspace.yaml"
    corrected = workspace.read_text("utf-8").replace("manager@shop.example", "boss@shop.example")
    workspace.write_text(corrected, "utf-8")
    assert (
        "Sent the report of 2026-W49 to 1 recipient." in invoke("report", "--week", frozen, "--send").stderr
    )
    sent = [message_from_bytes(mail.read_bytes())["To"] for mail in (folder / "mail").glob("*.eml")]
    assert sorted(sent) == ["boss@shop.example", "manager@shop.example", "owner@shop.example"]
    assert "Nobody is owed" in invoke("report", "--week", frozen, "--send").stderr


def test_the_page_is_made_by_the_workspace_s_own_template(invoke: Invoke, frozen: str, folder: Path) -> None:
    own = folder / "templates" / "report" / "report.html.j2"
    own.parent.mkdir()
    own.write_text("<p>Ours: {{ page.headline }}</p>")
    assert "<p>Ours: " in invoke("report", "--week", frozen, "--format", "html").stdout
    assert "<p>Ours: " in invoke("report", "--preview", "--format", "html").stdout
