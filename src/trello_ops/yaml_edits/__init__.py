"""Changes values in the text of a board file, and leaves every other byte as it is."""

from bisect import bisect_left
from collections.abc import Sequence

from trello_ops.errors import InvalidDeclaration
from trello_ops.located_yaml import Value, parse
from trello_ops.messages import say
from trello_ops.yaml_edits.edits import Add, Edit, Impossible, Remove, Set, applied
from trello_ops.yaml_edits.places import NotUnderstood
from trello_ops.yaml_edits.spliced import same, spliced

__all__ = ["Add", "Edit", "Remove", "Set", "applied", "edited"]

_BYTE_ORDER_MARK = "\ufeff"


def edited(text: str, edits: Sequence[Edit], file: str = "") -> str:
    """The text with the edits made one after the other.

    Comments, order, blank lines, quotes, brackets and line ends stay as they are: only the lines that an edit
    is about change. Read the file's bytes as UTF-8, so that a byte order mark and line ends are still there.

    Raises `InvalidDeclaration`, with places in `file`, where the text has problems of its own, where an edit
    does not fit what is there, and where it cannot be made alone.
    """
    bom = _BYTE_ORDER_MARK if text.startswith(_BYTE_ORDER_MARK) else ""
    before = parse(text.removeprefix(bom), file)
    if before.problems:
        raise InvalidDeclaration(before.problems)
    old, plain = before.value, text.removeprefix(bom)
    try:
        result = _said(plain, old, applied(old, edits))
    except Impossible as impossible:
        message = say(
            "is not as it was when this was begun: see what was changed in the file, and begin again"
        )
        raise InvalidDeclaration((before.problem(impossible.path, message),)) from impossible
    if result is None:
        message = say("cannot be changed without touching more of the file: change it by hand")
        raise InvalidDeclaration((before.problem(_culprit(plain, old, edits).path, message),))
    return bom + result


def _culprit(text: str, old: Value, edits: Sequence[Edit]) -> Edit:
    """The first edit with which it can no longer be done."""

    def fails(number: int) -> bool:
        return _said(text, old, applied(old, edits[:number])) is None

    return edits[bisect_left(range(1, len(edits)), True, key=fails)]


def _said(text: str, old: Value, new: Value) -> str | None:
    """The text so that it says the new value and nothing else; `None` if that cannot be done."""
    end = "" if text.endswith("\n") else "\r\n" if "\r\n" in text else "\n"
    for tight in (False, True):
        try:
            result = spliced(text + end, old, new, tight=tight)
        except NotUnderstood:
            return None
        result = result[: len(result) - len(end)]
        after = parse(result, "")
        if not after.problems and same(after.value, new):
            return result
    return None
