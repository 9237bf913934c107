"""Who is away, who takes turns, and how people are reminded: each word, and what is said of wrong ones."""

import datetime as dt
from pathlib import Path

import pytest
from declared_kit import BOARD, WORKSPACE, told

from trello_ops.core.declared import FormerCard, Nag, Task, Undone, Workspace
from trello_ops.core.people import Absence, Person, Round, TurnBy, WhenAbsent
from trello_ops.declared import duration_words
from trello_ops.declared.load import read

MONDAY = dt.date(2026, 11, 2)
AUGUST = "{from: 2027-08-02, to: 2027-08-15"


def declared(folder: Path, board: str = BOARD, workspace: str = WORKSPACE) -> Workspace:
    (folder / "workspace.yaml").write_text(workspace, "utf-8")
    (folder / "weekly.yaml").write_text(board, "utf-8")
    found = read(folder, ("stock.md",))
    assert found.problems == ()
    assert found.workspace
    return found.workspace


def task_of(folder: Path, board: str = "", task: str = "") -> Task:
    """The task, with a line more of the board and of its own."""
    own = f"    {task}\n" if task else ""
    base = BOARD.replace("assign: ines\n", "") if board.startswith("assign") else BOARD
    (board_,) = declared(folder, f"{base}{own}{board}\n").boards
    return board_.tasks[0]


def ines(line: str) -> str:
    """The workspace, with a line more about Inès."""
    return WORKSPACE.replace("name: Inès Rami}", f"name: Inès Rami, {line}}}")


def person_of(folder: Path, line: str) -> Person:
    found = declared(folder, workspace=ines(line)).person("ines")
    assert found
    return found


# ---- People -----------------------------------------------------------------------------------------


def test_of_a_person_who_says_no_more_nothing_is_known(tmp_path: Path) -> None:
    assert declared(tmp_path).person("ines") == Person("ines", "ines_zina", "Inès Rami")


def test_an_address_and_a_language(tmp_path: Path) -> None:
    found = person_of(tmp_path, "email: ines@zina.example, language: en")
    assert (found.email, found.language) == ("ines@zina.example", "en")


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("mon-thu", (1, 2, 3, 4)),
        ("lun-jeu", (1, 2, 3, 4)),
        ("vendredi", (5,)),
        ("[samedi, lundi]", (1, 6)),
        ("[mon-wed, wed-fri]", (1, 2, 3, 4, 5)),
    ],
)
def test_the_days_that_somebody_works(said: str, days: tuple[int, ...], tmp_path: Path) -> None:
    assert person_of(tmp_path, f"working_days: {said}").working_days == days


def test_an_absence_alone_or_several(tmp_path: Path) -> None:
    august = Absence(dt.date(2027, 8, 2), dt.date(2027, 8, 15), "margot", "Congés")
    day = Absence(dt.date(2027, 9, 1), dt.date(2027, 9, 1))
    whole = f"{AUGUST}, stand_in: margot, reason: Congés}}"
    assert person_of(tmp_path, f"absences: {whole}").absences == (august,)
    both = f"absences: [{whole}, {{from: 2027-09-01, to: 2027-09-01}}]"
    assert person_of(tmp_path, both).absences == (august, day)


def test_absences_that_overlap_are_pointed_out(tmp_path: Path) -> None:
    both = (
        f"absences: [{AUGUST}}}, {{from: 2027-08-15, to: 2027-08-20}}, {{from: 2027-09-01, to: 2027-09-02}}]"
    )
    problems, warnings = told(tmp_path, workspace=ines(both))
    assert problems == []
    assert [text[:24] for text in warnings] == ["workspace.yaml:7:93 peop"]
    assert "overlaps with the days from 2027-08-02 to 2027-08-15 above" in warnings[0]


