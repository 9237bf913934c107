"""A Report as plain text: for a mail's text part, and for the terminal."""

from collections.abc import Iterable

from trello_ops.core.reporting.report import Report
from trello_ops.render.report_page import page
from trello_ops.render.report_parts import Page, Row, Section, Table

_NAME_WIDTH = 30  # characters; a longer title has its figures on the next line


def text(report: Report, remarks: tuple[str, ...] = ()) -> str:
    """The report in its own language. Lines are some 75 characters long, titles and links stay whole.

    `remarks` are sentences about this very mail.
    """
    return "\n".join(lines(page(report, remarks=remarks))) + "\n"


def lines(page: Page) -> Iterable[str]:
    """A page line by line."""
    # The verdict first: mail programs show the beginning of a text beside its subject.
    yield from filter(None, (page.headline, page.lead))
    yield from ("", page.name, page.status)
    if page.provisional:
        yield from ("", page.provisional)
    if page.figures:
        yield from ("", " · ".join(f"{figure.label} {figure.value}" for figure in page.figures))
        width = max(len(fact.label) for fact in page.facts)
        yield from (f"{fact.label:<{width}}  {fact.value}" for fact in page.facts)
    for section in page.needs_you:
        yield from _section(section)
    if page.chart:
        yield from (*_heading(page.chart.title), page.chart.alt)
    for section in page.details:
        yield from _section(section)
    for table in page.tables:
        yield from _table(table)
    for section in (*page.settled, *page.robot, *page.next_week):
        yield from _section(section)
    # Mail programs take what follows `-- ` for a signature: they grey it, and leave it out of an answer.
    yield from ("", "-- ", *page.footer)


def _section(section: Section) -> Iterable[str]:
    yield from _heading(f"{section.title} ({section.count})" if section.count else section.title)
    if section.about:
        yield section.about
    for entry in section.entries:
        first, *others = filter(None, (entry.title, *entry.details, entry.url))
        yield f"- {first}"
        yield from (f"  {line}" for line in others)
    if section.rest:
        yield f"- {section.rest}"
        yield from (f"  {board.title} {board.url}".rstrip() for board in section.boards)


def _heading(title: str) -> Iterable[str]:
    yield from ("", "", title, "=" * len(title))


def _table(table: Table) -> Iterable[str]:
    yield from _heading(table.title)
    if table.about:
        yield table.about
    rows = [*table.rows, *filter(None, (table.rest, table.total))]
    width = min(max(len(row.title) for row in rows), _NAME_WIDTH)
    widths = [max(map(len, column)) for column in zip(table.headings, *(r.cells for r in rows), strict=True)]
    yield _aligned(Row("", table.headings), width, widths)
    yield from (_aligned(row, width, widths) for row in rows)


def _aligned(row: Row, width: int, widths: Iterable[int]) -> str:
    """One row. A title too long for its column stands on a line of its own."""
    figures = "".join(f"  {cell:>{each}}" for cell, each in zip(row.cells, widths, strict=True))
    first = row.title if len(row.title) <= width else f"{row.title}\n{'':{width}}"
    notes = "".join(f"  ({note})" for note in (row.note, row.mark) if note)
    return f"{first:<{width}}{figures}{notes}".rstrip()
