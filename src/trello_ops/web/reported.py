"""Reports as visitors may see them, and the page that shows one."""

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.report import Report
from trello_ops.operations.board_account import alone
from trello_ops.render import chart, report_page
from trello_ops.render.site import Nav, document
from trello_ops.web.visit import Answer, NotHere, Visit


def frozen(visit: Visit) -> Report:
    """The report of the week in the path, as it was frozen. Raises `NotHere` where none is."""
    report = visit.context.store.frozen(_week(visit.path["week"]))
    if report is None:
        raise NotHere
    return seen(visit, report)


def seen(visit: Visit, report: Report) -> Report:
    """What the visitor may see of a report."""
    return alone(visit.context, report, visit.choice.board) if visit.choice.board else report


def shown(visit: Visit, here: str, report: Report, made: str = "", others: tuple[Nav, ...] = ()) -> Answer:
    """The page of a report, in its own language; `made` says when, `others` are links beside it."""
    page = report_page.page(report)
    board = visit.context.workspace.board(visit.choice.board) if visit.choice.board else None
    return Answer.page(
        document(
            "report.html.j2",
            visit.frame(here, page.subject),
            page=page,
            drawing=chart.drawing(report.standing, report.locale) if page.chart else None,
            board=board.title if board else "",
            made=made,
            others=others,
        )
    )


def _week(text: str) -> IsoWeek:
    try:
        week = IsoWeek.parse(text)
    except ValueError:
        raise NotHere from None
    if str(week) != text:  # one address for each week
        raise NotHere
    return week
