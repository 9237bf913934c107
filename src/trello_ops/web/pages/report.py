"""A closed week, as its report was frozen."""

from collections.abc import Iterator

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.render.site import Nav
from trello_ops.web.reported import frozen, shown
from trello_ops.web.visit import Answer, Visit, of_boards

MAY = of_boards


def view(visit: Visit) -> Answer:
    """The report of the week in the path, with its workbook and the weeks before and after it."""
    report = frozen(visit)
    return shown(visit, "/reports", report, others=tuple(_others(visit, report.week)))


def _others(visit: Visit, week: IsoWeek) -> Iterator[Nav]:
    t, weeks = visit.translator, visit.context.store.frozen_weeks()
    address = f"{visit.base}/reports/"
    before = [each for each in weeks if each < week]
    after = [each for each in weeks if each > week]
    if before:
        yield Nav(f"{address}{before[-1]}", t.gettext("← Earlier"), here=False)
    if after:
        yield Nav(f"{address}{after[0]}", t.gettext("Later →"), here=False)
    yield Nav(f"{address}{week}.xlsx", t.gettext("Workbook"), here=False)
