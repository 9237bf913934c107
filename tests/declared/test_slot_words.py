"""Slots, durations and several times a day: what their words mean in both languages, and what does not."""

import datetime as dt
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NotRequired, TypedDict

import pytest
import yaml
from declared_kit import BOARD, WORKSPACE, told

from trello_ops.core.cadence import DayTime
from trello_ops.core.calendar.slots import SlotPlan, planned_times
from trello_ops.core.declared import Board, Slot, Task
from trello_ops.core.ledger import Occurrence
from trello_ops.core.planning.differences import Difference, Noun, Turn
from trello_ops.core.planning.succession import succeed
from trello_ops.declared import slot_warnings
from trello_ops.declared.duration_words import spoken
from trello_ops.declared.fields import LONGEST_TEXT
from trello_ops.declared.load import BoardsFolder, read
from trello_ops.declared.slot_words import duration, weekday
from trello_ops.messages import translated
from trello_ops.render.i18n import Translator

SLOTS = """\
slots:
  matin: {day: lundi, from: "09:00", to: "12:30"}
  soir: {day: tuesday, from: "14:00", to: "18:00"}
"""
FRIDGE = """\
  fridge:
    title: Relever le frigo
    theme: operations
    template: stock.md
    times: ["18:00", "09:30", "14:00"]
"""
OTHER = """\
  other:
    title: Autre
    theme: operations
    template: stock.md
"""


class Mistake(TypedDict):
    board: NotRequired[str]
    task: NotRequired[str]
    workspace: NotRequired[str]
    said: str
    dit: str


MISTAKES: list[Mistake] = yaml.safe_load((Path(__file__).parent / "slot_mistakes.yaml").read_text("utf-8"))


def folder(tmp_path: Path, board: str, workspace: str = WORKSPACE + SLOTS) -> BoardsFolder:
    """What sound files say."""
    assert told(tmp_path, board, workspace)[0] == []
    return read(tmp_path, ("stock.md",))


def board_of(tmp_path: Path, board: str, workspace: str = WORKSPACE + SLOTS) -> Board:
    found = folder(tmp_path, board, workspace).workspace
    assert found
    return found.boards[0]


def task_of(tmp_path: Path, *lines: str, board: str = BOARD) -> Task:
    return board_of(tmp_path, board + "".join(f"    {line}\n" for line in lines)).tasks[0]


# ---- Mistakes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda mistake: mistake["said"])
def test_a_mistake_is_told_in_both_languages(mistake: Mistake, tmp_path: Path) -> None:
    board = BOARD.replace("cadence: weekly", mistake.get("board", "cadence: weekly"))
    board += "".join(f"    {line}\n" for line in mistake.get("task", "").splitlines())
    assert told(tmp_path, board, WORKSPACE + mistake.get("workspace", "")) == ([mistake["said"]], [])
    (problem,) = read(tmp_path, ("stock.md",)).problems
    assert translated(problem.message, Translator("fr")).replace("\u00a0", " ") == mistake["dit"]


def test_there_are_enough() -> None:
    assert len({mistake["said"].partition(": ")[2] for mistake in MISTAKES}) >= 30


def test_a_wrong_slot_leaves_the_others_and_is_told_once(tmp_path: Path) -> None:
    board = f"{BOARD}    slot: matin\n" + FRIDGE.replace('times: ["18:00", "09:30", "14:00"]', "slot: soir")
    problems, _ = told(tmp_path, board, WORKSPACE + SLOTS.replace("lundi", "lundy"))
    assert [each.partition(": ")[0] for each in problems] == ["workspace.yaml:14:16 slots.matin.day"]
    found = read(tmp_path, ("stock.md",)).workspace
    assert found
    assert [task.key for task in found.boards[0].tasks] == ["fridge"]


# ---- Slots ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "day"),
    [("lundi", 1), ("Lundis", 1), ("le mardi", 2), ("mer", 3), ("thursday", 4), ("Fri", 5), ("dim.", 7)],
)
def test_a_weekday(words: str, day: int) -> None:
    assert weekday(words) == day


def test_the_slots_of_a_team(tmp_path: Path) -> None:
    found = folder(tmp_path, BOARD).workspace
    assert found
    assert found.slots == (
        Slot("matin", 1, dt.time(9), dt.time(12, 30)),
        Slot("soir", 2, dt.time(14), dt.time(18)),
    )


@pytest.mark.parametrize("cadence", ["daily", "weekly", "biweekly\nanchor: 2026-11-02"])
def test_a_slot_takes_the_place_of_on_and_due(cadence: str, tmp_path: Path) -> None:
    board = BOARD.replace("cadence: weekly", f'cadence: {cadence}\non: friday\ndue: "17:00"')
    task = task_of(tmp_path, "slot: soir", board=board)
    assert (task.slot, task.cadence.on, task.cadence.due) == ("soir", (2,), DayTime(dt.time(18)))


