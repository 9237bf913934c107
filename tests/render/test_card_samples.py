"""The 29 sample templates, as they ship."""

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core import marker
from trello_ops.core.cadence import Cadence, DayTime, Frequency
from trello_ops.core.calendar.occurrences import next_occurrence
from trello_ops.core.card_text import CardText
from trello_ops.core.declared import Board, ReportPolicy, Task, Theme, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.core.people import Person
from trello_ops.declared import load
from trello_ops.render.card import CardRenderer, InProcess
from trello_ops.render.card_files import available

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
CASABLANCA = ZoneInfo("Africa/Casablanca")
ON = {Frequency.DAILY: (1, 2, 3, 4, 5, 6), Frequency.WEEKLY: (5,), Frequency.MONTHLY: (25,)}
TASKS = {
    Frequency.DAILY: "sector-news brand-watch site-ideas parcels customer-emails social-posts "
    "social-comments",
    Frequency.WEEKLY: "shipments returns stock bookkeeping loyalty payment-test filter-test link-test "
    "sales-analysis marketing-analysis",
    Frequency.MONTHLY: "sales-plan marketing-plan social-plan sales-review best-sellers worst-sellers "
    "sales-forecast best-customers newsletter-base competitor-prices competitor-newsletters site-survey",
}


def board(frequency: Frequency) -> Board:
    cadence = Cadence(frequency, ON[frequency], DayTime(dt.time(17, 0)), CASABLANCA)
    tasks = tuple(
        Task(key, f"Tâche {key}", "operations", f"{key}.md", cadence, ("nadia",))
        for key in TASKS[frequency].split()
    )
    return Board(frequency.value, frequency.value, frequency, (), tasks, CASABLANCA)


WORKSPACE = Workspace(
    key="zina",
    name="Zina ô Beldi",
    trello_workspace="zina",
    locale="fr",
    timezone=CASABLANCA,
    people=(Person("nadia", "nadia_z", "Nadia Chraïbi"),),
    themes=(Theme("operations", "Opérationnel", "orange"),),
    excused=Theme("excused", "Excusé", "black"),
    report=ReportPolicy(()),
    boards=tuple(map(board, TASKS)),
)
RENDERER = CardRenderer(WORKSPACE, TEMPLATES)
DUTIES = [(board, task) for board in WORKSPACE.boards for task in board.tasks]


def occurrence(board: Board, task: Task, day: dt.date) -> Occurrence:
    found = next_occurrence(WORKSPACE, board, task, day)
    assert found is not None
    return found


def cards(day: dt.date = dt.date(2026, 11, 20)) -> dict[str, CardText]:
    return {task.key: RENDERER.card(occurrence(board, task, day)) for board, task in DUTIES}


def written(card: CardText) -> str:
    """A card as one readable text."""
    checklists = "".join(
        f"\n\n## {c.title}\n\n" + "\n".join(f"- [ ] {item}" for item in c.items) for c in card.checklists
    )
    return f"# {card.title}\n\n{card.description}{checklists}\n"


def test_there_is_one_template_for_each_duty():
    assert available(TEMPLATES) == {task.template for _, task in DUTIES}
    assert len(DUTIES) == 29


def test_nothing_is_wrong_with_them():
    assert InProcess().check(WORKSPACE, TEMPLATES).problems == ()


def test_nothing_is_wrong_with_them_on_the_sample_boards():
    found = load.read(ROOT / "boards", available(TEMPLATES))
    assert found.workspace is not None
    assert InProcess().check(found.workspace, TEMPLATES).problems == ()
    assert {task.template for board in found.workspace.boards for task in board.tasks} == available(TEMPLATES)


@settings(max_examples=examples(25), deadline=None)
@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 12, 31)))
def test_they_render_on_every_date(day):
    for board, task in DUTIES:
        due = occurrence(board, task, day)
        card = RENDERER.card(due)
        assert marker.find_card_key(card.description, "zina") == due.key
        assert card.title.startswith(f"Tâche {task.key} – ")
        assert "{" not in written(card)


@pytest.mark.parametrize("key", ["parcels", "bookkeeping"])
def test_two_of_them_in_full(key):
    golden = Path(__file__).with_name(f"card.{key}.md")
    assert written(cards()[key]) == golden.read_text(encoding="utf-8")


def test_each_says_why_how_and_when_it_is_done():
    for card in cards().values():
        parts = re.split(r"^\*\*(.+)\*\*$", card.description, flags=re.MULTILINE)
        assert parts[1::2] == ["Pourquoi", "Étapes", "C’est fait quand"]
        assert all(len(part.strip()) > 80 for part in parts[2::2])


def test_most_have_checklists_and_nearly_all_of_those_can_be_copied():
    with_checklists = {key for key, card in cards().items() if card.checklists}
    copied = {task.key for board, task in DUTIES if RENDERER.template_card(board.key, task.key)}
    assert len(with_checklists) == 24
    assert with_checklists - copied == {"bookkeeping", "best-customers"}
    assert copied <= with_checklists


def test_the_parcels_have_eight_items():
    assert cards()["parcels"].item_count == 8


def test_a_template_card_holds_what_the_cards_hold():
    made = cards()
    for board, task in DUTIES:
        template = RENDERER.template_card(board.key, task.key)
        assert template is None or template.checklists == made[task.key].checklists


def test_they_follow_french_typography():
    for key, card in cards().items():
        prose = re.sub(r"`[^`]*`|^---$", "", written(card), flags=re.MULTILINE)
        assert not re.search(r"(?<=\w) ?[;!?»]|(?<=\w) :| %|« ", prose), key
        assert "'" not in prose, key
