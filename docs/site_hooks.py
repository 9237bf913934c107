"""What the site needs beyond MkDocs: pages from outside docs/, GitHub's anchors, each page's language."""

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils.templates import TemplateContext

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\]\(([^)\s#:]+)(#[^)\s]*|)\)")
PAGES = {"README.md": "start.md", "CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages from outside of docs/, and where the site has them."""
SOURCES = {place: source for source, place in PAGES.items()}


def target(source: str, link: str) -> str:
    """What a link of a page means, as a path within the project."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), link))


def linked_files() -> Iterator[str]:
    """The files outside of docs/ that pages link to."""
    for page in (*ROOT.glob("docs/**/*.md"), *map(ROOT.joinpath, PAGES)):
        source = page.relative_to(ROOT).as_posix()
        for link, _ in LINK.findall(page.read_text("utf-8")):
            if not (name := target(source, link)).startswith("docs/") and (ROOT / name).is_file():
                yield name


OUTSIDE = {name: f"files/{name.lstrip('.')}" for name in linked_files()} | PAGES


def slug(heading: str, separator: str) -> str:
    """A heading's anchor as GitHub makes it, so that a link works in both places."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", separator)


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    config.mdx_configs["toc"]["slugify"] = slug
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for source, place in OUTSIDE.items():
        files.append(File.generated(config, place, abs_src_path=str(ROOT / source)))
    return files


def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Links as the site needs them. MkDocs itself tells of those that lead nowhere."""
    place = page.file.src_uri
    source = SOURCES.get(place, f"docs/{place}")

    def moved(found: re.Match[str]) -> str:
        name = target(source, found[1])
        there = OUTSIDE.get(name, name.removeprefix("docs/"))
        return f"]({posixpath.relpath(there, posixpath.dirname(place))}{found[2]})"

    return indented(LINK.sub(moved, markdown))


def indented(markdown: str) -> str:
    """What belongs to a list item, four spaces further in: GitHub asks for as many as its mark is wide."""
    columns: list[int] = []  # where the text of each open item begins
    code = False
    lines = []
    for line in markdown.splitlines():
        text = line.lstrip()
        while text and not code and columns and len(line) - len(text) < columns[-1]:
            columns.pop()
        lines.append("    " * len(columns) + line[columns[-1] if columns else 0 :])
        code ^= text.startswith("```")
        if not code and (mark := re.match(r" *([-*]|\d+\.) +", line)):
            columns.append(len(mark[0]))
    return "\n".join(lines)


def on_page_context(
    context: TemplateContext, page: Page, config: MkDocsConfig, nav: Navigation
) -> TemplateContext:
    """The controls around a page speak its language."""
    config.theme["language"] = "fr" if page.file.src_uri.startswith("fr/") else "en"
    return context
