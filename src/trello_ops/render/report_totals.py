"""The figures of a week, each with its count, and how they stand to the target."""

from collections.abc import Iterator

from trello_ops.core.reporting.outcome import JUDGED, Outcome
from trello_ops.core.reporting.report import Report, Totals
from trello_ops.core.reporting.standing import Outlook
from trello_ops.render.i18n import NO_RATE
from trello_ops.render.report_parts import Fact, Figure
from trello_ops.render.report_words import ReportWords


def figures(report: Report, words: ReportWords) -> Iterator[Figure]:
    """The three that are judged; nothing if nothing was due."""
    t, totals = words.translator, report.totals
    if not totals.scheduled:
        return
    labels = (t.gettext("On time"), t.gettext("Late"), t.gettext("Missed"))
    counts = (totals.on_time, totals.late, totals.missed)
    for tone, label, count in zip(JUDGED, labels, counts, strict=True):
        yield Figure(tone, label, t.number(count), count / totals.scheduled)


def facts(report: Report, words: ReportWords) -> Iterator[Fact]:
    """What the figures add up to, and how that stands to the target."""
    t, totals = words.translator, report.totals
    if not totals.scheduled:
        return
    due = t.ngettext("%(count)s task due", "%(count)s tasks due", totals.scheduled)
    yield Fact(t.gettext("Planned"), " · ".join((due, *beside(totals, words))))
    yield Fact(t.gettext("Done on time"), _part(totals.on_time, totals.judged, words))
    yield Fact(t.gettext("Done at all"), _part(totals.completed, totals.judged, words))
    yield from _against_target(report, words)


def _part(count: int, judged: int, words: ReportWords) -> str:
    """A share, never without what it is a share of."""
    if not judged:
        return NO_RATE
    t = words.translator
    values = {"count": t.number(count), "all": t.number(judged), "rate": t.percent(count / judged)}
    return t.gettext("%(rate)s (%(count)s of %(all)s)", **values)


def _against_target(report: Report, words: ReportWords) -> Iterator[Fact]:
    t, standing = words.translator, report.standing
    if standing.target is None:
        return
    target = t.percent(standing.target / 100)
    outlook = {
        Outlook.HOLDS: t.gettext("%(target)s – holds as things are", target=target),
        Outlook.CHANCE: t.gettext("%(target)s – met or not by chance", target=target),
        Outlook.CANNOT_HOLD: t.gettext("%(target)s – cannot be met as things are", target=target),
    }
    told = outlook[standing.outlook] if standing.outlook else target
    bad = standing.outlook is Outlook.CANNOT_HOLD
    yield Fact(t.gettext("Target"), told, Outcome.MISSED if bad else None)
    if allowance := standing.allowance:
        told = t.ngettext(
            "%(used)s of %(count)s used over four weeks",
            "%(used)s of %(count)s used over four weeks",
            allowance.allowed,
            used=t.number(allowance.used),
        )
        over = allowance.used > allowance.allowed
        yield Fact(t.gettext("Allowance"), told, Outcome.MISSED if over else None)


def beside(totals: Totals, words: ReportWords) -> Iterator[str]:
    """The outcomes that the rate leaves out, where there are any."""
    t = words.translator
    if totals.open:
        yield t.ngettext("%(count)s open", "%(count)s open", totals.open)
    if totals.excused:
        yield t.ngettext("%(count)s excused", "%(count)s excused", totals.excused)
    if totals.not_issued:
        yield t.ngettext("%(count)s not issued", "%(count)s not issued", totals.not_issued)
