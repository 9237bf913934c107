"""Rows of a workbook on cards, from the files to a Trello over HTTP and back."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import requests
from click.testing import Result
from row_kit import save

from trello_sandbox.server import Handle

Invoke = Callable[..., Result]
HEADINGS = ("Date", "Product", "View")
ROWS = """\
    rows:
      file: shooting.xlsx
      date: Date
      item: "{{ Product }} – {{ View }}"
      checklist: Views
"""


@pytest.fixture
def card(sandbox: Handle, folder: Path, invoke: Invoke) -> Callable[[], dict[str, list[str]]]:
    """Run a pass, and tell the items of the one card by checklist, as Trello has them."""
    daily = folder / "boards" / "daily.yaml"
    daily.write_text(daily.read_text() + ROWS)
    assert invoke("apply").exit_code == 0

    def after_a_pass() -> dict[str, list[str]]:
        ticked = invoke("tick")
        assert ticked.exit_code == 0, ticked.stderr
        (board,) = ask(sandbox, "/1/members/me/boards")
        (found,) = (each for each in ask(sandbox, f"/1/boards/{board['id']}/cards") if not each["isTemplate"])
        checklists = ask(sandbox, f"/1/cards/{found['id']}/checklists")
        return {each["name"]: [item["name"] for item in each["checkItems"]] for each in checklists}

    return after_a_pass


def ask(sandbox: Handle, path: str) -> list[dict[str, Any]]:
    credentials = {"key": sandbox.key, "token": sandbox.token}
    found = requests.get(sandbox.url + path, params=credentials, timeout=9)
    found.raise_for_status()
    answer: list[dict[str, Any]] = found.json()
    return answer


def test_rows_come_onto_the_card_and_those_that_come_later_too(
    card: Callable[[], dict[str, list[str]]], folder: Path, invoke: Invoke
) -> None:
    workbook = folder / "boards" / "shooting.xlsx"
    steps = {"Steps": ["Pack", "Send"]}
    save(workbook, HEADINGS, ("02/12/2026", "Soap", "front"), ("03/12/2026", "Soap", "back"))
    assert card() == {**steps, "Views": ["Soap – front"]}
    workbook.write_bytes(workbook.read_bytes()[:2000])
    assert card() == {**steps, "Views": ["Soap – front"]}
    assert "`shooting.xlsx` is no whole workbook" in invoke("status").stdout
    assert invoke("validate").exit_code == 2
    save(workbook, HEADINGS, ("2026-12-02", "Oil", "{{ 7 * 7 }}"), ("02/12/2026", "Soap", "front"))
    assert card() == {**steps, "Views": ["Soap – front", "Oil – {{ 7 * 7 }}"]}
    assert card() == {**steps, "Views": ["Soap – front", "Oil – {{ 7 * 7 }}"]}
    assert "shooting.xlsx" not in invoke("status").stdout


def test_preview_shows_the_rows_of_the_card_to_come(folder: Path, invoke: Invoke) -> None:
    daily = folder / "boards" / "daily.yaml"
    daily.write_text(daily.read_text() + ROWS)
    assert "⚠ The rows are missing here" in invoke("preview", "parcels").stdout
    save(folder / "boards" / "shooting.xlsx", HEADINGS, ("02/12/2026", "Soap", "front"))
    shown = invoke("preview", "parcels").stdout
    assert "Checklist: Views\n  [ ] Soap – front\n" in shown
    assert "Views" not in invoke("preview", "parcels", "--date", "2026-12-03").stdout


def test_a_card_says_that_its_rows_are_missing(
    card: Callable[[], dict[str, list[str]]], folder: Path
) -> None:
    (told,) = card()["Views"]
    assert told.startswith("⚠ The rows are missing here: `shooting.xlsx` is not there")
    save(folder / "boards" / "shooting.xlsx", HEADINGS, ("02/12/2026", "Soap", "front"))
    assert card()["Views"] == [told, "Soap – front"]
