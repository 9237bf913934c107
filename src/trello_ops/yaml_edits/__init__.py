"""Changes values in the text of a YAML file, and leaves every other byte as it is."""

import re
from collections.abc import Sequence
from difflib import unified_diff
from itertools import pairwise

import yaml

from trello_ops.errors import InvalidDeclaration
from trello_ops.located_yaml import Document, parse
from trello_ops.messages import say
from trello_ops.yaml_edits.change import Changes
from trello_ops.yaml_edits.edits import Add, Edit, Impossible, Move, Remove, Set, Step, applied
from trello_ops.yaml_edits.tree import Block, Entry, taken_apart
from trello_ops.yaml_edits.written import Layout

__all__ = ["Add", "Edit", "Move", "Remove", "Set", "Step", "applied", "difference", "edited"]

_BYTE_ORDER_MARK = "\ufeff"


def edited(text: str, edits: Sequence[Edit], file: str = "") -> str:
    """The text with the edits made one after the other; their paths say where things stand by then.

    Comments, order, blank lines, quotes, brackets and line ends stay as they are; what is not edited is
    the same byte for byte. (So the file must be read with `newline=""`.) The result was read again, and
    says what the text said, with the edits, and nothing else.

    Raises `InvalidDeclaration`, and then nothing is lost, where the text has problems of its own, where an
    edit does not fit what stands there, and where it cannot be made without touching more.
    """
    if not edits:
        return text
    before = parse(text, file)
    if before.problems:
        raise InvalidDeclaration(before.problems)
    try:
        expected = applied(before.value, edits)
    except Impossible as impossible:
        message = say("does not stand here as expected: see whether the file was changed meanwhile, and begin again")
        raise InvalidDeclaration((before.problem(impossible.path, message),)) from impossible
    result = _made(text, edits)
    after = parse(result or "", file)
    # Not by ==: to that, True is 1, and the order of names counts for nothing.
    if result is None or after.problems or repr(after.value) != repr(expected):
        message = say("the file is not laid out so that this can be changed alone: change it by hand")
        raise InvalidDeclaration((before.problem(_first_path(edits), message),))
    return result
