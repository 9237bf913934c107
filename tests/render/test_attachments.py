"""The report as a workbook, CSV and JSON: read back by other programs, whatever people write."""

import csv
import io
import json
from dataclasses import replace

import openpyxl
import pytest
from hostile_titles import HOSTILE
from hypothesis import given, settings
from hypothesis import strategies as st
from report_kit import REPORT, at, line

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.declared import AttachedForm
from trello_ops.core.reporting.groups import totals
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Group, Report
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import WeekCount
from trello_ops.render.attachments import attachments, content


def titled(title: str, locale: str = "fr") -> Report:
    lines = tuple(replace(each, title=title) for each in REPORT.occurrences)
    boards = tuple(replace(each, title=title) for each in REPORT.boards)
    return replace(REPORT, locale=locale, name=title, occurrences=lines, boards=boards)


def sheets(report: Report) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content(report, AttachedForm.XLSX)))


def rows(report: Report) -> list[list[str]]:
    text = content(report, AttachedForm.CSV).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";" if report.locale == "fr" else ","))


# ---- what they say ----------------------------------------------------------------------------------


def test_the_workbook_has_a_summary_the_trend_every_occurrence_and_a_sheet_for_each_board() -> None:
    book = sheets(REPORT)
    assert book.sheetnames == ["Synthèse", "Tendance", "Échéances", "Chaque jour", "Chaque semaine"]
    every = book["Échéances"]
    assert every.max_row == 1 + len(REPORT.occurrences)
    assert every.auto_filter.ref == f"A1:J{every.max_row}"
    assert every.freeze_panes == "A2"
    assert every.print_title_rows == "$1:$1"
    assert (every.page_setup.orientation, every.page_setup.fitToHeight) == ("landscape", 0)
    assert book["Chaque jour"].max_row + book["Chaque semaine"].max_row == every.max_row + 1
    assert len(book["Tendance"]._charts) == 1


def test_a_row_tells_who_when_and_by_how_much() -> None:
    late = next(
        row for row in sheets(REPORT)["Échéances"].iter_rows(min_row=2) if row[5].value == "en retard"
    )
    assert [cell.value for cell in late] == [
        "Chaque jour",
        "Opérationnel",
        "Colis",
        "Amina Bennani",
        at(17, 18).replace(tzinfo=None),
        "en retard",
        at(17, 20, 30).replace(tzinfo=None),
        "Amina Bennani",
        150,
        None,
    ]
    assert late[2].hyperlink.target == "https://trello.com/c/colis"


def test_figures_of_the_summary_are_those_of_the_report() -> None:
    told = {row[0].value: row[1].value for row in sheets(REPORT)["Synthèse"].iter_rows() if row[0].value}
    assert (told["En retard"], told["Manquées"], told["Prévues"]) == (1, 1, len(REPORT.occurrences))
    assert told["Taux"] == pytest.approx(1 / 3)


def test_the_summary_tells_how_the_week_stands() -> None:
    told = {row[0].value: row[1].value for row in sheets(REPORT)["Synthèse"].iter_rows() if row[0].value}
    assert told["Jugées\u00a0: à l’heure, en retard ou manquées"] == REPORT.totals.judged
    assert (told["Objectif"], told["Pronostic"]) == (0.9, "Affaire de hasard")


def test_the_trend_tells_limits_target_and_what_lies_beyond_chance() -> None:
    weeks = [WeekCount(IsoWeek(2026, number), 55, 50) for number in range(20, 34)]
    fallen = replace(REPORT, standing=standing(weeks, WeekCount(IsoWeek(2026, 34), 55, 30), 90))
    heading, *_, last = sheets(fallen)["Tendance"].iter_rows(values_only=True)
    assert heading[3:] == ("Taux", "Limite basse", "Limite haute", "Objectif", "Signal")
    newest = fallen.standing.trend[-1]
    assert last == (
        "2026-W34", 55, 30, pytest.approx(30 / 55), pytest.approx(newest.lower), newest.upper, 0.9, "baisse",
    )  # fmt: skip


def test_two_boards_of_one_title_have_a_sheet_each() -> None:
    twins = tuple(replace(each, title="Centre") for each in REPORT.boards)
    book = sheets(replace(REPORT, boards=twins))
    assert book.sheetnames[-2:] == ["Centre", "Centre (2)"]
    assert [book[name].max_row for name in book.sheetnames[-2:]] == [3, 3]


def test_the_csv_opens_in_a_french_excel_by_a_double_click() -> None:
    raw = content(REPORT, AttachedForm.CSV)
    assert raw.startswith(b"\xef\xbb\xbf")
    heading, *lines = rows(REPORT)
    assert heading[:3] == ["Tableau", "Thème", "Tâche"]
    assert len(lines) == len(REPORT.occurrences)
    assert lines[0][4] == "2026-11-17 18:00"


def test_english_readers_get_commas_and_english_words() -> None:
    heading, *lines = rows(replace(REPORT, locale="en"))
    assert heading[:3] == ["Board", "Theme", "Task"]
    assert {each[5] for each in lines} == {"late", "missed", "on time", "excused"}


def test_the_json_is_the_report() -> None:
    (attached,) = attachments(REPORT, [AttachedForm.JSON])
    assert attached.filename == "rapport-2026-W47.json"
    assert Report.from_dict(json.loads(attached.content)) == REPORT


def test_the_same_report_gives_the_same_bytes() -> None:
    assert content(REPORT, AttachedForm.XLSX) == content(REPORT, AttachedForm.XLSX)


# ---- what people write ------------------------------------------------------------------------------


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_is_a_formula_or_breaks_a_file(title: str) -> None:
    report = titled(title)
    for sheet in sheets(report):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    found = rows(report)
    assert len(found) == 1 + len(REPORT.occurrences)
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for row in found for cell in row)


@given(st.text(max_size=60))
@settings(max_examples=30)
def test_any_title_can_be_read_back(title: str) -> None:
    assert sheets(titled(title))
    assert len(rows(titled(title))) == 1 + len(REPORT.occurrences)


def test_boards_of_any_name_have_sheets_of_their_own() -> None:
    names = [
        "A" * 40,
        "A" * 40 + "b",
        "a" * 40,
        "[x]:*?/\\",
        "'",
        "",
        "Synthèse",
        "History",
        "🧴" * 20,
        "a" * 30 + "'b",
    ]
    boards = tuple(Group(f"b{n}", name, totals([Outcome.ON_TIME])) for n, name in enumerate(names))
    lines = tuple(line(f"b{n}", "tache", Outcome.ON_TIME) for n in range(len(names)))
    titles = sheets(replace(REPORT, boards=boards, occurrences=lines)).sheetnames
    assert len({each.lower() for each in titles}) == len(titles)
    assert all(1 <= len(each.encode("utf-16-le")) // 2 <= 31 for each in titles)
    assert not any(each.startswith("'") or each.endswith("'") for each in titles)


def test_a_report_of_an_old_version_has_no_trend() -> None:
    old = replace(REPORT, standing=replace(standing([], REPORT.standing.signal.weeks[-1], 90), trend=()))
    assert "Tendance" not in sheets(old).sheetnames
