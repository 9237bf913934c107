"""history and export: the ledger as a person reads it, and as programs and spreadsheets do."""

import csv
import datetime as dt
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result

from trello_ops.adapters.store import SqlStore, open_store
from trello_ops.cli.export import COLUMNS
from trello_ops.core.bindings import Watermark
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.days_off import Skip, SkipKind
from trello_ops.core.ledger import EventKind, EventSource, IssuedCard, LedgerEvent, Occurrence, OccurrenceKey
from trello_ops.core.mails import OwedMail, reports_of
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.core.trello import Member
from trello_ops.declaration_source import read_declaration
from trello_ops.settings import load

pytestmark = pytest.mark.slow  # minutes, with the others of its kind

Invoke = Callable[..., Result]

ROOT = Path(__file__).parents[2]
WEEK = IsoWeek(2026, 3)
HOUR = dt.timedelta(hours=1)
AMAL = Member("m1", "amal_zina", "Amal")
HOSTILE = Member("m2", "=cmd|' /C calc'!A0", "\x1b[31mRed")


def at(day: int, hour: int) -> dt.datetime:
    """In January 2026; the twelfth is a Monday."""
    return dt.datetime(2026, 1, day, hour, tzinfo=dt.UTC)


def occurrence(day: int, title: str = "Send the parcels", task: str = "parcels") -> Occurrence:
    return Occurrence(
        key=OccurrenceKey("daily", task, dt.date(2026, 1, day)),
        board_title="Every day",
        title=title,
        theme="operations",
        theme_title="Opérations",
        assignees=("amal", "zina"),
        day=dt.date(2026, 1, day),
        release=at(day, 0),
        due=at(day, 18),
        sequence=day,
    )


def turn(
    day: int, kind: EventKind, when: dt.datetime, by: Member = AMAL, seen: EventSource = EventSource.TICK
) -> LedgerEvent:
    return LedgerEvent(occurrence(day).key, kind, when, seen, by, f"a{when:%d%H}")


def issue(store: SqlStore, each: Occurrence) -> None:
    store.record([each], each.release)
    url = f"https://trello.com/c/{each.key.task}-{each.key.date.day}"
    store.confirm(each.key, IssuedCard(url[-12:], url, each.release + HOUR, each.release + HOUR))


@pytest.fixture
def now() -> dt.datetime:
    """Soon after: each day since the first due is a page of an export."""
    return at(30, 12)


@pytest.fixture
def store(folder: Path) -> Iterator[SqlStore]:
    """Two days of a frozen week, one of the next, which is not frozen; the first was done after its close."""
    with closing(open_store(f"sqlite:///{folder / 'trello-ops.sqlite3'}", "shop")) as store:
        for day in (12, 13, 20):
            issue(store, occurrence(day))
        store.append(
            [turn(13, EventKind.DONE, at(13, 9)), turn(13, EventKind.REOPENED, at(13, 10))], at(13, 10)
        )
        store.append([turn(13, EventKind.DONE, at(13, 11), seen=EventSource.LIST)], at(13, 11))
        workspace = read_declaration(load({}, None)).workspace
        facts = WeekFacts(WEEK, store.due_between(at(12, 0), at(19, 0)), (), {"daily"})
        owed = reports_of(workspace.report, WEEK)
        store.freeze(weekly_report(workspace, facts, at(19, 8), freeze=True), owed)
        store.sent(OwedMail(WEEK, "owner@shop.example"), at(19, 9))
        store.append([replace(turn(12, EventKind.DONE, at(20, 8)), by=None, action_id=None)], at(20, 8))
        facts = WeekFacts(WEEK.next(), (), store.completed_between(at(19, 7), at(26, 7)), {"daily"})
        store.freeze(weekly_report(workspace, facts, at(26, 8), freeze=True), ())
        yield store


# ---- history ----------------------------------------------------------------------------------------


def test_an_occurrences_story_is_told_in_order(invoke: Invoke, store: SqlStore) -> None:
    result = invoke("history", "daily/parcels/2026-01-13")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        "daily/parcels/2026-01-13  Send the parcels",
        "  Assigned  amal, zina",
        "  Due       Tue 2026-01-13 18:00 UTC",
        "  Outcome   on_time, week 2026-W03",
        "  Card      https://trello.com/c/parcels-13",
        "",
        "  Tue 2026-01-13 00:00 UTC  released",
        "  Tue 2026-01-13 00:00 UTC  recorded",
        "  Tue 2026-01-13 01:00 UTC  issued                           https://trello.com/c/parcels-13",
        "  Tue 2026-01-13 09:00 UTC  done       amal_zina             tick",
        "  Tue 2026-01-13 10:00 UTC  reopened   amal_zina             tick",
        "  Tue 2026-01-13 11:00 UTC  done       amal_zina             list",
        "  Tue 2026-01-13 18:00 UTC  fell_due",
        "  Mon 2026-01-19 08:00 UTC  reported                         2026-W03 on_time",
        "  Mon 2026-01-19 08:00 UTC  mail_owed  manager@shop.example  2026-W03",
        "  Mon 2026-01-19 09:00 UTC  mailed     owner@shop.example    2026-W03",
    ]


