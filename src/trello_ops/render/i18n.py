"""What team members and managers read, in their language: words, dates and numbers.

Messages are English in the code and translated by `locales/<language>.po`. Values are filled in with
`%(name)s`, so a translation may put them where its grammar wants them.
"""

import datetime as dt
import gettext
import re
from functools import cache
from importlib import resources
from typing import Literal

from babel import Locale, UnknownLocaleError, dates, numbers

from trello_ops.render import catalogue

SOURCE_LANGUAGE = "en"
LANGUAGES = (SOURCE_LANGUAGE, "fr")
"""The languages that a locale may have, with any territory (`fr`, `fr_MA`, `en-GB`)."""

NO_RATE = "–"

DateFormat = Literal["full", "long", "medium", "short", "brief"]
"""CLDR's four formats, and `brief`: weekday, day and month, as in « ven. 20 nov. »."""


class Translator:
    """Speaks one locale. Raises ValueError for a locale whose language is not translated."""

    def __init__(self, locale: str) -> None:
        try:
            parsed = Locale.parse(locale.replace("-", "_"))
        except (UnknownLocaleError, ValueError):
            parsed = None
        if parsed is None or parsed.language not in LANGUAGES:
            raise ValueError(f"locale '{locale}' is not translated; the languages are {', '.join(LANGUAGES)}")
        self._locale = parsed
        self._catalogue = _catalogue(parsed.language)

    @property
    def language(self) -> str:
        """The BCP 47 tag, for HTML's `lang`."""
        return str(self._locale).replace("_", "-")

    # ---- words

    def gettext(self, message: str, /, **values: object) -> str:
        """The translation with `values` filled in. Write a literal percent sign as `%%`."""
        return self._catalogue.gettext(message) % values

    def ngettext(self, singular: str, plural: str, count: int, /, **values: object) -> str:
        """The form for `count`, which the message shows as `%(count)s`."""
        message = self._catalogue.ngettext(singular, plural, count)
        return message % {"count": self.number(count), **values}

    # ---- dates

    def date(self, day: dt.date, format: DateFormat = "long") -> str:  # noqa: A002 (CLDR's word)
        """The day as the locale writes it. `format` may also be a CLDR pattern of days, months and years."""
        if format == "brief":
            # A skeleton names the parts alone: CLDR knows their order and commas in each locale.
            return self._french_first(dates.format_skeleton("MMMEd", day, locale=self._locale))
        return self._french_first(dates.format_date(day, format, self._locale))

    def day(self, day: dt.date) -> str:
        """Weekday, day and month in full, as in « lundi 16 novembre »."""
        return self._french_first(dates.format_date(day, self.gettext("EEEE, MMMM d"), self._locale))

    def period(self, first: dt.date, last: dt.date) -> str:
        """From day to day, naming what they share once, as in « 16–22 nov. 2026 »."""
        return self._french_first(dates.format_interval(first, last, "yMMMd", locale=self._locale))

    def time(self, instant: dt.datetime, zone: dt.tzinfo) -> str:
        """The local hour and minute of an aware instant."""
        return str(dates.format_time(instant.astimezone(zone), "short", locale=self._locale))

    def moment(self, instant: dt.datetime, zone: dt.tzinfo, format: DateFormat = "short") -> str:  # noqa: A002
        """The local date in `format`, and the time, of an aware instant."""
        pattern = str(dates.get_datetime_format("short", self._locale))
        day = self.date(instant.astimezone(zone).date(), format)
        return pattern.format(self.time(instant, zone), day)

    def stamp(self, instant: dt.datetime, zone: dt.tzinfo) -> str:
        """Day, time and zone, always equally long: « lun. 16/11/2026 08:00 +01 »."""
        there = instant.astimezone(zone)
        pattern = self.gettext("EEE y-MM-dd")
        return f"{dates.format_date(there.date(), pattern, self._locale)} {there:%H:%M %Z}"

    def month(self, day: dt.date) -> str:
        """The month's name, without the year."""
        return dates.format_date(day, "LLLL", self._locale)

    def weekday(self, day: dt.date) -> str:
        """The weekday's name."""
        return dates.format_date(day, "EEEE", self._locale)

    def _french_first(self, text: str) -> str:
        """French says « 1er décembre », which CLDR's patterns cannot express."""
        return re.sub(r"\b1 (?=[^\W\d])", "1er ", text) if self._locale.language == "fr" else text

    # ---- numbers

    def number(self, value: float) -> str:
        """A number with the locale's separators."""
        return numbers.format_decimal(value, locale=self._locale)

    def percent(self, rate: float | None) -> str:
        """A share from 0 to 1, to a tenth of a percent; a dash for `None`."""
        if rate is None:
            return NO_RATE
        # Only what is exact is called 100 % or 0 %: 2,499 of 2,500 on time is not everything.
        tenths = rate if rate in (0, 1) else min(max(round(rate, 3), 0.001), 0.999)
        return numbers.format_percent(tenths, locale=self._locale, decimal_quantization=False)


@cache
def _catalogue(language: str) -> gettext.NullTranslations:
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    source = resources.files(__package__) / "locales" / f"{language}.po"
    with source.open(encoding="utf-8") as file:
        return catalogue.read(file)


ENGLISH = Translator(SOURCE_LANGUAGE)
