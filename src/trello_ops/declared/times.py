"""Tasks that come several times a day: each time makes a task of its own, which the file names together."""

import datetime as dt
from collections.abc import Collection, Iterator, Mapping

from trello_ops.declared import slot_words, words
from trello_ops.declared.board_file import BoardFile
from trello_ops.declared.names import names_in
from trello_ops.declared.schema import TaskShape
from trello_ops.located_yaml import Document, Path, Value
from trello_ops.messages import say
from trello_ops.wording import shown

Raw = Mapping[str, Value]
"""A task as its file has it."""


def key_at(key: str, time: dt.time) -> str:
    """The key of the task that a time makes: `fridge-1000`."""
    return f"{key}-{time:%H%M}"


def title_at(title: str, time: dt.time, locale: str) -> str:
    """Its title, with the time behind it: « Relever le frigo – 10 h » in French."""
    spoken = f"{time:%H:%M}"
    if locale == "fr":
        spoken = f"{time.hour}\N{NO-BREAK SPACE}h" + (f"\N{NO-BREAK SPACE}{time:%M}" if time.minute else "")
    return f"{title} – {spoken}"


def by_time(file: BoardFile, key: str, task: TaskShape) -> Iterator[tuple[str, Raw]]:
    """The tasks that it is short for, each with its key, as they would be written without `times`."""
    raw, locale = file.tasks[key], file.workspace.locale
    if not isinstance(raw, dict):
        return
    rest = {name: value for name, value in raw.items() if name not in ("times", "was")}
    for time in task.times or ():
        said: dict[str, Value] = {"title": title_at(task.title, time, locale), "due": f"{time:%H:%M}"}
        if task.was and (before := _before(file.key, key, task, time)):
            said["was"] = before
        yield key_at(key, time), {**rest, **said}


def _before(board: str, key: str, task: TaskShape, time: dt.time) -> str:
    """What the task of a time was: the same time of what is named; the task itself, as it was one."""
    if task.was not in (key, f"{board}/{key}"):
        return key_at(task.was or "", time)
    return key if task.times and time == task.times[0] else ""


def may_have_been(key: str, was: tuple[str, ...]) -> tuple[str, ...]:
    """What the task of a time was: that time of another task, or all of that, if it was one task before."""
    suffix = key[-len(key_at("", dt.time())) :]
    return (*was, *(each.removesuffix(suffix) for each in was if each.endswith(suffix)))


def key_in_file(key: str, document: Document | None) -> str:
    """The key by which its file names a task: `fridge` for `fridge-1000`, where a time made that."""
    tasks = names_in(document, "tasks")
    made = tasks is not None and key not in tasks
    return key[: -len(key_at("", dt.time()))] if made else key


def with_other_names(document: Document) -> Document:
    """The document, where the tasks that times make are found at the task that names them.

    So is what a slot stands for at the line that names the slot.
    """
    tasks = document.entries.get("tasks")
    names = dict(_other_names(tasks)) if isinstance(tasks, dict) else {}
    return document.also(names) if names else document


def _other_names(tasks: Raw) -> Iterator[tuple[Path, Path]]:
    for key, raw in tasks.items():
        here: Path = ("tasks", key)
        if not isinstance(raw, dict):
            continue
        for n, time in _times(raw):
            there: Path = ("tasks", key_at(key, time))
            if there[1] in tasks:
                continue  # it has a place of its own, which the problem is about
            yield there, here
            yield from (((*there, *path), (*here, *path)) for path in _paths(raw))
            yield (*there, "due"), (*here, "times", n)
        if "slot" in raw:
            yield from (((*here, name), (*here, "slot")) for name in ("on", "due") if name not in raw)


def _times(raw: Raw) -> Iterator[tuple[int, dt.time]]:
    """The times that a task names, with their places in its list; none where they are not understood."""
    said = raw.get("times")
    if not isinstance(said, list):
        return
    try:
        slot_words.times(said)
    except ValueError:
        return
    yield from enumerate(map(words.time_of_day, said))


def _paths(value: Value, path: Path = ()) -> Iterator[Path]:
    """The path of everything in a value."""
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for step, inner in entries:
        yield (*path, step)
        yield from _paths(inner, (*path, step))


def clashes(tasks: Mapping[str, TaskShape], declared: Collection[str]) -> Iterator[tuple[str, str]]:
    """The keys of tasks that are also those that times of others make, and what is to be said of each."""
    for key, task in tasks.items():
        for time in task.times or ():
            if (made := key_at(key, time)) in declared:
                message = say(
                    "is the key that %(time)s of `%(task)s` makes: give this task another",
                    time=f"{time:%H:%M}",
                    task=shown(key),
                )
                yield made, message
