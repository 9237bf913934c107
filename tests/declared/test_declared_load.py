"""Each kind of mistake gives one message, in its place."""

import datetime as dt
import os
from pathlib import Path
from textwrap import dedent
from zoneinfo import ZoneInfo

import pytest
from effort import examples
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trello_ops.core.cadence import LAST, Cadence, CatchUp, CatchUpMode, DayTime, Frequency
from trello_ops.core.declared import (
    Board,
    BoardList,
    CompleteWhen,
    DoneSignal,
    Proof,
    ReportPolicy,
    Task,
    Theme,
)
from trello_ops.core.people import Person
from trello_ops.declared.calendar_shapes import DayTimeShape
from trello_ops.declared.load import BoardsFolder, read
from trello_ops.declared.schema import BoardShape, TaskShape

WORKSPACE = """\
key: zina
name: Zina ô Beldi
trello_workspace: zinaobeldi
locale: fr
timezone: Africa/Casablanca
people:
  amal: {trello: amal_zina, name: Amal Benali}
  salma: {trello: salma_zina, name: Salma Berrada}
themes:
  operations: {title: Opérationnel, colour: orange}
  data: {title: Collecte de données, colour: green}
report:
  to: [gerante@zinaobeldi.example]
"""
BOARD = """\
title: Hebdo
cadence: weekly
assign: amal
tasks:
  stock:
    title: Ranger
    theme: operations
    template: stock.md
"""
TEMPLATES = ("stock.md", "returns.md")
CASABLANCA = ZoneInfo("Africa/Casablanca")


def declare(folder: Path, board: str = BOARD, workspace: str = WORKSPACE, **others: str) -> BoardsFolder:
    files = {"workspace": workspace, "weekly": board, **others}
    for key, text in files.items():
        (folder / f"{key}.yaml").write_text(text, "utf-8")
    return read(folder, TEMPLATES)


def board_of(declaration: BoardsFolder) -> Board:
    assert declaration.problems == ()
    assert declaration.workspace
    (board,) = declaration.workspace.boards
    return board


def cadence_of(folder: Path, board: str) -> Cadence:
    return board_of(declare(folder, board)).tasks[0].cadence


def problems(folder: Path, declaration: BoardsFolder) -> list[str]:
    return [str(problem).replace(f"{folder}/", "") for problem in declaration.problems]


# ---- What sound files mean --------------------------------------------------------------------------


def test_a_small_declaration_is_read_whole(tmp_path: Path) -> None:
    declaration = declare(tmp_path)
    assert declaration.warnings == ()
    assert board_of(declaration) == Board(
        key="weekly",
        title="Hebdo",
        frequency=Frequency.WEEKLY,
        lists=(BoardList("todo", "À faire"), BoardList("doing", "En cours"), BoardList("done", "Terminé")),
        tasks=(
            Task(
                key="stock",
                title="Ranger",
                theme="operations",
                template="stock.md",
                cadence=Cadence(Frequency.WEEKLY, (5,), DayTime(dt.time(18, 0)), CASABLANCA),
                assignees=("amal",),
                remind=1440,
            ),
        ),
        timezone=CASABLANCA,
    )
    workspace = declaration.workspace
    assert workspace
    assert (workspace.key, workspace.name, workspace.trello_workspace) == (
        "zina",
        "Zina ô Beldi",
        "zinaobeldi",
    )
    assert workspace.person("amal") == Person("amal", "amal_zina", "Amal Benali")
    assert workspace.themes[1] == Theme("data", "Collecte de données", "green")
    assert workspace.excused == Theme("excused", "Excusé", "black_light")
    assert workspace.report == ReportPolicy(("gerante@zinaobeldi.example",), dt.time(7, 0))


def test_lists_and_the_excused_label_speak_the_workspaces_language(tmp_path: Path) -> None:
    declaration = declare(tmp_path, workspace=WORKSPACE.replace("locale: fr", "locale: en"))
    assert [column.title for column in board_of(declaration).lists] == ["To do", "Doing", "Done"]
    assert declaration.workspace
    assert declaration.workspace.excused.title == "Excused"


