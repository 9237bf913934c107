"""The weekly report in board files: what its words mean, what is wrong with others, what an edit changes."""

from dataclasses import replace
from pathlib import Path
from typing import TypedDict

import pytest
import yaml
from declared_kit import BOARD, WORKSPACE, told
from pydantic import TypeAdapter

from trello_ops.core.declaration import Declaration
from trello_ops.core.declared import AttachedForm, ReportPolicy, Workspace
from trello_ops.declared.load import read
from trello_ops.messages import translated
from trello_ops.render.i18n import Translator
from trello_ops.render.report_policy import edits

WAS = "was: hebdo\n"


class Mistake(TypedDict):
    report: str
    said: str
    dit: str


MISTAKES: list[Mistake] = yaml.safe_load((Path(__file__).parent / "report_mistakes.yaml").read_text("utf-8"))


def written(lines: str) -> str:
    """The workspace with these lines in its report."""
    return WORKSPACE + "".join(f"  {line}\n" for line in lines.splitlines())


def declared(folder: Path, lines: str, board: str = BOARD) -> Workspace:
    """What sound files say."""
    problems, warnings = told(folder, board, written(lines))
    assert (problems, warnings) == ([], [])
    workspace = read(folder, ("stock.md",)).workspace
    assert workspace
    return workspace


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["said"])
def test_a_mistake_is_told_in_both_languages(mistake: Mistake, tmp_path: Path) -> None:
    assert told(tmp_path, BOARD + WAS, written(mistake["report"])) == ([mistake["said"]], [])
    (problem,) = read(tmp_path, ("stock.md",)).problems
    french = translated(problem.message, Translator("fr"))
    assert french.replace("\u00a0", " ") == mistake["dit"]


# ---- What the words mean ----------------------------------------------------------------------------


def test_without_a_word_the_report_is_as_it_always_was(tmp_path: Path) -> None:
    assert declared(tmp_path, "").report == ReportPolicy(("gerante@zinaobeldi.example",))


def test_each_word_is_understood(tmp_path: Path) -> None:
    lines = "target: 95 %\npeople: true\nboards: {weekly: [a@b.ma, c@d.ma]}\nattach: [xlsx, json]"
    assert declared(tmp_path, lines).report == ReportPolicy(
        ("gerante@zinaobeldi.example",),
        target=95,
        people=True,
        by_board=(("weekly", ("a@b.ma", "c@d.ma")),),
        attach=(AttachedForm.XLSX, AttachedForm.JSON),
    )


@pytest.mark.parametrize("said", ["95", "95 %", "95%", '"95"', "95\u00a0%"])
def test_a_target_may_be_written_as_people_do(said: str, tmp_path: Path) -> None:
    assert declared(tmp_path, f"target: {said}").report.target == 95


def test_one_word_is_short_for_a_list_of_one(tmp_path: Path) -> None:
    report = declared(tmp_path, "attach: csv\nboards: {weekly: a@b.ma}").report
    assert (report.attach, report.by_board) == ((AttachedForm.CSV,), (("weekly", ("a@b.ma",)),))


def test_one_address_is_short_for_a_list_of_one(tmp_path: Path) -> None:
    alone = WORKSPACE.replace("[gerante@zinaobeldi.example]", "gerante@zinaobeldi.example")
    problems, _ = told(tmp_path, BOARD, alone)
    assert problems == []
    workspace = read(tmp_path, ("stock.md",)).workspace
    assert workspace
    assert workspace.report.recipients == ("gerante@zinaobeldi.example",)


def test_several_addresses_in_one_text_are_to_be_a_list(tmp_path: Path) -> None:
    several = WORKSPACE.replace("[gerante@zinaobeldi.example]", "a@b.ma, et-and-co@b.ma")
    problems, _ = told(tmp_path, BOARD, several)
    assert problems == [
        "workspace.yaml:12:7 report.to: has several values: write them as a list, `[a@b.ma, et-and-co@b.ma]`"
    ]


