"""What `was:` names, checked across the files."""

from collections import Counter
from collections.abc import Mapping, Sequence

from trello_ops.core.declared import Workspace
from trello_ops.declared.findings import Findings
from trello_ops.located_yaml import Document, Path
from trello_ops.messages import say
from trello_ops.wording import shown

_Said = tuple[Document, Path, str, str]
"""The document, the path of `was`, what it says, and the key of what says it."""


def check_renames(
    workspace: Workspace, declared: Document, documents: Mapping[str, Document], findings: Findings
) -> None:
    """Note each `was` that names something still declared, or that two things claim."""
    people: list[_Said] = [
        (declared, ("people", p.key, "was"), p.was[0], p.key) for p in workspace.people if p.was
    ]
    themes: list[_Said] = [
        (declared, ("themes", t.key, "was"), t.was[0], t.key) for t in workspace.themes if t.was
    ]
    boards: list[_Said] = [(documents[b.key], ("was",), b.was[0], b.key) for b in workspace.boards if b.was]
    tasks: list[_Said] = [
        (documents[b.key], ("tasks", t.key, "was"), t.was[0], f"{b.key}/{t.key}")
        for b, t in workspace.tasks
        if t.was
    ]
    keys = {f"{board.key}/{task.key}" for board, task in workspace.tasks}
    _check(people, {person.key for person in workspace.people}, findings)
    _check(themes, {theme.key for theme in workspace.themes}, findings)
    _check(boards, {board.key for board in workspace.boards}, findings)
    _check(tasks, keys, findings)


def _check(said: Sequence[_Said], declared: set[str], findings: Findings) -> None:
    claims = Counter(was for _, _, was, _ in said)
    moving = {key for *_, key in said}  # what has a `was` itself may have changed places with this one
    for document, path, was, key in said:
        if was in declared and was not in moving:
            message = say(
                "`%(was)s` is declared as well: delete this line, or the other thing",
                was=shown(was),
            )
        elif claims[was] > 1:
            message = say("two things say that they were `%(was)s`: only one of them can be", was=shown(was))
        elif was == key:
            message = say("is its own key: delete this line")
        else:
            continue
        findings.problems.append(document.problem(path, message))
