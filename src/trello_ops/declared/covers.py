"""What `covers:` names, checked across the files."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace

from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.declared.findings import Findings
from trello_ops.declared.names import names_in
from trello_ops.declared.times import key_in_file
from trello_ops.located_yaml import Document
from trello_ops.messages import say
from trello_ops.wording import choose, near, shown

_Tasks = Mapping[str, Task]


def with_sound_covers(
    workspace: Workspace, documents: Mapping[str, Document], findings: Findings
) -> Workspace:
    """The workspace without what cannot be covered: whoever followed a circle would come to no end.

    Notes each task that covers itself, another in a circle, a rarer one, or one that is not there.
    """
    declared = [
        f"{board}/{task}"
        for board, document in documents.items()
        for task in names_in(document, "tasks") or ()
    ]  # those with mistakes, too
    instead = {
        other: _in_file(board, task, documents)
        for board, task in workspace.tasks
        for other in (*task.was, f"{board.key}/{task.key}")
    }
    sound = {_in_file(board, task, documents): task for board, task in workspace.tasks}

    def checked(board: Board, task: Task) -> Task:
        kept = []
        for n, covered in enumerate(task.covers):
            message = _mistake(_in_file(board, task, documents), covered, sound, declared, instead)
            if message:
                findings.problem(documents[board.key], ("tasks", task.key, "covers", n), message)
            else:
                kept.append(covered)
        return replace(task, covers=tuple(kept))

    return _with_tasks(workspace, checked)


def with_all_times(workspace: Workspace, documents: Mapping[str, Document]) -> Workspace:
    """The workspace, where what covers a task that comes several times a day covers each of them."""
    made: dict[str, list[str]] = {}
    for board, task in workspace.tasks:
        made.setdefault(_in_file(board, task, documents), []).append(f"{board.key}/{task.key}")

    def with_all(_board: Board, task: Task) -> Task:
        covers = tuple(each for covered in task.covers for each in made.get(covered, [covered]))
        return replace(task, covers=covers) if covers != task.covers else task

    return _with_tasks(workspace, with_all)


def _with_tasks(workspace: Workspace, change: Callable[[Board, Task], Task]) -> Workspace:
    """The workspace with each task changed."""
    boards = (replace(b, tasks=tuple(change(b, task) for task in b.tasks)) for b in workspace.boards)
    return replace(workspace, boards=tuple(boards))


def _in_file(board: Board, task: Task, documents: Mapping[str, Document]) -> str:
    """The `board/task` by which the files name a task."""
    return f"{board.key}/{key_in_file(task.key, documents.get(board.key))}"


def _mistake(own: str, covered: str, sound: _Tasks, declared: list[str], instead: Mapping[str, str]) -> str:
    """What is wrong with a covered task; empty if nothing is."""
    if covered == own:
        return say("is the task itself: name another, or delete this line")
    if covered not in declared:
        now = instead.get(covered)
        advice = say("did you mean `%(name)s`?", name=now) if now else _advice(covered, declared)
        return say("there is no task `%(task)s`: %(advice)s", task=shown(covered), advice=advice)
    if own in _all_covered(covered, sound):
        return say("`%(task)s` covers this one in turn: delete one of the two", task=covered)
    frequencies = list(Frequency)
    if covered in sound:
        rhythm, its = sound[own].cadence.frequency, sound[covered].cadence.frequency
        if its is not Frequency.RULE and frequencies.index(its) > frequencies.index(rhythm):
            return say(
                "`%(task)s` is rarer (`%(its)s`) than this one (`%(own)s`), which cannot contain it: cover it"
                " the other way round",
                task=covered,
                its=str(its),
                own=str(rhythm),
            )
    return ""


def _advice(covered: str, declared: list[str]) -> str:
    """Which task may be meant: one of that key on another board, one spelt alike, or one of its board."""
    board, _, task = covered.partition("/")
    same = [other for other in declared if other.partition("/")[2] == task]
    there = [other for other in declared if other.partition("/")[0] == board]
    if len(same) == 1:
        return say("did you mean `%(name)s`?", name=same[0])
    return near(covered, declared) or choose(covered, same or there or declared)


def _all_covered(key: str, sound: _Tasks) -> Iterator[str]:
    """What a task covers, and what that covers in turn."""
    seen, ahead = {key}, [key]
    while ahead:
        task = sound.get(ahead.pop())
        for covered in task.covers if task else ():
            if covered not in seen:
                seen.add(covered)
                ahead.append(covered)
            yield covered
