"""What follows a declaration: matched by `was`, then by key; what is not sure is asked, never guessed."""

import datetime as dt
from dataclasses import replace

import pytest
from shop_kit import daily_task, workspace_of

from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Board, Carried, Slot, Task, Workspace
from trello_ops.core.people import Person, Round
from trello_ops.core.planning.differences import Alarm, Difference, Noun, Turn
from trello_ops.core.planning.succession import Succession, succeed

TILLS, BREAD = daily_task("caisse"), daily_task("fournee")


def shop(*boards: Board) -> Workspace:
    return replace(workspace_of(), boards=boards)


def board(key: str, *tasks: Task, title: str = "", was: str = "", new: bool = False) -> Board:
    (like,) = workspace_of(*tasks).boards
    return replace(like, key=key, title=title or f"Tableau {key}", was=(was,) if was else (), new=new)


def task(key: str, was: str = "", **more: object) -> Task:
    return daily_task(key, was=(was,) if was else (), **more)


def told(succession: Succession) -> set[tuple[str, str, str]]:
    return {(str(each.turn), each.key, each.old) for each in succession.differences}


def keys(workspace: Workspace) -> dict[str, list[str]]:
    return {each.key: [task.key for task in each.tasks] for each in workspace.boards}


def test_what_did_not_change_is_no_difference() -> None:
    same = shop(board("daily", TILLS, BREAD))
    assert succeed(same, same) == Succession(
        same,
        (),
        (),
        {("daily", "caisse"): ("daily", "caisse"), ("daily", "fournee"): ("daily", "fournee")},
        {"daily": "daily"},
        {"amal": "amal", "karim": "karim"},
        {"operations": "operations"},
    )


def test_a_task_that_left_and_one_that_came() -> None:
    found = succeed(shop(board("daily", TILLS, BREAD)), shop(board("daily", TILLS, task("quai"))))
    assert told(found) == {("left", "daily/fournee", ""), ("new", "daily/quai", "")}
    assert keys(found.workspace) == {"daily": ["caisse", "quai"]}


def test_a_renamed_task_remembers_every_key_that_it_had() -> None:
    first = succeed(shop(board("daily", TILLS)), shop(board("daily", task("soir", "daily/caisse"))))
    assert told(first) == {("renamed", "daily/soir", "daily/caisse")}
    again = succeed(first.workspace, shop(board("daily", task("nuit", "daily/soir"))))
    assert again.workspace.boards[0].tasks[0].was == ("daily/soir", "daily/caisse")
    # The line may go once it was taken up.
    later = succeed(again.workspace, shop(board("daily", task("nuit"))))
    assert (later.differences, later.workspace) == ((), again.workspace)


def test_a_task_that_comes_back_to_a_key_knows_which_days_bear_it() -> None:
    """Else a week that its new rhythm names by such a day would be taken for one that has its card."""
    monday = dt.date(2026, 11, 23)
    days = (
        Carried(monday, monday, "day", own=False, name="daily/caisse"),
        Carried(monday, monday, "day", own=False, name="daily/jour"),
        Carried(monday, monday, "day", own=False),
    )
    till = replace(TILLS, was=("daily/caisse",), carried=days)
    left = shop(board("daily", BREAD), board("weekly", till, task("quai")))
    back = shop(board("daily", BREAD, task("caisse", "weekly/caisse")), board("weekly", task("quai")))
    _, found = succeed(left, back).workspace.boards[0].tasks
    assert [each.own for each in found.carried] == [True, False, False]


def test_two_tasks_change_places() -> None:
    before = shop(board("daily", TILLS, BREAD))
    after = shop(board("daily", task("caisse", "daily/fournee"), task("fournee", "daily/caisse")))
    found = succeed(before, after)
    assert found.came_from == {
        ("daily", "caisse"): ("daily", "fournee"),
        ("daily", "fournee"): ("daily", "caisse"),
    }
    assert succeed(found.workspace, after).differences == ()