# ---- Who does it ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("{rotate: {people: [ines, margot], since: 2026-11-02}}", Round(("ines", "margot"), MONDAY)),
        (
            "{rotate: {people: [margot, ines], by: week, since: 2026-11-02}}",
            Round(("margot", "ines"), MONDAY, TurnBy.WEEK),
        ),
        (
            "{rotate: {people: [ines, margot], by: semaine, since: 2026-11-02}}",
            Round(("ines", "margot"), MONDAY, TurnBy.WEEK),
        ),
        (
            "{rotate: {people: [ines, margot], by: mois, since: 2026-11-02}}",
            Round(("ines", "margot"), MONDAY, TurnBy.MONTH),
        ),
        (
            "{rotate: {people: [ines, margot], by: month, since: 2026-11-02}}",
            Round(("ines", "margot"), MONDAY, TurnBy.MONTH),
        ),
        (
            "{rotate: {people: [ines, margot], by: occurrence, since: 2026-11-02}}",
            Round(("ines", "margot"), MONDAY, TurnBy.OCCURRENCE),
        ),
    ],
)
def test_a_round_of_board_or_task(said: str, expected: Round, tmp_path: Path) -> None:
    for found in (task_of(tmp_path, f"assign: {said}"), task_of(tmp_path, task=f"assign: {said}")):
        assert (found.round, found.assignees) == (expected, ())


@pytest.mark.parametrize(
    ("board", "task"),
    [
        ("start: 2026-11-02", "assign: {rotate: [ines, margot]}"),
        ("assign: {rotate: [ines, margot]}", "start: 2026-11-02"),
        ("assign: {rotate: [ines, margot]}\nstart: 2026-01-01", "start: 2026-11-02"),
        ("start: 2026-01-01", "assign: {rotate: {people: [ines, margot], since: 2026-11-02}}"),
    ],
)
def test_a_round_begins_with_since_or_with_the_start(board: str, task: str, tmp_path: Path) -> None:
    assert task_of(tmp_path, board, task).round == Round(("ines", "margot"), MONDAY)


@pytest.mark.parametrize(("said", "people"), [("margot", ("margot",)), ("nobody", ())])
def test_a_task_may_leave_its_boards_round(said: str, people: tuple[str, ...], tmp_path: Path) -> None:
    board = "assign: {rotate: [ines, margot]}\nstart: 2026-11-02"
    found = task_of(tmp_path, board, f"assign: {said}")
    assert (found.round, found.assignees) == (None, people)


def test_a_round_of_whom_one_is_declared_wrongly_hides_no_other_mistake(tmp_path: Path) -> None:
    board = BOARD.replace("assign: ines", "assign: {rotate: [ines, margot]}\nstart: 2026-11-02")
    problems, _ = told(tmp_path, board, ines("colour: red"))
    assert [text.split(" ")[1] for text in problems] == ["people.ines.colour:"]


def test_what_becomes_of_a_task_while_nobody_is_there(tmp_path: Path) -> None:
    assert task_of(tmp_path).when_absent is WhenAbsent.FLAG
    assert task_of(tmp_path, "when_absent: excuse").when_absent is WhenAbsent.EXCUSE
    assert task_of(tmp_path, "when_absent: excuse", "when_absent: flag").when_absent is WhenAbsent.FLAG


# ---- Reminders --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("0", 0),
        ("'0'", 0),
        ("0 min", 0),
        ("5 min", 5),
        ("10min", 10),
        ("15 minutes", 15),
        ("1h", 60),
        ("60 min", 60),
        ("1 heure", 60),
        ("2 hours", 120),
        ("1 day", 1440),
        ("un jour", 1440),
        ("24h", 1440),
        ("2 days", 2880),
        ("2 jours", 2880),
        ("never", None),
    ],
)
def test_reminders_before_the_due(said: str, minutes: int | None, tmp_path: Path) -> None:
    assert task_of(tmp_path, f"remind: {said}").remind == minutes
    assert task_of(tmp_path, "remind: 10 min", f"remind: {said}").remind == minutes


@pytest.mark.parametrize(
    ("cadence", "minutes"),
    [
        ("daily", 60),
        ("weekly", 1440),
        ("monthly", 1440),
        ("once\non: 2026-11-01", 1440),
        ("{rule: FREQ=DAILY}\nstart: 2026-11-01", 60),
        ("{rule: FREQ=DAILY;INTERVAL=10}\nstart: 2026-11-01", 1440),
    ],
)
def test_reminders_where_nothing_is_said(cadence: str, minutes: int, tmp_path: Path) -> None:
    (board,) = declared(tmp_path, BOARD.replace("weekly", cadence)).boards
    assert board.tasks[0].remind == minutes


