"""What people say for rhythms and days is understood, in both languages, however it is written."""

import datetime as dt
import unicodedata
from pathlib import Path

import pytest
from declared_kit import BOARD, WORKSPACE, told
from effort import examples
from hypothesis import given, settings
from hypothesis import strategies as st

from trello_ops.core.cadence import (
    LAST,
    WORKING_DAY,
    Cadence,
    DayTime,
    Exceptions,
    Frequency,
    NthDay,
    OnDayOff,
    Span,
)
from trello_ops.core.declared import Board
from trello_ops.declared.load import read
from trello_ops.declared.reference import schemas
from trello_ops.declared.rhythm_names import CADENCES, ON_WORDS, in_language
from trello_ops.declared.rhythm_words import Days, Month, Rhythm, cadence, days, month

WEEKDAYS = {
    "monday": "lundi",
    "tuesday": "mardi",
    "wednesday": "mercredi",
    "thursday": "jeudi",
    "friday": "vendredi",
    "saturday": "samedi",
    "sunday": "dimanche",
}
PLACES = {
    1: ("first", "1st", "premier", "1er", "première"),
    2: ("second", "2nd", "deuxième", "2e", "2ème", "second"),
    3: ("third", "3rd", "troisième", "3e"),
    4: ("fourth", "4th", "quatrième"),
    LAST: ("last", "dernier", "dernière"),
    -2: ("second last", "second-to-last", "penultimate", "avant-dernier", "avant dernier"),
}
WORKING_DAYS = ("working day", "working-day", "business day", "jour ouvré", "jour ouvrable", "jours ouvres")


