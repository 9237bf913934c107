"""trello-ops fleet: three shops of one file, on one SQLite store, against one sandbox."""

import json
import re
import shutil
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from metrics_kit import metrics_in
from openpyxl import load_workbook
from report_kit import REPORT

from trello_ops.adapters.store import SqlStore, open_database
from trello_ops.adapters.store.agency import AgencyStore
from trello_ops.app import App
from trello_ops.cli import commands, report_forms
from trello_ops.core import mails
from trello_ops.core.mails import OwedMail
from trello_ops.core.reporting.agency import AgencyReport
from trello_sandbox.server import Handle

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Fleet = Callable[..., Result]

SHOPS = ("casa", "fes", "zina")
FLEET = """\
defaults:
  token: ROBOT_TOKEN
  templates_from: templates
shops:
  - shops/*/
  - folder: shops/zina
    labels: [beldi]
"""


def edit(shop: str, old: str, new: str) -> None:
    """Edit a shop's board file."""
    file = Path("shops", shop, "boards", "daily.yaml")
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


@pytest.fixture
def fleet(folder: Path, sandbox: Handle) -> Fleet:
    """Run a command over a fleet of three shops, whose boards are alike."""
    for name in SHOPS:
        boards = folder / "shops" / name / "boards"
        shutil.copytree(folder / "boards", boards)
        for file, old, new in (
            ("workspace.yaml", "key: shop", f"key: {name}"),
            ("daily.yaml", "title: Every day", f"title: Every day of {name}"),
        ):
            (boards / file).write_text((boards / file).read_text().replace(old, new))
    shutil.rmtree(folder / "boards")
    with (folder / ".env").open("a") as file:
        file.write(f"ROBOT_TOKEN={sandbox.token}\n")
    (folder / "fleet.yaml").write_text(FLEET)

    def call(*args: str, answer: str = "") -> Result:
        return CliRunner().invoke(commands, ["fleet", *args], prog_name="trello-ops", input=answer)

    return call


def titles(trello: Any) -> list[object]:
    return sorted(board["name"] for board in trello.boards)


def status(fleet: Fleet, *args: str) -> Any:
    result = fleet("status", "--format", "json", *args)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def boards_of(*names: str) -> Sequence[str]:
    return [f"Every day of {name}" for name in names]


# ---- plan and apply ---------------------------------------------------------------------------------


def test_plan_counts_the_changes_of_every_shop_and_of_all(fleet: Fleet, trello: Any) -> None:
    result = fleet("plan")
    assert result.exit_code == 0, result.output
    for name in SHOPS:
        assert re.search(
            rf"^  {name} +8 changes: \+ 7 additive, ~ 1 careful\. Checksum", result.stdout, re.MULTILINE
        )
    assert result.stdout.splitlines()[-1] == "24 changes in all, at 3 shops, + 21 additive, ~ 3 careful"
    assert trello.boards == []


def test_apply_shows_the_plans_asks_and_makes_every_board(fleet: Fleet, trello: Any) -> None:
    refused = fleet("apply", answer="n\n")
    assert (refused.exit_code, trello.boards) == (1, [])
    result = fleet("apply", answer="y\n")
    assert result.exit_code == 0, result.output
    assert "24 changes in all" in result.stdout
    assert result.stdout.splitlines()[-1] == "3 shops as declared"
    assert titles(trello) == boards_of(*SHOPS)

    again = fleet("apply", "--yes")
    assert (again.exit_code, again.stdout.split()) == (0, ["3", "shops", "as", "declared"])
    assert "Nothing to change." in fleet("plan").stdout.splitlines()[-1]


@pytest.mark.parametrize(
    ("options", "made"),
    [
        (["--shop", "fes"], ["fes"]),
        (["--label", "beldi"], ["zina"]),
        (["--shop", "casa", "--label", "beldi"], ["casa", "zina"]),
    ],
)
def test_one_or_several_are_chosen(fleet: Fleet, trello: Any, options: list[str], made: list[str]) -> None:
    assert fleet("apply", "--yes", *options).exit_code == 0
    assert titles(trello) == boards_of(*made)


@pytest.mark.parametrize(
    ("options", "told"), [(["--shop", "zin"], "`zina`"), (["--label", "x"], "use `beldi`")]
)
def test_a_name_that_is_not_there_is_told(fleet: Fleet, options: list[str], told: str) -> None:
    result = fleet("plan", *options)
    assert result.exit_code == 2
    assert told in result.stderr