def test_lists_keep_the_order_of_the_file(tmp_path: Path) -> None:
    lists = "lists: {todo: Demain, waiting: En attente, done: Fini}\n"
    assert board_of(declare(tmp_path, lists + BOARD)).lists == (
        BoardList("todo", "Demain"),
        BoardList("waiting", "En attente"),
        BoardList("done", "Fini"),
    )


@pytest.mark.parametrize(
    ("cadence", "on", "days"),
    [
        ("daily", None, (1, 2, 3, 4, 5, 6, 7)),
        ("weekly", None, (5,)),
        ("monthly", None, (LAST,)),
        ("daily", "mon-sat", (1, 2, 3, 4, 5, 6)),
        ("daily", "Lun - Sam", (1, 2, 3, 4, 5, 6)),
        ("daily", "sam-lun", (1, 6, 7)),
        ("weekly", "jeudi", (4,)),
        ("weekly", "[fri, monday, lundi]", (1, 5)),
        ("monthly", "15", (15,)),
        ("monthly", "[last, 31, 1]", (LAST, 1, 31)),
    ],
)
def test_days_are_weekdays_in_two_languages_or_days_of_the_month(
    cadence: str, on: str | None, days: tuple[int, ...], tmp_path: Path
) -> None:
    board = BOARD.replace("weekly", cadence) + (f"    on: {on}\n" if on else "")
    found = cadence_of(tmp_path, board)
    assert (found.frequency, found.on) == (Frequency(cadence), days)


def test_a_task_narrows_its_board(tmp_path: Path) -> None:
    general = dedent("""\
        on: tuesday
        due: "9:05"
        release: {time: "06:00", offset_days: -3}
        start: 2026-11-01
        catch_up: {all: 10}
        timezone: Europe/Paris
    """)
    narrow = dedent("""\
        on: monday
        due: {time: "12:00", offset_days: 1}
        release: "07:30"
        start: 2026-12-01
        catch_up: none
        timezone: Africa/Casablanca
        assign: [salma, amal]
        description: Réserve du fond
    """)
    board = board_of(declare(tmp_path, general + BOARD))
    assert board.timezone == ZoneInfo("Europe/Paris")
    assert board.tasks[0].cadence == Cadence(
        frequency=Frequency.WEEKLY,
        on=(2,),
        due=DayTime(dt.time(9, 5)),
        timezone=ZoneInfo("Europe/Paris"),
        release=DayTime(dt.time(6, 0), -3),
        start=dt.date(2026, 11, 1),
        catch_up=CatchUp(CatchUpMode.ALL, 10),
    )
    indented = "".join(f"    {line}\n" for line in narrow.splitlines())
    (task,) = board_of(declare(tmp_path, general + BOARD + indented)).tasks
    assert task.cadence == Cadence(
        frequency=Frequency.WEEKLY,
        on=(1,),
        due=DayTime(dt.time(12, 0), 1),
        timezone=CASABLANCA,
        release=DayTime(dt.time(7, 30)),
        start=dt.date(2026, 12, 1),
        catch_up=CatchUp(CatchUpMode.NONE),
    )
    assert (task.assignees, task.description) == (("salma", "amal"), "Réserve du fond")


def test_a_title_is_one_line_and_keeps_its_no_break_spaces(tmp_path: Path) -> None:
    title = "title: |\n      Colis\u00a0: préparer\n\n      et envoyer\n"
    board = board_of(declare(tmp_path, BOARD.replace("title: Ranger\n", title)))
    assert board.tasks[0].title == "Colis\u00a0: préparer et envoyer"


def test_boards_come_by_cadence(tmp_path: Path) -> None:
    daily, monthly = BOARD.replace("weekly", "daily"), BOARD.replace("weekly", "monthly")
    titled = {"a": monthly, "z": daily, "b": daily}
    others = {key: text.replace("Hebdo", f"Tableau {key}") for key, text in titled.items()}
    declaration = declare(tmp_path, **others)
    assert declaration.workspace
    assert [board.key for board in declaration.workspace.boards] == ["b", "z", "weekly", "a"]


