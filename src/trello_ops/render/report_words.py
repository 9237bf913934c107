"""What the parts of a report's page have in common: its language, its time zone, and the names in it."""

import datetime as dt
from zoneinfo import ZoneInfo

from trello_ops.core.reporting.report import Report
from trello_ops.escape import one_line
from trello_ops.render.i18n import Translator


class ReportWords:
    """Names and instants of one report, as its readers know them."""

    def __init__(self, report: Report) -> None:
        self.translator = Translator(report.locale)
        self._zone = ZoneInfo(report.timezone)
        self._boards = {group.key: one_line(group.title) for group in report.boards}
        self._people = {group.key: one_line(group.title) for group in report.people}

    def day(self, instant: dt.datetime) -> dt.date:
        """The local day of an aware instant."""
        return instant.astimezone(self._zone).date()

    def moment(self, instant: dt.datetime) -> str:
        """Local day and time of an aware instant, with no-break spaces so that a line never ends within."""
        return self.translator.moment(instant, self._zone, "brief").replace(" ", "\u00a0")

    def board(self, key: str) -> str:
        """A board's title; its key if nothing of it fell due this week."""
        return self._boards.get(key) or one_line(key)

    def person(self, key: str) -> str:
        """A person's name; the Trello username if the report does not name the account's owner."""
        return self._people.get(key) or one_line(key)
