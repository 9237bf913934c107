"""What the built-in pages of mails have in common: how their templates are read, and styles inlined."""

from functools import cache
from typing import Final

import css_inline
import jinja2

# Mail programs drop style sheets, so rules go into the elements; only the dark colours stay in a sheet.
_INLINER: Final = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)


@cache
def template(name: str) -> jinja2.Template:
    """A file of `mail_templates/`, which escapes what it is given, and fails where that lacks something."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "mail_templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def inlined(document: str) -> str:
    """An HTML document with its styles in its elements. Raises `css_inline.InlineError`."""
    return _INLINER.inline(document)