def test_a_key_that_somebody_had_before_may_be_anothers() -> None:
    soir = task("soir", "daily/caisse")
    renamed = succeed(shop(board("daily", TILLS)), shop(board("daily", soir))).workspace
    after = shop(board("daily", soir, task("caisse", new=True)))
    found = succeed(renamed, after)
    assert told(found) == {("new", "daily/caisse", "")}
    assert found.came_from == {("daily", "soir"): ("daily", "soir")}


def test_a_task_moves_with_a_word() -> None:
    before = shop(board("centre", TILLS, BREAD), board("gare", task("quai")))
    after = shop(board("centre", TILLS), board("gare", task("quai"), task("fournee", "centre/fournee")))
    assert told(succeed(before, after)) == {("moved", "gare/fournee", "centre/fournee")}


@pytest.mark.parametrize("like", [{"title": "Tâche caisse"}, {"template": "caisse.md"}])
def test_what_looks_renamed_is_asked_and_the_old_one_goes_on(like: dict[str, str]) -> None:
    before, after = shop(board("daily", TILLS, BREAD)), shop(board("daily", task("soir", **like), BREAD))
    found = succeed(before, after)
    assert told(found) == {("asked", "daily/soir", "daily/caisse")}
    assert keys(found.workspace) == {"daily": ["fournee", "caisse"]}
    assert [each.questioned for each in found.workspace.boards[0].tasks] == [False, True]
    assert succeed(found.workspace, after).workspace == found.workspace
    answered = shop(board("daily", task("soir", new=True, **like), BREAD))
    assert told(succeed(found.workspace, answered)) == {
        ("new", "daily/soir", ""),
        ("left", "daily/caisse", ""),
    }
    renamed = succeed(found.workspace, shop(board("daily", task("soir", "daily/caisse", **like), BREAD)))
    assert not any(each.questioned for each in renamed.workspace.boards[0].tasks)


def test_a_template_of_many_tasks_makes_no_two_alike() -> None:
    common = {"template": "page.md"}
    before = shop(board("daily", task("un", **common), task("deux", **common)))
    after = shop(board("daily", task("un", **common), task("trois", **common)))
    assert told(succeed(before, after)) == {("left", "daily/deux", ""), ("new", "daily/trois", "")}


def test_was_that_names_nothing_is_said() -> None:
    found = succeed(shop(board("daily", TILLS)), shop(board("daily", TILLS, task("soir", "daily/nuit"))))
    assert told(found) == {("new", "daily/soir", ""), ("unknown", "daily/soir", "daily/nuit")}
    assert found.workspace.boards[0].tasks[1].was == ()


# ---- boards, people, themes


def test_a_renamed_board_takes_its_tasks_along() -> None:
    found = succeed(shop(board("daily", TILLS)), shop(board("jour", TILLS, was="daily")))
    assert told(found) == {("renamed", "jour", "daily")}
    assert found.workspace.boards[0].was == ("daily",)
    assert found.workspace.boards[0].tasks[0].was == ("daily/caisse",)
    assert found.alarms == ()


def test_a_board_that_looks_renamed_goes_on_whole() -> None:
    found = succeed(shop(board("daily", TILLS)), shop(board("jour", TILLS, title="Tableau daily")))
    assert told(found) == {("asked", "jour", "daily")}
    assert keys(found.workspace) == {"daily": ["caisse"]}
    assert found.alarms == ()


def test_who_gets_the_report_of_a_board_that_is_asked_about_gets_that_of_the_one_that_goes_on() -> None:
    files = shop(board("jour", TILLS, title="Tableau daily"))
    report = replace(files.report, by_board=(("jour", ("till@example.org",)),))
    found = succeed(shop(board("daily", TILLS)), replace(files, report=report))
    assert found.workspace.report.by_board == (("daily", ("till@example.org",)),)