@pytest.mark.parametrize("suffix", [".yml", ".yaml"])
def test_files_may_end_in_either_way_and_begin_with_a_mark(suffix: str, tmp_path: Path) -> None:
    (tmp_path / "workspace.yml").write_text(WORKSPACE, "utf-8")
    (tmp_path / f"weekly{suffix}").write_text(BOARD, "utf-8-sig")
    (tmp_path / "README.md").write_text("not a board")
    assert board_of(read(tmp_path, TEMPLATES)).key == "weekly"


# ---- Warnings ---------------------------------------------------------------------------------------


def test_a_task_of_nobody_is_flagged_unless_it_says_so(tmp_path: Path) -> None:
    declaration = declare(tmp_path, BOARD + "    assign: nobody\n")
    assert board_of(declaration).tasks[0].assignees == ()
    assert declaration.warnings == ()
    (warning,) = declare(tmp_path, BOARD.replace("assign: amal\n", "")).warnings
    assert (warning.line, warning.column, warning.path) == (4, 3, "tasks.stock")
    assert warning.message == "nobody is assigned: name somebody, or write `assign: nobody`"


def test_two_tasks_of_one_title_are_flagged(tmp_path: Path) -> None:
    twin = "  shelf: {title: ranger, theme: data, template: stock.md}\n"
    (warning,) = declare(tmp_path, BOARD + twin).warnings
    assert (warning.line, warning.column, warning.path) == (9, 18, "tasks.shelf.title")
    assert warning.message.startswith("`stock` has the same title")


# ---- Problems ---------------------------------------------------------------------------------------

IN_BOARD = [
    ("titel: x\n", "9:1 titel: is not a name known here: did you mean `title`?"),
    ("title: x\n", "9:1 title: is already given in line 1: keep one of the two"),
    ("on: fridy\n", "9:5 on: `fridy` is not a day: did you mean `friday`?"),
    ("on: [friday, 3]\n", "9:14 on[1]: is a day of the month, but the cadence is `weekly`: name weekdays"),
    ("on: last\n", "9:5 on: is a day of the month, but the cadence is `weekly`: name weekdays"),
    ("on: []\n", "9:5 on: is an empty list: name at least one"),
    ("on: 32\n", "9:5 on: no month has a day 32: use 1 to 31, or `last`"),
    ("on: {a: 1}\n", "9:5 on: `{…}` is not a day: write a weekday such as `friday`"),
    ("on:\n", "9:4 on: is empty: give it a value, or delete the line"),
    ('due: "25:00"\n', '9:6 due: `25:00` is not a time of day: write it like "17:00"'),
    ("due: 17\n", "9:6 due: `17` is not a time of day"),
    ("due: {offset_days: 1}\n", "9:1 due.time: is missing: add it"),
    ('due: {time: "9:00", days: 1}\n', "9:21 due.days: is not a name known here: "),
    ('due: {time: "9:00", offset_days: soon}\n', "9:34 due.offset_days: should be a whole number"),
    ('due: {time: "9:00", offset_days: 40}\n', "9:34 due.offset_days: should be at most 31"),
    ("start: 2026-02-30\n", "9:8 start: there is no such day as 2026-02-30"),
    ("start: 1 novembre\n", "9:8 start: `1 novembre` is not a date: write it like 2026-11-01"),
    ("catch_up: lastest\n", "9:11 catch_up: is `lastest`: use `latest`, `none`, `all`, or `{all: 10}`"),
    ("catch_up: {all: 0}\n", "9:11 catch_up: is `{…}`: use `latest`"),
    (
        "timezone: Africa/Casablanka\n",
        "9:11 timezone: there is no time zone `Africa/Casablanka`: did you mean ",
    ),
    ("timezone: ../etc/passwd\n", "9:11 timezone: there is no time zone `../etc/passwd`: write it like"),
    ("lists: {todo: A, done: a}\n", "9:8 lists: two lists are titled “A”: give each its own title"),
    ("lists: {todo: A, fini: B}\n", "9:8 lists: the list `done` is missing: add it, such as `done: Terminé`"),
    ("lists: {todo: A, done: 3}\n", "9:24 lists.done: should be text: put it in quotes"),
    ("lists: [todo]\n", "9:8 lists: should be a group of `name: value` lines"),
    ("complete_when: tickd\n", "9:16 complete_when: there is no sign `tickd` of being done: did you mean `t"),
    ("complete_when: [ticked, ticked]\n", "9:16 complete_when: names `ticked` twice: name each once"),
    ("complete_when: []\n", "9:16 complete_when: is an empty list: name at least one, or delete the line"),
    ("complete_when: {all: []}\n", "9:16 complete_when: is an empty list: name at least one, or delete"),
    ("complete_when: {any: ticked}\n", "9:16 complete_when: there is no sign `{…}` of being done"),
    (
        "requires: foto\n",
        "9:11 requires: there is no proof `foto`: use one of `checklist`, `attachment`, ",
    ),
    (
        "requires: [comment, coment]\n",
        "9:21 requires[1]: there is no proof `coment`: did you mean `comment`?",
    ),
    ("requires: [comment, comment]\n", "9:11 requires: names `comment` twice: name each once"),
    ("requires: []\n", "9:11 requires: is an empty list: name at least one, or delete the line"),
    ("excused_list: ill\n", "9:15 excused_list: the board has no list `ill`: use `doing`"),
    (
        "excused_list: done\n",
        "9:15 excused_list: the cards of `done` cannot all be excused: name a list of its",
    ),
    (
        "excused_list: doing\nhousekeeping: {undone: {move_to: doing}}\n",
        "10:34 housekeeping.undone.move_to: the cards of `doing` are excused: use one of `todo`",
    ),
    (
        "complete_when: [ticked, archived]\nhousekeeping: {undone: archive}\n",
        "9:16 complete_when: a card that is archived counts as done, and `housekeeping` archives the cards",
    ),
]
IN_TASK = [
    ("them: data\n", "9:5 tasks.stock.them: is not a name known here: did you mean `theme`?"),
    ("assign: amel\n", "9:13 tasks.stock.assign: there is no person `amel`: did you mean `amal`?"),
    ("assign: [amal, x]\n", "9:20 tasks.stock.assign[1]: there is no person `x`: use one of `amal`, `salma`"),
    ("assign: [amal, amal]\n", "9:13 tasks.stock.assign: names `amal` twice: name everybody once"),
    ("description: ' '\n", "9:18 tasks.stock.description: is empty: give it a value"),
    ("description: [a]\n", "9:18 tasks.stock.description: should be text"),
    ("on: 3\n", "9:9 tasks.stock.on: is a day of the month, but the cadence is `weekly`"),
    ("complete_when: {all: [ticked, x]}\n", "9:20 tasks.stock.complete_when: there is no sign `x` of being"),
]


