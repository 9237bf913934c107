"""The pack of the planned week: the shop's week in half-days, which fits them, and the life of the demo."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import pytest

from trello_ops import starter
from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Slot, Task, Workspace
from trello_ops.declared.load import read

SAMPLE = starter.find("planned-week")
CARDS = SAMPLE.templates / "cards"
MORNING, AFTERNOON = (dt.time(9), dt.time(12, 30)), (dt.time(14), dt.time(18))


@pytest.fixture(scope="module")
def planned() -> Workspace:
    declaration = read(SAMPLE.boards, sorted(path.name for path in CARDS.glob("[!_]*.md")))
    assert declaration.problems == ()
    assert declaration.warnings == ()
    assert declaration.workspace
    return declaration.workspace


def _tasks(planned: Workspace) -> Iterator[Task]:
    return (task for board in planned.boards for task in board.tasks)


def test_the_week_has_ten_half_days(planned: Workspace) -> None:
    assert [(slot.weekday, slot.begins, slot.ends) for slot in planned.slots] == [
        (weekday, *half) for weekday in range(1, 6) for half in (MORNING, AFTERNOON)
    ]


def test_nobody_is_asked_for_more_than_a_half_day_holds(planned: Workspace) -> None:
    """Of a round each of its people may have the turn; and whoever stands in has two people's work."""
    minutes: Counter[tuple[str, str]] = Counter()
    for task in _tasks(planned):
        for person in _may_do_it(planned, task):
            minutes[task.slot, person] += task.duration
    room = {slot.key: _room(slot) for slot in planned.slots}
    assert {slot for slot, _ in minutes if slot} == set(room)
    assert {key: spent for key, spent in minutes.items() if key[0] and spent > room[key[0]]} == {}
    assert minutes["lundi-matin", "nadia"] == minutes["vendredi-matin", "amal"] == 180


def _room(slot: Slot) -> int:
    ends, begins = (moment.hour * 60 + moment.minute for moment in (slot.ends, slot.begins))
    return ends - begins


def _may_do_it(planned: Workspace, task: Task) -> set[str]:
    people = {*task.assignees, *(task.round.people if task.round else ())}
    absences = [absence for key in people if (person := planned.person(key)) for absence in person.absences]
    return people | {absence.stand_in for absence in absences if absence.stand_in}


def test_every_template_is_used_and_none_is_missing(planned: Workspace) -> None:
    assert {task.template for task in _tasks(planned)} == {path.name for path in CARDS.glob("[!_]*.md")}


def test_it_shows_what_the_words_can_do(planned: Workspace) -> None:
    tasks = list(_tasks(planned))
    assert {task.cadence.frequency for task in tasks} == {
        Frequency.DAILY, Frequency.WEEKLY, Frequency.BIWEEKLY, Frequency.MONTHLY, Frequency.QUARTERLY,
        Frequency.YEARLY,
    }  # fmt: skip
    assert [task.key for task in tasks if task.key.startswith("instagram")] == [
        "instagram-1000", "instagram-1430", "instagram-1800",
    ]  # fmt: skip
    assert [task.covers for task in tasks if task.covers] == [("week/kpi",)]
    assert [task.key for task in tasks if task.pauses] == ["blog-article"]
    assert sum(task.round is not None for task in tasks) == 2
    assert planned.holidays.on(dt.date(2026, 11, 6))


def test_editors_find_the_schema_from_each_file() -> None:
    for path in SAMPLE.boards.iterdir():
        name = "workspace" if path.stem == "workspace" else "board"
        first = path.read_text("utf-8").splitlines()[0]
        assert first == f"# yaml-language-server: $schema=../schema/{name}.schema.json"
        assert (SAMPLE.boards / f"../schema/{name}.schema.json").is_file()
