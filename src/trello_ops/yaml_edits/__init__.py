"""Changes values in the text of a board file, and leaves every other byte as it is."""

from collections.abc import Sequence

from trello_ops.yaml_edits.edits import Add, Edit, Remove, Set

__all__ = ["Add", "Edit", "Remove", "Set", "edited"]


def edited(text: str, edits: Sequence[Edit], file: str = "") -> str:
    """The text with the edits made one after the other.

    Comments, order, blank lines, quotes, brackets and line ends stay as they are: only the lines that an edit
    is about change. Read the file's bytes as UTF-8, so that a byte order mark and line ends are still there.

    Raises `InvalidDeclaration`, with places in `file`, where the text has problems of its own, where an edit
    does not fit what is there, and where it cannot be made alone.
    """
    raise NotImplementedError
