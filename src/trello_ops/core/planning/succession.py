"""From the declaration in force and what the files say now to the declaration that follows.

Things are matched by key, or by the key that they had before (`was`). Where one left and a like one came
without a word, nothing is guessed: the old one goes on, the new one waits, and a person is asked.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType
from typing import TypeVar

from trello_ops.core.declared import Board, ReportPolicy, Task, Theme, Workspace, in_order
from trello_ops.core.people import Person
from trello_ops.core.planning.alarms import alarms_of
from trello_ops.core.planning.differences import Alarm, Difference, Noun, Turn
from trello_ops.core.planning.named_dates import follows

TaskId = tuple[str, str]
"""The keys of board and task."""

_Named = TypeVar("_Named", Board, Person, Theme)

_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Succession:
    """What would be in force next, and how it differs.

    `came_from`, `boards_from` and the like give the old key of everything that goes on, renamed or not.
    """

    workspace: Workspace
    differences: tuple[Difference, ...]
    alarms: tuple[Alarm, ...]
    came_from: Mapping[TaskId, TaskId]
    boards_from: Mapping[str, str]
    people_from: Mapping[str, str]
    themes_from: Mapping[str, str]


def succeed(old: Workspace, files: Workspace) -> Succession:
    """What follows the declaration in force, by what the files say."""
    people = _matched(old.people, files.people)
    themes = _matched(old.themes, files.themes)
    boards = _matched(old.boards, files.boards)
    asked_boards = _like_boards(old, files, boards)
    match = _TaskMatch(old, files, boards, asked_boards)
    came_from = match.by_was_then_key()
    asked_tasks = match.asked(came_from)
    joined = _Joined(old, files, people, themes, boards, came_from, asked_boards, asked_tasks)
    differences = (
        *_of_things(Noun.PERSON, old.people, files.people, people, lambda person: person.name),
        *_of_things(Noun.THEME, old.themes, files.themes, themes, lambda theme: theme.title),
        *_of_things(
            Noun.BOARD, old.boards, files.boards, boards, lambda board: board.title, asked=asked_boards
        ),
        *match.differences(came_from, asked_tasks),
    )
    alarms = tuple(alarms_of(old, boards, came_from, asked_boards, asked_tasks))
    return Succession(
        workspace=joined.workspace(),
        differences=differences,
        alarms=alarms,
        came_from=joined.came_from_whole,
        boards_from={**boards, **{kept: kept for kept in asked_boards.values()}},
        people_from=people,
        themes_from=themes,
    )


# ---- boards, people, themes -------------------------------------------------------------------------


def _matched(old: Sequence[_Named], new: Sequence[_Named]) -> dict[str, str]:
    """The old key of each new thing that continues an old one."""
    before = {each.key: each for each in old}
    found: dict[str, str] = {}
    for each in new:  # a word in the file counts more than a key, or two keys could not change places
        fresh = _fresh(each.was, before.get(each.key))
        if fresh in before and fresh not in found.values():
            found[each.key] = fresh
    said = set(found.values())
    for each in new:
        if each.key not in found and each.key in before and each.key not in said:
            found[each.key] = each.key
    return found


def _fresh(was: Sequence[str], same_key: Board | Person | Theme | Task | None) -> str:
    """The key that the file says it had before; empty where that was taken up already."""
    said = was[0] if was else ""
    return "" if same_key and said in same_key.was else said


def _continued(old: Sequence[_Named], new: Iterable[_Named], match: Mapping[str, str]) -> Iterator[_Named]:
    """The new things, each with all the keys that it had before."""
    by_key = {each.key: each for each in old}
    for each in new:
        before = by_key.get(match.get(each.key, ""))
        yield replace(each, was=_keys_before(each.key, before.key, before.was) if before else ())


def _keys_before(key: str, old: str, older: Sequence[str]) -> tuple[str, ...]:
    # Without its own key: a thing that got its first name back does not descend from itself.
    return tuple(dict.fromkeys(each for each in (old, *older) if each != key))


def _of_things(
    noun: Noun,
    old: Sequence[_Named],
    new: Sequence[_Named],
    match: Mapping[str, str],
    title: Callable[[_Named], str],
    *,
    asked: Mapping[str, str] = _NOTHING,
) -> Iterator[Difference]:
    before = {each.key: each for each in old}
    for each in new:
        said, came_from = _fresh(each.was, before.get(each.key)), match.get(each.key)
        if each.key in asked:
            yield Difference(noun, Turn.ASKED, each.key, title(each), asked[each.key])
        elif came_from is None:
            yield Difference(noun, Turn.NEW, each.key, title(each))
        elif came_from != each.key:
            yield Difference(noun, Turn.RENAMED, each.key, title(each), came_from)
        # Beside what became of it: a mistyped `was` would else pass for a new thing without a word.
        if said and came_from != said:
            yield Difference(noun, Turn.UNKNOWN, each.key, title(each), said)
    going_on = {*match.values(), *asked.values()}
    for each in old:
        if each.key not in going_on:
            yield Difference(noun, Turn.LEFT, each.key, title(each))


def _like_boards(old: Workspace, files: Workspace, match: Mapping[str, str]) -> dict[str, str]:
    """New boards that look like ones that left, each with the old board's key."""
    going_on = set(match.values())
    left = [board for board in old.boards if board.key not in going_on]
    found: dict[str, str] = {}
    for new in files.boards:
        # `new: true` is the answer to the question, which is not asked again then.
        if new.key in match or new.new:
            continue
        like = (board for board in left if _alike(board, new) and board.key not in found.values())
        if it := next(like, None):
            found[new.key] = it.key
    return found


