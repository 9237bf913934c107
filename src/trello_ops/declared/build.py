"""From sound shapes to core values, and the checks that need more than one field."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from trello_ops.core.cadence import LAST, Cadence, CatchUp, DayTime, Frequency
from trello_ops.core.calendar.recurrence import days_into_period
from trello_ops.core.declared import (
    DONE,
    TODO,
    Board,
    BoardList,
    CompleteWhen,
    Housekeeping,
    ReportPolicy,
    Task,
    Theme,
    Undone,
    Withdrawn,
    Workspace,
)
from trello_ops.declared.board_file import BoardFile, Team
from trello_ops.declared.build_overdue import followed_up, undone_flaws
from trello_ops.declared.build_people import build_people, staffed
from trello_ops.declared.findings import Findings
from trello_ops.declared.schema import (
    BoardShape,
    DayTimeShape,
    HousekeepingShape,
    LabelShape,
    TaskShape,
    WorkspaceShape,
)
from trello_ops.declared.shape import Shape
from trello_ops.declared.words import NOBODY
from trello_ops.declared.zones import warn_of_zone
from trello_ops.located_yaml import Document, Path
from trello_ops.messages import say
from trello_ops.wording import choose, shown

_EVERY_DAY = tuple(range(1, 8))
_ON = {Frequency.DAILY: _EVERY_DAY, Frequency.WEEKLY: (5,), Frequency.MONTHLY: (LAST,)}
_DUE = DayTime(dt.time(18, 0))
_RELEASE = DayTime(dt.time(0, 0))
_EXCUSED_KEY = "excused"
_EXCUSED = {"fr": "Excusé", "en": "Excused"}
_LISTS = {
    "fr": {TODO: "À faire", "doing": "En cours", DONE: "Terminé"},
    "en": {TODO: "To do", "doing": "Doing", DONE: "Done"},
}
_TIMES = ("due", "release", "on")
"""The fields that decide whether due comes after release, in the order in which one is blamed."""
_FIRST_DAY = {
    Frequency.DAILY: say("the day it falls on"),
    Frequency.WEEKLY: say("the week's Monday, or the day itself where it falls on several,"),
    Frequency.MONTHLY: say("the month's first, or the day itself where it falls on several,"),
}
_MISFIT = {
    Frequency.DAILY: say("is a day of the month on a daily board: name weekdays, such as `mon-sat`"),
    Frequency.WEEKLY: say("is a day of the month on a weekly board: name weekdays, such as `friday`"),
    Frequency.MONTHLY: say("is a weekday on a monthly board: name days of the month, such as `15` or `last`"),
}


# ---- The workspace ----------------------------------------------------------------------------------


def build_workspace(shape: WorkspaceShape, document: Document, findings: Findings) -> Workspace:
    """The workspace, without boards. Keys and names that clash are added to the findings as problems."""
    warn_of_zone(shape.timezone, ("timezone",), document, findings)
    excused = shape.excused_label or LabelShape(title=_EXCUSED[shape.locale], colour="black_light")
    for path, message in _clashes(shape, excused):
        findings.problems.append(document.problem(path, message))
    return Workspace(
        key=shape.key,
        name=shape.name,
        trello_workspace=shape.trello_workspace,
        locale=shape.locale,
        timezone=shape.timezone,
        people=build_people(shape, document, findings),
        themes=tuple(
            Theme(key, theme.title, theme.colour, _was(theme.was)) for key, theme in shape.themes.items()
        ),
        excused=Theme(_EXCUSED_KEY, excused.title, excused.colour),
        report=ReportPolicy(tuple(shape.report.to), shape.report.closes),
        boards=(),
        withdrawn=Withdrawn(shape.withdrawn or Withdrawn.KEEP),
    )


def _was(key: str | None) -> tuple[str, ...]:
    return (key,) if key else ()


def _clashes(shape: WorkspaceShape, excused: LabelShape) -> Iterator[tuple[Path, str]]:
    """Keys that mean something else already, and names that would stand for two things."""
    if NOBODY in shape.people:
        yield ("people", NOBODY), say("`nobody` means that no one is assigned: give this person another key")
    usernames: dict[Path, str] = {
        ("people", k, "trello"): person.trello for k, person in shape.people.items()
    }
    for path, first in _repeated(usernames):
        message = say(
            "is the Trello username of `%(person)s` already: each person needs their own", person=first[1]
        )
        yield path, message
    if _EXCUSED_KEY in shape.themes:
        yield (
            ("themes", _EXCUSED_KEY),
            say("`excused` stands for the excused label: give this theme another key"),
        )
    titles: dict[Path, str] = {("themes", key, "title"): theme.title for key, theme in shape.themes.items()}
    titles["excused_label", "title"] = excused.title
    for path, first in _repeated(titles):
        yield (
            path,
            say("is the title of the theme `%(theme)s` already: give each label its own", theme=first[1]),
        )
    for path, _ in _repeated({("report", "to", n): address for n, address in enumerate(shape.report.to)}):
        yield path, say("is listed twice: delete one of the two")


def _repeated(texts: Mapping[Path, str]) -> Iterator[tuple[Path, Path]]:
    """The paths whose text came before, ignoring case, each with the path where it came first."""
    seen: dict[str, Path] = {}
    for path, text in texts.items():
        # Ignoring case: people would not tell `Stock` from `stock`, nor does Trello with usernames.
        first = seen.setdefault(text.casefold(), path)
        if first != path:
            yield path, first


# ---- Boards -----------------------------------------------------------------------------------------


def build_board(
    key: str, shape: BoardShape, document: Document, workspace: Workspace, findings: Findings
) -> Board:
    """The board with those of its tasks that are sound; whatever is wrong is added to the findings."""
    # Tasks may share a title, unlike labels and accounts: keys tell them apart, and only people would not.
    titles: dict[Path, str] = {("tasks", k, "title"): task.title for k, task in shape.tasks.items()}
    for path, first in _repeated(titles):
        same = say("`%(task)s` has the same title: people will not tell the two cards apart", task=first[1])
        findings.warnings.append(document.problem(path, same))
    warn_of_zone(shape.timezone, ("timezone",), document, findings)
    tasks = (
        _Task(key, k, task, shape, document, workspace, findings).build() for k, task in shape.tasks.items()
    )
    lists = shape.lists or _LISTS[workspace.locale]
    declared = shape.housekeeping or HousekeepingShape()
    housekeeping = Housekeeping(declared.archive_done_after, *(declared.undone or (Undone.KEEP, "")))
    flaws = (*_excused_flaws(shape, lists), *undone_flaws(shape, lists))
    for path, message in flaws:
        findings.problems.append(document.problem(path, message))
    return Board(
        key=key,
        title=shape.title,
        frequency=Frequency(shape.cadence),
        lists=tuple(BoardList(k, title) for k, title in lists.items()),
        tasks=tuple(task for task in tasks if task),
        timezone=shape.timezone or workspace.timezone,
        housekeeping=housekeeping,
        excused_list=shape.excused_list or "",
        withdrawn=Withdrawn(shape.withdrawn) if shape.withdrawn else workspace.withdrawn,
        was=_was(shape.was),
        new=shape.new,
    )


def _excused_flaws(shape: BoardShape, lists: Collection[str]) -> Iterator[tuple[Path, str]]:
    """What is wrong with the list that the board names for excused cards."""
    excused = shape.excused_list or ""
    if excused in (TODO, DONE):
        message = say("the cards of `%(list)s` cannot all be excused: name a list of its own", list=excused)
        yield ("excused_list",), message
    elif excused and excused not in lists:
        others = [key for key in lists if key not in (TODO, DONE)]
        advice = choose(excused, others) if others else say("add it to `lists`")
        yield (
            ("excused_list",),
            say("the board has no list `%(list)s`: %(advice)s", list=shown(excused), advice=advice),
        )


# ---- Tasks ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Task:
    """A task as its file declares it. What it does not say itself, its board says for all."""

    board_key: str
    key: str
    task: TaskShape
    board: BoardShape
    document: Document
    workspace: Workspace
    findings: Findings

    def build(self) -> Task | None:
        """The task; `None` if it, or what it refers to, is not sound."""
        task, board = self.task, self.board
        warn_of_zone(task.timezone, ("tasks", self.key, "timezone"), self.document, self.findings)
        days = self._days()
        if days is None:
            return None
        cadence = self._cadence(days)
        self._check_order(cadence)
        # An empty tuple is said on purpose (`nothing`), and keeps the board's from applying.
        requires = task.requires if task.requires is not None else board.requires or ()
        # A name that is missing has its problem already, here or in workspace.yaml.
        if not self.workspace.theme(task.theme):
            return None
        bare = Task(
            key=self.key,
            title=task.title,
            theme=task.theme,
            template=task.template,
            cadence=cadence,
            description=task.description or "",
            complete_when=task.complete_when or board.complete_when or CompleteWhen(),
            requires=requires,
            was=self._was(),
            new=task.new,
        )
        file = BoardFile(self.board_key, board, self.document, self.workspace, Team(), self.findings)
        return staffed(file, task, followed_up(file, task, bare))

    def _was(self) -> tuple[str, ...]:
        """The `board/task` that it was; on this board where the file names none."""
        was = self.task.was
        return _was(was if not was or "/" in was else f"{self.board_key}/{was}")

    def _cadence(self, days: tuple[int, ...]) -> Cadence:
        task, board = self.task, self.board
        return Cadence(
            frequency=Frequency(board.cadence),
            on=days,
            due=_day_time(task.due or board.due) or _DUE,
            timezone=task.timezone or board.timezone or self.workspace.timezone,
            release=_day_time(task.release or board.release) or _RELEASE,
            start=task.start or board.start,
            catch_up=task.catch_up or board.catch_up or CatchUp(),
        )

    def _days(self) -> tuple[int, ...] | None:
        """The days that it falls on, sorted; `None` if some do not suit the board's cadence."""
        frequency = Frequency(self.board.cadence)
        declared = self.task.on or self.board.on
        if declared is None:
            return _ON[frequency]
        misfits = [n for n, days in enumerate(declared) if days.of_week == (frequency is Frequency.MONTHLY)]
        path: Path = ("tasks", self.key, "on") if self.task.on else ("on",)
        for n in misfits:
            here = self.document.nearest((*path, n))
            self.findings.problems.append(self.document.problem(here, _MISFIT[frequency]))
        return None if misfits else tuple(sorted({day for days in declared for day in days.numbers}))

    def _check_order(self, cadence: Cadence) -> None:
        """Due comes after release, on the earliest day that the cadence can name in its period."""
        # The earliest, as `last` means the 28th in some February.
        first, _ = days_into_period(cadence)
        due = (first.days + cadence.due.offset_days, cadence.due.time)
        release = (cadence.release.offset_days, cadence.release.time)
        if due > release:
            return
        message = say(
            "the card would be due at %(due)s, but not released before %(release)s (%(first)s is day 1): make"
            " `due` later or `release` earlier",
            due=_spoken(*due),
            release=_spoken(*release),
            first=_FIRST_DAY[cadence.frequency],
        )
        # One of them is said: the defaults, due at 18:00 and release at 0:00, are in order.
        groups: tuple[tuple[Path, Shape], ...] = ((("tasks", self.key), self.task), ((), self.board))
        said = (
            (*path, name) for path, group in groups for name in _TIMES if getattr(group, name) is not None
        )
        self.findings.problems.append(self.document.problem(next(said), message))


def _day_time(shape: DayTimeShape | None) -> DayTime | None:
    return DayTime(shape.time, shape.offset_days) if shape else None


def _spoken(days: int, time: dt.time) -> str:
    return say("%(time)s on day %(day)s", time=f"{time:%H:%M}", day=days + 1)