@pytest.mark.parametrize(
    ("said", "nag"),
    [
        ("{after: 2h, every: 1 day, most: 3}", Nag(120, 1440, 0, 3)),
        ("{after: 30 min, every: 1h30, most: 1}", Nag(30, 90, 0, 1)),
        ("{every: 2 jours}", Nag(120, 2880, 0, 3)),
        ("{every: every day, most: 10}", Nag(120, 1440, 0, 10)),
        ("{after: 1 jour}", Nag(1440, 1440, 0, 3)),
    ],
)
def test_reminders_after_the_due(said: str, nag: Nag, tmp_path: Path) -> None:
    assert task_of(tmp_path, f"nag: {said}").nag == nag
    assert task_of(tmp_path, "nag: {after: 3h}", f"nag: {said}").nag == nag


def test_nobody_is_reminded_after_the_due_unless_a_file_says_so(tmp_path: Path) -> None:
    assert task_of(tmp_path).nag is None
    assert task_of(tmp_path, "nag: {after: 3h}", "nag: never").nag is None
    assert task_of(tmp_path, "nag: never").nag is None


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("1 working day", 1),
        ("working day", 1),
        ("2 working days", 2),
        ("1 jour ouvré", 1),
        ("un jour ouvrable", 1),
        ("3 jours ouvrés", 3),
        ("2 jours travaillés", 2),
        ("5 business days", 5),
    ],
)
def test_reminders_in_working_days(said: str, days: int, tmp_path: Path) -> None:
    board = f"{BOARD}nag: {{every: {said}}}\n"
    of_team = declared(tmp_path, board, WORKSPACE + "working_days: mon-sat\n")
    of_board = declared(tmp_path, board + "working_days: mon-sat\n")
    assert [found.boards[0].tasks[0].nag for found in (of_team, of_board)] == [Nag(120, 0, days, 3)] * 2


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("90 min", 90),
        ("1 h 30", 90),
        ("1h05", 65),
        ("1 h 30 min", 90),
        ("une heure", 60),
        ("hour", 60),
        ("each day", 1440),
        ("2j", 2880),
        ("1j30", None),
        ("1h75", None),
        ("1.5h", None),
        ("h", None),
        ("2 weeks", None),
        ("30", None),
        ("", None),
    ],
)
def test_stretches_of_time(text: str, minutes: int | None) -> None:
    assert duration_words.minutes(text) == minutes


@pytest.mark.parametrize(
    ("minutes", "text"), [(0, "0 min"), (30, "30 min"), (90, "1h30"), (120, "2h"), (1440, "1 day")]
)
def test_stretches_of_time_are_told_as_they_are_written(minutes: int, text: str) -> None:
    assert duration_words.spoken(minutes) == text
    assert duration_words.minutes(text) == minutes


def test_a_task_with_a_rhythm_of_its_own_is_reminded_by_that(tmp_path: Path) -> None:
    (board,) = declared(tmp_path, BOARD.replace("weekly", "daily") + "    cadence: weekly\n").boards
    assert board.tasks[0].remind == 1440


# ---- Undone cards -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "former"),
    [
        ("keep", FormerCard()),
        ("archive", FormerCard(Undone.ARCHIVE)),
        ("{move_to: doing}", FormerCard(Undone.MOVE, "doing")),
    ],
)
def test_what_becomes_of_the_former_card(said: str, former: FormerCard, tmp_path: Path) -> None:
    assert task_of(tmp_path).when_open == FormerCard()
    assert task_of(tmp_path, f"when_open: {said}").when_open == former
    assert task_of(tmp_path, "when_open: {move_to: todo}", f"when_open: {said}").when_open == former


@pytest.mark.parametrize(
    ("board", "task"),
    [
        ("complete_when: archived", "when_open: keep"),
        ("when_open: archive", "complete_when: ticked"),
        ("when_open: archive", "complete_when: {all: [ticked, archived]}"),
        ("complete_when: archived", "when_open: {move_to: doing}"),
    ],
)
def test_a_card_that_no_archiving_makes_done(board: str, task: str, tmp_path: Path) -> None:
    found = task_of(tmp_path, board, task)  # there is no problem
    assert found.key == "stock"
