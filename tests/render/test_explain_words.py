"""Explanations in words: rhythms, signals, allowances; what may be said has a sentence in each language."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from shop_kit import workspace_of
from week_kit import CLOSE, WEEK, ZONE, done, entry, event

from trello_ops.core.cadence import LAST, WORKING_DAY, Cadence, DayTime, Frequency, NthDay
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import EventKind, LedgerEntry
from trello_ops.core.reporting.explain import (
    ALLOWANCE,
    FIGURES,
    SIGNAL,
    OccurrenceAccount,
    account_of,
    figure_of,
)
from trello_ops.core.reporting.outcome import Rule
from trello_ops.core.reporting.report import Report
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import WeekCount
from trello_ops.core.reporting.weekly import WeekFacts, weekly_report
from trello_ops.render.explain import OccurrenceWords
from trello_ops.render.explain_figure import FigureWords
from trello_ops.render.i18n import Translator
from trello_ops.render.rhythm import rhythm

FROZEN = Path(__file__).parents[1] / "core" / "reporting" / "frozen_report.json"
PARIS = ZoneInfo("Europe/Paris")
FIVE = DayTime(dt.time(17, 0))


def spaced(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


# ---- rhythms ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cadence", "english", "french"),
    [
        (
            Cadence(Frequency.DAILY, (1, 2, 3, 4, 5, 6, 7), FIVE, PARIS),
            "every day, due at 17:00",
            "tous les jours, échéance à 17:00",
        ),
        (
            Cadence(Frequency.WEEKLY, (1, 5), FIVE, PARIS),
            "every week on Monday, Friday, due at 17:00",
            "chaque semaine, lundi, vendredi, échéance à 17:00",
        ),
        (
            Cadence(Frequency.BIWEEKLY, (2,), DayTime(dt.time(9), 1), PARIS),
            "every two weeks on Tuesday, due at 09:00, 1 day later",
            "toutes les deux semaines, mardi, échéance à 09:00, 1 jour plus tard",
        ),
        (
            Cadence(Frequency.MONTHLY, (15, LAST), DayTime(dt.time(9), 0, 2), PARIS),
            "every month on day 15, the last day, due at 09:00, 2 working days later",
            "chaque mois, le 15, le dernier jour, échéance à 09:00, 2 jours ouvrés plus tard",
        ),
        (
            Cadence(Frequency.MONTHLY, (), FIVE, PARIS, nth=(NthDay(LAST, WORKING_DAY), NthDay(2, 2))),
            "every month on the last working day, Tuesday no. 2, due at 17:00",
            "chaque mois, le dernier jour ouvré, mardi no 2, échéance à 17:00",
        ),
        (
            Cadence(Frequency.YEARLY, (1,), DayTime(dt.time(9), -1), PARIS, month=3),
            "every year on day 1 of its month 3, due at 09:00, 1 day earlier",
            "chaque année, le 1 de son mois no 3, échéance à 09:00, 1 jour plus tôt",
        ),
        (
            Cadence(Frequency.ONCE, (), FIVE, PARIS, dates=(dt.date(2026, 12, 1),)),
            "once, on December 1, 2026, due at 17:00",
            "une fois, 1er décembre 2026, échéance à 17:00",
        ),
        (
            Cadence(Frequency.RULE, (), FIVE, PARIS, rule="FREQ=DAILY;INTERVAL=3"),
            "by the rule FREQ=DAILY;INTERVAL=3, due at 17:00",
            "selon la règle FREQ=DAILY;INTERVAL=3, échéance à 17:00",
        ),
    ],
)
def test_a_rhythm_is_said_in_words(cadence: Cadence, english: str, french: str) -> None:
    assert rhythm(cadence, Translator("en")) == english
    assert spaced(rhythm(cadence, Translator("fr"))) == french


# ---- occurrences ------------------------------------------------------------------------------------


def account(each: LedgerEntry, frozen: LedgerEntry | None = None) -> OccurrenceAccount:
    facts = WeekFacts(WEEK, (frozen or each,), (), {"weekly"})
    report = weekly_report(replace(workspace_of(), timezone=ZONE), facts, CLOSE, freeze=True)
    return account_of(report, each, CLOSE, read_at=CLOSE)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_rule_and_event_has_its_sentence(language: str) -> None:
    some = account(entry(*(event(kind, 9) for kind in EventKind)))
    said = []
    for rule in Rule:
        words = OccurrenceWords(replace(some, rule=rule), workspace_of(), Translator(language))
        said.append(words.conclusion())
        assert all("%(" not in each for each in words.sentences())
    assert len(set(said)) == len(Rule)
    facts = OccurrenceWords(some, workspace_of(), Translator(language))
    assert not any(str(fact.what) in facts.fact(fact).split() for fact in some.facts if "_" in fact.what)


def test_what_is_known_now_and_was_frozen_otherwise_is_said() -> None:
    words = OccurrenceWords(account(entry(done(19)), entry()), workspace_of(), Translator("en"))
    assert list(words.sentences())[-2:] == [
        "So it counts as on time: it was done by its due, and did not stay reopened.",
        "The report was frozen with “not done”, by what was known then, and stays as it is.",
    ]


# ---- figures ----------------------------------------------------------------------------------------


def test_a_signal_is_told_by_its_numbers() -> None:
    weeks = [WeekCount(IsoWeek(2026, 20 + n), 55, 50 - n % 3) for n in range(14)]
    this = WeekCount(IsoWeek(2026, 34), 55, 35)
    report = replace(_old(), standing=standing(weeks, this, 90))
    said = list(FigureWords(figure_of(report, SIGNAL, None, ()), Translator("en")).sentences())
    assert said[0] == "2026-W34: 35 of 55 on time, 63.6%"
    assert said[1].startswith("The baseline, 14 weeks before, is at 89.")
    assert said[2].startswith("So the limits for 55 are 7")
    assert said[3] == "That is a fall: below the limits, and too rare for chance."
    assert said[-14:] == [
        f"{each.week}: {each.on_time} of 55 on time, {each.on_time / 55:.1%}" for each in weeks
    ]


@pytest.mark.parametrize(
    ("on_time", "gist"),
    [
        (35, "2026-W34: 35 of 55 on time, 63.6%. That is a fall: "),
        (49, "2026-W34: 49 of 55 on time, 89.1%. That is usual variation: "),
    ],
)
def test_the_gist_of_a_signal_is_its_verdict(on_time: int, gist: str) -> None:
    weeks = [WeekCount(IsoWeek(2026, 20 + n), 55, 50 - n % 3) for n in range(14)]
    report = replace(_old(), standing=standing(weeks, WeekCount(IsoWeek(2026, 34), 55, on_time), 90))
    assert FigureWords(figure_of(report, SIGNAL, None, ()), Translator("en")).gist().startswith(gist)


def test_an_allowance_is_told_by_its_weeks() -> None:
    weeks = [WeekCount(IsoWeek(2026, 20 + n), 50, 48) for n in range(4)]
    report = replace(_old(), standing=standing(weeks[:3], weeks[3], 90))
    found = replace(figure_of(report, ALLOWANCE, None, ()), recent=tuple(weeks))
    first, *others = FigureWords(found, Translator("en")).sentences()
    assert first == (
        "8 of 20 used: 8 of 200 were not on time over these weeks, where a target of 90 % leaves room for 20."
    )
    assert len(others) == 4


@pytest.mark.parametrize("figure", FIGURES)
@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_figure_of_the_oldest_report_can_be_explained(figure: str, language: str) -> None:
    found = figure_of(_old(), figure, None, ())
    assert all(FigureWords(found, Translator(language)).sentences())


def _old() -> Report:
    """A report as the first version froze it."""
    return Report.from_dict(json.loads(FROZEN.read_text("utf-8")))
