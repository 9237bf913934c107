"""Slots, durations and several times a day: from sound shapes to core values, and the checks across them."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from trello_ops.core.cadence import Frequency
from trello_ops.core.declared import Slot
from trello_ops.declared import times
from trello_ops.declared.board_file import BoardFile
from trello_ops.declared.calendar_shapes import DueShape
from trello_ops.declared.fields import LONGEST_TEXT
from trello_ops.declared.names import names_in
from trello_ops.declared.schema import TaskShape, WorkspaceShape
from trello_ops.declared.words import WEEKDAYS
from trello_ops.located_yaml import Document
from trello_ops.messages import Number, say

_WITH_WEEKDAYS = (Frequency.DAILY, Frequency.WEEKLY, Frequency.BIWEEKLY)


def slots_of(shape: WorkspaceShape) -> tuple[Slot, ...]:
    """The slots of a team, in the order of the file."""
    return tuple(Slot(key, each.day, each.begins, each.ends) for key, each in (shape.slots or {}).items())


def slot_names(declared: Document | None) -> Collection[str] | None:
    """The keys of the slots in workspace.yaml, sound or not; `None` where they cannot be read."""
    return () if declared and "slots" not in declared.entries else names_in(declared, "slots")


def in_full(file: BoardFile) -> BoardFile:
    """The board as it would be written without slots and times; tasks that use them wrongly are left out."""
    writing = _Writing(file)
    declared = file.shape.tasks.items()
    tasks = {made: task for key, each in declared for made, task in writing.task(key, each)}
    for key, message in times.clashes(file.shape.tasks, file.tasks):
        file.findings.problems.append(file.document.problem_with_key(("tasks", key), message))
    return replace(file, shape=file.shape.model_copy(update={"tasks": tasks}))


@dataclass(frozen=True, slots=True)
class _Writing:
    """Writes the tasks of a board out."""

    file: BoardFile

    def task(self, key: str, task: TaskShape) -> Iterator[tuple[str, TaskShape]]:
        """What a task stands for, by key; nothing where it is not sound, and problems are noted."""
        raw = self.file.tasks.get(key)
        if not isinstance(raw, dict) or not (task.slot or task.times):
            yield key, task
            return
        flaws = list(self._flaws_of_times(key, task) if task.times else self._flaws_of_slot(task))
        for name, message in flaws:
            self.file.problem(("tasks", key, name), message)
        if flaws:
            return
        at_times = times.by_time(self.file, key, task)
        written = at_times if task.times else self._slotted(key, task, raw)
        yield from ((made, TaskShape.model_validate(each)) for made, each in written)

    # ---- times

    def _flaws_of_times(self, key: str, task: TaskShape) -> Iterator[tuple[str, str]]:
        """What does not go with several times, each with the name of its field."""
        if task.slot:
            yield "slot", say("a task with `times` has no slot: delete one of the two")
        if task.due:
            yield "due", say("each of the `times` is when it is due: delete one of the two")
        if self._longest_title(task) > LONGEST_TEXT:
            yield (
                "title",
                say(
                    "is longer than Trello's %(most)s characters allow: shorten it", most=Number(LONGEST_TEXT)
                ),
            )
        other = self.file.tasks.get(task.was or "")
        # Of keys that the times of two tasks share `renames` tells.
        if (
            other is not self.file.tasks[key]
            and isinstance(other, dict)
            and not {"was", "times"} & other.keys()
        ):
            yield (
                "was",
                say("`%(was)s` is declared as well: delete this line, or the other thing", was=task.was),
            )

    def _longest_title(self, task: TaskShape) -> int:
        locale = self.file.workspace.locale
        return max(len(times.title_at(task.title, time, locale)) for time in task.times or ())

    # ---- slots

    def _slot(self, task: TaskShape) -> Slot | None:
        return next((slot for slot in self.file.workspace.slots if slot.key == task.slot), None)

    def _slotted(self, key: str, task: TaskShape, raw: times.Raw) -> Iterator[tuple[str, times.Raw]]:
        slot = self._slot(task)
        if slot:  # else it has its problem in workspace.yaml
            day = next(name for name, number in WEEKDAYS.items() if number == slot.weekday)
            yield key, {"due": f"{slot.ends:%H:%M}", **raw, "on": day}

    def _flaws_of_slot(self, task: TaskShape) -> Iterator[tuple[str, str]]:
        """What does not go with its slot, each with the name of its field."""
        frequency, slot = (task.cadence or self.file.shape.cadence).frequency, self._slot(task)
        if frequency not in _WITH_WEEKDAYS:
            message = say(
                "lies on a weekday, but the cadence is `%(cadence)s`: delete this line, or put the task on a"
                " weekly board",
                cadence=str(frequency),
            )
            yield "slot", message
        elif task.on:
            yield "on", say("its slot says the weekday already: delete one of the two")
        if slot and task.due and _is_before(task.due, slot):
            message = say(
                "is due before its slot begins at %(begins)s: make `due` later, or delete this line, as the"
                " slot's end is the due then",
                begins=f"{slot.begins:%H:%M}",
            )
            yield "due", message


def _is_before(due: DueShape, slot: Slot) -> bool:
    """Whether something is due before its slot has begun."""
    if due.offset_days or due.working_days:
        return due.offset_days + due.working_days < 0
    return due.time <= slot.begins