def without_accents(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFD", text) if not unicodedata.combining(each))


def written(draw: st.DrawFn, text: str) -> str:
    """The same words as somebody may write them."""
    text = without_accents(text) if draw(st.booleans()) else text
    text = unicodedata.normalize(draw(st.sampled_from(["NFC", "NFD"])), text)
    text = text.replace("-", " ") if draw(st.booleans()) else text.replace(" ", "-")
    case = draw(st.sampled_from([str.lower, str.upper, str.capitalize]))
    around = draw(st.sampled_from(["{}", " {}", "{} ", "le {}", "the {}"]))
    return around.format(case(text))


@st.composite
def nth_days(draw: st.DrawFn) -> tuple[str, NthDay]:
    nth = draw(st.sampled_from(sorted(PLACES)))
    names = [*WEEKDAYS, "working day"]
    place = draw(st.integers(0, len(names) - 1))
    weekday = place + 1 if place < 7 else WORKING_DAY
    said = draw(
        st.sampled_from(WORKING_DAYS)
        if weekday == WORKING_DAY
        else st.sampled_from([names[place], WEEKDAYS[names[place]]])
    )
    end = draw(st.sampled_from(["", " of the month", " du mois", " de chaque mois"]))
    return written(draw, f"{draw(st.sampled_from(PLACES[nth]))} {said}{end}"), NthDay(nth, weekday)


@given(nth_days())
@settings(max_examples=examples(300))
def test_a_place_in_a_month_is_understood_however_it_is_written(pair: tuple[str, NthDay]) -> None:
    said, meant = pair
    assert days(said) == Days(nth=meant)


def test_long_words_are_understood_to_their_end() -> None:
    said = "le second-to-last-wednesday-de-chaque-mois"  # longer than messages show
    assert days(said) == Days(nth=NthDay(-2, 3))


@st.composite
def cadences(draw: st.DrawFn) -> tuple[str, Frequency]:
    frequency = draw(st.sampled_from([each for each in Frequency if each is not Frequency.RULE]))
    text = draw(st.sampled_from(CADENCES[frequency]))
    text = without_accents(text) if draw(st.booleans()) else text
    text = text.replace("-", " ") if draw(st.booleans()) else text.replace(" ", "-")
    return draw(st.sampled_from([str.lower, str.upper, str.title]))(text), frequency


@given(cadences())
@settings(max_examples=examples(200))
def test_a_cadence_is_understood_however_it_is_written(pair: tuple[str, Frequency]) -> None:
    said, meant = pair
    assert cadence(said) == Rhythm(meant)


@pytest.mark.parametrize(
    ("said", "frequency"),
    [
        ("fortnightly", Frequency.BIWEEKLY),
        ("toutes les deux semaines", Frequency.BIWEEKLY),
        ("toutes les 2 semaines", Frequency.BIWEEKLY),
        ("tous les 15 jours", Frequency.BIWEEKLY),
        ("tous les 3 mois", Frequency.QUARTERLY),
        ("every 6 months", Frequency.HALF_YEARLY),
        ("half_yearly", Frequency.HALF_YEARLY),
        ("half-yearly", Frequency.HALF_YEARLY),
        ("quotidien", Frequency.DAILY),
        ("hebdomadaire", Frequency.WEEKLY),
        ("Mensuel", Frequency.MONTHLY),
        ("trimestriel", Frequency.QUARTERLY),
        ("semestriel", Frequency.HALF_YEARLY),
        ("annuel", Frequency.YEARLY),
        ("une seule fois", Frequency.ONCE),
    ],
)
def test_the_words_of_a_cadence(said: str, frequency: Frequency) -> None:
    assert cadence(said) == Rhythm(frequency)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (1, Days(of_month=1)),
        ("15", Days(of_month=15)),
        ("1er", Days(of_month=1)),
        ("le 15", Days(of_month=15)),
        ("last", Days(of_month=LAST)),
        ("dernier jour du mois", Days(of_month=LAST)),
        ("fin du mois", Days(of_month=LAST)),
        ("last day", Days(of_month=LAST)),
        ("mon-sat", Days(of_week=(1, 2, 3, 4, 5, 6))),
        ("lun – sam", Days(of_week=(1, 2, 3, 4, 5, 6))),
        ("du lundi au vendredi", Days(of_week=(1, 2, 3, 4, 5))),
        ("lundi à vendredi", Days(of_week=(1, 2, 3, 4, 5))),
        ("monday to friday", Days(of_week=(1, 2, 3, 4, 5))),
        ("sat-mon", Days(of_week=(6, 7, 1))),
        ("tous les lundis", Days(of_week=(1,))),
        ("10th working day", Days(nth=NthDay(10, WORKING_DAY))),
        ("dixième jour ouvrable", Days(nth=NthDay(10, WORKING_DAY))),
        ("2026-12-01", Days(date=dt.date(2026, 12, 1))),
    ],
)
def test_the_words_of_a_day(said: object, meant: Days) -> None:
    assert days(said) == meant


@pytest.mark.parametrize("word", ON_WORDS)
def test_whatever_editors_offer_for_on_is_understood(word: str) -> None:
    assert days(word) != Days()


def test_each_day_is_offered_once_in_each_language() -> None:
    english, french = (in_language(each, ON_WORDS) for each in ("en", "fr"))
    assert [days(word) for word in english] == [days(word) for word in french]
    assert {*english, *french} == {*ON_WORDS}
    assert in_language("en", ["jan", "mar", "mercredi"]) == ("jan", "mar")


def test_every_cadence_that_editors_offer_is_understood() -> None:
    offered = schemas()["schema/board.schema.json"]["$defs"]["CadenceName"]["enum"]
    assert {cadence(word).frequency for word in offered} == {*Frequency} - {Frequency.RULE}


@pytest.mark.parametrize(
    ("said", "number"),
    [("january", 1), ("Février", 2), ("fevrier", 2), ("AOÛT", 8), ("déc.", 12), ("mars", 3), (3, 3)],
)
def test_months_are_named_in_both_languages(said: object, number: int) -> None:
    assert month(said) == Month(number, said if isinstance(said, str) else "")


# ---- What boards make of them -----------------------------------------------------------------------


