"""A Report as plain text: for a mail's text part, and for the terminal."""

from collections.abc import Iterable

from trello_ops.core.reporting.report import Report
from trello_ops.render.report_page import Page, Section, Table, page

_NAME_WIDTH = 30  # characters; a longer title has its figures on the next line


def text(report: Report) -> str:
    """The report in its own language. Lines are some 75 characters long, titles and links stay whole."""
    return "\n".join(_lines(page(report))) + "\n"


def _lines(page: Page) -> Iterable[str]:
    yield from (page.name, page.headline, page.status)
    if page.provisional:
        yield from ("", page.provisional)
    if page.figures:
        figures = (f"{figure.label} {figure.value}" for figure in page.figures)
        yield from ("", " · ".join(figures), page.others)
    for table in page.tables:
        yield from _table(table)
    for section in page.sections:
        yield from _section(section)
    if page.system:
        yield from _heading(page.system_title)
        yield from (f"- {sentence}" for sentence in page.system)
    # Mail programs take what follows `-- ` for a signature: they grey it, and leave it out of an answer.
    yield from ("", "-- ", *page.footer)


def _section(section: Section) -> Iterable[str]:
    yield from _heading(f"{section.title} ({section.count})")
    if section.about:
        yield section.about
    for entry in section.entries:
        yield f"- {entry.title}"
        yield from (f"  {line}" for line in (*entry.details, entry.url) if line)
    if section.rest:
        yield f"- {section.rest}"
        yield from (f"  {board.title} {board.url}".rstrip() for board in section.boards)


def _heading(title: str) -> Iterable[str]:
    yield from ("", "", title, "=" * len(title))


def _table(table: Table) -> Iterable[str]:
    yield from _heading(table.title)
    width = min(max(len(row.title) for row in table.rows), _NAME_WIDTH)
    widths = [max(len(heading), 7) for heading in table.headings]
    yield _aligned("", width, table.headings, widths)
    for row in table.rows:
        yield _aligned(row.title, width, row.cells, widths) + (f"  ({row.note})" if row.note else "")
    if table.rest:
        yield table.rest


def _aligned(title: str, width: int, cells: Iterable[str], widths: Iterable[int]) -> str:
    """One row. A title too long for its column stands on a line of its own."""
    figures = "".join(f"  {cell:>{each}}" for cell, each in zip(cells, widths, strict=True))
    first = title if len(title) <= width else f"{title}\n{'':{width}}"
    return f"{first:<{width}}{figures}"