def test_what_the_calendar_excused_says_why(invoke: Invoke, store: SqlStore) -> None:
    store.record([replace(occurrence(21), skip=Skip(SkipKind.HOLIDAY, "Aïd al-Fitr"))], at(21, 0))
    told = invoke("history", "daily/parcels/2026-01-21").stdout.splitlines()
    assert told[3] == "  Outcome   excused so far, week 2026-W04"
    assert told[4] == "  Card      none"
    assert told[7] == "  Wed 2026-01-21 00:00 UTC  skipped     holiday: Aïd al-Fitr"
    newest = invoke("history", "parcels").stdout.splitlines()[1]
    assert newest.split() == ["daily/parcels/2026-01-21", "excused", "so", "far", *newest.split()[4:9],
        "holiday:", "Aïd", "al-Fitr"]  # fmt: skip
    (row,) = rows(invoke("export", "--from", "2026-01-21").stdout_bytes.decode())
    assert (row["note"], row["reason"]) == ("holiday:Aïd al-Fitr", "holiday: Aïd al-Fitr")


def test_what_lies_ahead_is_not_told_as_past(invoke: Invoke, store: SqlStore) -> None:
    today, later = (
        replace(
            occurrence(12),
            key=OccurrenceKey("daily", "parcels", day),
            release=dt.datetime.combine(day, dt.time(0), dt.UTC),
            due=dt.datetime.combine(day, dt.time(18), dt.UTC),
        )
        for day in (dt.date(2026, 1, 30), dt.date(2026, 2, 1))
    )
    for each in (today, later):
        store.record([each], at(20, 0))
    for each, expected in (
        (today, {"recorded", "released", "will_fall_due"}),
        (later, {"recorded", "will_be_released", "will_fall_due"}),
    ):
        told = json.loads(invoke("history", str(each.key), "--format", "json").stdout)
        assert {event["what"] for event in told["events"]} == expected


def test_what_was_done_after_the_close_is_told_with_the_report_that_said_so(
    invoke: Invoke, store: SqlStore
) -> None:
    told = json.loads(invoke("history", "daily/parcels/2026-01-12", "--format", "json").stdout)
    assert told["outcome"] == "missed", "frozen figures never change"
    assert told["completed_at"] is None
    events = [(event["what"], event["how"], event["approximate"]) for event in told["events"]]
    assert events[-5:] == [
        ("reported", "2026-W03 missed", False),
        ("mail_owed", "2026-W03", False),
        ("mailed", "2026-W03", False),
        ("done", "tick", True),
        ("reported", "2026-W04 caught_up", False),
    ]
    assert "tick, at the earliest" in invoke("history", "daily/parcels/2026-01-12").stdout


@pytest.mark.parametrize("name", ["parcels", "daily/parcels"])
def test_a_tasks_occurrences_come_newest_first(invoke: Invoke, store: SqlStore, name: str) -> None:
    done = "done Tue 2026-01-13 11:00 UTC by amal"
    result = invoke("history", name, "--limit", "2")
    assert result.stdout.splitlines() == [
        "daily/parcels  Send the parcels",
        "  daily/parcels/2026-01-20  open so far  due Tue 2026-01-20 18:00 UTC",
        f"  daily/parcels/2026-01-13  on_time      due Tue 2026-01-13 18:00 UTC  {done}",
    ]
    found = json.loads(invoke("history", name, "--format", "json").stdout)
    assert [each["date"] for each in found["occurrences"]] == ["2026-01-20", "2026-01-13", "2026-01-12"]


def test_a_task_that_owed_nothing_yet_says_so(invoke: Invoke) -> None:
    assert invoke("history", "parcels").stdout == "Nothing is recorded of daily/parcels yet.\n"