@pytest.mark.parametrize(
    ("line", "said"),
    [*IN_BOARD, *((f"    {line}", said) for line, said in IN_TASK)],
    ids=lambda text: text.strip(),
)
def test_a_wrong_line_is_one_problem(line: str, said: str, tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, declare(tmp_path, BOARD + line))
    assert problem.startswith(f"weekly.yaml:{said}")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("title: Hebdo\n", "", "1:1 title: is missing: add it"),
        ("cadence: weekly", "cadence: weekley", "2:10 cadence: is `weekley`: did you mean `weekly`?"),
        ("cadence: weekly", "cadence: hourly", "2:10 cadence: is `hourly`: use one of `daily`"),
        ("cadence: weekly", "cadence: monthly\non: friday", "3:5 on: is a weekday, but the cadence is `mont"),
        ("    theme: operations\n", "", "5:3 tasks.stock.theme: is missing: add it"),
        ("operations", "operatons", "7:12 tasks.stock.theme: there is no theme `operatons`: did you"),
        ("stock.md", "stok.md", "8:15 tasks.stock.template: there is no template `stok.md`: did"),
        ("Ranger", "x" * 16_385, "6:12 tasks.stock.title: is longer than Trello's 16,384 characters allow"),
        ("  stock:", "  Stock Room:", "5:3 tasks.Stock Room: `Stock Room` is not a key: use lower"),
        ("  stock:", "  stock: {}\n  stock:", "6:3 tasks.stock: is already given in line 5"),
        ("Ranger", "Ranger: x", "6:18: is not valid YAML: a `:` stands where none can be"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_told_in_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    found = problems(tmp_path, declare(tmp_path, BOARD.replace(old, new, 1)))
    assert any(problem.startswith(f"weekly.yaml:{said}") for problem in found), found


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("key: zina", "key: Zina", "1:6 key: `Zina` is not a key: use lower-case letters"),
        ("locale: fr", "locale: de", "4:9 locale: is `de`: use one of `fr`, `en`"),
        ("zinaobeldi\n", "https://trello.com/w/zina\n", "3:19 trello_workspace: `https://trello.com"),
        ("orange", "orang", "10:45 themes.operations.colour: `orang` is not one of Trello's 30 colours"),
        ("salma_zina", "AMAL_zina", "8:19 people.salma.trello: is the Trello username of `amal` already"),
        ("amal_zina", "'@amal'", "7:18 people.amal.trello: `@amal` is not a Trello username: write"),
        ("  salma:", "  nobody:", "8:11 people.nobody: `nobody` means that no one is assigned"),
        ("  data:", "  excused:", "11:12 themes.excused: `excused` stands for the excused label"),
        ("Collecte de données", "opérationnel", "11:17 themes.data.title: is the title of the theme `op"),
        ("Collecte de données", "Excusé", "1:1 excused_label.title: is the title of the theme `data`"),
        ("gerante@zinaobeldi.example", "gérante@zina.ma", "13:8 report.to[0]: `gérante@zina.ma` is not an e"),
        ("[gerante@zinaobeldi.example]", "[a@b.ma, A@b.ma]", "13:16 report.to[1]: is listed twice"),
        ("[gerante@zinaobeldi.example]", "[]", "13:7 report.to: is an empty list"),
        ("[gerante@zinaobeldi.example]", "a@b.ma, c@d.ma", "13:7 report.to: has several values: write them"),
        ("report:", "reports:", "12:1 reports: is not a name known here: did you mean `report`?"),
    ],
)  # fmt: skip
def test_a_wrong_workspace_is_told_in_its_place(old: str, new: str, said: str, tmp_path: Path) -> None:
    found = problems(tmp_path, declare(tmp_path, workspace=WORKSPACE.replace(old, new, 1)))
    assert any(problem.startswith(f"workspace.yaml:{said}") for problem in found), found


