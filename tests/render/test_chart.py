"""The chart: what it draws, and that it can be seen anywhere."""

import struct
import xml.etree.ElementTree as ET
from collections.abc import Sequence

import pytest

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.signal import standing
from trello_ops.core.reporting.standing import Standing, WeekCount
from trello_ops.render import chart

SVG = "{http://www.w3.org/2000/svg}"


def of(counts: Sequence[tuple[int, int] | None], target: int = 90) -> Standing:
    """The standing of the last of these weeks, (on time, n) each; `None` did not exist."""
    found, week = [], IsoWeek(2026, 20)
    for count in counts:
        if count:
            found.append(WeekCount(week, count[1], count[0]))
        week = week.next()
    return standing(found[:-1], found[-1], target)


def drawn(shown: Standing, locale: str = "fr") -> ET.Element:
    return ET.fromstring(chart.svg(shown, locale))  # noqa: S314 (our own)


def texts(shown: Standing, locale: str = "fr") -> list[str]:
    return [each.text or "" for each in drawn(shown, locale).iter(f"{SVG}text")]


STEADY = of([(50, 55)] * 20)
FALLEN = of([*[(50, 55)] * 14, None, (51, 55), (30, 55)])


def test_it_is_an_opaque_picture_that_weighs_little() -> None:
    picture = chart.png(FALLEN, "fr")
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (1200, 540)
    assert len(picture) < 60_000


def test_the_text_is_there_without_the_machine_s_fonts() -> None:
    # Where no font is found, resvg leaves the text out: then both would be the same.
    with_words = chart.png(STEADY, "fr")
    assert chart.png(of([(50, 55)] * 20, target=89), "fr") != with_words
    assert chart.png(STEADY, "en") != with_words


def test_each_judged_week_is_a_point_and_a_fall_has_its_own_sign() -> None:
    root = drawn(FALLEN)
    assert len(root.findall(f"{SVG}circle")) == 15
    assert len(root.findall(f"{SVG}path")) == 2  # one is in the legend


def test_the_legend_explains_what_there_is_and_no_more() -> None:
    legend = {"objectif 90\u00a0%", "habituel", "baisse", "hausse"}
    assert legend & set(texts(FALLEN)) == legend - {"hausse"}
    assert legend & set(texts(of([(50, 55)]))) == {"objectif 90\u00a0%"}


def test_a_week_that_did_not_exist_interrupts_the_line() -> None:
    assert len(drawn(FALLEN).findall(f"{SVG}polyline")) == 2
    assert len(drawn(STEADY).findall(f"{SVG}polyline")) == 1


def test_the_axes_speak_the_reader_s_language() -> None:
    assert {"100\u00a0%", "objectif 90\u00a0%", "S39"} <= set(texts(STEADY))
    assert {"100%", "target 90%", "W39"} <= set(texts(STEADY, "en"))


@pytest.mark.parametrize(
    "counts", [[(0, 0)], [(5, 5)], [(0, 55)] * 9, [(55, 55)] * 30, [(1, 1), None, (0, 1)]]
)
def test_any_weeks_can_be_drawn_within_the_canvas(counts: list[tuple[int, int] | None]) -> None:
    shown = of(counts)
    assert chart.png(shown, "fr")
    for circle in drawn(shown).findall(f"{SVG}circle"):
        assert 0 <= float(circle.get("cx", "-1")) <= 600
        assert 0 <= float(circle.get("cy", "-1")) <= 270


def test_what_it_shows_is_told_to_those_who_do_not_see_it() -> None:
    assert chart.alternative(FALLEN, "fr") == (
        "Semaine 36\u00a0: 54,5\u00a0% à l’heure – d’habitude de 79,5\u00a0% à 100\u00a0%"
        " – sur 16 semaines de 54,5\u00a0% à 92,7\u00a0% – au-delà du hasard\u00a0: semaine 36."
    )
    assert chart.alternative(of([(0, 0)]), "en") == "No week has been judged yet."
