"""The pack of the launch over ninety days: set up late, moved in the middle, and nothing lost or twice."""

import datetime as dt
from collections import Counter
from pathlib import Path

import pytest
from shop_kit import Shop

from trello_ops import starter
from trello_ops.core.cadence import NO_DAY
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.declared.load import read
from trello_ops.operations.declaration import follow, late_starts, put_in_force
from trello_ops.render.card_files import available
from trello_ops.testing import FakeTrello

BEGIN = dt.date(2027, 1, 11)  # 64 days before go-live
GO_LIVE, LATER = dt.date(2027, 3, 16), dt.date(2027, 4, 6)
LEFT_UNDONE = {"legal", "photos"}  # nobody does them in time
_DAY = dt.timedelta(days=1)


class Launch(Shop):
    """The shop that launches, with its team at work."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        starter.copy(("launch",), folder / "boards", folder / "templates")
        self.folder = folder
        self.workspace = self.files()
        self.clock.advance_to(self.at(BEGIN, 7))
        names = [person.username for person in self.workspace.people]
        self.trello = FakeTrello(self.clock, names, "zinaobeldi")
        self.done: dict[str, dt.date] = {}
        self.version = InForce(1, self.clock.now(), Declaration(self.workspace))
        self.store.put_in_force(self.version)

    def at(self, day: dt.date, hour: int) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour), self.workspace.timezone)

    def files(self) -> Workspace:
        found = read(self.folder / "boards", available(self.folder / "templates"), BEGIN)
        assert found.problems == found.warnings == ()
        assert found.workspace
        return found.workspace

    def move(self, go_live: dt.date) -> None:
        """Write another date into the one line that has it, and put it in force."""
        path = self.folder / "boards" / "launch.yaml"
        text = path.read_text("utf-8")
        assert text.count(f"go_live: {GO_LIVE}") == 1
        path.write_text(text.replace(f"go_live: {GO_LIVE}", f"go_live: {go_live}"), "utf-8")
        now = self.clock.now()
        following = follow(self.store, self.version, Declaration(self.files()), now)
        assert [moved.after for moved in following.moved_dates] == [go_live]
        assert put_in_force(self.context(), following)
        self.version = InForce(2, now, following.declaration)
        self.workspace = following.declaration.workspace
        assert self.apply().failed == {}
        assert self.plan_is_empty()

    def dues(self) -> dict[str, dt.date]:
        """The due of each card by its task; no task has two."""
        cards = self.cards_on("launch")
        found = {}
        for board, task in self.workspace.tasks:
            entry = self.store.entry(OccurrenceKey(board.key, task.key, NO_DAY))
            if entry and entry.card:
                due = self.trello.card(entry.card.id).due
                assert due
                found[task.key] = due.astimezone(self.workspace.timezone).date()
        assert len(found) == len(cards)
        return found

    def live(self, day: dt.date) -> None:
        """A day: cards come in the morning, what is due in two days is done, and the week is reported."""
        self.clock.advance_to(self.at(day, 8))
        self.issue()
        self.observe()
        self.report()
        for task, due in self.dues().items():
            if due <= day + 2 * _DAY and task not in LEFT_UNDONE | set(self.done):
                self.do(task)
        self.advance(hours=2)
        self.observe()

    def do(self, task: str) -> None:
        entry = self.store.entry(OccurrenceKey("launch", task, NO_DAY))
        assert entry
        assert entry.card
        self.trello.tick(entry.card.id, "amal_zina")
        self.done[task] = self.clock.now().date()


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[Launch, dict[str, dt.date], dict[str, dt.date]]:
    """The launch after ninety days, and the dues of its cards right before and after the move."""
    shop = Launch(tmp_path_factory.mktemp("launch"))
    (late,) = late_starts(shop.store, shop.workspace, shop.clock.now())
    assert len(late.tasks) == 14
    assert shop.apply().failed == {}
    for n in range(0, 91, 2):
        if n == 50:
            before = shop.dues()
            shop.move(LATER)
            after = shop.dues()
        shop.live(BEGIN + n * _DAY)
    return shop, before, after


def test_what_is_late_at_the_start_comes_at_once_with_a_week(tmp_path: Path) -> None:
    shop = Launch(tmp_path)
    (late,) = late_starts(shop.store, shop.workspace, shop.clock.now())
    shop.apply()
    shop.live(BEGIN)
    found = shop.dues()
    assert {found[task] for task in late.tasks} == {late.until} == {BEGIN + 8 * _DAY}
    assert set(found) - set(late.tasks) == {"payment", "delivery", "legal"}, "due within a week anyway"


def test_open_cards_follow_and_done_and_overdue_ones_stay(
    told: tuple[Launch, dict[str, dt.date], dict[str, dt.date]],
) -> None:
    shop, before, after = told
    moved = {task for task, due in after.items() if due != before[task]}
    day = BEGIN + 50 * _DAY
    assert moved == {task for task, due in before.items() if due > day and shop.done.get(task, day) >= day}
    assert moved
    assert LEFT_UNDONE & moved == set()


def test_each_task_has_one_card_and_none_is_missing(
    told: tuple[Launch, dict[str, dt.date], dict[str, dt.date]],
) -> None:
    shop, _, _ = told
    (board,) = shop.workspace.boards
    not_yet = {"support-change", "lessons"}
    assert set(shop.dues()) == {task.key for task in board.tasks} - not_yet
    assert shop.dues()["go-live"] == LATER
    assert shop.done["go-live"] <= LATER


def test_weeks_charge_for_what_was_left_undone_alone(
    told: tuple[Launch, dict[str, dt.date], dict[str, dt.date]],
) -> None:
    shop, _, _ = told
    counted = Counter[str]()
    for week in shop.store.frozen_weeks():
        report = shop.store.frozen(week)
        assert report
        counted.update({line.task: 1 for line in report.occurrences})
        assert {line.task for line in report.occurrences if line.outcome == "missed"} <= LEFT_UNDONE
        assert {line.outcome for line in report.occurrences} <= {"on_time", "missed"}
    assert set(counted.values()) == {1}, "none is counted in two weeks"
    assert set(counted) >= LEFT_UNDONE


def test_every_card_says_what_a_new_colleague_needs() -> None:
    cards = starter.find("launch").templates / "cards"
    for path in cards.glob("launch-*.md"):
        text = path.read_text("utf-8")
        assert text.count('\n      - "') >= 3, path.name
        assert "\n3. " in text, path.name


def test_days_come_in_order(tmp_path: Path) -> None:
    workspace = Launch(tmp_path).workspace
    days = [task.cadence.dates[0] for _, task in workspace.tasks]
    assert days == sorted(days)
    assert len(days) == 44
    assert {task.cadence.counts_from and task.cadence.counts_from.date for _, task in workspace.tasks} == {
        GO_LIVE
    }
