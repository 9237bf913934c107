"""The archive: every closed week, newest first, year by year."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import dropwhile, groupby
from typing import Final

from trello_ops.core.reporting.signal import replay
from trello_ops.core.reporting.standing import FALLS, RISES, Standing, TrendWeek, WeekCount
from trello_ops.render import chart
from trello_ops.render.i18n import NO_RATE
from trello_ops.render.report_headline import verdict_words
from trello_ops.render.site import document
from trello_ops.web.visit import Answer, Visit, of_boards

MAY = of_boards

_DRAWN: Final = 26
"""Weeks of the chart."""


@dataclass(frozen=True, slots=True)
class _Line:
    """A week: `rate` is its rate from 0 to 1, `sign` is `fall`, `rise` or empty."""

    key: str
    title: str
    figures: str
    rate: float
    verdict: str
    sign: str


@dataclass(frozen=True, slots=True)
class _Year:
    """The weeks of a year, and what they count together."""

    number: int
    figures: str
    weeks: tuple[_Line, ...]


def view(visit: Visit) -> Answer:
    """A line for each week that has closed, by the counts of all or of the visitor's board."""
    weeks = replay(_counts(visit))
    drawn = Standing(visit.context.workspace.report.target, trend=weeks[-_DRAWN:])
    locale = visit.context.workspace.locale
    return Answer.page(
        document(
            "reports.html.j2",
            visit.frame("/reports", visit.translator.gettext("Reports")),
            drawing=chart.drawing(drawn, locale) if len(weeks) > 1 else None,
            alt=chart.alternative(drawn, locale),
            years=tuple(_years(visit, weeks)),
        )
    )


def _counts(visit: Visit) -> Sequence[WeekCount]:
    """Those of all boards, or those of the visitor's board since something of it was first judged."""
    counts, key = visit.context.store.frozen_counts(), visit.choice.board
    if not key:
        return [each.whole for each in counts]
    theirs = (each.of_board(visit.context.workspace, key) for each in counts)
    return list(dropwhile(lambda each: not each.n, theirs))


def _years(visit: Visit, weeks: Sequence[TrendWeek]) -> Iterator[_Year]:
    for number, group in groupby(reversed(weeks), key=lambda each: each.count.week.year):
        theirs = tuple(group)
        judged, on_time = sum(each.count.n for each in theirs), sum(each.count.on_time for each in theirs)
        yield _Year(number, _figures(visit, on_time, judged), tuple(_line(visit, each) for each in theirs))


def _line(visit: Visit, each: TrendWeek) -> _Line:
    count, t = each.count, visit.translator
    return _Line(
        str(count.week),
        t.period(count.week.monday, count.week.sunday),
        _figures(visit, count.on_time, count.n),
        count.rate or 0.0,
        verdict_words(each.verdict, t),
        "fall" if each.verdict in FALLS else "rise" if each.verdict in RISES else "",
    )


def _figures(visit: Visit, on_time: int, judged: int) -> str:
    t = visit.translator
    if not judged:
        return NO_RATE
    counts = t.gettext("%(on_time)s of %(n)s", on_time=t.number(on_time), n=t.number(judged))
    return f"{t.percent(on_time / judged)} · {counts}"