@pytest.mark.parametrize(
    ("board", "path"),
    [
        ('cadence: daily\ndue: "06:00"\nrelease: "06:00"', "due"),
        ('cadence: daily\ndue: "06:00"\nrelease: "07:00"\non: monday', "due"),
        ('cadence: weekly\non: tuesday\nrelease: {time: "20:00", offset_days: 1}', "release"),
        ('cadence: weekly\non: [sunday, friday]\nrelease: {time: "00:00", offset_days: 1}', "release"),
        ('cadence: monthly\non: last\nrelease: {time: "00:00", offset_days: 28}', "release"),
        ('cadence: monthly\non: 31\nrelease: {time: "18:00", offset_days: 27}', "release"),
        ('cadence: monthly\non: 1\ndue: {time: "18:00", offset_days: -1}', "due"),
    ],
)
def test_a_card_is_released_before_it_is_due(board: str, path: str, tmp_path: Path) -> None:
    (problem,) = declare(tmp_path, BOARD.replace("cadence: weekly", board)).problems
    assert problem.path == path
    assert "the card would be due at" in problem.message


@pytest.mark.parametrize(
    "board",
    [
        'cadence: weekly\non: tuesday\nrelease: {time: "17:59", offset_days: 1}',
        'cadence: monthly\non: 31\nrelease: {time: "17:59", offset_days: 27}',
        'cadence: daily\ndue: {time: "06:00", offset_days: 1}\nrelease: "07:00"',
    ],
)
def test_a_card_may_be_released_at_the_last_minute(board: str, tmp_path: Path) -> None:
    assert declare(tmp_path, BOARD.replace("cadence: weekly", board)).problems == ()


