"""Somebody at a page, and what they are answered."""

import datetime as dt
import gzip
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from trello_ops.app import App
from trello_ops.core.calendar.agenda import EVERYTHING, Choice
from trello_ops.core.calendar.bounds import FIRST_DATE, LAST_DATE
from trello_ops.messages import N_
from trello_ops.operations.context import Context
from trello_ops.render.i18n import Translator
from trello_ops.render.site import Frame, Nav
from trello_ops.telemetry import Redact
from trello_ops.web.kept import Kept

HTML: Final = "text/html; charset=utf-8"


@dataclass(frozen=True)
class Visit:
    """What somebody may see (`choice`, by the keys of now) and asks for.

    `base` is what stands before our paths in addresses, empty or the path of PUBLIC_URL. `path` are the
    parameters in the path, `asked` those behind the question mark: both are hostile. `redact` masks secrets.
    `kept` is for what answers have in common.
    """

    app: App
    context: Context
    choice: Choice
    base: str
    redact: Redact
    kept: Kept[Any]
    path: Mapping[str, str] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def translator(self) -> Translator:
        """Speaks the workspace's language."""
        return Translator(self.context.workspace.locale)

    def day(self, name: str) -> dt.date | None:
        """The day asked for under a name; `None` where none is. Raises `NotHere` for what is no day."""
        asked = self.asked.get(name, "")
        if not asked:
            return None
        try:
            day = dt.date.fromisoformat(asked)
        except ValueError:
            raise NotHere from None
        if asked != day.isoformat() or not FIRST_DATE <= day <= LAST_DATE:
            raise NotHere
        return day

    def frame(self, here: str, title: str) -> Frame:
        """What stands around each page; `here` is the path of its entry in the navigation."""
        workspace, t = self.context.workspace, self.translator
        links = tuple(
            Nav(self.base + path, t.gettext(words), path == here)
            for path, words, may in NAVIGATION
            if may(self.choice)
        )
        return Frame(t, workspace.name, title, self.base, links if len(links) > 1 else ())


@dataclass(frozen=True)
class Answer:
    """A page or a file; with a `file_name` it is to be kept. It is compressed once for all who ask."""

    content: bytes
    media_type: str = HTML
    file_name: str = ""

    @classmethod
    def page(cls, document: str) -> "Answer":
        """An HTML document."""
        return cls(document.encode("utf-8", "replace"))

    def ready(self) -> "Answer":
        """Itself, with the work done that whoever sends it would else do on the event loop."""
        self.etag, self.gzipped  # noqa: B018 - kept from now on
        return self

    @cached_property
    def etag(self) -> str:
        """Two answers with the same one are the same."""
        return f'"{hashlib.sha256(self.content).hexdigest()[:32]}"'

    @cached_property
    def gzipped(self) -> bytes:
        """The content, compressed."""
        return gzip.compress(self.content, 6, mtime=0)


class NotHere(Exception):
    """There is no such page, or not for this visitor, who is not told which."""


View = Callable[[Visit], Answer]
May = Callable[[Choice], bool]


def everybody(_choice: Choice) -> bool:
    """Whoever has a link."""
    return True


def of_boards(choice: Choice) -> bool:
    """Who may see a board, or all of them."""
    return not choice.person


def of_all(choice: Choice) -> bool:
    """Who may see everything."""
    return choice == EVERYTHING


NAVIGATION: Final[tuple[tuple[str, str, May], ...]] = (
    ("/", N_("This week"), of_boards),
    ("/calendar", N_("Calendar"), everybody),
    ("/reports", N_("Reports"), of_boards),
    ("/preview", N_("Preview"), of_all),
    ("/robot", N_("Robot"), of_all),
)
"""The paths of pages that are always there, what they are called, and who may see them."""
