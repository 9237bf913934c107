"""The archive: every frozen report, newest first."""

from trello_ops.operations.past_reports import PastReport, past_reports
from trello_ops.render.site import document
from trello_ops.web.visit import Answer, Visit, of_boards

MAY = of_boards


def view(visit: Visit) -> Answer:
    """A line for each week that has closed."""
    weeks = [_line(visit, each) for each in past_reports(visit.context)]
    frame = visit.frame("/reports", visit.translator.gettext("Reports"))
    return Answer.page(document("reports.html.j2", frame, weeks=weeks))


def _line(visit: Visit, past: PastReport) -> dict[str, str]:
    t, count = visit.translator, past.count
    return {
        "key": str(past.week),
        "title": t.period(past.week.monday, past.week.sunday),
        "figures": t.gettext("%(on_time)s of %(n)s", on_time=count.on_time, n=count.n)
        + f" · {t.percent(count.rate)}",
    }
