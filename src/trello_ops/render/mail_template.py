"""How styles get into the elements of a mail."""

from typing import Final

import css_inline

# Mail programs drop style sheets, so rules go into the elements; only the dark colours stay in a sheet.
_INLINER: Final = css_inline.CSSInliner(load_remote_stylesheets=False, minify_css=True)


def inlined(document: str) -> str:
    """An HTML document with its styles in its elements. Raises `css_inline.InlineError`."""
    return _INLINER.inline(document)
