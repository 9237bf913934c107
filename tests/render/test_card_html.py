"""A card's Markdown as HTML."""

import pytest
from hostile_titles import HOSTILE
from html_page import Page

from trello_ops.render.card_html import description, line


def test_markdown_is_shown_as_trello_shows_it() -> None:
    page = Page(
        description("# Pourquoi\n\n**gras** ~~non~~\nsuite\n\n- un\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    )
    assert page.texts("p", "heading") == ["Pourquoi"]
    assert (page.texts("strong"), page.texts("s"), page.texts("li")) == (["gras"], ["non"], ["un"])
    assert (len(page.all("br")), page.texts("td")) == (1, ["1", "2"])


def test_a_line_is_no_paragraph() -> None:
    assert line("*un* [lien](https://example.org)") == (
        '<em>un</em> <a href="https://example.org" rel="noopener noreferrer nofollow">lien</a>'
    )


@pytest.mark.parametrize("scheme", ["javascript:x", "data:text/html,x", "file:///etc", "//x", "JaVaScRiPt:x"])
def test_links_lead_to_the_web_alone(scheme: str) -> None:
    assert Page(description(f"[x]({scheme}) <{scheme}>")).all("a") == []


@pytest.mark.parametrize("text", [*HOSTILE, "![x](https://e.example/p.png)", "<img src=x onerror=y>"])
def test_no_markup_passes(text: str) -> None:
    said = description(text) + line(text)
    page = Page(said)
    assert {each.tag for each in page.elements} <= {"p", "code", "pre", "a", "br", "ul", "li"}
    assert all(set(each.attributes) <= {"href", "rel"} for each in page.elements)