@pytest.mark.parametrize("was", ["", "week/stock", "semaine/stock"])
def test_a_task_that_left_a_board_that_is_asked_about_waits_for_the_answer(was: str) -> None:
    """Both would else get cards: the board goes on whole until somebody says."""
    old = shop(board("daily", TILLS), board("week", BREAD, daily_task("stock"), title="La semaine"))
    files = shop(board("daily", TILLS, task("stock", was)), board("semaine", BREAD, title="La semaine"))
    found = succeed(old, files)
    turn = "waits" if was else "asked"
    assert told(found) == {("asked", "semaine", "week"), (turn, "daily/stock", "week/stock")}
    assert keys(found.workspace) == {"daily": ["caisse"], "week": ["fournee", "stock"]}
    answered = shop(
        board("daily", TILLS, task("stock", "week/stock")),
        board("semaine", BREAD, title="La semaine", was="week"),
    )
    after = succeed(found.workspace, answered)
    assert ("moved", "daily/stock", "week/stock") in told(after)
    assert keys(after.workspace) == {"daily": ["caisse", "stock"], "semaine": ["fournee"]}


def test_nothing_of_a_board_that_is_new_is_asked() -> None:
    after = shop(board("jour", TILLS, title="Tableau daily", new=True))
    found = succeed(shop(board("daily", TILLS)), after)
    assert told(found) == {
        (turn, key, "")
        for turn, each in (("new", "jour"), ("left", "daily"))
        for key in (each, f"{each}/caisse")
    }


def test_a_person_and_a_theme_are_renamed() -> None:
    before = workspace_of(TILLS)
    people = (Person("amal-b", "amal_zina", "Amal", was=("amal",)), before.people[1])
    themes = (replace(before.themes[0], key="magasin", was=("operations",)),)
    tasks = (replace(TILLS, theme="magasin", assignees=("amal-b",)),)
    after = replace(before, people=people, themes=themes, boards=(replace(before.boards[0], tasks=tasks),))
    found = succeed(before, after)
    assert told(found) == {("renamed", "amal-b", "amal"), ("renamed", "magasin", "operations")}
    assert found.workspace.person("amal") == people[0]
    assert found.workspace.theme("operations") == themes[0]


def test_what_a_kept_task_needs_is_kept_with_it() -> None:
    before = workspace_of(TILLS)
    tasks = (task("soir", title=TILLS.title, assignees=("karim",)),)
    after = replace(before, people=before.people[1:], boards=(replace(before.boards[0], tasks=tasks),))
    found = succeed(before, after)
    assert {person.key for person in found.workspace.people} == {"amal", "karim"}


def test_so_are_the_people_of_its_round_and_its_slot() -> None:
    slot = Slot("matin", 1, dt.time(9), dt.time(12))
    old = replace(TILLS, assignees=(), round=Round(("amal", "karim"), dt.date(2026, 11, 2)), slot="matin")
    before = replace(workspace_of(old), slots=(slot,))
    tasks = (task("soir", title=TILLS.title, assignees=("karim",)),)
    boards = (replace(before.boards[0], tasks=tasks),)
    found = succeed(before, replace(before, people=before.people[1:], boards=boards, slots=())).workspace
    assert {person.key for person in found.people} == {"amal", "karim"}
    assert found.slots == (slot,)


# ---- what is alarming


def test_a_board_that_vanished_is_alarming() -> None:
    found = succeed(shop(board("daily", TILLS), board("gare", BREAD)), shop(board("daily", TILLS)))
    assert found.alarms == (Alarm("gare", 1, 1, vanished=True),)
    assert Difference(Noun.BOARD, Turn.LEFT, "gare", "Tableau gare") in found.differences


@pytest.mark.parametrize(("gone", "of", "alarms"), [(3, 10, 0), (4, 10, 1), (9, 9, 0), (5, 16, 1)])
def test_many_tasks_that_go_at_once_are_alarming(gone: int, of: int, alarms: int) -> None:
    tasks = [daily_task(f"t{n}") for n in range(of)]
    left = [*tasks[gone:], daily_task("autre", new=True)]
    found = succeed(shop(board("daily", *tasks)), shop(board("daily", *left)))
    assert len(found.alarms) == alarms


def test_other_times_are_told() -> None:
    weekly = replace(TILLS.cadence, frequency=Frequency.WEEKLY, on=(5,))
    found = succeed(shop(board("daily", TILLS)), shop(board("daily", replace(TILLS, cadence=weekly))))
    assert told(found) == {("retimed", "daily/caisse", "daily/caisse")}
