"""trello-ops calendar: with and without a store, what is chosen, its documented JSON."""

import datetime as dt
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from icalendar import Calendar

from trello_sandbox.server import Handle

Invoke = Callable[..., Result]
PAGE = (Path(__file__).parents[2] / "docs" / "cli.md").read_text("utf-8")
SECTION = PAGE.partition("\n## calendar\n")[2].partition("\n## ")[0]


def shown(invoke: Invoke, *args: str) -> dict[str, Any]:
    done = invoke("calendar", "--format", "json", *args)
    assert done.exit_code == 0, done.output
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def documented(heading: str) -> set[str]:
    table = SECTION.partition(heading)[2].partition("\n\n|")[2].partition("\n\n")[0]
    return {
        key
        for cell in re.findall(r"^\|? ?([^|]+) \|", table, re.MULTILINE)
        for key in re.findall(r"`(\w+)`", cell)
    }


def test_it_begins_today_and_needs_neither_store_nor_trello(invoke: Invoke, folder: Path) -> None:
    found = shown(invoke)
    assert (found["from"], found["to"], found["timezone"]) == ("2026-12-02", "2026-12-29", "UTC")
    assert [each["day"] for each in found["occurrences"][:2]] == ["2026-12-02", "2026-12-03"]
    assert len(found["occurrences"]) == 28
    assert list(folder.glob("*.sqlite3*")) == []


def test_an_occurrence_as_json(invoke: Invoke) -> None:
    assert shown(invoke, "--from", "2026-12-07", "--weeks", "1")["occurrences"][0] == {
        "key": "daily/parcels/2026-12-07",
        "board": "daily",
        "task": "parcels",
        "title": "Send the parcels",
        "theme": "operations",
        "nominal_day": "2026-12-07",
        "day": "2026-12-07",
        "release_at": "2026-12-07T00:00:00Z",
        "due_at": "2026-12-07T23:59:00Z",
        "assignees": ["amal"],
        "slot": None,
        "planned_from": None,
        "planned_to": None,
        "moved": None,
        "skipped": None,
        "card_url": None,
    }


def test_the_page_explains_every_key(invoke: Invoke) -> None:
    found = shown(invoke)
    assert set(found) == documented("With `--format json`:")
    assert set(found["occurrences"][0]) == documented("An occurrence:")


def test_with_a_store_what_is_issued_has_its_card(invoke: Invoke, sandbox: Handle, folder: Path) -> None:
    assert invoke("apply").exit_code == 0
    assert invoke("tick").exit_code == 0
    board = folder / "boards" / "daily.yaml"
    board.write_text(board.read_text().replace("Send the parcels", "Pack and send"))
    first, second, *_ = shown(invoke)["occurrences"]
    assert first["card_url"].startswith("http")
    assert (first["title"], second["title"]) == ("Send the parcels", "Pack and send")
    assert second["card_url"] is None


def test_it_works_while_trello_is_out_of_reach(
    invoke: Invoke, sandbox: Handle, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert invoke("apply").exit_code == 0
    monkeypatch.setenv("TRELLO_OPS_TRELLO_URL", "http://127.0.0.1:9")
    assert len(shown(invoke)["occurrences"]) == 28


def test_each_format_comes_whole(invoke: Invoke, folder: Path) -> None:
    text = invoke("calendar", "--weeks", "1").stdout
    assert "Week 49 · Nov 30 – Dec 6, 2026" in text.replace("\u2009", " ")
    assert "Send the parcels" in text
    assert invoke("calendar", "--format", "html").stdout.startswith("<!DOCTYPE html>")
    done = invoke("calendar", "--format", "ics", "--out", "shop.ics")
    assert (done.exit_code, done.stdout) == (0, "")
    assert len(Calendar.from_ical((folder / "shop.ics").read_bytes()).walk("VEVENT")) == 28
    assert (folder / "shop.ics").stat().st_mode & 0o077 == 0


def test_people_read_it_in_their_language(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLO_OPS_LANG", "fr")
    assert "mercredi 2 décembre" in invoke("calendar").stdout


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("--board=dayly", "there is no board 'dayly': did you mean `daily`?"),
        ("--person=amel", "there is no person 'amel': did you mean `amal`?"),
        ("--task=daily/parcel", "there is no task 'daily/parcel': did you mean `daily/parcels`?"),
        ("--board=", "there is no board '': use `daily`"),
        ("--weeks=0", "0 is not in the range 1<=x<=53."),
        ("--from=tomorrow", "'tomorrow' is not a date: write it like 2026-11-16."),
    ],
)
def test_a_name_that_there_is_not_is_told_with_what_there_is(invoke: Invoke, option: str, said: str) -> None:
    done = invoke("calendar", option)
    assert done.exit_code == 2
    assert said in " ".join(done.stderr.split()).replace(" │ ", " ")


def test_a_name_that_there_is_not_is_told_in_french(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLO_OPS_LANG", "fr")
    said = " ".join(invoke("calendar", "--board", "dayly").stderr.split())
    assert "il n’y a pas de tableau « dayly »" in said


def test_wrong_files_are_told_as_ever(invoke: Invoke, folder: Path) -> None:
    (folder / "boards" / "daily.yaml").write_text("title: 1\n")
    done = invoke("calendar")
    assert done.exit_code == 2
    assert "daily.yaml:1:8" in done.stderr


def test_the_last_day_of_all_leaves_room(invoke: Invoke) -> None:
    assert shown(invoke, "--from", "2199-12-31", "--weeks", "53")["to"] == "2201-01-05"
    assert dt.date.fromisoformat(shown(invoke, "--from", "1970-01-01")["to"]) == dt.date(1970, 1, 28)