def test_a_due_of_the_task_s_own_counts_all_the_same(tmp_path: Path) -> None:
    task = task_of(tmp_path, "slot: soir", 'due: {time: "10:00", offset_days: 1}')
    assert (task.cadence.on, task.cadence.due) == ((2,), DayTime(dt.time(10), offset_days=1))


# ---- Durations --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "minutes"),
    [
        ("1h", 60), ("1 h", 60), ("2 heures", 120), ("1 hour", 60), ("1h30", 90), ("1 h 30", 90),
        ("1h05", 65), ("1 h 30 min", 90), ("1 heure 15 minutes", 75), ("30 min", 30), ("30min", 30),
        ("45 mn", 45), ("5 minutes", 5), ("90 min", 90), ("12h", 720), ("2 H", 120),
        ("une heure", 60), ("an hour", 60),
    ],
)  # fmt: skip
def test_a_duration(words: str, minutes: int) -> None:
    assert duration(words) == minutes
    assert duration(spoken(minutes)) == minutes


def test_a_duration_needs_no_slot(tmp_path: Path) -> None:
    task = task_of(tmp_path, "duration: 1h30")
    assert (task.slot, task.duration, task.cadence.on) == ("", 90, (5,))


# ---- Several times a day ----------------------------------------------------------------------------


def test_each_time_makes_a_task(tmp_path: Path) -> None:
    board = board_of(tmp_path, BOARD + FRIDGE + "    assign: [ines, margot]\n    duration: 15 min\n")
    assert [(task.key, task.title, task.cadence.due.time) for task in board.tasks[1:]] == [
        ("fridge-0930", "Relever le frigo – 9\u00a0h\u00a030", dt.time(9, 30)),
        ("fridge-1400", "Relever le frigo – 14\u00a0h", dt.time(14)),
        ("fridge-1800", "Relever le frigo – 18\u00a0h", dt.time(18)),
    ]
    assert {(task.assignees, task.duration) for task in board.tasks[1:]} == {(("ines", "margot"), 15)}


def test_the_time_is_written_as_the_team_speaks(tmp_path: Path) -> None:
    english = WORKSPACE.replace("locale: fr", "locale: en")
    titles = [task.title for task in board_of(tmp_path, BOARD + FRIDGE, english).tasks[1:]]
    assert titles == [f"Relever le frigo – {time}" for time in ("09:30", "14:00", "18:00")]


def test_a_key_that_a_time_makes_is_no_other_task_s(tmp_path: Path) -> None:
    other = BOARD.replace("stock:", "fridge-1400:")
    assert told(tmp_path, other + FRIDGE)[0] == [
        "weekly.yaml:5:3 tasks.fridge-1400: is the key that 14:00 of `fridge` makes: give this task another"
    ]


def test_what_is_wrong_with_all_of_them_is_told_once_in_its_place(tmp_path: Path) -> None:
    problems, _ = told(tmp_path, f"{BOARD}{FRIDGE}    on: 15\n")
    assert [each.partition(": ")[0] for each in problems] == ["weekly.yaml:14:9 tasks.fridge.on"]
    alone = BOARD.replace("assign: ines\n", "") + "    assign: ines\n"
    assert told(tmp_path, alone + FRIDGE) == (
        [],
        ["weekly.yaml:9:3 tasks.fridge: nobody is assigned: name somebody, or write `assign: nobody`"],
    )


def test_a_mistake_of_one_time_is_told_at_that_time(tmp_path: Path) -> None:
    board = BOARD.replace("weekly\n", "daily\n")
    (problem,), _ = told(tmp_path, f'{board}{FRIDGE}    release: "10:00"\n')
    assert problem.startswith(
        "weekly.yaml:13:22 tasks.fridge.times[1]: the card would be due at 09:30 on day 1"
    )


def test_what_a_plan_tells_of_such_a_task_stands_at_its_line(tmp_path: Path) -> None:
    found = folder(tmp_path, BOARD + FRIDGE)
    new = Difference(Noun.TASK, Turn.NEW, "weekly/fridge-1400", "Relever le frigo – 14 h")
    told_of = found.about(new, "is new")
    assert (told_of.line, told_of.column, told_of.path) == (9, 3, "tasks.fridge")


def test_what_covers_such_a_task_covers_each_of_its_times(tmp_path: Path) -> None:
    board = board_of(tmp_path, f"{BOARD}    covers: [fridge, other]\n{OTHER}{FRIDGE}")
    assert board.tasks[0].covers == (
        "weekly/fridge-0930",
        "weekly/fridge-1400",
        "weekly/fridge-1800",
        "weekly/other",
    )


