"""The boards that come with the program: the shop's 29 duties."""

from collections import Counter
from pathlib import Path

import pytest

from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Workspace
from trello_ops.declared.load import read

BOARDS = Path(__file__).parents[2] / "boards"
DUTIES = {
    "daily": "sector-news brand-watch site-ideas parcels customer-emails social-posts social-comments",
    "weekly": (
        "shipments returns stock bookkeeping loyalty payment-test filter-test link-test sales-analysis "
        "marketing-analysis"
    ),
    "monthly": (
        "sales-plan marketing-plan social-plan sales-review best-sellers worst-sellers sales-forecast "
        "best-customers newsletter-base competitor-prices competitor-newsletters site-survey"
    ),
}
TEMPLATES = [f"{task}.md" for tasks in DUTIES.values() for task in tasks.split()]


@pytest.fixture
def shop() -> Workspace:
    declaration = read(BOARDS, TEMPLATES)
    assert declaration.problems == ()
    assert declaration.warnings == ()
    assert declaration.workspace
    return declaration.workspace


def test_the_shop_has_its_29_duties_each_with_its_own_template(shop: Workspace) -> None:
    assert {board.key: [task.key for task in board.tasks] for board in shop.boards} == {
        board: tasks.split() for board, tasks in DUTIES.items()
    }
    assert [board.frequency for board in shop.boards] == [
        Frequency.DAILY,
        Frequency.WEEKLY,
        Frequency.MONTHLY,
    ]
    for board in shop.boards:
        assert [task.template for task in board.tasks] == [f"{task.key}.md" for task in board.tasks]


def test_the_duties_are_spread_over_the_themes_as_the_shop_does(shop: Workspace) -> None:
    themes = {board.key: Counter(task.theme for task in board.tasks) for board in shop.boards}
    assert themes == {
        "daily": {"data": 3, "operations": 1, "customer-service": 3},
        "weekly": {"operations": 4, "customer-service": 1, "user-experience": 3, "analysis": 2},
        "monthly": {"planning": 3, "analysis": 5, "operations": 1, "data": 3},
    }
    assert len(shop.themes) == len({theme.colour for theme in shop.labels}) - 1 == 6


def test_the_daily_board_rests_on_sunday(shop: Workspace) -> None:
    daily = shop.board("daily")
    assert daily
    assert {task.cadence.on for task in daily.tasks} == {(1, 2, 3, 4, 5, 6)}


def test_most_duties_are_one_persons_some_are_several_and_one_is_nobodys(shop: Workspace) -> None:
    sizes = Counter(len(task.assignees) for board in shop.boards for task in board.tasks)
    assert sizes[0] == 1
    assert sizes[2] >= 3
    assert sizes[1] > 20
    assigned = {person for board in shop.boards for task in board.tasks for person in task.assignees}
    assert assigned == {person.key for person in shop.people}


def test_editors_find_the_schema_from_each_file() -> None:
    for path in BOARDS.iterdir():
        name = "workspace" if path.stem == "workspace" else "board"
        first = path.read_text("utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema=../schema/{name}.schema.json"
        assert (BOARDS / f"../schema/{name}.schema.json").is_file()
