"""What comes otherwise by other files: added, gone, moved."""

from dataclasses import replace

from agenda_kit import WEEK, board, cadence, shop, task, weekly

from trello_ops.core.cadence import OnDayOff
from trello_ops.core.calendar.coming import ComingChanges, coming_changes
from trello_ops.core.days_off import Holidays
from trello_ops.core.declared import Board, Workspace
from trello_ops.core.planning.succession import succeed

TUESDAY, THURSDAY = weekly(2), weekly(4)


def of(*tasks: object, key: str = "week") -> Board:
    return board(key, "Week", "weekly", *tasks)  # type: ignore[arg-type]


def team(*boards: Board) -> Workspace:
    return shop(*boards, holidays=Holidays())


def told(old: Workspace, new: Workspace) -> list[str]:
    """Each change with its day, such as `+ week/b Thu`."""
    found = coming_changes(old, new, succeed(old, new).came_from, WEEK)
    return [
        *(f"+ {one.key.board}/{one.key.task} {one.day:%a}" for one in found.added),
        *(f"- {one.key.board}/{one.key.task} {one.day:%a}" for one in found.gone),
        *(
            f"{was.day:%a} > {one.key.board}/{one.key.task} {one.day:%a} {one.due:%H:%M}"
            for was, one in found.moved
        ),
    ]


A, B = task("a", "A", TUESDAY), task("b", "B", THURSDAY)


def test_the_same_files_change_nothing() -> None:
    same = team(of(A, B))
    assert coming_changes(same, same, succeed(same, same).came_from, WEEK) == ComingChanges((), (), ())


def test_what_is_added_and_what_goes() -> None:
    assert told(team(of(A)), team(of(A, B))) == ["+ week/b Thu"]
    assert told(team(of(A, B)), team(of(B))) == ["- week/a Tue"]


def test_another_day_or_time_of_the_same_period_is_a_move() -> None:
    later = replace(A, cadence=cadence("weekly", (2,), "18:00"))
    assert told(team(of(A, B)), team(of(replace(A, cadence=THURSDAY), B))) == ["Tue > week/a Thu 17:00"]
    assert told(team(of(A, B)), team(of(later, B))) == ["Tue > week/a Tue 18:00"]


def test_a_task_under_another_key_or_board_is_the_same() -> None:
    assert told(team(of(A)), team(of(replace(A, key="c", was=("week/a",))))) == []
    other = of(replace(A, was=("week/a",)), key="other")
    assert told(team(of(A, B)), team(of(B), other)) == ["Tue > other/a Tue 17:00"]


def test_what_nobody_has_to_do_does_not_come() -> None:
    skipped = replace(A, cadence=replace(TUESDAY, on_day_off=OnDayOff.SKIP))
    closed = replace(of(skipped), closures=(WEEK,))
    assert told(team(of(skipped)), team(closed)) == ["- week/a Tue"]
    assert told(team(closed), team(of(skipped))) == ["+ week/a Tue"]
