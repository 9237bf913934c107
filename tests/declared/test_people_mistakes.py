"""What is said of wrong words about people and reminders: where, which, and how to mend it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from declared_kit import BOARD, WORKSPACE, told

from trello_ops.declared.load import read
from trello_ops.messages import translated
from trello_ops.render.i18n import Translator

AUGUST = "{from: 2027-08-02, to: 2027-08-15"


def ines(line: str) -> str:
    """The workspace, with a line more about Inès."""
    return WORKSPACE.replace("name: Inès Rami}", f"name: Inès Rami, {line}}}")


# ---- Mistakes ---------------------------------------------------------------------------------------

_ADVICE_ON_TURNS = "write it in `assign`, as `assign: {rotate: [amal, karim]}`"
_WITHIN = "write it in `rotate`, as `assign: {rotate: {people: [amal, karim], by: week, since: 2026-11-02}}`"
_OFFERED = "write `0`, `5 min`, `10 min`, `15 min`, `1h`, `2h`, `1 day`, `2 days` or `never`"
IN_TASK = [
    ("rotate: [ines, margot]", "9:5 rotate: is not a name known here: " + _ADVICE_ON_TURNS),
    (
        "assign: [{rotate: [ines, margot]}]",
        "9:13 assign: holds a group within a list: write a round as `assign: {r",
    ),
    (
        "assign: {rotate: [ines, margot]}",
        "9:22 assign.rotate: says nowhere when the first turn begins: write",
    ),
    (
        "assign: {rotate: [ines]}",
        "9:22 assign.rotate: needs two people or more, to take turns: write it like",
    ),
    (
        "assign: {rotate: margot}",
        "9:22 assign.rotate: needs two people or more, to take turns: write it like",
    ),
    ("assign: {rotate: []}", "9:22 assign.rotate: is an empty list: name at least one, or delete the line"),
    (
        "assign: {rotate: 'ines et margot'}",
        "9:22 assign.rotate: has several values: write them as a list, `[ines",
    ),
    ("assign: {rotate: [ines, ines]}", "9:22 assign.rotate: names `ines` twice: name everybody once"),
    (
        "assign: {rotate: nobody}",
        "9:22 assign.rotate: `nobody` cannot take a turn: leave it out, and name two",
    ),
    ("assign: {rotate: [ines, nobody]}", "9:29 assign.rotate[1]: `nobody` cannot take a turn: leave it out"),
    (
        "assign: {rotate: [ines, margo]}",
        "9:29 assign.rotate[1]: there is no person `margo`: did you mean `margot`?",
    ),
    (
        "assign: {rotate: [ines, Margot Petit]}",
        "9:29 assign.rotate[1]: there is no person `Margot Petit`: did you",
    ),
    (
        "assign: {rotate: [ines, personne]}",
        "9:29 assign.rotate[1]: there is no person `personne`: use one of `ines`,",
    ),
    ("assign: {rotate: [ines, margot], by: week}", "9:38 assign.by: is not a name known here: " + _WITHIN),
    (
        "assign: {rotate: {people: [ines, margot], by: fois}}",
        "9:51 assign.rotate.by: is `fois`: did you mean `occ",
    ),
    (
        "assign: {rotate: {people: [ines, margot], by: day}}",
        "9:51 assign.rotate.by: is `day`: use one of `occurrence`",
    ),
    (
        "assign: {rotate: {people: [ines, margot], since: hier}}",
        "9:54 assign.rotate.since: `hier` is not a date",
    ),
    (
        "assign: {rotate: {people: [ines, margot], depuis: 2026-11-02}}",
        "9:47 assign.rotate.depuis: is not a name known here: did you mean `since`?",
    ),
    ("assign: {rotate: {by: week}}", "9:14 assign.rotate.people: is missing: add it"),
    ("when_absent: excusé", "9:18 when_absent: is `excusé`: did you mean `excuse`?"),
    ("when_absent: skip", "9:18 when_absent: is `skip`: use one of `flag`, `excuse`"),
    ("remind: 3h", "9:13 remind: is `3h`, which is no time before the due that Trello offers: " + _OFFERED),
    ("remind: 10", "9:13 remind: is 10 without a unit: write it like `15 min`, `1h` or `2 days`"),
    (
        "remind: jamais",
        "9:13 remind: is `jamais`, which is no time before the due that Trello offers: did you mean `never`",
    ),
    (
        "remind: false",
        "9:13 remind: is `False`, which is no time before the due that Trello offers: did you mean `never`",
    ),
    (
        "remind: 1 working day",
        "9:13 remind: is `1 working day`, which is no time before the due that Trello offers",
    ),
    ("rappel: 1h", "9:5 rappel: is not a name known here: did you mean `remind`?"),
    (
        "nag: 2h",
        "9:10 nag: is `2h`: write `{after: 2h, every: 1 day, most: 3}`, or `never` where the board's are not",
    ),
    ("nag: jamais", "9:10 nag: is `jamais`: did you mean `never`?"),
    ("nag: {after: 2}", "9:18 nag.after: is 2 without a unit: write it like `15 min`, `1h` or `2 days`"),
    ("nag: {after: bientôt}", "9:18 nag.after: `bientôt` is no length of time: write it like `2h`"),
    ("nag: {after: 1 min}", "9:18 nag.after: is `1 min`: use a time from `5 min` to `7 days`"),
    ("nag: {after: 8 jours}", "9:18 nag.after: is `8 jours`: use a time from `5 min` to `7 days`"),
    (
        "nag: {after: 1 jour ouvré}",
        "9:18 nag.after: is `1 jour ouvré`: the first reminder counts in minutes or",
    ),
    ("nag: {every: 5 min}", "9:18 nag.every: is `5 min`: use a time from `30 min` to `7 days`"),
    ("nag: {every: 1 working day}", "9:18 nag.every: counts working days, and no file says which these are"),
    (
        "nag: {every: 9 working days}",
        "9:18 nag.every: is `9 working days`: use 1 to 5 working days, as a card's",
    ),
    (
        "nag: {every: 0 working days}",
        "9:18 nag.every: is `0 working days`: use 1 to 5 working days, as a card's",
    ),
    ("nag: {most: 11}", "9:17 nag.most: should be at most 10"),
    ("nag: {most: 0}", "9:17 nag.most: should be at least 1"),
    ("nag: {maximum: 3}", "9:11 nag.maximum: is not a name known here: did you mean `most`?"),
    (
        "when_open: close",
        "9:16 when_open: is `close`: use `keep`, `archive`, or `{move_to: doing}` for one of the",
    ),
    (
        "when_open: {move_to: done}",
        "9:26 when_open.move_to: cards in the list `done` count as done: use one of `todo`,",
    ),
    (
        "when_open: {move_to: doin}",
        "9:26 when_open.move_to: the board has no list `doin`: did you mean `doing`?",
    ),
]
IN_PERSON = [
    ("email: ines", "7:53 email: `ines` is not an e-mail address: write it like `name@example.com`"),
    ("language: français", "7:56 language: is `français`: did you mean `fr`?"),
    ("working_days: 3", "7:60 working_days: `3` is no weekday: name weekdays, such as `mon-sat` or `friday`"),
    (
        "working_days: [lun, vendrdi]",
        "7:66 working_days[1]: `vendrdi` is not a day: did you mean `vendredi`?",
    ),
    ("working_days: []", "7:60 working_days: is an empty list: name at least one, or delete the line"),
    (
        "absences: {from: 2027-08-02, to: 2027-08-01}",
        "7:79 absences.to: is 2027-08-01, before it begins on 2027-08-02",
    ),
    ("absences: {from: 2027-08-02}", "7:46 absences.to: is missing: add it"),
    ("absences: {from: 2027-08-02, to: 2027-08-32}", "7:79 absences.to: there is no such day as 2027-08-32"),
    ("absences: août", "7:56 absences: is `août`: write it like `{from: 2027-08-02, to: 2027-08-15}`"),
    (
        f"absences: {AUGUST}, stand_in: ines}}",
        "7:101 absences.stand_in: nobody can stand in for themselves: name",
    ),
    (
        f"absences: {AUGUST}, stand_in: margo}}",
        "7:101 absences.stand_in: there is no person `margo`: did you mean",
    ),
    (
        f"absences: {AUGUST}, stand_in: nobody}}",
        "7:101 absences.stand_in: is `nobody`: delete this line where",
    ),
    (
        f"absences: [{AUGUST}}}, {AUGUST.replace('7', '8')}, stand_in: zoé}}]",
        "7:138 absences[1].stand_in: `zoé` is not a key",
    ),
    (
        f"absences: [{AUGUST}, remplaçant: margot}}]",
        "7:92 absences[0].remplaçant: is not a name known here: did you mean `s",
    ),
    ("congés: août", "7:46 congés: is not a name known here: did you mean `absences`?"),
]


@pytest.mark.parametrize(("line", "said"), IN_TASK)
def test_a_mistake_of_a_task_is_told_in_its_place(line: str, said: str, tmp_path: Path) -> None:
    problems, _ = told(tmp_path, f"{BOARD}    {line}\n")
    place, message = said.split(" ", 1)
    assert len(problems) == 1
    assert problems[0].startswith(f"weekly.yaml:{place} tasks.stock.{message}")


@pytest.mark.parametrize(("line", "said"), IN_PERSON)
def test_a_mistake_about_a_person_is_told_in_its_place(line: str, said: str, tmp_path: Path) -> None:
    problems, _ = told(tmp_path, workspace=ines(line))
    place, message = said.split(" ", 1)
    assert len(problems) == 1
    assert problems[0].startswith(f"workspace.yaml:{place} people.ines.{message}")


@pytest.mark.parametrize(
    ("board", "said"),
    [
        ("rotate: [ines, margot]\n", "weekly.yaml:1:1 rotate: is not a name known here: " + _ADVICE_ON_TURNS),
        ("nag: {every: 2 jours ouvrés}\n", "weekly.yaml:1:14 nag.every: counts working days, and no file"),
        ("when_open: {move_to: late}\n", "weekly.yaml:1:22 when_open.move_to: the board has no list `late`"),
        (
            "complete_when: archived\nwhen_open: archive\n",
            "weekly.yaml:2:12 when_open: a card that is archived counts as done, and this archives a card",
        ),
    ],
)
def test_a_boards_mistake_is_told_once(board: str, said: str, tmp_path: Path) -> None:
    another = "  links: {title: Liens, theme: operations, template: stock.md}\n"
    problems, _ = told(tmp_path, board + BOARD + another)
    assert len(problems) == 1
    assert problems[0].startswith(said)


def test_a_board_that_rotates_says_once_that_its_round_never_begins(tmp_path: Path) -> None:
    board = BOARD.replace("assign: ines", "assign: {rotate: [ines, margot]}")
    another = "  links: {title: Liens, theme: operations, template: stock.md}\n"
    problems, _ = told(tmp_path, board + another)
    assert len(problems) == 1
    assert problems[0].startswith("weekly.yaml:3:18 assign.rotate: says nowhere when the first turn begins")


@pytest.mark.parametrize("task", ["when_open: archive", "complete_when: archived"])
def test_archiving_that_would_make_a_card_done_is_told_where_it_is_declared(
    task: str, tmp_path: Path
) -> None:
    other = {"when_open: archive": "complete_when: archived"}.get(task, "when_open: archive")
    problems, _ = told(tmp_path, f"{BOARD}    {task}\n{other}\n")
    place = "9:16 tasks.stock.when_open" if task.startswith("when_open") else "10:12 when_open"
    assert len(problems) == 1
    assert problems[0].startswith(f"weekly.yaml:{place}: a card that is archived counts as done, and")


def test_the_excused_list_takes_no_undone_cards(tmp_path: Path) -> None:
    lists = "lists: {todo: À faire, off: Excusé, done: Fait}\nexcused_list: off\nwhen_open: {move_to: off}\n"
    problems, _ = told(tmp_path, lists + BOARD)
    assert problems == [
        "weekly.yaml:3:22 when_open.move_to: the cards of `off` are excused: use one of `todo`"
    ]


def test_of_hundreds_of_people_none_is_listed(tmp_path: Path) -> None:
    crew = "".join(f"  p{n}x: {{trello: p{n}_zina, name: Pers {n}}}\n" for n in range(300))
    workspace = ines(f"absences: {AUGUST}, stand_in: zoe}}").replace("themes:", f"{crew}themes:")
    problems, _ = told(tmp_path, f"{BOARD}    assign: {{rotate: [ines, zoe]}}\n", workspace)
    advice = "there is no person `zoe`: write a key that stands under `people` in workspace.yaml"
    assert [text.split(": ", 1)[1] for text in problems] == [advice, advice]


# ---- In French --------------------------------------------------------------------------------------


def french(folder: Path, board: str = BOARD, workspace: str = WORKSPACE) -> Iterator[str]:
    (folder / "workspace.yaml").write_text(workspace, "utf-8")
    (folder / "weekly.yaml").write_text(board, "utf-8")
    for problem in read(folder, ("stock.md",)).problems:
        yield translated(problem.message, Translator("fr")).replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            "rotate: [ines, margot]",
            "n’est pas un nom connu ici : écrivez-le dans `assign`, comme `assign: {rotate: [amal, karim]}`",
        ),
        (
            "assign: {rotate: [ines]}",
            (
                "demande au moins deux personnes, à tour de rôle : écrivez par exemple `[amal, karim]`, ou"
                " `assign: ines` sans `rotate`"
            ),
        ),
        (
            "assign: {rotate: [ines, margot]}",
            (
                "ne dit nulle part quand commence le premier tour : écrivez"
                " `rotate: {people: […], since: 2026-11-02}`,"
                " ou donnez un `start` à la tâche ou à son tableau"
            ),
        ),
        (
            "remind: 3h",
            (
                "contient `3h`, un délai avant l’échéance que Trello ne propose pas : écrivez `0`, `5 min`,"
                " `10 min`, `15 min`, `1h`, `2h`, `1 jour`, `2 jours` ou `never`"
            ),
        ),
        (
            "nag: {every: 1 jour ouvré}",
            (
                "compte des jours ouvrés, et aucun fichier ne dit lesquels : ajoutez une ligne comme"
                " `working_days: mon-sat` à workspace.yaml, ou écrivez `1 jour`"
            ),
        ),
    ],
)
def test_mistakes_are_told_in_french(line: str, said: str, tmp_path: Path) -> None:
    assert list(french(tmp_path, f"{BOARD}    {line}\n")) == [said]


@pytest.mark.parametrize(("line", "said"), [*IN_TASK, *IN_PERSON])
def test_each_mistake_is_translated(line: str, said: str, tmp_path: Path) -> None:
    in_task = (line, said) in IN_TASK
    board, workspace = (f"{BOARD}    {line}\n", WORKSPACE) if in_task else (BOARD, ines(line))
    (message,) = french(tmp_path, board, workspace)
    assert not message.startswith(said.split(": ", 1)[1][:30])
