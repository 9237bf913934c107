"""What the parts of a report's page have in common: its language, its time zone, and the names in it."""

import datetime as dt
import math
from zoneinfo import ZoneInfo

from babel import units

from trello_ops.core.reporting.report import Report, ReportedOccurrence
from trello_ops.escape import one_line
from trello_ops.render.i18n import Translator

_DAY = 24 * 60
_LONGEST_NAME = 200  # bytes; a title of thousands would push all else out of the mail


class ReportWords:
    """Names, instants and shares of one report, as its readers know them."""

    def __init__(self, report: Report) -> None:
        self.translator = Translator(report.locale)
        self._zone = ZoneInfo(report.timezone)
        self._target = report.standing.target
        self._boards = {group.key: name(group.title) for group in report.boards}
        self._urls = {group.key: web_address(group.url) for group in report.boards}
        declared = {group.key: name(group.title) for group in report.people}
        self._people = _assigned(report) | declared

    def day(self, instant: dt.datetime) -> dt.date:
        """The local day of an aware instant."""
        return instant.astimezone(self._zone).date()

    def moment(self, instant: dt.datetime) -> str:
        """Local day and time of an aware instant, with no-break spaces so that a line never ends within."""
        return _unbroken(self.translator.moment(instant, self._zone, "brief"))

    def days(self, first: dt.date | None, last: dt.date | None) -> str:
        """A local day, or a stretch of days; empty without a day."""
        if first is None:
            return ""
        if last is None or last == first:
            return _unbroken(self.translator.date(first, "brief"))
        return _unbroken(self.translator.period(first, last))

    def board(self, key: str) -> str:
        """A board's title; its key if nothing of it fell due this week."""
        return self._boards.get(key) or name(key)

    def board_url(self, key: str) -> str:
        """A board's address on Trello; empty where it is not known."""
        return self._urls.get(key, "")

    def person(self, key: str) -> str:
        """A person's name; the Trello username if the report does not name the account's owner."""
        return self._people.get(key) or name(key)

    def assignees(self, line: ReportedOccurrence) -> str:
        """Whom a line is assigned to, by the names that they had then; “nobody” where it is no one."""
        names = map(name, line.assignee_names) if line.assignee_names else map(self.person, line.assignees)
        return ", ".join(names) or self.translator.gettext("Nobody")

    def rate(self, rate: float) -> str:
        """A share in whole percent, or to a tenth where that would make it all, nothing, or the target."""
        whole = round(rate, 2)
        exact = rate in (0, 1)
        if not exact and whole in (0, 1):
            return self.translator.percent(rate)
        if self._target is not None and rate < self._target / 100 <= whole:
            return self.translator.percent(math.floor(rate * 1000) / 1000)
        return self.translator.percent(whole)

    def duration(self, length: dt.timedelta) -> str:
        """A length of time by its two largest units, as in « 3 j, 4 h »; less than a minute is one."""
        minutes = max(1, round(length.total_seconds() / 60))
        if minutes >= _DAY:
            parts = [("day", minutes // _DAY), ("hour", minutes % _DAY // 60)]
        else:
            parts = [("hour", minutes // 60), ("minute", minutes % 60)]
        locale = self.translator.language.replace("-", "_")
        said = [units.format_unit(n, f"duration-{unit}", "short", locale=locale) for unit, n in parts if n]
        # The narrow space that French has before units is hardly seen in most fonts.
        return _unbroken(" ".join(said).replace("\u202f", " "))


def name(text: str) -> str:
    """What people call a thing: on one line, and not so long that nothing else is seen."""
    line = one_line(text)
    # By bytes, as it is by them that mail programs cut a mail off.
    whole = line.encode()
    return (
        line if len(whole) <= _LONGEST_NAME else whole[:_LONGEST_NAME].decode(errors="ignore").rstrip() + "…"
    )


def _unbroken(text: str) -> str:
    """The text in which a line never ends."""
    return text.replace(" ", "\u00a0")


def web_address(url: str | None) -> str:
    """An address, but for one that is not the web's: it could act on who follows it."""
    address = one_line(url or "")
    return address if address.startswith(("https://", "http://")) else ""


def _assigned(report: Report) -> dict[str, str]:
    """The names of those who are assigned to something, by key."""
    return {
        key: name(called)
        for line in (*report.occurrences, *report.caught_up)
        for key, called in zip(line.assignees, line.assignee_names, strict=False)
    }
