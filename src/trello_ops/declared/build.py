"""The workspace: from a sound shape to the core's value, and the checks that need more than one field."""

from collections.abc import Iterator

from trello_ops.core.declared import Theme, Withdrawn, Workspace
from trello_ops.declared.build_days_off import holidays_of, warn_of_no_holidays
from trello_ops.declared.build_people import build_people
from trello_ops.declared.build_report import report_of, twice_listed, warn_of_no_address
from trello_ops.declared.build_slots import slots_of
from trello_ops.declared.findings import Findings
from trello_ops.declared.holiday_dates import with_dates
from trello_ops.declared.names import repeated, was
from trello_ops.declared.schema import LabelShape, WorkspaceShape
from trello_ops.declared.words import NOBODY
from trello_ops.declared.zones import warn_of_zone
from trello_ops.located_yaml import Document, Path
from trello_ops.messages import say

_EXCUSED_KEY = "excused"
_EXCUSED = {"fr": "Excusé", "en": "Excused"}


def build_workspace(shape: WorkspaceShape, document: Document, findings: Findings) -> Workspace:
    """The workspace, without boards. Keys and names that clash are added to the findings as problems."""
    warn_of_zone(shape.timezone, ("timezone",), document, findings)
    excused = shape.excused_label or LabelShape(title=_EXCUSED[shape.locale], colour="black_light")
    for path, message in _clashes(shape, excused):
        findings.problems.append(document.problem(path, message))
    workspace = Workspace(
        key=shape.key,
        name=shape.name,
        trello_workspace=shape.trello_workspace,
        locale=shape.locale,
        timezone=shape.timezone,
        people=build_people(shape, document, findings),
        themes=tuple(
            Theme(key, theme.title, theme.colour, was(theme.was)) for key, theme in shape.themes.items()
        ),
        excused=Theme(_EXCUSED_KEY, excused.title, excused.colour),
        report=report_of(shape.report),
        boards=(),
        withdrawn=Withdrawn(shape.withdrawn or Withdrawn.KEEP),
        slots=slots_of(shape),
        holidays=holidays_of(shape, document, findings),
    )
    workspace = with_dates(workspace)
    warn_of_no_holidays(workspace, document, findings)
    warn_of_no_address(workspace, document, findings)
    return workspace


def _clashes(shape: WorkspaceShape, excused: LabelShape) -> Iterator[tuple[Path, str]]:
    """Keys that mean something else already, and names that would stand for two things."""
    if NOBODY in shape.people:
        yield ("people", NOBODY), say("`nobody` means that no one is assigned: give this person another key")
    usernames: dict[Path, str] = {
        ("people", k, "trello"): person.trello for k, person in shape.people.items()
    }
    for path, first in repeated(usernames):
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
    for path, first in repeated(titles):
        yield (
            path,
            say("is the title of the theme `%(theme)s` already: give each label its own", theme=first[1]),
        )
    for path in twice_listed(shape.report):
        yield path, say("is listed twice: delete one of the two")
