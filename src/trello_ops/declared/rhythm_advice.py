"""How to write a rhythm that is told in more words than one line takes."""

import re
from collections.abc import Callable

from trello_ops.core.cadence import Frequency
from trello_ops.declared.date_words import day_of_year
from trello_ops.messages import Message, say
from trello_ops.suggestions import folded

_UNITS = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_EVERY = re.compile(
    r"(?:tous les|toutes les|every|each) (\d{1,3})"
    r" (?:(jour|day)|(semaine|week)|(mois|month)|(an|annee|year))s?",
    re.ASCII,
)
_OF_PERIOD = re.compile(
    r" (?:du|de chaque|of the|of each|of every) (?:(trimestre|quarter)|(semestre|half[- ]year))$"
    r"| (?:de l['’]ann[ée]e|(?:de chaque|of the|of each|of every) (?:ann[ée]e|year))$"
)
_EVERY_SECOND = re.compile(r"une? (.+) sur deux|every (?:other|second) (.+)")


def as_rule(said: str) -> str:
    """The rule that `toutes les 3 semaines`, folded, stands for, as a line shows it; else empty."""
    if not (found := _EVERY.fullmatch(said)):
        return ""
    unit = next(ours for ours, named in zip(_UNITS, found.groups()[1:], strict=True) if named)
    return f'`cadence: {{rule: "FREQ={unit};INTERVAL={int(found[1])}"}}`'


def with_another_line(word: str, is_day: Callable[[str], bool]) -> Message | None:
    """How to write days that tell their month or their cadence as well; `None` for other words."""
    found = _day_and_line(word)
    if not found or not is_day(found[0]):
        return None
    return say(
        "is `%(value)s`: write `%(meant)s` here, and `%(line)s` on a line of its own",
        value=word,
        meant=found[0],
        line=found[1],
    )


def _day_and_line(word: str) -> tuple[str, str] | None:
    if dated := day_of_year(word):
        return dated[0], f"month: {dated[1]}"
    if second := _EVERY_SECOND.fullmatch(folded(word)):
        return second[1] or second[2], f"cadence: {Frequency.BIWEEKLY}"
    if period := _OF_PERIOD.search(word):
        quarter, half = period.groups()
        rhythm = Frequency.QUARTERLY if quarter else Frequency.HALF_YEARLY if half else Frequency.YEARLY
        return word[: period.start()], f"cadence: {rhythm}"
    return None