def test_what_was_saved_is_performed_and_nothing_else(fleet: Fleet, trello: Any) -> None:
    assert fleet("plan", "--out", "plans.json").exit_code == 0
    edit("zina", "Send the parcels", "Send all parcels")
    result = fleet("apply", "plans.json")
    assert result.exit_code == 3
    assert re.search(r"^  zina .*\n +what is due now \(checksum", result.stdout, re.MULTILINE)
    assert result.stdout.splitlines()[-1] == "2 shops as declared, 1 with trouble"
    assert titles(trello) == boards_of("casa", "fes")


def test_a_file_without_plans_is_told(fleet: Fleet) -> None:
    Path("plans.json").write_text("[]")
    result = fleet("apply", "plans.json")
    assert result.exit_code == 2
    assert "holds no plans of a fleet" in result.stderr


# ---- one problem stops no other ---------------------------------------------------------------------


def test_a_shop_that_is_wrong_is_told_and_the_others_are_made(fleet: Fleet, trello: Any) -> None:
    edit("casa", "due:", "dew:")
    planned = fleet("plan")
    assert planned.exit_code == 2
    assert (
        "shops/casa/boards/daily.yaml:4:1 dew: is not a name known here: did you mean `new`?"
        in planned.stdout
    )
    assert planned.stdout.splitlines()[-1].startswith("16 changes in all, at 2 shops")
    result = fleet("apply", answer="y\n")
    assert result.exit_code == 2
    assert titles(trello) == boards_of("fes", "zina")


def test_a_shop_that_cannot_be_tended_is_told_and_the_others_are_made(fleet: Fleet, trello: Any) -> None:
    Path("fleet.yaml").write_text(FLEET + "    token: ZINAS\n")
    result = fleet("apply", "--yes")
    assert result.exit_code == 2
    assert titles(trello) == boards_of("casa", "fes")
    for each in (result, fleet("plan"), fleet("status")):
        assert "fleet.yaml:8:12 shops[1].token: ZINAS is not set" in each.stdout
    assert fleet("plan", "--shop", "casa").exit_code == 0, "this one is not about it"
    assert fleet("plan", "--shop", "zina").exit_code == 2


# ---- canaries ---------------------------------------------------------------------------------------


def test_a_canary_has_a_pass_before_the_others_are_made(fleet: Fleet, trello: Any) -> None:
    result = fleet("apply", "--yes", "--canary", "1")
    assert result.exit_code == 0, result.output
    assert re.findall(r"^  (\w+) +8 changes(.*)$", result.stdout, re.MULTILINE) == [
        ("casa", "; a pass went well"), ("fes", ""), ("zina", ""),
    ]  # fmt: skip
    assert len(trello.cards) == 1, "the pass has made the canary's card of the day"
    shops = {each["name"]: each["lag_seconds"] for each in status(fleet)["shops"]}
    assert shops["casa"] is not None
    assert (shops["fes"], shops["zina"]) == (None, None)


def test_a_canary_that_fails_keeps_the_others_as_they_are(fleet: Fleet, trello: Any) -> None:
    trello.control("faults", {"method": "POST", "path": "/1/checklists", "status": 400, "count": 99})
    result = fleet("apply", "--yes", "--canary", "2")
    assert result.exit_code != 0
    assert result.stdout.splitlines()[-1] == "1 with trouble, 2 left as they were"
    assert titles(trello) == boards_of("casa")