def _alike(left: Board, new: Board) -> bool:
    """The same title, or at least half of the tasks' keys."""
    common = {task.key for task in left.tasks} & {task.key for task in new.tasks}
    return left.title.casefold() == new.title.casefold() or 2 * len(common) >= max(1, len(left.tasks))


# ---- tasks ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _TaskMatch:
    """Which task continues which. Boards that are asked about are left out: they go on, or wait, whole."""

    old: Workspace
    files: Workspace
    boards: Mapping[str, str]
    asked_boards: Mapping[str, str]

    @cached_property
    def _before(self) -> dict[TaskId, Task]:
        kept = set(self.asked_boards.values())
        return {(b.key, t.key): t for b in self.old.boards if b.key not in kept for t in b.tasks}

    @cached_property
    def _after(self) -> dict[TaskId, Task]:
        return {
            (b.key, t.key): t for b in self.files.boards if b.key not in self.asked_boards for t in b.tasks
        }

    def by_was_then_key(self) -> dict[TaskId, TaskId]:
        """The old task that each task continues."""
        before, found = self._before, dict[TaskId, TaskId]()
        # As for boards: a word in the file counts first, so that two tasks can change places.
        for it, task in self._after.items():
            said = self._said(it, task)
            if said in before and said not in found.values():
                found[it] = said
        taken = set(found.values())
        for it in self._after:
            same = (self.boards.get(it[0], ""), it[1])
            if it not in found and same in before and same not in taken:
                found[it] = same
        return found

    def _said(self, it: TaskId, task: Task) -> TaskId | None:
        """What the file says that the task was, unless that was taken up already.

        Of several that it may have been, the first that was in force.
        """
        same_key = self._before.get((self.boards.get(it[0], ""), it[1]))
        if not task.was or (same_key and set(task.was) & set(same_key.was)):
            return None
        said = [self._named(*each.split("/")) for each in task.was]
        return next((each for each in said if each in self._before), said[0])

    def _named(self, board: str, key: str) -> TaskId:
        # The task of a renamed board may be named by the board's new key as well as by its old one.
        old_board = {**self.boards, **self.asked_boards}.get(board, board)
        return board if (board, key) in self._before else old_board, key

    def asked(self, came_from: Mapping[TaskId, TaskId]) -> dict[TaskId, TaskId]:
        """New tasks that look like ones that left, each with the old one.

        Those among them that went to a board that waits itself, as they are not lost with it, and those that
        came from a board that goes on whole, as both would else get cards.
        """
        going_on = set(came_from.values())
        # Rows of a workbook come and go, and are known by their keys alone.
        left = {it: task for it, task in self._before.items() if it not in going_on and not task.row_of}
        # Boards that wait count too: a task that went to one of them is not lost.
        waiting = (board for board in self.files.boards if board.key in self.asked_boards)
        came = {**self._after, **{(board.key, task.key): task for board in waiting for task in board.tasks}}
        before = Counter(task.template for task in self._before.values())
        after = Counter(task.template for task in came.values())
        new_boards = {board.key for board in self.files.boards if board.new}
        found: dict[TaskId, TaskId] = {}
        for it, task in came.items():
            if it in came_from or task.new or it[0] in new_boards:
                continue
            # A template that one task had, and one has now, tells a task by what its card says.
            own, said = before[task.template] == 1 == after[task.template], self._said(it, task)
            may_be = {**left, **self._taken_out} if it in self._after else left
            # Of several that it is like, the one that it says it was.
            for old_id, old in sorted(may_be.items(), key=lambda each: each[0] != said):
                same = old.title.casefold() == task.title.casefold() or old_id[1] == it[1] or old_id == said
                if old_id not in found.values() and (same or (own and old.template == task.template)):
                    found[it] = old_id
                    break
        return found

    @cached_property
    def _taken_out(self) -> dict[TaskId, Task]:
        """The tasks of boards that go on whole which the boards that wait in their place have no more."""
        waiting = {board.key: board for board in self.files.boards}
        gone_on = {old: waiting[new] for new, old in self.asked_boards.items()}
        return {
            (board.key, task.key): task
            for board in self.old.boards
            if board.key in gone_on
            for task in board.tasks
            if gone_on[board.key].task(task.key) is None
        }

    def differences(
        self, came_from: Mapping[TaskId, TaskId], asked: Mapping[TaskId, TaskId]
    ) -> Iterator[Difference]:
        """Of tasks, those of boards that came or left whole included."""
        before = self._before
        for it, task in self._after.items():
            key, said = "/".join(it), self._said(it, task)
            if it in asked:
                turn = Turn.WAITS if asked[it] == said else Turn.ASKED
                yield Difference(Noun.TASK, turn, key, task.title, "/".join(asked[it]))
            elif it not in came_from:
                yield Difference(Noun.TASK, Turn.NEW, key, task.title)
            else:
                yield from self._of_continued(it, task, came_from[it], before[came_from[it]])
            # Of times of a day that have one `was` together, the first alone goes on with what was one task.
            one_of_times = len(task.was) > 1 and (it in came_from or said in before)
            if said and said not in (came_from.get(it), asked.get(it)) and not one_of_times:
                yield Difference(Noun.TASK, Turn.UNKNOWN, key, task.title, "/".join(said))
        going_on = {*came_from.values(), *asked.values()}
        for it, task in before.items():
            if it not in going_on:
                yield Difference(Noun.TASK, Turn.LEFT, "/".join(it), task.title)

    def _of_continued(self, it: TaskId, task: Task, old_id: TaskId, old: Task) -> Iterator[Difference]:
        key, old_key = "/".join(it), "/".join(old_id)
        if self.boards.get(it[0]) != old_id[0]:
            yield Difference(Noun.TASK, Turn.MOVED, key, task.title, old_key)
        elif it[1] != old_id[1]:
            yield Difference(Noun.TASK, Turn.RENAMED, key, task.title, old_key)
        if is_retimed(old, task):
            turn = Turn.FOLLOWS if follows(old, task) else Turn.RETIMED
            yield Difference(Noun.TASK, turn, key, task.title, old_key)