def test_such_a_task_covers_neither_itself_nor_what_covers_it(tmp_path: Path) -> None:
    problems, _ = told(tmp_path, f"{BOARD}    covers: fridge\n{FRIDGE}    covers: [fridge, stock]\n")
    assert [each.split(": ", 2)[1] for each in problems] == [
        "`weekly/fridge` covers this one in turn",
        "is the task itself",
        "`weekly/stock` covers this one in turn",
    ]


def test_one_of_its_times_is_not_covered_alone(tmp_path: Path) -> None:
    (problem,), _ = told(tmp_path, f"{BOARD}    covers: fridge-1400\n{FRIDGE}")
    assert problem == (
        "weekly.yaml:9:13 tasks.stock.covers: there is no task `weekly/fridge-1400`: did you mean "
        "`weekly/fridge`?"
    )


# ---- What such a task was before --------------------------------------------------------------------


def succession(tmp_path: Path, before: str, after: str) -> tuple[dict[str, str], set[tuple[Turn, str]]]:
    """The old key of each task that goes on; and what else became of tasks."""
    old, new = (folder(tmp_path, BOARD + text).workspace for text in (before, after))
    assert old
    assert new
    found = succeed(old, new)
    again = succeed(found.workspace, new)  # the line may stay
    assert [each for each in again.differences if each.turn is not Turn.LEFT] == []
    went_on = {now[1]: was[1] for now, was in found.came_from.items() if now[1] != "stock"}
    return went_on, {(each.turn, each.key.partition("/")[2]) for each in found.differences}


FREEZER = FRIDGE.replace("fridge:", "freezer:")
ONE = FREEZER.replace('times: ["18:00", "09:30", "14:00"]', 'due: "18:00"')


def test_each_time_goes_on_with_that_time_of_what_it_was(tmp_path: Path) -> None:
    went_on, turns = succession(tmp_path, FREEZER, FRIDGE + "    was: freezer\n")
    assert went_on == {f"fridge-{time}": f"freezer-{time}" for time in ("0930", "1400", "1800")}
    assert turns == {(Turn.RENAMED, f"fridge-{time}") for time in ("0930", "1400", "1800")}


def test_the_first_time_goes_on_with_what_was_one_task(tmp_path: Path) -> None:
    went_on, turns = succession(tmp_path, ONE, FRIDGE + "    was: freezer\n")
    assert went_on == {"fridge-0930": "freezer"}
    assert turns == {
        (Turn.RENAMED, "fridge-0930"),
        (Turn.RETIMED, "fridge-0930"),
        (Turn.NEW, "fridge-1400"),
        (Turn.NEW, "fridge-1800"),
    }


def test_so_it_does_where_the_task_had_no_times_before(tmp_path: Path) -> None:
    one = ONE.replace("freezer:", "fridge:")
    went_on, _ = succession(tmp_path, one, FRIDGE + "    was: fridge\n")
    assert went_on == {"fridge-0930": "fridge"}


def test_a_was_that_nothing_had_is_told(tmp_path: Path) -> None:
    old, new = (folder(tmp_path, BOARD + text).workspace for text in ("", FRIDGE + "    was: frezer\n"))
    assert old
    assert new
    unknown = [each for each in succeed(old, new).differences if each.turn is Turn.UNKNOWN]
    assert {each.old for each in unknown} == {f"weekly/frezer-{time}" for time in ("0930", "1400", "1800")}


def test_what_it_was_is_declared_no_more(tmp_path: Path) -> None:
    (problem,), _ = told(tmp_path, f"{BOARD}{FRIDGE}    was: stock\n")
    assert problem == (
        "weekly.yaml:14:10 tasks.fridge.was: `stock` is declared as well: delete this line, or the other "
        "thing"
    )


def test_a_title_leaves_room_for_the_time(tmp_path: Path) -> None:
    long = FRIDGE.replace("Relever le frigo", "F" * LONGEST_TEXT)
    ((problem,), _) = told(tmp_path, BOARD + long)
    assert problem.endswith("is longer than Trello's 16,384 characters allow: shorten it")
    assert "tasks.fridge.title" in problem


# ---- Slots that hold too much -----------------------------------------------------------------------


def overbooked(tmp_path: Path, *tasks: str, today: dt.date | None = None) -> list[str]:
    """Warnings about a board with tasks of these lines, each in the slot `matin` of 3 h 30."""
    text = "".join(
        f"  t{n}: {{title: T{n}, theme: operations, template: stock.md, slot: matin, {lines}}}\n"
        for n, lines in enumerate(tasks)
    )
    board = "title: Hebdo\ncadence: weekly\nassign: ines\ntasks:\n" + text
    problems, warnings = told(tmp_path, board, WORKSPACE + SLOTS, today)
    assert problems == []
    return [each.partition(" ")[2] for each in warnings]


