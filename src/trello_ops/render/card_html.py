"""A card's Markdown as Trello shows it, without raw HTML or pictures, and with links to the web only."""

from collections.abc import Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup


def description(text: str) -> Markup:
    """A card's description as HTML that is safe to put into a page."""
    return Markup(_markdown().render(text))  # noqa: S704 (the renderer escapes, and passes no HTML on)


def line(text: str) -> Markup:
    """A check item as HTML, likewise, without paragraphs."""
    return Markup(_markdown().renderInline(text))  # noqa: S704 (likewise)


@cache
def _markdown() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "breaks": True})
    markdown.enable(["table", "strikethrough"]).disable("image")
    markdown.validateLink = _is_web  # type: ignore[method-assign]
    markdown.add_render_rule("link_open", _link_open)
    markdown.add_render_rule("heading_open", _heading)
    markdown.add_render_rule("heading_close", _heading)
    return markdown


def _is_web(url: str) -> bool:
    return url.lower().startswith(("http://", "https://"))


def _link_open(
    self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    tokens[index].attrSet("rel", "noopener noreferrer nofollow")
    return self.renderToken(tokens, index, options, env)  # type: ignore[attr-defined,no-any-return]


def _heading(
    self: RendererProtocol, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
) -> str:
    # Not a heading of the page, whose outline would else depend on what people write.
    tokens[index].tag = "p"
    if tokens[index].nesting > 0:
        tokens[index].attrSet("class", "heading")
    return self.renderToken(tokens, index, options, env)  # type: ignore[attr-defined,no-any-return]
