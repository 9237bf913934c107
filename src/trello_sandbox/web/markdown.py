"""People's text as HTML: Markdown without raw HTML or pictures, and with links to the web only."""

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:  # imported late, so that a sandbox that nobody looks at starts faster
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

_WEB = ("http://", "https://")


def is_web(url: str) -> bool:
    """Whether an address leads to the web, and not to a script or a file."""
    return url.lower().startswith(_WEB)


def html(text: str) -> Markup:
    """The text as HTML that is safe to put into a page."""
    return Markup(_markdown().render(text))  # noqa: S704 - the renderer escapes, and passes no HTML on


@cache
def _markdown() -> "MarkdownIt":
    from markdown_it import MarkdownIt

    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable(["table", "strikethrough"]).disable("image")
    markdown.validateLink = is_web  # type: ignore[method-assign]
    markdown.add_render_rule("link_open", _link_open)
    return markdown


def _link_open(
    self: "RendererProtocol",
    tokens: "Sequence[Token]",
    index: int,
    options: "OptionsDict",
    env: "EnvType",
) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer nofollow")
    return self.renderToken(tokens, index, options, env)  # type: ignore[attr-defined,no-any-return]