def test_what_just_fits_is_no_warning(tmp_path: Path) -> None:
    assert overbooked(tmp_path, "duration: 2h", "duration: 1h30", "assign: margot, duration: 3h30") == []


def test_what_somebody_does_in_a_slot_has_to_fit(tmp_path: Path) -> None:
    (warning,) = overbooked(tmp_path, "duration: 2h", "duration: 1h45", "duration: 1h")
    assert warning == (
        "tasks.t1.duration: does not fit: what Inès Rami does in the slot `matin` takes 1h15 more than it "
        "has, so shorten it or name another slot"
    )


def test_what_nobody_is_assigned_to_counts_together(tmp_path: Path) -> None:
    nobody = "assign: nobody, duration: 2h"
    (warning,) = overbooked(tmp_path, nobody, nobody, "duration: 2h")
    assert warning.startswith(
        "tasks.t1.duration: does not fit: what nobody is assigned to in the slot `matin` takes 30 min more"
    )


def test_what_several_do_waits_for_the_last_of_them(tmp_path: Path) -> None:
    both = "assign: [ines, margot], duration: 1h"
    warnings = overbooked(tmp_path, "duration: 3h", both, "assign: margot, duration: 30 min")
    assert [each.partition(": what ")[2].partition(" does")[0] for each in warnings] == [
        "Inès Rami",
        "Margot Petit",
    ]


def test_a_task_longer_than_its_slot_is_told_by_itself(tmp_path: Path) -> None:
    assert overbooked(tmp_path, "duration: 4h", "duration: 3h") == [
        "tasks.t0.duration: is 4h, but the slot `matin` has 3h30: correct one of the two"
    ]


def test_tasks_of_other_weeks_or_years_do_not_count_together(tmp_path: Path) -> None:
    fortnight = "duration: 2h, cadence: biweekly, anchor: "
    assert overbooked(tmp_path, f"{fortnight}2026-11-02", f"{fortnight}2026-11-09") == []
    assert len(overbooked(tmp_path, f"{fortnight}2026-11-02", f"{fortnight}2026-11-16")) == 1
    one, other = "duration: 2h, until: 2026-12-31", "duration: 2h, start: 2027-01-01"
    assert overbooked(tmp_path, one, other) == []


def test_what_is_over_is_no_warning_any_more(tmp_path: Path) -> None:
    ended = "duration: 2h, until: 2026-12-31"
    assert len(overbooked(tmp_path, ended, ended, today=dt.date(2026, 12, 31))) == 1
    told = overbooked(tmp_path, ended, ended, today=dt.date(2027, 1, 1))
    assert [each.partition(": ")[0] for each in told] == ["tasks.t0.until", "tasks.t1.until"]


def test_of_a_round_each_may_have_all_turns_that_come_together(tmp_path: Path) -> None:
    turns = "assign: {{rotate: {{people: [{}], since: 2026-11-02}}}}, duration: 2h"
    same = turns.format("ines, margot")
    warnings = overbooked(tmp_path, same, same)
    assert [each.partition(": what ")[2].partition(" does")[0] for each in warnings] == [
        "Inès Rami",
        "Margot Petit",
    ]
    assert len(overbooked(tmp_path, same, "duration: 2h")) == 1


def test_turns_of_different_rounds_are_not_counted_together(tmp_path: Path) -> None:
    turns = "assign: {{rotate: {{people: [{}], since: 2026-11-02}}}}, duration: 2h"
    assert overbooked(tmp_path, turns.format("ines, margot"), turns.format("margot, ines")) == []


def test_only_those_who_wait_for_each_other_are_looked_at_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []

    def counted(slots: Sequence[Slot], done: Iterable[tuple[Task, Occurrence]]) -> SlotPlan:
        found = list(done)
        looked_at.append(len(found))
        return planned_times(slots, found)

    monkeypatch.setattr(slot_warnings, "planned_times", counted)
    people = [f"p{n}" for n in range(30)]
    declared = "".join(f"  {key}: {{trello: {key}_zina, name: {key}}}\n" for key in people)
    workspace = WORKSPACE.replace("people:\n", f"people:\n{declared}") + SLOTS
    tasks = "".join(
        f"  t-{key}: {{title: T {key}, theme: operations, template: stock.md, slot: matin,"
        f" duration: 1h, assign: {key}}}\n"
        for key in people
    )
    board = "title: Hebdo\ncadence: weekly\ntasks:\n" + tasks
    assert told(tmp_path, board, workspace) == ([], [])
    assert looked_at == [1] * 30
