"""The figures of boards, themes and people, as tables."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from trello_ops.core.reporting.groups import summed
from trello_ops.core.reporting.report import Group, Report, Totals
from trello_ops.render.i18n import NO_RATE
from trello_ops.render.report_parts import Row, Table
from trello_ops.render.report_totals import beside
from trello_ops.render.report_words import ReportWords, name


def tables(report: Report, words: ReportWords, most: int) -> Iterator[Table]:
    """By board and theme, those with the most missed first; by person where people's figures are told.

    Each has at most so many rows for its groups. Those that would be empty are left out.
    """
    t = words.translator
    for key, title, groups in (
        ("boards", t.gettext("By board"), report.boards),
        ("themes", t.gettext("By theme"), report.themes),
    ):
        due = sorted(filter(_is_told, groups), key=lambda group: -group.totals.missed)
        if due:
            yield _table(Table(key, title, "", _headings(words)), due, report, words, most)
    if report.people_shown and (people := list(filter(_is_told, report.people))):
        yield _people(people, words, most)


def _table(table: Table, due: Sequence[Group], report: Report, words: ReportWords, most: int) -> Table:
    """Its columns add up to the week's own figures, which are its last row."""
    t = words.translator
    rows = tuple(_row(group, words) for group in due[:most])
    left, rest = due[most:], None
    if left:
        more = t.ngettext("and %(count)s more", "and %(count)s more", len(left))
        rest = _figures(more, summed(group.totals for group in left), words)
    total = _figures(t.gettext("Total"), report.totals, words) if len(due) > 1 else None
    return replace(table, rows=rows, rest=rest, total=total)


def _people(due: Sequence[Group], words: ReportWords, most: int) -> Table:
    """In the order of the files: it is no ranking, and as people share cards it has no total."""
    t = words.translator
    about = t.gettext("Each person’s own tasks; a shared card counts for each of those who share it.")
    rows = tuple(_row(group, words) for group in due[:most])
    left = len(due) - most
    more = t.ngettext("and %(count)s more", "and %(count)s more", left) if left > 0 else ""
    rest = Row(more, ("",) * 4) if more else None
    return Table("people", t.gettext("By person"), about, _headings(words), rows, rest)


def _headings(words: ReportWords) -> tuple[str, ...]:
    t = words.translator
    return t.gettext("Missed"), t.gettext("Late"), t.gettext("On time"), t.gettext("Rate")


def _row(group: Group, words: ReportWords) -> Row:
    # The group without a key holds the tasks that are assigned to no one.
    title = name(group.title) if group.key else words.translator.gettext("Nobody")
    mark = words.translator.gettext("More than chance explains") if group.marked else ""
    return replace(_figures(title, group.totals, words), mark=mark)


def _figures(title: str, totals: Totals, words: ReportWords) -> Row:
    t = words.translator
    counts = tuple(map(t.number, (totals.missed, totals.late, totals.on_time)))
    return Row(title, (*counts, rate_of(totals, words)), " · ".join(beside(totals, words)))


def rate_of(totals: Totals, words: ReportWords) -> str:
    """The rate, and of how many; a dash where nothing was judged."""
    t = words.translator
    values = {"rate": t.percent(totals.compliance_rate), "all": t.number(totals.judged)}
    return t.gettext("%(rate)s of %(all)s", **values) if totals.judged else NO_RATE


def _is_told(group: Group) -> bool:
    """Whether a group has a row. Turns that were skipped are nobody's, which is no news by itself."""
    return group.totals.scheduled > (0 if group.key else group.totals.excused)
