"""The pages that the daemon serves: what stands around each, and their templates."""

from dataclasses import dataclass
from functools import cache
from importlib import resources

import jinja2

from trello_ops import __version__
from trello_ops.render.i18n import Translator

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


def document(template: str, frame: Frame, **values: object) -> str:
    """A page by a template of `page_templates/site`, which sees `frame`, `gettext` and `values`."""
    gettext = frame.translator.gettext
    return _environment().get_template(template).render(frame=frame, gettext=gettext, **values)


def part(template: str, translator: Translator, **values: object) -> str:
    """A part of a page, likewise, without what stands around it."""
    return _environment().get_template(template).render(gettext=translator.gettext, **values)


@cache
def file(name: str) -> bytes:
    """A file that pages load. Raises `KeyError` for any other."""
    if name not in FILES:
        raise KeyError(name)
    return (resources.files(__package__) / "page_templates" / "site" / name).read_bytes()


@cache
def _environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "page_templates/site"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
