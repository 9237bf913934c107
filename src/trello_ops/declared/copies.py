"""Board files that are copies: of each other, or of workspace.yaml."""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from trello_ops.declared.findings import Findings
from trello_ops.declared.schema import BoardShape, WorkspaceShape
from trello_ops.errors import Problem
from trello_ops.located_yaml import Document
from trello_ops.messages import Message, say

WORKSPACE: Final = "workspace"
"""The key of the one file that is no board."""

_OF_WORKSPACE = frozenset(WorkspaceShape.model_fields) - frozenset(BoardShape.model_fields)
_OF_BOARD = frozenset({"cadence", "tasks"})


def without_copies(documents: Mapping[str, Document], findings: Findings) -> dict[str, Document]:
    """The files that are no copies, by key, in the same order; of those that are, the findings tell."""
    kept: dict[str, Document] = {}
    # The shorter name is the first: `centre-copie` is a copy of `centre`.
    for key in sorted(documents, key=lambda key: (key != WORKSPACE, len(key), key)):
        if complaint := about_copy(documents[key], kept):
            findings.problems.append(Problem(documents[key].file, 1, 1, "", complaint))
        else:
            kept[key] = documents[key]
    return {key: document for key, document in documents.items() if key in kept}


def about_copy(document: Document, others: Mapping[str, Document]) -> Message | None:
    """What is to be said of a file that copies one of the others; `None` if it copies none."""
    entries = document.entries
    workspace = others.get(WORKSPACE)
    # One that was edited since is told by what it holds: as a board it would be a flood of problems.
    # More than one name, since a board file may hold a single one of them by mistake.
    if workspace and len(_OF_WORKSPACE & entries.keys()) > 1 and _OF_BOARD.isdisjoint(entries):
        return say(
            "is a copy of %(other)s, not a board: move it out of this folder", other=Path(workspace.file).name
        )
    twin = next((other for other in others.values() if entries and other.entries == entries), None)
    if twin:
        return say(
            "is a copy of %(other)s: change at least its title, or move it out of this folder",
            other=Path(twin.file).name,
        )
    return None


class BoardTitles:
    """The titles of boards so far: people, and a plan, tell boards apart by them."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}

    def check(self, document: Document, findings: Findings) -> None:
        """Add a problem where an earlier board has the same title."""
        title = document.entries.get("title")
        if not isinstance(title, str) or not title.strip():
            return
        # As people read titles: case, spaces and the encoding of accents tell no two apart.
        folded = " ".join(unicodedata.normalize("NFC", title).casefold().split())
        first = self._files.setdefault(folded, Path(document.file).name)
        if first != Path(document.file).name:
            message = say("is the title of the board of %(other)s already: give each its own", other=first)
            findings.problems.append(document.problem(("title",), message))