def cadence_of(folder: Path, lines: str, workspace: str = "", task: str = "") -> Cadence:
    board = BOARD.replace("cadence: weekly\n", lines) + task
    (folder / "workspace.yaml").write_text(WORKSPACE + workspace, "utf-8")
    (folder / "weekly.yaml").write_text(board, "utf-8")
    found = read(folder, ("stock.md",))
    assert (found.problems, found.warnings) == ((), ())
    assert found.workspace
    (made,) = found.workspace.boards[0].tasks
    return made.cadence


def board_of(folder: Path) -> Board:
    found = read(folder, ("stock.md",)).workspace
    assert found
    return found.boards[0]


NOV = dt.date(2026, 11, 1)


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        ("cadence: daily", {"on": (1, 2, 3, 4, 5, 6, 7)}),
        ("cadence: biweekly\nanchor: 2026-11-05", {"on": (5,), "anchor": dt.date(1970, 1, 12)}),
        ("cadence: biweekly\nanchor: 2026-11-09\non: [lundi, jeudi]", {"on": (1, 4)}),
        ("cadence: monthly\non: premier lundi", {"on": (), "nth": (NthDay(1, 1),)}),
        (
            "cadence: monthly\non: [third monday, first monday, 1er]",
            {"on": (1,), "nth": (NthDay(1, 1), NthDay(3, 1))},
        ),
        ("cadence: quarterly", {"on": (LAST,), "month": 3}),
        ("cadence: quarterly\nmonth: 1\non: 15", {"on": (15,), "month": 1}),
        ("cadence: half_yearly", {"on": (LAST,), "month": 6}),
        ("cadence: yearly", {"on": (LAST,), "month": 12}),
        ("cadence: annuel\nmonth: janvier\non: last friday", {"on": (), "nth": (NthDay(-1, 5),), "month": 1}),
        (
            "cadence: once\non: [2027-03-01, 2026-12-01]",
            {"on": (), "dates": (dt.date(2026, 12, 1), dt.date(2027, 3, 1))},
        ),
        (
            'cadence: {rule: "freq=monthly;byday=2tu"}\nstart: 2026-11-01',
            {"on": (), "rule": "FREQ=MONTHLY;BYDAY=2TU", "start": NOV},
        ),
        ("cadence: daily\nexcept: sauf lundi", {"exceptions": Exceptions((1,))}),
        (
            "cadence: daily\nexcept: [sam-dim, 2026-12-24, {from: 2027-01-01, to: 2027-01-03}]",
            {
                "exceptions": Exceptions(
                    (6, 7), (dt.date(2026, 12, 24),), (Span(dt.date(2027, 1, 1), dt.date(2027, 1, 3)),)
                )
            },
        ),
        (
            "cadence: weekly\nstart: 2026-11-01\nuntil: 2026-11-30",
            {"start": NOV, "until": dt.date(2026, 11, 30)},
        ),
    ],
)  # fmt: skip
def test_a_board_says_a_rhythm(lines: str, meant: dict[str, object], tmp_path: Path) -> None:
    found = cadence_of(tmp_path, f"{lines}\n")
    assert {name: getattr(found, name) for name in meant} == meant


def test_two_anchors_of_the_same_weeks_are_the_same_rhythm(tmp_path: Path) -> None:
    one = cadence_of(tmp_path, "cadence: biweekly\nanchor: 2026-11-02\n")
    assert one == cadence_of(tmp_path, "cadence: biweekly\nanchor: 2026-11-22\n")
    assert one != cadence_of(tmp_path, "cadence: biweekly\nanchor: 2026-11-09\n")


def test_a_working_day_and_a_due_in_working_days(tmp_path: Path) -> None:
    lines = "cadence: monthly\non: avant-dernier jour ouvré\ndue: {time: '12:00', working_days: 2}\n"
    found = cadence_of(tmp_path, lines, "working_days: lun-ven\n")
    assert (found.on, found.nth) == ((), (NthDay(-2, WORKING_DAY),))
    assert found.due == DayTime(dt.time(12), working_days=2)
    assert board_of(tmp_path).working_days == (1, 2, 3, 4, 5)