def test_a_canary_whose_pass_fails_keeps_the_others_as_they_are(
    fleet: Fleet, trello: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trello_ops.cli.fleet_apply._pass", lambda _: ["no mail server"])
    result = fleet("apply", "--yes", "--canary", "1")
    assert result.exit_code == 1
    assert re.search(r"^  casa +8 changes\n +no mail server$", result.stdout, re.MULTILINE)
    assert titles(trello) == boards_of("casa")


# ---- what is not in the fleet is left alone ---------------------------------------------------------


def test_a_shop_that_has_vanished_is_named_and_nothing_is_withdrawn(fleet: Fleet, trello: Any) -> None:
    assert fleet("apply", "--yes").exit_code == 0
    shutil.rmtree("shops/fes")
    before = trello.boards
    result = fleet("plan")
    assert result.exit_code == 0
    assert re.search(
        r"^No longer in fleet.yaml\n  fes +nothing of it is withdrawn$", result.stdout, re.MULTILINE
    )
    assert fleet("apply", "--yes").exit_code == 0
    assert trello.boards == before
    assert list(status(fleet)["no_longer_in_fleet"]) == ["fes"]
    assert "No longer in fleet.yaml" in fleet("status").stdout


def test_a_glob_without_folders_withdraws_nothing(fleet: Fleet, trello: Any) -> None:
    assert fleet("apply", "--yes").exit_code == 0
    shutil.move("shops", "elsewhere")
    before = trello.boards
    result = fleet("apply", "--yes")
    assert result.exit_code == 2
    assert trello.boards == before
    shown = fleet("status").stdout
    assert "matches no folder" in shown
    assert [line.split()[0] for line in shown.split("No longer in fleet.yaml\n")[1].splitlines()[:3]] == list(
        SHOPS
    )


# ---- status -----------------------------------------------------------------------------------------


def test_status_tells_the_worst_first(fleet: Fleet, trello: Any) -> None:
    assert fleet("apply", "--yes", "--canary", "2").exit_code == 0
    text = fleet("status").stdout
    found = status(fleet)
    assert next(each["name"] for each in found["shops"]) == "zina", "its boards were never read"
    casa = next(each for each in found["shops"] if each["name"] == "casa")
    assert casa | {"in_force_since": None, "observed_at": None, "lag_seconds": 0} == {
        "name": "casa", "workspace": "casa", "key": "own", "labels": [], "in_force_since": None,
        "observed_at": None, "lag_seconds": 0, "problems": [], "claims": 0, "mails_owed": 0, "trouble": None,
    }  # fmt: skip
    own = found["keys"]["own"]
    assert own | {"lag_median_seconds": 0, "lag_worst_seconds": 0} == {
        "shops": 3, "not_read": 1, "lag_median_seconds": 0, "lag_worst_seconds": 0,
    }  # fmt: skip
    assert re.search(r"^  own +3 shops +lag 0:00:\d\d at the median, 0:00:\d\d at most$", text, re.MULTILINE)
    assert "nodes" not in found, "a file has none"
    assert re.search(
        r"^  casa +lag 0:00:\d\d +no problems +in force since Wed 2026-12-02 12:0\d UTC$", text, re.MULTILINE
    )
    assert re.search(r"^  zina +not read yet +no problems", text, re.MULTILINE)


def test_status_as_metrics_tells_numbers_alone(fleet: Fleet, trello: Any) -> None:
    assert fleet("apply", "--yes", "--canary", "2").exit_code == 0
    Path("shops/fes/boards/workspace.yaml").write_text("name: x\n")
    result = fleet("status", "--format", "prometheus")
    assert result.exit_code == 0, result.output
    assert "# TYPE trello_ops_shops gauge" in result.stdout.splitlines()
    found = metrics_in(result.stdout)
    states = {"well": 1, "problems": 0, "not_read": 1, "not_tended": 1}
    assert {state: found["trello_ops_shops", state] for state in states} == states
    assert found["trello_ops_claims",] == found["trello_ops_mails_owed",] == 0
    assert found["trello_ops_lag_worst_seconds", "own"] < 60
    assert not any(name in result.stdout for name in SHOPS)


def test_status_tells_problems_with_their_shop(fleet: Fleet, trello: Any) -> None:
    assert fleet("apply", "--yes").exit_code == 0
    edit("fes", "due:", "dew:")
    assert fleet("apply", "--yes", "--canary", "1").exit_code == 2
    Path("shops/zina/boards/workspace.yaml").write_text("name: x\n")
    found = status(fleet)
    assert list(found["not_tended"]) == ["zina"]
    assert list(found["no_longer_in_fleet"]) == ["zina"], "as nothing tells whose folder it is"


def test_no_secret_is_printed(fleet: Fleet, sandbox: Handle, trello: Any) -> None:
    Path(".env").write_text(
        Path(".env").read_text().replace(f"ROBOT_TOKEN={sandbox.token}", "ROBOT_TOKEN=hunter2x9")
    )
    result = fleet("apply", "--yes")
    assert result.exit_code == 4
    for each in (result, fleet("plan"), fleet("status")):
        assert "hunter2x9" not in each.output
        assert sandbox.key not in each.output


def test_a_shop_s_language_is_spoken(fleet: Fleet, folder: Path) -> None:
    for name in SHOPS:
        file = folder / "shops" / name / "boards" / "workspace.yaml"
        file.write_text(file.read_text().replace("locale: en", "locale: fr"))
    assert "changements au total" in fleet("plan").stdout
    assert "jamais en vigueur" in fleet("status").stdout


def test_a_bug_at_one_shop_stops_no_other(fleet: Fleet, trello: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def planned(self: App) -> Any:
        if self.settings.boards_dir == Path("shops/casa/boards"):
            raise ZeroDivisionError
        return sound(self)

    sound = App.planned
    monkeypatch.setattr(App, "planned", planned)
    result = fleet("apply", answer="y\n")
    assert result.exit_code == 1
    assert re.search(r"^  casa +unexpected ZeroDivisionError; see the log$", result.stdout, re.MULTILINE)
    assert "Traceback" in result.stderr
    assert titles(trello) == boards_of("fes", "zina")


# ---- report -----------------------------------------------------------------------------------------


def test_report_tells_the_shops_side_by_side(fleet: Fleet, trello: Any) -> None:
    assert fleet("apply", "--yes", "--shop", "casa", "--shop", "fes").exit_code == 0
    frozen = replace(REPORT, workspace="fes", name="Fès")
    with closing(open_database("sqlite:///trello-ops.sqlite3")) as database:
        SqlStore(database, "fes").freeze(frozen, [])
    result = fleet("report", "--week", str(REPORT.week), "--format", "json")
    assert result.exit_code == 0, result.output
    found = {each["name"]: each for each in json.loads(result.stdout)["shops"]}
    assert {name: each["lack"] for name, each in found.items()} == {
        "fes": None, "casa": "nothing_due", "zina": "never_in_force",
    }  # fmt: skip
    assert (found["fes"]["n"], found["fes"]["missed"], found["fes"]["verdict"]) == (3, 1, "usual")
    text = fleet("report", "--week", str(REPORT.week)).stdout
    assert re.search(r"^Fès +1 ", text, re.MULTILINE)
    running = json.loads(fleet("report", "--format", "json", "--shop", "casa").stdout)["shops"]
    assert [(each["lack"], each["provisional"]) for each in running] == [("running", True)]
    assert CliRunner().invoke(commands, ["report", "--fleet", "--week", str(REPORT.week)]).stdout == text


def test_report_is_sent_to_who_is_named_in_the_file_once_it_is_frozen(fleet: Fleet, folder: Path) -> None:
    assert fleet("apply", "--yes", "--shop", "casa", "--shop", "fes").exit_code == 0
    week = str(REPORT.week)
    assert "add `report:`" in fleet("report", "--week", week, "--send").stderr
    (folder / "fleet.yaml").write_text(FLEET + "report: {to: [a@example.org], name: Agence}\n")
    assert "nothing is frozen" in fleet("report", "--week", week, "--send").stderr
    assert fleet("report", "--week", week, "--send", "--shop", "fes").exit_code == 2
    made = AgencyReport(REPORT.week, "Agence", "fr", REPORT.closes_at, REPORT.closes_at, ())
    with closing(open_database("sqlite:///trello-ops.sqlite3")) as database:
        AgencyStore(database).freeze_agency(made, [OwedMail(REPORT.week, "a@example.org", mails.FLEET)])
        AgencyStore(database).note_problem("job:mail", "refused", REPORT.closes_at)
    found = status(fleet)["report"]
    assert (found["mails_owed"], [each["message"] for each in found["problems"]]) == (1, ["refused"])
    assert re.search("Week of all shops\n  1 mail not sent yet\n.*refused", fleet("status").stdout)
    result = fleet("report", "--week", week, "--send")
    assert result.exit_code == 0, result.output
    assert "Sent the report" in result.stderr
    (mail,) = (folder / "mail").glob("*.eml")
    assert b"a@example.org" in mail.read_bytes()
    assert "Nobody is owed" in fleet("report", "--week", week, "--send").stderr
    assert status(fleet)["report"] == {"mails_owed": 0, "problems": []}
    assert "Week of all shops" not in fleet("status").stdout
    assert json.loads(fleet("report", "--week", week, "--format", "json").stdout)["frozen_at"]


@pytest.mark.parametrize("command", [["fleet", "report"], ["report", "--fleet"]], ids=" ".join)
def test_the_week_of_all_shops_is_a_workbook_too(fleet: Fleet, folder: Path, command: list[str]) -> None:
    def run(*args: str) -> Result:
        return CliRunner().invoke(commands, [*command, "--format", "xlsx", *args])

    written = run("--out", "week.xlsx")
    assert (written.exit_code, written.output) == (0, "")
    book = load_workbook(folder / "week.xlsx")
    assert {row[1] for row in book["Shops"].iter_rows(min_row=2, values_only=True)} == set(SHOPS)
    assert load_workbook(BytesIO(run().stdout_bytes)).sheetnames == book.sheetnames


def test_no_workbook_goes_to_a_terminal(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        stdout = type("Stream", (), {"isatty": staticmethod(lambda: True)})

    monkeypatch.setattr(report_forms, "sys", Terminal)
    refused = fleet("report", "--format", "xlsx")
    assert refused.exit_code == 2
    assert "--out report.xlsx" in refused.stderr
