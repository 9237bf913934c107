"""An agency's report in words: the page of a weekly report, with shops where that one has boards."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from trello_ops.core.reporting.agency import AgencyReport, Lack, ShopWeek
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Report
from trello_ops.core.reporting.standing import Verdict
from trello_ops.escape import one_line
from trello_ops.render.i18n import Translator
from trello_ops.render.report_headline import news, outcome
from trello_ops.render.report_parts import Entry, Page, Row, Section, Table
from trello_ops.render.report_system import outages, troubles
from trello_ops.render.report_tables import rate_of
from trello_ops.render.report_totals import beside, facts, figures
from trello_ops.render.report_words import ReportWords, name

ROOMS: Final = (60, 25, 8)
"""Rows of its table and of each of its lists: what there usually is, and what is left for long names."""

_NAMED: Final = 5
_NOTHING: Final = "–"
"""What stands for a zero, where only the others need somebody."""
_LONGEST_SUBJECT: Final = 78


def page(report: AgencyReport, rows: int = ROOMS[0]) -> Page:
    """The page, with at most so many rows of each kind. Raises `ValueError` if its locale is not known."""
    titles = Counter(name(shop.report.name) for shop in report.reported if shop.report)
    return _Page(report, rows, titles).page()


def lack(shop: ShopWeek, t: Translator) -> str:
    """Why a shop has no frozen report of the week; empty where it is not tended."""
    return {
        Lack.UNREADABLE: t.gettext("its figures cannot be told; `trello-ops fleet status` says more"),
        Lack.NEVER_IN_FORCE: t.gettext("nothing was ever applied there"),
        Lack.NOTHING_DUE: t.gettext("nothing had fallen due there yet"),
        Lack.RUNNING: t.gettext("the week has not closed there yet"),
        Lack.WAITING: t.gettext("the week has closed, but its boards were not read since"),
    }.get(shop.lack or Lack.UNREADABLE, "")


@dataclass(frozen=True, slots=True)
class _Page:
    report: AgencyReport
    rows: int
    titles: Counter[str]
    """How many shops are called so; counted once, as there may be thousands."""

    @property
    def t(self) -> Translator:
        """The translator of its language."""
        return Translator(self.report.locale)

    def page(self) -> Page:
        """See `page`."""
        t, report, words = self.t, self.report, ReportWords(self._whole())
        days = t.period(report.week.monday, report.week.sunday)
        return Page(
            language=t.language,
            name=name(report.name) or t.gettext("All shops"),
            subject=self._headline(words, brief=True)[:_LONGEST_SUBJECT],
            headline=self._headline(words),
            lead=" ".join(self._lead()),
            status=t.gettext("%(days)s · as of %(moment)s", days=days, moment=t.stamp(report.at, dt.UTC)),
            provisional=self._provisional(),
            figures=tuple(figures(self._whole(), words)),
            facts=tuple(facts(self._whole(), words)),
            needs_you=(),
            chart=None,
            details=(),
            tables=self._tables(words),
            settled=tuple(section for section in (self._without(), self._untended()) if section.entries),
            robot=tuple(section for section in (self._robot(),) if section.entries),
            next_week=(),
            footer=tuple(self._footer()),
        )

    def _whole(self) -> Report:
        """All shops as if they were one, of whom there is no verdict."""
        report = self.report
        return Report(
            workspace="",
            name=report.name,
            locale=report.locale,
            week=report.week,
            begins=report.week.monday,
            ends=report.week.sunday,
            closes_at=report.at,
            frozen_at=report.frozen_at,
            timezone="UTC",
            totals=report.totals,
            boards=(),
            themes=(),
            people=(),
            occurrences=(),
        )

    def _headline(self, words: ReportWords, *, brief: bool = False) -> str:
        t, marked = self.t, sum(shop.marked for shop in self.report.shops)
        told = (
            t.ngettext("%(count)s shop stands out", "%(count)s shops stand out", marked)
            if marked
            else t.gettext("no shop stands out")
        )
        what = outcome(self._whole(), words, brief=brief)
        values = {
            "number": self.report.week.number,
            "verdict": t.gettext("%(outcome)s – %(news)s", outcome=what, news=told),
        }
        if self.report.frozen_at:
            return t.gettext("Week %(number)s: %(verdict)s", **values)
        return t.gettext("Week %(number)s (provisional): %(verdict)s", **values)

    def _lead(self) -> Iterator[str]:
        t, shops = self.t, self.report.reported
        if fell := [shop for shop in shops if shop.marked]:
            yield t.gettext("Lower than chance explains: %(shops)s.", shops=self._names(fell))
        if rose := [shop for shop in shops if shop.rose]:
            yield t.gettext("Higher than chance explains: %(shops)s.", shops=self._names(rose))
        if shops and all(shop.verdict is Verdict.NONE for shop in shops):
            yield t.gettext("A change can be told from chance once four weeks have been reported.")
        if missing := len(self.report.shops) - len(shops):
            yield t.ngettext(
                "Of %(count)s shop there are no figures.", "Of %(count)s shops there are no figures.", missing
            )

    def _names(self, shops: list[ShopWeek]) -> str:
        told, left = [self._title(shop) for shop in shops[:_NAMED]], len(shops) - _NAMED
        return ", ".join((*told, *([self._more(left)] if left > 0 else ())))

    def _title(self, shop: ShopWeek) -> str:
        """What a shop is called; with its folder's name where others are called so too."""
        title = name(shop.report.name) if shop.report else ""
        if self.titles[title] > 1:
            return f"{title} ({one_line(shop.name)})"
        return title or one_line(shop.name)

    def _more(self, left: int) -> str:
        return self.t.ngettext("and %(count)s more", "and %(count)s more", left) if left > 0 else ""

    def _provisional(self) -> str:
        if not (count := sum(shop.provisional for shop in self.report.shops)):
            return ""
        return self.t.ngettext(
            "Provisional: the figures of %(count)s shop may change until its report is frozen.",
            "Provisional: the figures of %(count)s shops may change until their reports are frozen.",
            count,
        )

    def _tables(self, words: ReportWords) -> tuple[Table, ...]:
        t, shops = self.t, self.report.reported
        if not shops:
            return ()
        headings = (t.gettext("Missed"), t.gettext("Needs you"), t.gettext("Robot"), t.gettext("Rate"))
        left = self._more(len(shops) - self.rows)
        empty = ("",) * len(headings)
        return (
            Table(
                "shops",
                t.gettext("By shop"),
                "",
                headings,
                tuple(self._row(shop, shop.report, words) for shop in shops[: self.rows] if shop.report),
                Row(left, empty) if left else None,
            ),
        )

    def _row(self, shop: ShopWeek, report: Report, words: ReportWords) -> Row:
        t, totals = self.t, report.totals
        told = news(report.standing.signal, words)
        notes = [t.gettext("provisional")] if shop.provisional else []
        notes += [told] if shop.rose else []
        cells = (
            t.number(totals.missed),
            t.number(len(report.needs_you)) if report.needs_you else _NOTHING,
            t.number(shop.robot) if shop.robot else _NOTHING,
            rate_of(totals, words),
        )
        return Row(
            self._title(shop),
            cells,
            " · ".join((*notes, *beside(totals, words))),
            told if shop.marked else "",
        )

    def _without(self) -> Section:
        section = Section("without", Outcome.NOT_ISSUED, self.t.gettext("Without figures"))
        lacking = (shop for shop in self.report.shops if not shop.report and shop.lack is not Lack.NOT_TENDED)
        return self._cut(section, [Entry(self._title(shop), "", (lack(shop, self.t),)) for shop in lacking])

    def _untended(self) -> Section:
        section = Section("not_tended", Outcome.MISSED, self.t.gettext("Not tended"))
        found = [
            Entry(self._title(shop), "", (name(shop.not_tended),))
            for shop in self.report.shops
            if shop.not_tended
        ]
        return self._cut(section, found)

    def _robot(self) -> Section:
        section = Section("robot", Outcome.NOT_ISSUED, self.t.gettext("The robot’s own account"))
        found = [
            Entry(self._title(shop), "", tuple(self._trouble(shop)))
            for shop in self.report.shops
            if shop.robot
        ]
        return self._cut(section, found)

    def _trouble(self, shop: ShopWeek) -> Iterator[str]:
        if shop.report:
            report = replace(shop.report, locale=self.report.locale)
            words = ReportWords(report)
            yield from dict.fromkeys((*outages(report, words), *troubles(report, words)))
            if count := report.totals.not_issued:
                yield self.t.ngettext("%(count)s not issued", "%(count)s not issued", count)

    def _cut(self, section: Section, entries: Iterable[Entry]) -> Section:
        found = tuple(entries)
        rest = self._more(len(found) - self.rows)
        return replace(section, count=self.t.number(len(found)), entries=found[: self.rows], rest=rest)

    def _footer(self) -> Iterator[str]:
        t = self.t
        yield t.gettext(
            "The rate is on time ÷ (on time + late + missed). Excused tasks, open tasks and what the robot"
            " did not issue do not count."
        )
        yield t.gettext("Written by trello-ops from the Trello boards.")