def test_the_order_is_blamed_on_the_task_where_the_task_says_so(tmp_path: Path) -> None:
    (problem,) = declare(tmp_path, BOARD + '    due: "00:00"\n    on: monday\n').problems
    assert (problem.path, problem.line) == ("tasks.stock.due", 9)
    assert problem.message == (
        "the card would be due at 00:00 on day 1, but not released before 00:00 on day 1 (the week's Monday, "
        "or the day itself where it falls on several, is day 1): make `due` later or `release` earlier"
    )


# ---- Everything at once -----------------------------------------------------------------------------


def test_every_problem_of_every_file_is_told_by_file_and_line(tmp_path: Path) -> None:
    declaration = declare(
        tmp_path,
        workspace=WORKSPACE.replace("orange", "oragne").replace("locale: fr\n", ""),
        board=BOARD.replace("theme: operations", "theme: opps").replace("title: Hebdo", 'due: "7h"'),
        broken="title: 'x",
        a="- list",
        empty="",
    )
    assert [problem.partition(": ")[0] for problem in problems(tmp_path, declaration)] == [
        "a.yaml:1:1",
        "broken.yaml:1:8",
        "empty.yaml:1:1",
        "weekly.yaml:1:1 title",
        "weekly.yaml:1:6 due",
        "weekly.yaml:7:12 tasks.stock.theme",
        "workspace.yaml:1:1 locale",
        "workspace.yaml:9:45 themes.operations.colour",
    ]


def test_what_is_sound_is_kept_so_that_it_can_be_checked_further(tmp_path: Path) -> None:
    wrong = "  other: {title: A, theme: data, template: x.md}\n"
    right = "  third: {title: B, theme: data, template: stock.md}\n"
    declaration = declare(
        tmp_path,
        workspace=WORKSPACE.replace("orange", "oragne").replace("key: zina\n", ""),
        board=BOARD.replace("title: Hebdo\n", "start: soon\n") + wrong + right,
        second="title: Sans tâches\n",
    )
    assert declaration.workspace
    assert [theme.key for theme in declaration.workspace.themes] == ["data"]
    (board,) = declaration.workspace.boards
    assert (board.key, [task.key for task in board.tasks]) == ("weekly", ["third"])


@pytest.mark.parametrize("workspace", ["key: 'x", "", "- list"])
def test_boards_are_checked_even_where_the_workspace_cannot_be_read(workspace: str, tmp_path: Path) -> None:
    declaration = declare(tmp_path, BOARD + "on: fridy\n", workspace)
    assert declaration.workspace is None
    first, second = problems(tmp_path, declaration)
    assert first.startswith("weekly.yaml:9:5 on: `fridy`")
    assert second.startswith("workspace.yaml:1:")


# ---- Folders and files ------------------------------------------------------------------------------


def test_a_pipe_is_no_board_file_and_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "daily.yaml")
    found = read(tmp_path, [])
    assert "is no file: remove it" in "\n".join(map(str, found.problems))


def test_a_folder_that_is_missing_or_holds_no_board_points_to_init(tmp_path: Path) -> None:
    missing, empty = read(tmp_path / "none", ()), read(tmp_path, ())
    for declaration, said in ((missing, "cannot be read (No such file"), (empty, "holds no board files: ")):
        assert declaration.workspace is None
        (problem,) = declaration.problems
        assert problem.message.startswith(said)
        assert "trello-ops init" in problem.message


def test_a_workspace_without_boards_and_boards_without_workspace_are_problems(tmp_path: Path) -> None:
    (tmp_path / "workspace.yaml").write_text(WORKSPACE, "utf-8")
    (alone,) = read(tmp_path, TEMPLATES).problems
    assert alone.message.startswith("holds no board besides workspace.yaml: write one")
    (tmp_path / "workspace.yaml").rename(tmp_path / "weekly.yaml")
    (tmp_path / "weekly.yaml").write_text(BOARD, "utf-8")
    (missing,) = problems(tmp_path, read(tmp_path, TEMPLATES))
    assert missing.startswith("workspace.yaml:1:1: is missing: write it")