def test_a_task_that_is_no_longer_declared_has_a_history(invoke: Invoke, store: SqlStore) -> None:
    issue(store, occurrence(5, "Wrap presents", "presents"))
    store.set_watermark(Watermark("daily", "presents", at(5, 0)))
    assert "Wrap presents" in invoke("history", "presents").stdout


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("parcel", "there is no task 'parcel': did you mean `parcels`?"),
        ("dayly/parcels", "there is no task 'dayly/parcels': did you mean `daily/parcels`?"),
        ("zzz", "there is no task 'zzz': boards and tasks are named as in the board files."),
        ("daily/parcel/2026-01-12", "did you mean `daily/parcels`?"),
        (
            "daily/parcels/2026-01-14",
            "does not hold daily/parcels/2026-01-14: did you mean `daily/parcels/2",
        ),
        (
            "daily/parcels/yesterday",
            "'daily/parcels/yesterday' is no occurrence: write it like weekly/",
        ),
    ],
)
def test_what_does_not_exist_is_answered_with_the_nearest(
    invoke: Invoke, store: SqlStore, wrong: str, said: str
) -> None:
    result = invoke("history", wrong)
    assert result.exit_code == 2
    assert said in " ".join(re.sub("[│╭╮╰╯─]", " ", result.stderr).split())


def test_what_a_terminal_would_obey_is_shown(invoke: Invoke, store: SqlStore) -> None:
    store.append([turn(20, EventKind.DONE, at(20, 9), replace(HOSTILE, username="\x1b[2J\u202e"))], at(20, 9))
    for form in ("text", "json"):
        shown = invoke("history", "daily/parcels/2026-01-20", "--format", form).stdout
        assert "\x1b" not in shown
        assert "\u202e" not in shown


# ---- export -----------------------------------------------------------------------------------------


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff"), "Excel would spoil the accents"
    return list(csv.DictReader(io.StringIO(text[1:], newline="")))


def test_csv_has_a_row_for_each_occurrence_by_due(invoke: Invoke, store: SqlStore) -> None:
    result = invoke("export")
    assert result.exit_code == 0, result.output
    assert result.stderr == ""
    found = rows(result.stdout_bytes.decode())
    assert list(found[0]) == list(COLUMNS)
    assert [(row["date"], row["outcome"], row["frozen"]) for row in found] == [
        ("2026-01-12", "missed", "true"),
        ("2026-01-13", "on_time", "true"),
        ("2026-01-20", "open", "false"),
    ]
    assert found[1] == {
        "key": "daily/parcels/2026-01-13",
        "board": "daily",
        "board_title": "Every day",
        "task": "parcels",
        "date": "2026-01-13",
        "title": "Send the parcels",
        "theme": "operations",
        "theme_title": "Opérations",
        "assignees": "amal zina",
        "release_at": "2026-01-13T00:00:00Z",
        "due_at": "2026-01-13T18:00:00Z",
        "week": "2026-W03",
        "outcome": "on_time",
        "frozen": "true",
        "completed_at": "2026-01-13T11:00:00Z",
        "completed_by": "amal",
        "approximate": "false",
        "note": "",
        "card_url": "https://trello.com/c/parcels-13",
        "card_created_at": "2026-01-13T01:00:00Z",
        "completions": "done 2026-01-13T09:00:00Z by amal_zina (tick); reopened 2026-01-13T10:00:00Z by"
        " amal_zina (tick); done 2026-01-13T11:00:00Z by amal_zina (list)",
        "amended_at": "",
        "reason": "",
    }
    assert result.stdout_bytes.count(b"\r\n") == result.stdout_bytes.count(b"\n") == 4


def test_a_cell_is_never_a_formula(invoke: Invoke, store: SqlStore) -> None:
    titles = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=1", "＝1", '=HYPERLINK("http://x","y")']
    for day, title in enumerate(titles, 21):
        issue(store, occurrence(day, title))
        store.append([turn(day, EventKind.DONE, at(day, 9), HOSTILE)], at(day, 9))
    found = rows(invoke("export", "--from", "2026-01-21").stdout_bytes.decode())
    assert len(found) == len(titles)
    for row in found:
        assert row["title"].startswith("'")
        assert row["completed_by"] == "'=cmd|' /C calc'!A0"
        assert not any(ord(character) < 32 for cell in row.values() for character in cell)


def test_jsonl_is_one_object_for_each_occurrence(invoke: Invoke, store: SqlStore) -> None:
    lines = invoke("export", "--format", "jsonl").stdout.splitlines()
    found = [json.loads(line) for line in lines]
    assert [each["date"] for each in found] == ["2026-01-12", "2026-01-13", "2026-01-20"]
    assert found[0]["completions"] == [
        {
            "fact": "done",
            "at": "2026-01-20T08:00:00Z",
            "seen": "tick",
            "by": None,
            "action_id": None,
            "approximate": True,
        }
    ]
    assert found[1]["assignees"] == ["amal", "zina"]
    assert found[1]["card"]["created_at"] == "2026-01-13T01:00:00Z"


