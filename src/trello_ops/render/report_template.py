"""A workspace's own template of the report: `templates/report/report.html.j2`.

It may be a whole page, or extend `trello-ops/report.html.j2` and replace blocks of it. It sees one value,
`page`, and is confined as card templates are; what people wrote is escaped wherever it stands.
"""

import re
import traceback
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Final

from jinja2 import FunctionLoader, StrictUndefined, TemplateSyntaxError

from trello_ops.errors import TrelloOpsError
from trello_ops.folder_files import LARGEST_TEMPLATE, Folder
from trello_ops.messages import Message, say
from trello_ops.plain_text import Unreadable
from trello_ops.render.card_lint import syntax_message
from trello_ops.render.card_sandbox import CardSandbox
from trello_ops.render.i18n import Translator
from trello_ops.render.report_parts import Page
from trello_ops.render.template_file import TemplateFolder

REPORTS: Final = "report"
"""The folder of report templates below `templates/`."""

TEMPLATE: Final = "report.html.j2"
_BUILT_IN: Final = f"trello-ops/{TEMPLATE}"
"""The name by which the page that comes with trello-ops is extended."""

LONGEST: Final = 1_000_000
"""Characters of a page with its style sheet, before it is inlined."""

_UNSEEN: Final = re.compile(r"(?is)<!--.*?-->|<(style|script|title)\b.*?</\1\s*>|<[^>]*>")
_OURS: Final = ("report.html.j2", "report.css", "dark.css")


class BrokenTemplate(TrelloOpsError):
    """A report's own template cannot be used; the message says why."""


def own_template(templates: Path | Folder) -> str | None:
    """The workspace's own template, or `None` where it has none. Raises `BrokenTemplate`."""
    folder = Folder.of(templates) / REPORTS
    path = folder.path / TEMPLATE
    if not path.exists() and not path.is_symlink():
        return None
    try:
        return folder.text(path, LARGEST_TEMPLATE)
    except Unreadable as error:
        raise BrokenTemplate(error.message) from None


def rendered(page: Page, own: str | None = None) -> str:
    """The page as HTML by a template's source, else by the built-in one. Raises `BrokenTemplate`."""
    sources = {f"trello-ops/{name}": _built_in(name) for name in _OURS}
    if own is None:
        return _Sandbox(sources, page.language).page(_BUILT_IN, page)
    try:
        made = _Sandbox({**sources, TEMPLATE: own}, page.language).page(TEMPLATE, page)
        made.encode()  # half a character, which no mail can carry, fails here
    except BrokenTemplate:
        raise
    except Exception as error:  # whatever a template does, the report goes out
        raise BrokenTemplate(_why(error)) from error
    if not _shows_something(made):
        raise BrokenTemplate(say("the page is empty"))
    return made


class _Sandbox(CardSandbox):
    """The confines of a card's template around a page that escapes what people wrote."""

    def __init__(self, sources: Mapping[str, str], locale: str) -> None:
        super().__init__(TemplateFolder(Path(), kept={}), Translator(locale), lambda *_: None)
        self.loader = FunctionLoader(
            lambda name: (sources[name], name, lambda: True) if name in sources else None
        )
        self.autoescape = True
        # A misspelt name fails, and leaves no hole in somebody's mail.
        self.undefined = StrictUndefined

    def page(self, name: str, page: Page) -> str:
        """The text of a template."""
        self._steps = 0
        pieces: list[str] = []
        length = 0
        for piece in self.get_template(name).generate(page=page):
            pieces.append(piece)
            length += len(piece)
            if length > LONGEST:
                raise BrokenTemplate(say("the page becomes too long"))
        return "".join(pieces).strip() + "\n"


def _built_in(name: str) -> str:
    return (resources.files(__package__) / "mail_templates" / name).read_text("utf-8")


def _shows_something(html: str) -> bool:
    """Whether there is any text, apart from tags and style sheets."""
    return bool(_UNSEEN.sub("", html).strip())


def _why(error: Exception) -> Message:
    """What is wrong with a template, and in which line where that is known."""
    if isinstance(error, TemplateSyntaxError):
        line, told = error.lineno, str(syntax_message(error))
    else:
        frames = traceback.extract_tb(error.__traceback__)
        line = next((frame.lineno or 0 for frame in reversed(frames) if frame.filename == TEMPLATE), 0)
        told = str(error) or type(error).__name__
    return say("line %(line)s: %(problem)s", line=line, problem=told)
