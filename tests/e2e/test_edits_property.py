"""Whatever somebody does to the files in four weeks: no duty is doubled or lost, and nobody is charged."""

import copy
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from edit_kit.commands import Commands
from edit_kit.judge import Json
from edit_kit.robots import InProcess
from edit_kit.story import Act, Plan, Story
from hypothesis import given, settings
from hypothesis import strategies as st
from live_kit import Live, live
from quiet import nothing_logged

SEEDS = st.integers(0, 1 << 32)
"""Each makes a story. It takes seconds, so we shorten it ourselves, act by act."""


@pytest.fixture(scope="module", autouse=True)
def silence() -> Iterator[None]:
    with nothing_logged():
        yield


def lived(plan: Plan) -> list[str]:
    """What the judge finds wrong."""
    with tempfile.TemporaryDirectory() as folder:
        return Story(InProcess(Path(folder)), Path(folder), plan).live()


@settings(max_examples=settings.default.max_examples // 8)
@given(SEEDS)
def test_nobody_is_harmed_by_edits(seed: int) -> None:
    plan = Plan.of(seed)
    assert lived(plan) == []


@pytest.mark.slow
def test_what_fell_due_while_the_robot_slept_is_made_by_the_times_of_then() -> None:
    """Its board got other times after that, and before the robot woke."""
    acts = (Act(11, 3, "reday", 0, 7), Act(13, 3, "rest", 9, 6), Act(15, 2, "retime_board", 3, 3))
    assert lived(Plan(acts, moods=5)) == []


@pytest.mark.slow
def test_a_question_stays_open_while_a_board_that_left_alarms() -> None:
    acts = (Act(17, 1, "move", 1, 2), Act(20, 1, "vanish", 2, 3))
    assert lived(Plan(acts, moods=35, big=True)) == []


@pytest.mark.slow
def test_an_answer_that_no_robot_could_read_is_none() -> None:
    """The question is answered, but a template is broken before the next pass."""
    acts = (Act(3, 2, "move", 0, 10), Act(4, 2, "answer_was", 10, 3), Act(4, 3, "break_template", 4, 5))
    assert lived(Plan(acts, moods=56, passes=("06:10",))) == []


@pytest.mark.slow
def test_nobody_asks_of_a_task_whose_board_says_what_it_was() -> None:
    acts = (Act(11, 0, "rename_board", 8, 7), Act(11, 2, "answer_was", 5, 5), Act(12, 3, "delete", 11, 8))
    assert lived(Plan(acts, moods=21, passes=("06:10",))) == []


@pytest.mark.slow
def test_a_day_and_a_week_of_one_date_are_both_known_on_a_third_board() -> None:
    """It moves from the daily board to the weekly one, and after its card is there to another."""
    acts = (Act(1, 0, "move", 2, 1), Act(1, 2, "tick", 11, 0), Act(1, 2, "move", 5, 5))
    assert lived(Plan(acts, moods=36, big=True)) == []


@pytest.mark.soak
@pytest.mark.timeout(0)
@settings(derandomize=False, max_examples=200)
@given(SEEDS)
def test_nobody_is_harmed_by_a_great_many_edits(seed: int) -> None:
    plan = Plan.of(seed)
    if lived(plan):
        shortest = plan.shortened(lived)
        assert lived(shortest) == [], shortest


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Live]:
    with live() as running:
        yield running


STORY = (
    Act(1, 1, "rename", 1, 0),
    Act(2, 1, "answer_was"),
    Act(2, 2, "tick"),
    Act(3, 0, "recadence", 0, 1),
    Act(3, 1, "tick"),
    Act(4, 1, "move", 4, 1),
    Act(4, 2, "delete", 0),
    Act(4, 3, "break", 1),
    Act(5, 3, "mend"),
    Act(7, 0, "put_back"),
    Act(7, 2, "vanish", 2, 1),
    Act(8, 2, "come_back"),
    Act(8, 3, "rename_board", 0, 1),
    Act(9, 2, "apply"),
    Act(10, 0, "retime", 2, 1),
    Act(10, 1, "reassign", 2),
    Act(10, 2, "apply"),
    Act(11, 1, "vanish", 0, 0),
    Act(11, 2, "apply"),
)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_nobody_is_harmed_by_edits_between_commands(sandbox: Live, tmp_path: Path) -> None:
    """Two weeks on a sandbox over HTTP, by `trello-ops tick` and `apply`."""
    story = Story(Commands(sandbox, tmp_path), tmp_path, Plan(STORY, 3, passes=("06:10",)))
    assert story.live(weeks=2) == []


# ---- the judge is judged ----------------------------------------------------------------------------


def test_without_edits_there_is_nothing_to_complain_of() -> None:
    assert lived(Plan()) == []


@pytest.mark.parametrize(
    ("act", "complaint"),
    [
        (Act(1, 1, "delete", 1), "has no card"),
        (Act(1, 1, "add"), "which nobody declared"),
    ],
)
def test_the_judge_notices(act: Act, complaint: str) -> None:
    """Where the robot sees edits of which the judge knows nothing."""
    with tempfile.TemporaryDirectory() as folder:
        story = Story(InProcess(Path(folder)), Path(folder), Plan((act,)))
        edited: Callable[..., None] = story.chronicle.edited
        story.chronicle.edited = lambda version: None if story.chronicle.versions else edited(version)  # type: ignore[method-assign]
        assert any(complaint in each for each in story.live(weeks=1))


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """From Wednesday on there is a task less; everybody else does what they like."""
    folder = tmp_path_factory.mktemp("week")
    story = Story(InProcess(folder), folder, Plan((Act(2, 1, "delete", 1), Act(2, 1, "tick")), moods=2))
    assert story.live(weeks=1) == []
    return story


def _line(reports: list[Json], outcome: str) -> Json:
    return next(each for each in reports[0]["occurrences"] if each["outcome"] == outcome)


def _charge_the_edit(reports: list[Json]) -> None:
    _line(reports, "excused")["outcome"] = "missed"


def _excuse_the_idle(reports: list[Json]) -> None:
    _line(reports, "missed")["outcome"] = "excused"


def _forget_a_card(reports: list[Json]) -> None:
    reports[0]["occurrences"].pop()


def _tell_one_twice(reports: list[Json]) -> None:
    reports[0]["occurrences"].append(reports[0]["occurrences"][0])


def _charge_somebody_else(reports: list[Json]) -> None:
    line = _line(reports, "missed")
    line["assignees"] = ["karim" if line["assignees"] == ["amal"] else "amal"]


def _by_another_due(reports: list[Json]) -> None:
    line = _line(reports, "late")
    line["due_at"] = line["due_at"].replace("Z", "+00:30")


@pytest.mark.parametrize(
    "tamper",
    [
        _charge_the_edit,
        _excuse_the_idle,
        _forget_a_card,
        _tell_one_twice,
        _charge_somebody_else,
        _by_another_due,
    ],
)
def test_the_judge_notices_a_wrong_report(week: Story, tamper: Callable[[list[Json]], None]) -> None:
    reports = copy.deepcopy(week.robot.reports())
    assert week.complaints_of(reports) == []
    tamper(reports)
    assert week.complaints_of(reports) != []