@pytest.mark.parametrize(
    ("limits", "days"),
    [
        (["--from", "2026-01-13"], ["13", "20"]),
        (["--to", "2026-01-12"], ["12"]),
        (["--from", "2026-01-13", "--to", "2026-01-19"], ["13"]),
        (["--from", "2026-02-01"], []),
        (["--from", "2199-12-31"], []),
        (["--from", "1970-01-01", "--to", "2199-12-31"], ["12", "13", "20"]),
        (["--from", "2026-01-20", "--to", "2026-01-12"], []),
    ],
)
def test_the_days_are_those_of_the_due_both_included(
    invoke: Invoke, store: SqlStore, limits: list[str], days: list[str]
) -> None:
    found = invoke("export", "--format", "jsonl", *limits).stdout.splitlines()
    assert [json.loads(line)["date"][-2:] for line in found] == days


def test_what_falls_due_after_today_is_there_too(invoke: Invoke, store: SqlStore) -> None:
    ahead = replace(occurrence(21), due=dt.datetime(2200, 1, 1, tzinfo=dt.UTC))
    store.record([ahead], at(21, 0))
    assert len(invoke("export", "--format", "jsonl").stdout.splitlines()) == 4
    assert len(invoke("export", "--format", "jsonl", "--to", "2199-12-31").stdout.splitlines()) == 3


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_an_empty_ledger_exports_as_nothing(invoke: Invoke, form: str) -> None:
    expected = "\ufeff" + ",".join(COLUMNS) + "\r\n" if form == "csv" else ""
    assert invoke("export", "--format", form).stdout_bytes.decode() == expected


def test_a_file_is_written_whole_or_not_at_all(invoke: Invoke, store: SqlStore, folder: Path) -> None:
    before = {path.name for path in folder.iterdir()}
    assert invoke("export", "--out", "ledger.csv").output == ""
    assert (folder / "ledger.csv").read_bytes() == invoke("export").stdout_bytes
    refused = invoke("export", "--out", "nowhere/ledger.csv")
    assert refused.exit_code == 2
    assert "cannot be written" in refused.stderr
    assert {path.name for path in folder.iterdir()} == before | {"ledger.csv"}


def test_a_reader_that_goes_away_ends_it_quietly(store: SqlStore, folder: Path) -> None:
    many = [
        replace(occurrence(20), key=OccurrenceKey("daily", f"task-{n}", dt.date(2026, 1, 20)))
        for n in range(999)
    ]
    store.record(many, at(20, 0))
    env = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-m", "trello_ops", "export"]
    with subprocess.Popen(
        command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as exporting:
        assert exporting.stdout
        assert exporting.stderr
        exporting.stdout.readline()
        exporting.stdout.close()
        assert exporting.stderr.read() == b""


# ---- the page that explains them --------------------------------------------------------------------


def section(command: str) -> str:
    page = (ROOT / "docs" / "cli.md").read_text("utf-8")
    return page.partition(f"\n## {command}\n")[2].partition("\n## ")[0]


def explained(text: str, head: str) -> set[str]:
    """The names in the first column of the table with this head."""
    cells = re.findall(r"^\| ([^|]+) \|", text.partition(f"| {head} |")[2].partition("\n\n")[0], re.MULTILINE)
    return {name for cell in cells for name in re.findall(r"`(\w+)`", cell)}


def test_the_pages_explain_every_key_and_column(invoke: Invoke, store: SqlStore) -> None:
    told = json.loads(invoke("history", "daily/parcels/2026-01-12", "--format", "json").stdout)
    report = (ROOT / "docs" / "report-json.md").read_text("utf-8").partition("## Occurrences")[2]
    of_line = explained(report, "Key | Value")
    assert of_line | explained(section("export"), "Key | Value") == told.keys() - {"events"}
    assert explained(section("history"), "Key | Value") == set(told["events"][0])
    assert explained(section("export"), "Column | Value") | told.keys() >= set(COLUMNS)


def test_the_page_explains_what_may_happen(invoke: Invoke, store: SqlStore) -> None:
    words = explained(section("history"), "What | Meaning")
    assert words >= set(EventKind)
    assert words >= {
        "released",
        "recorded",
        "skipped",
        "issued",
        "fell_due",
        "will_be_released",
        "will_fall_due",
        "reported",
        "mailed",
        "mail_owed",
    }
