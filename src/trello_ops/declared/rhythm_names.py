"""What people call rhythms, places in a month, and months, in English and French."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from trello_ops.core.cadence import LAST, Frequency
from trello_ops.declared.date_words import MONTHS
from trello_ops.declared.words import WEEKDAY_NAMES

CADENCES: Final[Mapping[Frequency, tuple[str, ...]]] = {
    frequency: tuple(phrases.split(", "))
    for frequency, phrases in {
        Frequency.DAILY: "daily, every day, each day, quotidien, quotidienne, journalier, journalière, "
        "tous les jours, chaque jour",
        Frequency.WEEKLY: "weekly, every week, each week, hebdomadaire, hebdo, toutes les semaines, "
        "chaque semaine",
        Frequency.BIWEEKLY: "biweekly, fortnightly, every two weeks, every other week, every second week, "
        "every fortnight, toutes les deux semaines, une semaine sur deux, tous les quinze jours",
        Frequency.MONTHLY: "monthly, every month, each month, mensuel, mensuelle, tous les mois, chaque mois",
        Frequency.QUARTERLY: "quarterly, every quarter, every three months, trimestriel, trimestrielle, "
        "tous les trimestres, chaque trimestre, tous les trois mois",
        Frequency.HALF_YEARLY: "half_yearly, every half-year, every six months, semi-annual, semestriel, "
        "semestrielle, tous les semestres, chaque semestre, tous les six mois",
        Frequency.YEARLY: "yearly, annual, annually, every year, each year, annuel, annuelle, tous les ans, "
        "chaque année, une fois par an",
        Frequency.ONCE: "once, une fois, une seule fois, ponctuel, ponctuelle",
    }.items()
}
"""What people write for each frequency, ours first."""

BIMONTHLY = ("bimensuel", "bimensuelle", "bimestriel", "bimestrielle", "bimonthly")
BIWEEKLY_FRENCH = ("bihebdomadaire", "bihebdo")
BIYEARLY = (
    *("biannuel", "biannuelle", "bisannuel", "bisannuelle", "biennal", "biennale"),
    *("biannual", "biennial", "biyearly"),
)
"""Words that may mean twice in a period, or every second one."""

TWICE_A_WEEK = "`cadence: weekly`, `on: [monday, thursday]`"
TWICE_A_MONTH = "`cadence: monthly`, `on: [1, 15]`"
EVERY_TWO_MONTHS = '`cadence: {rule: "FREQ=MONTHLY;INTERVAL=2"}`'
EVERY_TWO_YEARS = '`cadence: {rule: "FREQ=YEARLY;INTERVAL=2"}`'
OTHERWISE: Final = {
    TWICE_A_WEEK: ("semiweekly", "semi-weekly", "twice a week", "deux fois par semaine"),
    TWICE_A_MONTH: (
        *("semimonthly", "semi-monthly", "twice a month"),
        *("semi-mensuel", "deux fois par mois"),
    ),
    EVERY_TWO_MONTHS: ("every two months", "every other month", "tous les deux mois", "un mois sur deux"),
    EVERY_TWO_YEARS: ("every two years", "every other year", "tous les deux ans", "un an sur deux"),
}
"""Rhythms that have no word of ours: how they are written."""

ORDINALS: Final[Mapping[int, tuple[str, ...]]] = {
    place: tuple(phrases.split(", "))
    for place, phrases in {
        1: "first, premier, première",
        2: "second, deuxième, seconde",
        3: "third, troisième",
        4: "fourth, quatrième",
        5: "fifth, cinquième",
        6: "sixth, sixième",
        7: "seventh, septième",
        8: "eighth, huitième",
        9: "ninth, neuvième",
        10: "tenth, dixième",
        LAST: "last, dernier, dernière",
        -2: "second last, second to last, next to last, last but one, penultimate, avant-dernier, "
        "avant-dernière, pénultième",
    }.items()
}
"""What people call a place, ours first."""
_ORDINALS_SHOWN = {
    "first": "premier",
    "second": "deuxième",
    "third": "troisième",
    "fourth": "quatrième",
    "last": "dernier",
    "second last": "avant-dernier",
}
_DAYS_SHOWN = tuple(zip(*(names.split() for names in WEEKDAY_NAMES), strict=True))
WEEKDAY_WORDS: Final = (
    *(name for english, _, french, _ in _DAYS_SHOWN for name in (english, french)),
    *("mon-fri", "mon-sat", "lun-ven", "lun-sam"),
)
"""Weekdays and ranges of them that editors offer."""
ON_WORDS: Final = (
    *WEEKDAY_WORDS,
    *("last", "dernier jour"),
    *(
        phrase
        for place, french_place in _ORDINALS_SHOWN.items()
        for english, french in (*((day[0], day[2]) for day in _DAYS_SHOWN), ("working day", "jour ouvré"))
        for phrase in (f"{place} {english}", f"{french_place} {french}")
    ),
)
"""Words of `on` that editors offer."""

_ENGLISH, _FRENCH = (frozenset(" ".join(names).split()) for names in (WEEKDAY_NAMES[:2], WEEKDAY_NAMES[2:]))
_FOREIGN: Final = {"en": (_FRENCH | {"jour"}) - set(MONTHS), "fr": (_ENGLISH | {"day", "last"}) - set(MONTHS)}


def in_language(language: str, words: Iterable[str]) -> tuple[str, ...]:
    """The words without those that name a day in the other language."""
    return tuple(word for word in words if _FOREIGN[language].isdisjoint(re.split("[ -]", word)))
