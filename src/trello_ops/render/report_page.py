"""A Report put into words: what its HTML and its text show, in their common order."""

from collections.abc import Iterable, Iterator

from trello_ops.core.reporting.report import Report
from trello_ops.render.chart import alternative
from trello_ops.render.report_headline import headline, lead, subject
from trello_ops.render.report_lists import ROOMS, Lists, Room
from trello_ops.render.report_notices import doubtful, needs_you, next_week
from trello_ops.render.report_outcomes import details_after_chart, settled
from trello_ops.render.report_parts import Chart, Page, Section
from trello_ops.render.report_system import robot
from trello_ops.render.report_tables import tables
from trello_ops.render.report_totals import facts, figures
from trello_ops.render.report_words import ReportWords, name

_SHORTEST_TREND = 2
"""Weeks of a chart that shows anything."""


def page(report: Report, chart_src: str = "", remarks: tuple[str, ...] = (), room: Room = ROOMS[0]) -> Page:
    """The report in words. Raises `ValueError` if its locale is not translated.

    `chart_src` is where the picture of its trend lies, empty where there is none; `remarks` are sentences
    about this very mail, and `room` is what it may hold.
    """
    words = ReportWords(report)
    lists = Lists(report, words, room)
    status, provisional = _status(report, words)
    return Page(
        language=words.translator.language,
        name=name(report.name),
        subject=subject(report, words),
        headline=headline(report, words),
        lead=lead(report, words),
        status=status,
        provisional=provisional,
        figures=tuple(figures(report, words)),
        facts=tuple(facts(report, words)),
        # The order is that of the page: lists share the room that there is.
        needs_you=_present(needs_you(report, lists, words)),
        chart=_chart(report, chart_src, words),
        details=_present((*details_after_chart(report, lists, words), doubtful(report, lists, words))),
        tables=tuple(tables(report, words, room.rows)),
        settled=_present(settled(report, lists, words)),
        robot=_present(robot(report, lists, words, remarks)),
        next_week=_present((next_week(report, lists, words),)),
        footer=tuple(_footer(report, words)),
    )


def _chart(report: Report, src: str, words: ReportWords) -> Chart | None:
    """The weeks before this one; nothing in reports of older versions, or of the first week."""
    if len(report.standing.trend) < _SHORTEST_TREND:
        return None
    title = words.translator.gettext("The last weeks")
    return Chart(title, src, alternative(report.standing, report.locale))


def _present(sections: Iterable[Section]) -> tuple[Section, ...]:
    """Those that have something to show."""
    return tuple(section for section in sections if section.entries)


def _status(report: Report, words: ReportWords) -> tuple[str, str]:
    """The week's days, and the remark that its figures may still change, if they may."""
    t = words.translator
    days, closes = t.period(report.begins, report.ends), words.moment(report.closes_at)
    if report.frozen_at:
        return t.gettext("%(days)s · closed %(moment)s", days=days, moment=closes), ""
    return days, t.gettext(
        "Provisional: the week closes %(moment)s. These figures may change until its report is frozen.",
        moment=closes,
    )


def _footer(report: Report, words: ReportWords) -> Iterator[str]:
    """What a reader needs to know to read the figures above, and no more."""
    t = words.translator
    if report.totals.scheduled:
        yield t.gettext(
            "The rate is on time ÷ (on time + late + missed). Excused tasks, open tasks and what the robot"
            " did not issue do not count."
        )
    if any(line.approximate for line in (*report.occurrences, *report.caught_up)):
        yield t.gettext("≈ marks the earliest possible time, where the exact one was not seen.")
    yield t.gettext("Time zone: %(zone)s.", zone=report.timezone)
    yield t.gettext("Written by trello-ops from the Trello boards.")
