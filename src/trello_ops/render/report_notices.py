"""What a report points at: what needs somebody, rare and chronic tasks, doubts, and the week to come."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from trello_ops.core.reporting.notice import MISSED, Notice, Why
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.render.i18n import Translator
from trello_ops.render.report_lists import Lists
from trello_ops.render.report_parts import Entry, Section
from trello_ops.render.report_words import ReportWords, name, web_address


def needs_you(report: Report, lists: Lists, words: ReportWords) -> Iterator[Section]:
    """What was missed and what nobody has, tasks that often fail, and how rare duties go."""
    t, says = words.translator, _Says(report, lists, words)
    section = Section("needs_you", Outcome.MISSED, t.gettext("What needs you"))
    yield lists.filled(section, _needed(report), says.needed)
    about = t.gettext("Is the task as it should be: its time, its length, who has it?")
    section = Section("chronic", Outcome.LATE, t.gettext("Often not on time"), about)
    yield lists.filled(section, report.chronic, says.of_task)
    section = Section("rare", Outcome.OPEN, t.gettext("Rare duties"))
    yield lists.filled(section, report.rare, says.of_task)


def _needed(report: Report) -> Iterator[ReportedOccurrence | Notice]:
    """In the order of the notices; then what was missed and has none, as in reports of older versions."""
    missed = {line.key: line for line in report.with_outcome(Outcome.MISSED)}
    for notice in report.needs_you:
        if notice.why not in MISSED:
            yield notice
        elif notice.key in missed:
            yield missed.pop(notice.key)
    yield from missed.values()


def about_missed(notice: Notice, t: Translator) -> Iterator[str]:
    """How often a task that was missed was so of late, and whether it was anybody's."""
    if notice.of > 1:
        yield t.ngettext(
            "Missed %(count)s of the last %(of)s times.",
            "Missed %(count)s of the last %(of)s times.",
            notice.count,
            of=t.number(notice.of),
        )
    if notice.why == Why.MISSED_UNASSIGNED:
        yield t.gettext("Nobody was assigned. Who takes it from now on?")


def doubtful(report: Report, lists: Lists, words: ReportWords) -> Section:
    """What may have been ticked without being done, as questions."""
    t, says = words.translator, _Says(report, lists, words)
    section = Section("doubtful", Outcome.OPEN, t.gettext("Worth asking about"))
    return lists.filled(section, report.doubtful, says.doubt)


def next_week(report: Report, lists: Lists, words: ReportWords) -> Section:
    """What the week to come brings."""
    t, says = words.translator, _Says(report, lists, words)
    section = Section("next_week", Outcome.OPEN, t.gettext("Next week"))
    return replace(lists.filled(section, report.next_week, says.ahead), count="")


class _Says:
    """Puts the notices of one report into words."""

    def __init__(self, report: Report, lists: Lists, words: ReportWords) -> None:
        self._lists, self._words, self._t = lists, words, words.translator
        lines = (*report.occurrences, *report.caught_up)
        self._urls = {line.key: web_address(line.card_url) for line in lines}
        self._missed = {notice.key: notice for notice in report.needs_you if notice.why in MISSED}

    def needed(self, thing: ReportedOccurrence | Notice) -> Entry:
        """A missed line and how often it was missed of late, or a task of next week that nobody has."""
        if isinstance(thing, Notice):
            day = self._words.days(thing.first, thing.last)
            values = {"board": self._words.board(thing.board), "day": day}
            told = self._t.gettext("%(board)s · %(day)s: nobody is assigned. Who takes it?", **values)
            return self._entry(thing, told)
        entry, notice = self._lists.line(thing), self._missed.get(thing.key)
        return replace(entry, details=(*entry.details, *about_missed(notice, self._t))) if notice else entry

    def of_task(self, notice: Notice) -> Entry:
        """A task by how its last occurrences went."""
        if notice.why == Why.IN_A_ROW:
            told = self._t.ngettext(
                "done on time the last time", "done on time %(count)s times in a row", notice.count
            )
        else:
            told = self._t.ngettext(
                "not on time %(count)s of the last %(of)s times",
                "not on time %(count)s of the last %(of)s times",
                notice.count,
                of=self._t.number(notice.of),
            )
        return self._entry(notice, f"{self._words.board(notice.board)} · {told}")

    def doubt(self, notice: Notice) -> Entry:
        """A question, which accuses nobody."""
        questions: dict[Why | str, Callable[[Notice], str]] = {
            Why.AT_ONCE: self._at_once,
            Why.TOO_QUICK: self._too_quick,
            Why.BURST: self._burst,
            Why.AUTOMATED: self._automated,
        }
        board = self._words.board(notice.board)
        asks = questions.get(notice.why)
        asked = asks(notice) if asks else ""  # another version had its doubts
        if notice.task:
            return self._entry(notice, board, asked)
        return replace(self._entry(notice, asked), title=board)

    def _at_once(self, _: Notice) -> str:
        return self._t.gettext("All its items were ticked within seconds: was each ticked as it was done?")

    def _too_quick(self, notice: Notice) -> str:
        return self._t.gettext(
            "Done in %(taken)s min of the %(planned)s min planned: is the plan too long, or was it ticked"
            " at the end?",
            taken=self._t.number(notice.count),
            planned=self._t.number(notice.of),
        )

    def _burst(self, notice: Notice) -> str:
        counts = {"of": self._t.number(notice.of)}
        return self._t.ngettext(
            "%(count)s of %(of)s tasks was ticked within a quarter of an hour just before the close: could"
            " they be ticked as they are done?",
            "%(count)s of %(of)s tasks were ticked within a quarter of an hour just before the close: could"
            " they be ticked as they are done?",
            notice.count,
            **counts,
        )

    def _automated(self, _: Notice) -> str:
        return self._t.gettext("Ticked by an automation or an agent: is that meant to be?")

    def ahead(self, notice: Notice) -> Entry:
        """Something that the week to come brings, and when."""
        day = self._words.days(notice.first, notice.last)
        where = self._words.board(notice.board) if notice.board else ""
        who = ", ".join(map(name, notice.who))
        told = (self._kind(notice), day, where, who)
        return self._entry(notice, " · ".join(filter(None, told)))

    def _kind(self, notice: Notice) -> str:
        t = self._t
        if notice.why == Why.OVERBOOKED:
            values = {"count": t.number(notice.count), "of": t.number(notice.of)}
            return t.gettext("overbooked: %(count)s min planned in %(of)s min", **values)
        if notice.why == Why.HOLIDAY and notice.estimated:
            return t.gettext("holiday, day still to be confirmed")
        return {
            Why.HOLIDAY: t.gettext("holiday"),
            Why.CLOSURE: t.gettext("closed"),
            Why.ABSENCE: t.gettext("absence"),
            Why.RARE: t.gettext("rare duty"),
        }.get(Why(notice.why) if notice.why in set(Why) else Why.RARE, "")

    def _entry(self, notice: Notice, *details: str) -> Entry:
        url = self._urls.get(notice.key) or self._words.board_url(notice.board)
        return Entry(name(notice.title or notice.task), url, details)
