"""The files of a small shop as somebody edits them, and which duty each key is meant for."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from shutil import rmtree

from edit_kit.in_force import Force

_WORKSPACE = """\
key: small
name: Petite boutique
trello_workspace: zinaobeldi
locale: fr
timezone: Europe/Paris
people:
%(people)sthemes:
  operations: {title: Opérationnel, colour: orange}
report:
  to: [gerante@example.org]
"""
HIDDEN_AS = ("", ".yaml.txt", ".YAML", "/", ".csv")
"""How a board file vanishes: it is gone, under another ending, or in a sub-folder; `.YAML` is still read."""


@dataclass
class TaskLines:
    """A task of a board file; an empty text is a line that is not there.

    `is_fresh`: nothing had its key on its board before.
    """

    duty: str
    key: str
    title: str
    template: str
    assign: str = "amal"
    on: tuple[str, ...] = ()
    due: str = ""
    start: str = ""
    was: str = ""
    new: bool = False
    is_fresh: bool = False

    def text(self) -> str:
        lines: dict[str, object] = {"title": self.title, "theme": "operations", "template": self.template}
        given = {"assign": self.assign, "on": _days(self.on), "due": self.due, "start": self.start}
        lines |= {name: value for name, value in given.items() if value}
        if self.was:
            lines["was"] = self.was
        if self.new:
            lines["new"] = True
        if "start" in lines:
            return _flow(lines).replace(f'"{self.start}"', self.start)
        return _flow(lines)


@dataclass
class BoardLines:
    """A board file. `hidden_as` is where it lies while it is not read, `broken` whether it can be read."""

    title: str
    cadence: str
    on: tuple[str, ...] = ()
    due: str = "18:00"
    release: str = "06:00"
    was: str = ""
    tasks: list[TaskLines] = field(default_factory=list)
    hidden_as: str | None = None
    broken: bool = False

    def text(self) -> str:
        head: dict[str, object] = {"title": self.title, "cadence": self.cadence, "due": self.due}
        head["release"] = self.release
        if self.on:
            head["on"] = _days(self.on)
        if self.was:
            head["was"] = self.was
        lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in head.items()]
        lines += ["tasks:", *(f"  {task.key}: {task.text()}" for task in self.tasks)]
        if self.broken:
            lines.append("  cassé: [")
        return "\n".join(lines) + "\n"


@dataclass
class PersonLines:
    """Somebody in workspace.yaml."""

    trello: str
    was: str = ""

    def text(self) -> str:
        lines: dict[str, object] = {"trello": self.trello, "name": self.trello.title()}
        return _flow(lines | ({"was": self.was} if self.was else {}))


@dataclass
class Files:
    """A folder of files in memory."""

    boards: dict[str, BoardLines]
    templates: dict[str, str]
    copies: dict[str, BoardLines] = field(default_factory=dict)
    meant: dict[tuple[str, str], str] = field(default_factory=dict)
    left: list[tuple[str, TaskLines]] = field(default_factory=list)
    people: dict[str, PersonLines] = field(
        default_factory=lambda: {"amal": PersonLines("amal_zina"), "karim": PersonLines("karim_zina")}
    )

    def texts(self) -> dict[str, str]:
        """Every file's text, by path."""
        people = "".join(f"  {key}: {person.text()}\n" for key, person in self.people.items())
        found = {"boards/workspace.yaml": _WORKSPACE % {"people": people}}
        for key, board in self.boards.items():
            if board.hidden_as is None:
                found[f"boards/{key}.yaml"] = board.text()
            elif board.hidden_as == "/":
                found[f"boards/old/{key}.yaml"] = board.text()
            elif board.hidden_as:
                found[f"boards/{key}{board.hidden_as}"] = board.text()
        found |= {f"boards/{key}.yaml": copied.text() for key, copied in self.copies.items()}
        return found | {f"templates/cards/{name}": text for name, text in self.templates.items()}

    def meanings(self) -> dict[tuple[str, str], str]:
        """Which duty each (board, task) that was ever declared is meant for; none that of a mere copy."""
        self.meant |= {(name, task.key): task.duty for name, task in self.tasks()}
        self.meant |= {
            (key, task.key): f"a copy of {task.duty}"
            for key, copied in self.copies.items()
            for task in copied.tasks
        }
        return dict(self.meant)

    def tasks(self) -> Iterator[tuple[str, TaskLines]]:
        """Each task with its board's key, also of a file that is not read."""
        return ((name, task) for name, board in self.boards.items() for task in board.tasks)

    def asks(self, in_force: Force) -> list[tuple[str, TaskLines]]:
        """The tasks that look renamed."""
        return [(name, task) for name, task in self.tasks() if self._is_asked(name, task, in_force)]

    def _is_asked(self, board: str, task: TaskLines, in_force: Force) -> bool:
        old = in_force.get(task.duty)
        if old is None or task.was:
            return False
        # Where its board says what it was, the task need not.
        return (old.board, old.key) not in {(board, task.key), (self.boards[board].was, task.key)}


def _days(on: tuple[str, ...]) -> list[str | int]:
    return [int(word) if word.isdigit() else word for word in on]


def _flow(lines: dict[str, object]) -> str:
    return (
        "{"
        + ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in lines.items())
        + "}"
    )


def write(folder: Path, texts: dict[str, str]) -> None:
    """Make a folder's files these and no others; a file that stays as it was is not touched."""
    for path in [each for part in ("boards", "templates") for each in (folder / part).rglob("*")]:
        if path.is_file() and str(path.relative_to(folder)) not in texts:
            path.unlink()
    rmtree(folder / "boards" / "old", ignore_errors=True)
    for name, text in texts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")


def shop(*, big: bool = False) -> Files:
    """Three boards of some tasks each; a `big` one has a fourth of ten."""
    boards = {
        "caisses": BoardLines("Caisses", "daily", ("mon-sat",)),
        "semaine": BoardLines("La semaine", "weekly"),
        "mois": BoardLines("Le mois", "monthly"),
    }
    for key, duties in {
        "caisses": ["ouverture", "caisse", "vitrine"],
        "semaine": ["stock", "fournee", "retours"],
        "mois": ["bilan", "plan"],
    }.items():
        boards[key].tasks = [task(duty) for duty in duties]
    boards["semaine"].tasks[2] = replace(boards["semaine"].tasks[2], on=("wednesday",))
    boards["mois"].tasks[1] = replace(boards["mois"].tasks[1], on=("20",))
    if big:
        boards["grand"] = BoardLines("La grande", "weekly", ("thursday",))
        boards["grand"].tasks = [task(f"rayon{n}") for n in range(10)]
    return Files(boards, {each.template: template(each.duty) for b in boards.values() for each in b.tasks})


def task(duty: str) -> TaskLines:
    """A duty as somebody first writes it down."""
    return TaskLines(duty, duty, f"Tâche {duty}", f"{duty}.md", "karim" if len(duty) % 2 else "amal")


def template(duty: str, more: str = "") -> str:
    return f"---\n---\nFaire {duty}{more}, le {{{{ occurrence.date }}}}.\n"
