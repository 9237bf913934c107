"""Characters that cannot be seen, or look like others, where a program takes them for something else."""

import re
from typing import Final

from trello_ops.messages import Message, say

_NAMES: Final = {
    "\u00a0": say("a no-break space"),
    "\u202f": say("a narrow no-break space"),
    "\u2007": say("a figure space"),
    "\u2009": say("a thin space"),
    "\u3000": say("a wide space"),
    "\u00ad": say("a soft hyphen"),
    "\u200b": say("a zero-width space"),
    "\u200c": say("a zero-width character"),
    "\u200d": say("a zero-width character"),
    "\u2060": say("a zero-width character"),
    "\u200e": say("a direction mark"),
    "\u200f": say("a direction mark"),
    "\ufeff": say("a byte order mark"),
}
HIDDEN: Final = "".join(_NAMES)
"""All of them, for use within the brackets of a regular expression."""

_HIDDEN = re.compile(f"[{HIDDEN}]")
_QUOTES = re.compile("[“”„‟«»‘’‚‛]")


def named(text: str) -> Message | None:
    """The name and number of the first character in a text that cannot be seen; `None` if there is none."""
    found = _HIDDEN.search(text)
    return say("%(name)s (U+%(code)s)", name=_NAMES[found[0]], code=f"{ord(found[0]):04X}") if found else None


def without(text: str) -> str:
    """The text without the characters that cannot be seen."""
    return _HIDDEN.sub("", text)


def complaint(text: str) -> Message | None:
    """What is to be said of a wrong value that holds such characters; `None` if it holds none."""
    if hidden := named(text):
        return say("holds %(hidden)s, which cannot be seen: delete it, or type it anew", hidden=hidden)
    if quotes := _QUOTES.findall(text):
        return say(
            "holds typographic quotation marks (%(quotes)s): type straight ones, or none",
            quotes=" ".join(dict.fromkeys(quotes)),
        )
    return None