def test_file_names_are_keys_and_each_is_there_once(tmp_path: Path) -> None:
    (tmp_path / "weekly.yml").write_text(BOARD, "utf-8")
    (tmp_path / "Mes tâches.yaml").write_text(BOARD.replace("Hebdo", "Tâches"), "utf-8")
    capital, twice = problems(tmp_path, declare(tmp_path))
    assert capital.startswith(
        "Mes tâches.yaml:1:1: `Mes tâches` cannot be a board's key: name it with lower-case"
    )
    assert twice == "weekly.yml:1:1: declares the same board as weekly.yaml: delete one of the two"


def test_what_is_not_text_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (folder,) = problems(tmp_path, declare(tmp_path))
    assert folder == "folder.yaml:1:1: cannot be read: Is a directory"


# ---- What counts as done ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ticked", CompleteWhen((DoneSignal.TICKED,))),
        (
            "[checklist_complete, archived]",
            CompleteWhen((DoneSignal.CHECKLIST_COMPLETE, DoneSignal.ARCHIVED)),
        ),
        (
            "{all: [ticked, in_done_list]}",
            CompleteWhen((DoneSignal.TICKED, DoneSignal.IN_DONE_LIST), require_all=True),
        ),
    ],
)
def test_a_task_has_its_boards_way_of_being_done_or_its_own(
    said: str, meant: CompleteWhen, tmp_path: Path
) -> None:
    for text in (f"complete_when: {said}\n" + BOARD, f"{BOARD}    complete_when: {said}\n"):
        (task,) = board_of(declare(tmp_path, text)).tasks
        assert task.complete_when == meant
    (task,) = board_of(
        declare(tmp_path, f"complete_when: archived\n{BOARD}    complete_when: {said}\n")
    ).tasks
    assert task.complete_when == meant


def test_a_task_requires_what_its_board_does_unless_it_says_otherwise(tmp_path: Path) -> None:
    board = f"requires: [comment, checklist]\n{BOARD}"
    assert board_of(declare(tmp_path, board)).tasks[0].requires == (Proof.COMMENT, Proof.CHECKLIST)
    assert board_of(declare(tmp_path, f"{board}    requires: attachment\n")).tasks[0].requires == (
        Proof.ATTACHMENT,
    )
    assert board_of(declare(tmp_path, f"{board}    requires: nothing\n")).tasks[0].requires == ()


def test_housekeeping_may_archive_undone_cards_that_archiving_alone_does_not_make_done(
    tmp_path: Path,
) -> None:
    rule = "complete_when: {all: [ticked, archived]}\nhousekeeping: {undone: archive}\n"
    assert board_of(declare(tmp_path, rule + BOARD)).tasks[0].complete_when.require_all


def test_a_board_may_have_a_list_for_excused_cards(tmp_path: Path) -> None:
    lists = "lists: {todo: À faire, ill: Excusées, done: Terminé}\nexcused_list: ill\n"
    assert board_of(declare(tmp_path, lists + BOARD)).excused_list == "ill"


# ---- Whatever is written ----------------------------------------------------------------------------

_FIELDS = {*BoardShape.model_fields, *TaskShape.model_fields, *DayTimeShape.model_fields}
_WORDS = st.sampled_from(
    sorted(_FIELDS | {"all", "stock", "daily", "monthly", "friday", "last", "todo", "done"})
)
_VALUES = st.recursive(
    _WORDS
    | st.sampled_from(["null", "true", "3", "-1", "1.5", ".nan", "''", '"17:00"', "2026-11-01", "'é: ['"]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{', '.join(items)}]")
        | st.dictionaries(_WORDS, inner, max_size=3).map(
            lambda entries: "{" + ", ".join(f"{key}: {value}" for key, value in entries.items()) + "}"
        )
    ),
    max_leaves=8,
)


@settings(
    max_examples=examples(200), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(entries=st.dictionaries(_WORDS, _VALUES, max_size=5))
def test_nothing_makes_it_raise_or_speak_of_its_own_machinery(
    entries: dict[str, str], tmp_path: Path
) -> None:
    text = "".join(f"{key}: {value}\n" for key, value in entries.items())
    for found in declare(tmp_path, text).problems:
        for jargon in ("Input", "function-", "validat", "dict", "None", "Value error", "not understood"):
            assert jargon not in found.message