def is_retimed(old: Task, new: Task) -> bool:
    """Whether days or times changed. How overdue cards are caught up is no time."""
    return old.cadence != replace(new.cadence, catch_up=old.cadence.catch_up)


# ---- what follows -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Joined:
    """The files' workspace with what goes on of the old one."""

    old: Workspace
    files: Workspace
    people: Mapping[str, str]
    themes: Mapping[str, str]
    boards: Mapping[str, str]
    came_from: Mapping[TaskId, TaskId]
    asked_boards: Mapping[str, str]
    asked_tasks: Mapping[TaskId, TaskId]

    def workspace(self) -> Workspace:
        people = tuple(_continued(self.old.people, self.files.people, self.people))
        themes = tuple(_continued(self.old.themes, self.files.themes, self.themes))
        taken_up = (board for board in self.files.boards if board.key not in self.asked_boards)
        continued = _continued(self.old.boards, taken_up, self.boards)
        boards = (*map(self._board, continued), *self._kept_boards())
        joined = replace(
            self.files, people=people, themes=themes, boards=in_order(boards), report=self._report()
        )
        return self._with_what_kept_tasks_need(joined)

    def _report(self) -> ReportPolicy:
        """The files' report; that of a board that is asked about is of the one that goes on."""
        report = self.files.report
        by_board = tuple((self.asked_boards.get(key, key), who) for key, who in report.by_board)
        return replace(report, by_board=by_board)

    @cached_property
    def came_from_whole(self) -> dict[TaskId, TaskId]:
        """The old task of every task that goes on, those included that are asked about."""
        board_now = {old: new for new, old in self.boards.items()}
        whole = {(b.key, t.key): (b.key, t.key) for b in self._whole_boards() for t in b.tasks}
        kept = {(board_now.get(old[0], old[0]), old[1]): old for old in self.asked_tasks.values()}
        return {**whole, **kept, **self.came_from}

    def _board(self, board: Board) -> Board:
        tasks = [task for task in board.tasks if (board.key, task.key) not in self.asked_tasks]
        kept = self._kept_tasks(self.boards.get(board.key, ""))
        return replace(board, tasks=tuple(self._task(board, task) for task in (*tasks, *kept)))

    def _task(self, board: Board, task: Task) -> Task:
        it = (board.key, task.key)
        old_id = self.came_from_whole.get(it)
        if old_id is None:
            return replace(task, was=())
        old = self._old_tasks[old_id]
        key, carried = "/".join(it), old.carried
        if old_id != it:  # of the days that were carried, only those bear its own key that it had before
            carried = tuple(replace(each, own=each.name == key) for each in carried)
        return replace(task, was=_keys_before(key, "/".join(old_id), old.was), carried=carried)

    @cached_property
    def _old_tasks(self) -> dict[TaskId, Task]:
        return {(board.key, task.key): task for board, task in self.old.tasks}

    def _kept_tasks(self, old_board: str) -> tuple[Task, ...]:
        """Tasks that left this board and may have been renamed: they go on until somebody says."""
        kept = (self._old_tasks[it] for it in self.asked_tasks.values() if it[0] == old_board)
        return tuple(map(_questioned, kept))

    def _whole_boards(self) -> Iterator[Board]:
        """Boards that left and may have been renamed."""
        for board in self.old.boards:
            if board.key in self.asked_boards.values():
                yield replace(board, tasks=tuple(map(_questioned, board.tasks)))

    def _kept_boards(self) -> Iterator[Board]:
        """The boards that go on whole, and of others that left the tasks that may have been renamed."""
        yield from self._whole_boards()
        going_on = {*self.boards.values(), *self.asked_boards.values()}
        for board in self.old.boards:
            if board.key not in going_on and (kept := self._kept_tasks(board.key)):
                yield replace(board, tasks=kept)

    def _with_what_kept_tasks_need(self, joined: Workspace) -> Workspace:
        tasks = [task for _, task in joined.tasks]
        # What a task that is kept refers to may have left by the same edit.
        themes = {task.theme for task in tasks if joined.theme(task.theme) is None}
        people = {key for task in tasks for key in task.everybody if joined.person(key) is None}
        slots = {task.slot for task in tasks} - {slot.key for slot in joined.slots}
        return replace(
            joined,
            themes=(*joined.themes, *(each for each in self.old.themes if each.key in themes)),
            people=(*joined.people, *(each for each in self.old.people if each.key in people)),
            slots=(*joined.slots, *(each for each in self.old.slots if each.key in slots)),
        )


def _questioned(task: Task) -> Task:
    return replace(task, questioned=True)
