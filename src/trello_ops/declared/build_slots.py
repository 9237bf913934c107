"""Slots, durations and several times a day: from sound shapes to core values, and the checks across them."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Board, Slot, Workspace
from trello_ops.declared import times
from trello_ops.declared.findings import Findings
from trello_ops.declared.schema import BoardShape, DayTimeShape, TaskShape, WorkspaceShape
from trello_ops.declared.words import WEEKDAYS
from trello_ops.located_yaml import Document, Path, Value
from trello_ops.messages import say

_WITH_WEEKDAYS = (Frequency.DAILY, Frequency.WEEKLY, Frequency.BIWEEKLY)


def slots_of(shape: WorkspaceShape) -> tuple[Slot, ...]:
    """The slots of a team, in the order of the file."""
    return tuple(Slot(key, each.day, each.begins, each.ends) for key, each in (shape.slots or {}).items())


def slot_names(declared: Document | None) -> Collection[str] | None:
    """The keys of the slots in workspace.yaml, sound or not; `None` where they cannot be read."""
    if declared is None:
        return None
    slots = declared.entries.get("slots", {})
    return tuple(slots) if isinstance(slots, dict) else None


def in_full(shape: BoardShape, document: Document, workspace: Workspace, findings: Findings) -> BoardShape:
    """The board as it would be written without slots and times; tasks that use them wrongly are left out."""
    writing = _Writing(shape, document, workspace, findings)
    tasks = {made: task for key, each in shape.tasks.items() for made, task in writing.task(key, each)}
    for path, message in times.clashes(shape.tasks, writing.tasks):
        writing.complain(path, message)
    return shape.model_copy(update={"tasks": tasks})


def with_slots(board: Board, shape: BoardShape) -> Board:
    """The board, whose tasks have the slots and durations that its file names, and what they were before."""
    of_times = {
        times.key_at(key, time): (task, time)
        for key, task in shape.tasks.items()
        for time in task.times or ()
    }
    tasks = []
    for task in board.tasks:
        declared, time = of_times.get(task.key) or (shape.tasks[task.key], None)
        slotted = replace(task, slot=declared.slot or "", duration=declared.duration or 0)
        tasks.append(times.may_have_been(slotted, time) if time else slotted)
    return replace(board, tasks=tuple(tasks))


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes the tasks of a board out."""

    shape: BoardShape
    document: Document
    workspace: Workspace
    findings: Findings

    @property
    def tasks(self) -> Mapping[str, Value]:
        """The tasks as they stand in the file, sound or not."""
        tasks = self.document.entries.get("tasks")
        return tasks if isinstance(tasks, dict) else {}

    def task(self, key: str, task: TaskShape) -> Iterator[tuple[str, TaskShape]]:
        """What a task stands for, by key; nothing where it is not sound, and problems are noted."""
        raw = self.tasks.get(key)
        if not isinstance(raw, dict) or not (task.slot or task.times):
            yield key, task
            return
        flaws = list(self._flaws_of_times(key, task) if task.times else self._flaws_of_slot(task))
        for name, message in flaws:
            self.complain(("tasks", key, name), message)
        if flaws:
            return
        if task.times:
            written = times.by_time(key, task, raw, self.workspace.locale)
        else:
            written = self._slotted(key, task, raw)
        yield from ((made, TaskShape.model_validate(each)) for made, each in written)

    def complain(self, path: Path, message: str) -> None:
        """Note a mistake in the value at a path; of a task, in its name."""
        place = self.document.problem_with_key if len(path) == 2 else self.document.problem
        self.findings.problems.append(place(path, message))

    # ---- times

    def _flaws_of_times(self, key: str, task: TaskShape) -> Iterator[tuple[str, str]]:
        """What does not go with several times, each with the name of its field."""
        if task.slot:
            yield "slot", say("a task with `times` has no slot: delete one of the two")
        if task.due:
            yield "due", say("each of the `times` is when it is due: delete one of the two")
        other = self.tasks.get(task.was or "")
        # Of keys that the times of two tasks share `renames` tells.
        if task.was != key and isinstance(other, dict) and not {"was", "times"} & other.keys():
            yield (
                "was",
                say("`%(was)s` is declared as well: delete this line, or the other thing", was=task.was),
            )

    # ---- slots

    def _slot(self, task: TaskShape) -> Slot | None:
        return next((slot for slot in self.workspace.slots if slot.key == task.slot), None)

    def _slotted(self, key: str, task: TaskShape, raw: times.Raw) -> Iterator[tuple[str, times.Raw]]:
        slot = self._slot(task)
        if slot:  # else it has its problem in workspace.yaml
            day = next(name for name, number in WEEKDAYS.items() if number == slot.weekday)
            yield key, {"due": f"{slot.ends:%H:%M}", **raw, "on": day}

    def _flaws_of_slot(self, task: TaskShape) -> Iterator[tuple[str, str]]:
        """What does not go with its slot, each with the name of its field."""
        frequency, slot = self._frequency(task), self._slot(task)
        if frequency not in _WITH_WEEKDAYS:
            message = say(
                "lies on a weekday, but the cadence is `%(cadence)s`: delete this line, or put the task on a"
                " weekly board",
                cadence=str(frequency),
            )
            yield "slot", message
        elif task.on:
            yield "on", say("its slot says the weekday already: delete one of the two")
        if slot and task.due and self._is_before(task.due, slot):
            message = say(
                "is due before its slot begins at %(begins)s: make `due` later, or delete this line, as the"
                " slot's end is the due then",
                begins=f"{slot.begins:%H:%M}",
            )
            yield "due", message

    def _is_before(self, due: DayTimeShape, slot: Slot) -> bool:
        later = due.offset_days > 0 or bool(getattr(due, "working_days", False))
        return due.offset_days < 0 or (not later and due.time <= slot.begins)

    def _frequency(self, task: TaskShape) -> Frequency:
        said = getattr(task, "cadence", None) or self.shape.cadence
        return Frequency(getattr(said, "frequency", said))
