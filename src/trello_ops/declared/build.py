"""From sound shapes to core values, and the checks that need more than one field."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from trello_ops.core.calendar.recurrence import days_into_period
from trello_ops.core.declared import (
    DONE,
    LAST,
    TODO,
    Board,
    BoardList,
    Cadence,
    CatchUp,
    CompleteWhen,
    DayTime,
    DoneSignal,
    Frequency,
    Housekeeping,
    Person,
    Proof,
    ReportPolicy,
    Task,
    Theme,
    Undone,
    Workspace,
)
from trello_ops.declared.findings import Findings
from trello_ops.declared.schema import (
    NOBODY,
    BoardShape,
    DayTimeShape,
    HousekeepingShape,
    TaskShape,
    ThemeShape,
    WorkspaceShape,
)
from trello_ops.located_yaml import Document, Path
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
_FIRST_DAY = {
    Frequency.DAILY: "the day it falls on",
    Frequency.WEEKLY: "the week's Monday, or the day itself where it falls on several,",
    Frequency.MONTHLY: "the month's first, or the day itself where it falls on several,",
}
_MISFIT = {
    Frequency.DAILY: "is a day of the month on a daily board: name weekdays, such as `mon-sat`",
    Frequency.WEEKLY: "is a day of the month on a weekly board: name weekdays, such as `friday`",
    Frequency.MONTHLY: "is a weekday on a monthly board: name days of the month, such as `15` or `last`",
}


# ---- The workspace ----------------------------------------------------------------------------------


def build_workspace(shape: WorkspaceShape, document: Document, findings: Findings) -> Workspace:
    """The workspace, without boards."""
    excused = shape.excused_label or ThemeShape(title=_EXCUSED[shape.locale], colour="black_light")
    for path, message in (*_people_flaws(shape), *_theme_flaws(shape, excused), *_recipient_flaws(shape)):
        findings.problems.append(document.problem(path, message))
    return Workspace(
        key=shape.key,
        name=shape.name,
        trello_workspace=shape.trello_workspace,
        locale=shape.locale,
        timezone=shape.timezone,
        people=tuple(Person(key, person.trello, person.name) for key, person in shape.people.items()),
        themes=tuple(Theme(key, theme.title, theme.colour) for key, theme in shape.themes.items()),
        excused=Theme(_EXCUSED_KEY, excused.title, excused.colour),
        report=ReportPolicy(tuple(shape.report.to), shape.report.closes),
        boards=(),
    )


def _people_flaws(shape: WorkspaceShape) -> Iterator[tuple[Path, str]]:
    if NOBODY in shape.people:
        yield ("people", NOBODY), "`nobody` means that no one is assigned: give this person another key"
    usernames: dict[Path, str] = {
        ("people", key, "trello"): person.trello for key, person in shape.people.items()
    }
    for path, first in _repeated(usernames):
        yield path, f"is the Trello username of `{first[1]}` already: each person needs their own"


def _theme_flaws(shape: WorkspaceShape, excused: ThemeShape) -> Iterator[tuple[Path, str]]:
    if _EXCUSED_KEY in shape.themes:
        yield ("themes", _EXCUSED_KEY), "`excused` stands for the excused label: give this theme another key"
    titles: dict[Path, str] = {("themes", key, "title"): theme.title for key, theme in shape.themes.items()}
    titles["excused_label", "title"] = excused.title
    for path, first in _repeated(titles):
        yield path, f"is the title of the theme `{first[1]}` already: give each label its own"


def _recipient_flaws(shape: WorkspaceShape) -> Iterator[tuple[Path, str]]:
    for path, _ in _repeated({("report", "to", n): address for n, address in enumerate(shape.report.to)}):
        yield path, "is listed twice: delete one of the two"


def _repeated(texts: Mapping[Path, str]) -> Iterator[tuple[Path, Path]]:
    """The paths whose text was there before, whatever its case, and where it was first."""
    seen: dict[str, Path] = {}
    for path, text in texts.items():
        first = seen.setdefault(text.casefold(), path)
        if first != path:
            yield path, first


# ---- Boards and tasks -------------------------------------------------------------------------------


def build_board(
    key: str, shape: BoardShape, document: Document, workspace: Workspace, findings: Findings
) -> Board:
    """The board with those of its tasks that are sound."""
    titles: dict[Path, str] = {("tasks", k, "title"): task.title for k, task in shape.tasks.items()}
    for path, first in _repeated(titles):
        message = f"`{first[1]}` has the same title: people will not tell the two cards apart"
        findings.warnings.append(document.problem(path, message))
    tasks = (
        _Builder(k, task, shape, document, workspace, findings).build() for k, task in shape.tasks.items()
    )
    lists = shape.lists or _LISTS[workspace.locale]
    housekeeping = _housekeeping(shape.housekeeping or HousekeepingShape())
    excused_list = shape.excused_list or ""
    if flaw := _flaw_of_target(housekeeping, lists, excused_list):
        findings.problems.append(document.problem(("housekeeping", "undone", "move_to"), flaw))
    if flaw := _flaw_of_excused_list(excused_list, lists):
        findings.problems.append(document.problem(("excused_list",), flaw))
    for path in _done_by_housekeeping(shape, housekeeping):
        findings.problems.append(document.problem(path, _DONE_BY_HOUSEKEEPING))
    return Board(
        key=key,
        title=shape.title,
        frequency=Frequency(shape.cadence),
        lists=tuple(BoardList(k, title) for k, title in lists.items()),
        tasks=tuple(task for task in tasks if task),
        timezone=shape.timezone or workspace.timezone,
        housekeeping=housekeeping,
        excused_list=excused_list,
    )


def _flaw_of_excused_list(key: str, lists: Collection[str]) -> str:
    others = [each for each in lists if each not in (TODO, DONE)]
    if key in (TODO, DONE):
        return f"the cards of `{key}` cannot all be excused: name a list of its own"
    if key and key not in lists:
        return (
            f"the board has no list `{shown(key)}`: {choose(key, others) if others else 'add it to `lists`'}"
        )
    return ""


def _named(keys: Collection[str]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


_DONE_BY_HOUSEKEEPING = (
    "a card that is archived counts as done, and `housekeeping` archives the cards that are not: write "
    "`undone: keep` or `undone: {move_to: KEY}` there, or leave `archived` out here"
)


def _done_by_housekeeping(shape: BoardShape, housekeeping: Housekeeping) -> Iterator[Path]:
    """Where the file says that archiving makes a card done which housekeeping archives for being undone."""
    rules: dict[Path, CompleteWhen | None] = {("complete_when",): shape.complete_when}
    rules |= {("tasks", key, "complete_when"): task.complete_when for key, task in shape.tasks.items()}
    for path, rule in rules.items():
        if rule and rule.met_by({DoneSignal.ARCHIVED}) and housekeeping.undone is Undone.ARCHIVE:
            yield path


def _housekeeping(shape: HousekeepingShape) -> Housekeeping:
    undone, move_to = shape.undone or (Undone.KEEP, "")
    return Housekeeping(shape.archive_done_after, undone, move_to)


def _flaw_of_target(housekeeping: Housekeeping, lists: Collection[str], excused_list: str) -> str:
    """What is wrong with the list that undone cards are to be moved to, if anything."""
    if housekeeping.undone is not Undone.MOVE:
        return ""
    others = [key for key in lists if key not in (DONE, excused_list)]
    if housekeeping.move_to == excused_list:
        return f"the cards of `{excused_list}` are excused: use one of {_named(others)}"
    if housekeeping.move_to == DONE:
        return f"cards in the list `{DONE}` count as done: use one of {_named(others)}"
    if housekeeping.move_to not in lists:
        name = housekeeping.move_to
        return f"the board has no list `{shown(name)}`: {choose(name, others)}"
    return ""


@dataclass(frozen=True, slots=True)
class _Builder:
    """Makes one task, which narrows what its board says for all."""

    key: str
    task: TaskShape
    board: BoardShape
    document: Document
    workspace: Workspace
    findings: Findings

    def build(self) -> Task | None:
        """`None` where the task, or what it refers to, is not sound."""
        on = self._on()
        if on is None:
            return None
        cadence = self._cadence(on)
        self._check_order(cadence)
        assignees = self.task.assign if self.task.assign is not None else self.board.assign or ()
        if not assignees:
            self._warn_of_nobody()
        if not (self.workspace.theme(self.task.theme) and all(map(self.workspace.person, assignees))):
            return None
        return Task(
            key=self.key,
            title=self.task.title,
            theme=self.task.theme,
            template=self.task.template,
            cadence=cadence,
            assignees=assignees,
            description=self.task.description or "",
            complete_when=self.task.complete_when or self.board.complete_when or CompleteWhen(),
            requires=self._requires(),
        )

    def _requires(self) -> tuple[Proof, ...]:
        said = self.task.requires if self.task.requires is not None else self.board.requires
        return said or ()

    def _on(self) -> tuple[int, ...] | None:
        """The days, sorted; `None` where some do not suit the board's cadence."""
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

    def _cadence(self, on: tuple[int, ...]) -> Cadence:
        task, board = self.task, self.board
        return Cadence(
            frequency=Frequency(board.cadence),
            on=on,
            due=_day_time(task.due or board.due) or _DUE,
            timezone=task.timezone or board.timezone or self.workspace.timezone,
            release=_day_time(task.release or board.release) or _RELEASE,
            start=task.start or board.start,
            catch_up=task.catch_up or board.catch_up or CatchUp(),
        )

    def _check_order(self, cadence: Cadence) -> None:
        """Due comes after release, on the earliest day that the cadence can name in its period."""
        first, _ = days_into_period(cadence)
        due = (first.days + cadence.due.offset_days, cadence.due.time)
        release = (cadence.release.offset_days, cadence.release.time)
        if due <= release:
            message = (
                f"the card would be due at {_spoken(*due)}, but not released before {_spoken(*release)} "
                f"({_FIRST_DAY[cadence.frequency]} is day 1): make `due` later or `release` earlier"
            )
            self.findings.problems.append(self.document.problem(self._place_of_times(), message))

    def _place_of_times(self) -> Path:
        """Where the file says most closely when this task is due or released."""
        groups: tuple[tuple[Path, TaskShape | BoardShape], ...] = (
            (("tasks", self.key), self.task),
            ((), self.board),
        )
        said = (
            (*path, name) for path, group in groups for name in _TIMES if getattr(group, name) is not None
        )
        return next(said)

    def _warn_of_nobody(self) -> None:
        path: Path = ("tasks", self.key)
        message = "nobody is assigned: name somebody, or leave it if the team takes the card as it comes"
        self.findings.warnings.append(self.document.problem_with_key(path, message))


def _day_time(shape: DayTimeShape | None) -> DayTime | None:
    return DayTime(shape.time, shape.offset_days) if shape else None


def _spoken(days: int, time: dt.time) -> str:
    return f"{time:%H:%M} on day {days + 1}"