def test_a_board_may_be_named_by_what_it_was(tmp_path: Path) -> None:
    report = declared(tmp_path, "boards: {hebdo: a@b.ma}", BOARD + WAS).report
    assert report.by_board == (("weekly", ("a@b.ma",)),)


def test_a_board_with_a_mistake_of_its_own_can_have_a_report(tmp_path: Path) -> None:
    problems, _ = told(tmp_path, BOARD + "due: never\n", written("boards: {weekly: a@b.ma}"))
    assert len(problems) == 1
    assert "report" not in problems[0]


# ---- Warnings ---------------------------------------------------------------------------------------


def test_a_forecast_for_nobody_is_pointed_out(tmp_path: Path) -> None:
    problems, (warning,) = told(tmp_path, workspace=written("forecast: true"))
    assert problems == []
    assert warning == (
        "workspace.yaml:13:13 report.forecast: nobody gets a forecast: give people their `email`, or delete "
        "this line"
    )
    somebody = written("forecast: true").replace("name: Inès Rami", "name: Inès Rami, email: ines@zina.ma")
    assert told(tmp_path, workspace=somebody) == ([], [])


def test_the_report_of_a_board_without_tasks_is_pointed_out(tmp_path: Path) -> None:
    empty = BOARD.partition("tasks:")[0] + "tasks: {}\n"
    problems, warnings = told(tmp_path, empty, written("boards: {weekly: a@b.ma}"))
    assert problems == []
    assert warnings == [
        "workspace.yaml:13:12 report.boards.weekly: the board `weekly` has no tasks, so its report is empty"
    ]


# ---- What an edit changes ---------------------------------------------------------------------------


def test_an_edit_tells_who_gets_what_from_then_on(tmp_path: Path) -> None:
    old = declared(tmp_path, "boards: {weekly: [a@b.ma, c@d.ma]}\nattach: csv")
    report = replace(
        old.report,
        recipients=("neuve@zina.example",),
        target=95,
        people=True,
        by_board=(("weekly", ("c@d.ma", "e@f.ma")),),
        attach=(),
        forecast=True,
    )
    people = (replace(old.people[0], email="ines@zina.ma"), *old.people[1:])
    assert list(edits(old, replace(old, report=report, people=people))) == [
        "the weekly report will also go to neuve@zina.example",
        "the weekly report will no longer go to gerante@zinaobeldi.example",
        "the report of the board “Hebdo” will also go to e@f.ma",
        "the report of the board “Hebdo” will no longer go to a@b.ma",
        "the target will be 95 % on time (it was 90 %)",
        "reports will tell each person’s own figures",
        "reports will come with nothing attached",
        "Inès Rami will get their own coming week by mail each Monday",
    ]
    assert list(edits(old, old)) == []


def test_who_gets_a_forecast_no_longer_is_told(tmp_path: Path) -> None:
    plain = declared(tmp_path, "")
    with_address = replace(plain, people=(replace(plain.people[0], email="ines@zina.ma"),))
    old = replace(with_address, report=replace(plain.report, forecast=True))
    told_of = ["Inès Rami will no longer get their own coming week by mail"]
    assert list(edits(old, with_address)) == told_of
    assert list(edits(old, replace(old, people=plain.people))) == told_of


def test_a_board_that_was_renamed_keeps_its_recipients_without_a_word(tmp_path: Path) -> None:
    new = declared(tmp_path, "boards: {hebdo: a@b.ma}", BOARD + WAS)
    old = replace(
        new,
        boards=(replace(new.boards[0], key="hebdo", was=()),),
        report=replace(new.report, by_board=(("hebdo", ("a@b.ma",)),)),
    )
    assert list(edits(old, new)) == []


def test_what_was_put_in_force_before_these_words_existed_still_loads(tmp_path: Path) -> None:
    body = TypeAdapter(Declaration)
    declaration = Declaration(declared(tmp_path, ""))
    older = body.dump_python(declaration, mode="json", exclude={"workspace": {"holidays": {"known"}}})
    for name in ("target", "people", "by_board", "attach", "forecast"):
        del older["workspace"]["report"][name]
    assert body.validate_python(older) == declaration
