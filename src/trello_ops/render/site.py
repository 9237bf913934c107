"""The pages that the daemon serves: what stands around each, and their templates."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

from trello_ops import __version__
from trello_ops.render.html_templates import template
from trello_ops.render.i18n import Translator

_FOLDER = "page_templates/site"
_CSS, _SCRIPT = "text/css; charset=utf-8", "text/javascript; charset=utf-8"

FILES = {
    "site.css": _CSS,
    "agenda.css": _CSS,
    "preview.css": _CSS,
    "report.css": _CSS,
    "preview.js": _SCRIPT,
    "icon.svg": "image/svg+xml",
}
"""What pages load, by name, with its media type."""


@dataclass(frozen=True, slots=True)
class Nav:
    """A link to another page; `here` where it is the one that is shown."""

    url: str
    title: str
    here: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around a page. `base` is what stands before our paths in addresses."""

    translator: Translator
    name: str
    title: str
    base: str = ""
    links: tuple[Nav, ...] = ()

    @property
    def version(self) -> str:
        """Of the program: files that pages load change with it."""
        return __version__


def document(name: str, frame: Frame, **values: object) -> str:
    """A page by a template of this name, which sees `frame`, `gettext` and `values`."""
    gettext = frame.translator.gettext
    return template(_FOLDER, name).render(frame=frame, gettext=gettext, **values)


def part(name: str, translator: Translator, **values: object) -> str:
    """A part of a page, likewise, without what stands around it."""
    return template(_FOLDER, name).render(gettext=translator.gettext, **values)


@cache
def file(name: str) -> bytes:
    """A file that pages load. Raises `KeyError` for any other."""
    if name not in FILES:
        raise KeyError(name)
    return (resources.files(__package__) / _FOLDER / name).read_bytes()
