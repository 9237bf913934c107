"""People, and who does a task: from sound shapes to core values, and checks across their fields."""

import datetime as dt
from dataclasses import replace

from trello_ops.core.calendar.occurrences import next_occurrence
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.people import Absence, Person, Round, TurnBy, WhenAbsent
from trello_ops.declared.board_file import BoardFile
from trello_ops.declared.build_days_off import warn_of_spans
from trello_ops.declared.day_off_words import all_weekdays
from trello_ops.declared.findings import Findings
from trello_ops.declared.names import names_in, was
from trello_ops.declared.people_shapes import AbsenceShape, PersonShape, RoundShape
from trello_ops.declared.people_words import unknown_person
from trello_ops.declared.said import saying
from trello_ops.declared.schema import TaskShape, WorkspaceShape
from trello_ops.declared.words import NOBODY
from trello_ops.located_yaml import Document, Path
from trello_ops.messages import say

_NO_STAND_IN = say("is `nobody`: delete this line where nobody stands in")
_OWN_STAND_IN = say("nobody can stand in for themselves: name somebody else, or delete this line")

# ---- People -----------------------------------------------------------------------------------------


def build_people(shape: WorkspaceShape, document: Document, findings: Findings) -> tuple[Person, ...]:
    """Everybody, in the order of the file. What is wrong with their absences is noted."""
    for key, person in shape.people.items():
        warn_of_spans(person.absences, ("people", key, "absences"), document, findings)
        for n, absence in enumerate(person.absences or ()):
            _check_stand_in(key, absence, ("people", key, "absences", n), document, findings)
    return tuple(_person(key, person) for key, person in shape.people.items())


def _person(key: str, shape: PersonShape) -> Person:
    return Person(
        key=key,
        username=shape.trello,
        name=shape.name,
        was=was(shape.was),
        email=shape.email or "",
        language=shape.language or "",
        working_days=all_weekdays(shape.working_days or ()),
        absences=tuple(
            Absence(each.first, each.last, each.stand_in or "", each.reason or "")
            for each in shape.absences or ()
        ),
    )


def _check_stand_in(
    key: str, absence: AbsenceShape, path: Path, document: Document, findings: Findings
) -> None:
    """Whoever stands in is somebody else who is declared, be it with mistakes."""
    known = names_in(document, "people") or ()
    if absence.stand_in is None or (absence.stand_in in known and absence.stand_in != key):
        return
    message = unknown_person(absence.stand_in, [other for other in known if other != key])
    if absence.stand_in in (key, NOBODY):
        message = _NO_STAND_IN if absence.stand_in == NOBODY else _OWN_STAND_IN
    findings.problem(document, (*path, "stand_in"), message)


# ---- Who does it ------------------------------------------------------------------------------------


def warn_of_nobody(file: BoardFile, key: str, shape: TaskShape) -> None:
    """Note that nothing is said of who does a task, be it that it is nobody."""
    if saying(file.shape, key, shape, "assign") is None:
        message = say("nobody is assigned: name somebody, or write `%(word)s`", word=f"assign: {NOBODY}")
        file.findings.warnings.append(file.document.problem_with_key(("tasks", key), message))


def staffed(file: BoardFile, shape: TaskShape, task: Task) -> Task | None:
    """The task with whom it is assigned to; `None` where that is not sound. What is wrong is noted."""
    found = saying(file.shape, task.key, shape, "assign")
    said, path = (found.shape.assign, found.path) if found else ((), ())
    if isinstance(said, RoundShape):
        order = _round(file, said, task, path)
        people = order.people if order else None
        task = replace(task, round=order)
    else:
        people = said or ()
        task = replace(task, assignees=people, unstaffed=found is None)
    # Somebody who is missing has their problem already, here or in workspace.yaml.
    if people is None or not all(map(file.workspace.person, people)):
        return None
    absent = saying(file.shape, task.key, shape, "when_absent")
    return replace(task, when_absent=WhenAbsent((absent and absent.shape.when_absent) or WhenAbsent.FLAG))


def _round(file: BoardFile, shape: RoundShape, task: Task, path: Path) -> Round | None:
    """The round; `None` where nothing says when it begins."""
    turns = shape.rotate
    since = turns.since or task.cadence.start
    if since:
        return Round(turns.people, since, turns.by or TurnBy.OCCURRENCE)
    message = say(
        "says nowhere when the first turn begins: write `%(line)s`, or give the task or its board a `start`",
        line="rotate: {people: […], since: 2026-11-02}",
    )
    file.problem((*path, "rotate"), message)
    return None


def warn_of_late_rounds(
    workspace: Workspace, board: Board, document: Document, today: dt.date, findings: Findings
) -> None:
    """Add a warning for each task that comes, from today on, before its round begins: it is nobody's then."""
    for task in board.tasks:
        if task.round is None or task.round.since <= today:
            continue
        first = next_occurrence(workspace, board, task, today)
        if first and first.day < task.round.since:
            message = say(
                "the first turn is on %(since)s, but the task comes on %(day)s already, and is nobody's until"
                " then: write an earlier day, or a later `start`",
                since=task.round.since,
                day=first.day,
            )
            own: Path = ("tasks", task.key, "assign")
            here: Path = own if document.has(own) else ("assign",)
            findings.warn(document, (*here, "rotate", "since"), message)