def test_a_task_of_a_cadence_of_its_own_inherits_no_days(tmp_path: Path) -> None:
    board = "cadence: weekly\non: monday\nexcept: 2026-12-21\ndue: '12:00'\nstart: 2026-11-01\n"
    task = "    cadence: fortnightly\n    anchor: 2026-11-02\n"
    found = cadence_of(tmp_path, board, task=task)
    assert (found.frequency, found.on, found.exceptions) == (Frequency.BIWEEKLY, (5,), Exceptions())
    assert (found.due.time, found.start) == (dt.time(12), NOV)
    assert cadence_of(tmp_path, board, task="    cadence: quarterly\n").month == 3
    by_rule = cadence_of(tmp_path, board, task='    cadence: {rule: "FREQ=DAILY;INTERVAL=3"}\n')
    assert (by_rule.frequency, by_rule.rule, by_rule.on) == (Frequency.RULE, "FREQ=DAILY;INTERVAL=3", ())


@pytest.mark.parametrize(
    ("lines", "workspace", "policy"),
    [
        ("cadence: daily", "", OnDayOff.KEEP),
        ("cadence: daily", "working_days: mon-sat", OnDayOff.SKIP),
        ("cadence: weekly", "working_days: mon-sat", OnDayOff.PREVIOUS),
        ("cadence: weekly\nclosures: {from: 2027-08-02, to: 2027-08-15}", "", OnDayOff.PREVIOUS),
        ("cadence: daily", "closures: [{from: 2027-08-02, to: 2027-08-15}]", OnDayOff.SKIP),
        ("cadence: monthly", "holidays: {country: MA}\nworking_days: mon-sat", OnDayOff.PREVIOUS),
        ("cadence: daily\nworking_days: mon-fri\non_day_off: next", "", OnDayOff.NEXT),
        ("cadence: daily\non_day_off: keep", "working_days: mon-sat", OnDayOff.KEEP),
    ],
)
def test_what_becomes_of_a_day_off(lines: str, workspace: str, policy: OnDayOff, tmp_path: Path) -> None:
    assert cadence_of(tmp_path, f"{lines}\n", f"{workspace}\n").on_day_off is policy


def test_closures_and_pauses_add_up(tmp_path: Path) -> None:
    def span(day: int, reason: str) -> Span:
        return Span(dt.date(2027, 8, day), dt.date(2027, 8, day), reason)

    def line(day: int, reason: str) -> str:
        return f"{{from: 2027-08-{day:02}, to: 2027-08-{day:02}, reason: {reason}}}"

    workspace = (
        WORKSPACE.replace("colour: orange}", f"colour: orange, pauses: [{line(3, 'theme')}]}}")
        + f"closures: [{line(1, 'all')}]\npauses: {line(2, 'team')}\n"
    )
    board = (
        f"closures: {line(4, 'board')}\npauses: [{line(5, 'board')}]\n{BOARD}    pauses: {line(6, 'task')}\n"
    )
    assert told(tmp_path, board, workspace) == ([], [])
    found = board_of(tmp_path)
    assert found.closures == (span(1, "all"), span(4, "board"))
    assert found.tasks[0].pauses == (span(2, "team"), span(3, "theme"), span(5, "board"), span(6, "task"))


def test_covers_name_tasks_of_any_board(tmp_path: Path) -> None:
    twin = BOARD.partition("tasks:")[2].replace("stock:", "links:").replace("Ranger", "Relire")
    covering = (
        "  month:\n    title: Tout\n    theme: operations\n    template: stock.md\n    cadence: monthly\n"
    )
    board = f"{BOARD}{twin.lstrip(chr(10))}{covering}    covers: [links, weekly/stock]\n"
    assert told(tmp_path, board) == ([], [])
    assert board_of(tmp_path).tasks[2].covers == ("weekly/links", "weekly/stock")
