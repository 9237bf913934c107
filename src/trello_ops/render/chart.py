"""The chart of the last 26 weeks: each week's rate, the limits of chance, and what lies beyond them."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import groupby, pairwise
from typing import Final

import jinja2
import resvg_py

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.standing import Standing, TrendWeek, Verdict
from trello_ops.render.i18n import Translator

WEEKS: Final = 26
_WIDTH, _HEIGHT = 600, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 16, 26, 34
_ZOOM: Final = 2
_FALLS: Final = frozenset({Verdict.FALL, Verdict.LASTING_FALL})
_RISES: Final = frozenset({Verdict.RISE, Verdict.LASTING_RISE})
_EVERY: Final = 4
"""Weeks from one label of the time axis to the next."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A label of an axis, and where it stands."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Point:
    """A week's rate: `sign` is `fall`, `rise` or empty."""

    x: float
    y: float
    sign: str


@dataclass(frozen=True, slots=True)
class Label:
    """A text that ends at a place."""

    x: float
    y: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the template draws, in units of a canvas of 600 × 240. `bands` and `lines` are polygons' and
    polylines' points; a line ends where weeks are missing."""

    width: int
    height: int
    left: float
    right: float
    bottom: float
    rates: tuple[Tick, ...]
    weeks: tuple[Tick, ...]
    bands: tuple[str, ...]
    lines: tuple[str, ...]
    points: tuple[Point, ...]
    target: Tick | None
    newest: Label | None


def png(standing: Standing, locale: str) -> bytes:
    """The chart as an opaque PNG of 1200 × 480 pixels, in the bundled font; `standing` has a trend."""
    fonts = resources.files(__package__) / "fonts"
    with (
        resources.as_file(fonts / "DejaVuSans.ttf") as regular,
        resources.as_file(fonts / "DejaVuSans-Bold.ttf") as bold,
    ):
        return resvg_py.svg_to_bytes(
            svg_string=svg(standing, locale),
            background="#ffffff",
            zoom=_ZOOM,
            # The fonts of the machine would make it look different on each, or blank where there are none.
            skip_system_fonts=True,
            font_files=[str(regular), str(bold)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
        )


def svg(standing: Standing, locale: str) -> str:
    """The chart as SVG."""
    return _template().render(drawing=_Scale.of(standing, Translator(locale)).drawing(standing))


def alternative(standing: Standing, locale: str) -> str:
    """What the chart shows, in two sentences, for those who do not see it."""
    t = Translator(locale)
    rates = [each for each in standing.trend if each.count.n]
    if not rates:
        return t.gettext("No week has been judged yet.")
    values = [each.count.on_time / each.count.n for each in rates]
    weeks = t.ngettext("%(count)s week", "%(count)s weeks", len(rates))
    told = t.gettext(
        "Rate on time over %(weeks)s: from %(least)s to %(most)s, %(last)s in the last one.",
        weeks=weeks,
        last=t.percent(values[-1]),
        least=t.percent(min(values)),
        most=t.percent(max(values)),
    )
    odd = [str(each.count.week.number) for each in rates if each.verdict in _FALLS | _RISES]
    beyond = t.gettext("Beyond chance: week %(weeks)s.", weeks=", ".join(odd)) if odd else ""
    return f"{told} {beyond}".strip()


@dataclass(frozen=True, slots=True)
class _Scale:
    """From weeks and rates to the canvas. `first` is the week at the left, `floor` the rate at the bottom."""

    first: IsoWeek
    floor: float
    words: Translator

    @classmethod
    def of(cls, standing: Standing, words: Translator) -> "_Scale":
        last = standing.trend[-1].count.week
        first = IsoWeek.parse(str(last))
        for _ in range(WEEKS - 1):
            first = first.previous()
        return cls(first, _floor(standing), words)

    def drawing(self, standing: Standing) -> Drawing:
        trend = standing.trend
        judged = [each for each in trend if each.count.n]
        target = None if standing.target is None else standing.target / 100
        return Drawing(
            width=_WIDTH,
            height=_HEIGHT,
            left=_LEFT,
            right=_WIDTH - _RIGHT,
            bottom=_HEIGHT - _BOTTOM,
            rates=tuple(Tick(self._y(rate), self.words.percent(rate)) for rate in self._grid()),
            weeks=tuple(self._weeks()),
            bands=tuple(map(self._band, self._together(each for each in judged if each.lower is not None))),
            lines=tuple(self._line(each) for each in self._together(judged) if len(each) > 1),
            points=tuple(Point(*self._place(each), _sign(each.verdict)) for each in judged),
            target=None if target is None else Tick(self._y(target), self.words.gettext("target")),
            newest=self._newest(judged),
        )

    def _x(self, week: IsoWeek) -> float:
        place = (week.monday - self.first.monday) // dt.timedelta(weeks=1)
        return _LEFT + (place + 0.5) * self._step

    @property
    def _step(self) -> float:
        return (_WIDTH - _LEFT - _RIGHT) / WEEKS

    def _y(self, rate: float) -> float:
        height = _HEIGHT - _TOP - _BOTTOM
        return round(_TOP + height * (1 - (rate - self.floor) / (1 - self.floor)), 1)

    def _place(self, week: TrendWeek) -> tuple[float, float]:
        return round(self._x(week.count.week), 1), self._y(week.count.on_time / week.count.n)

    def _grid(self) -> Iterator[float]:
        step = 0.1 if self.floor >= 0.5 else 0.25
        rate = 1.0
        while rate > self.floor - 0.001:
            yield round(rate, 2)
            rate -= step

    def _weeks(self) -> Iterator[Tick]:
        week = self.first
        for place in range(WEEKS):
            if (WEEKS - 1 - place) % _EVERY == 0:
                text = self.words.gettext("W%(number)s", number=week.number)
                yield Tick(round(self._x(week), 1), text)
            week = week.next()

    def _together(self, weeks: Iterator[TrendWeek] | Sequence[TrendWeek]) -> list[list[TrendWeek]]:
        """Weeks that follow each other without a gap."""
        found = list(weeks)
        gaps = [
            after.count.week.monday - before.count.week.monday > dt.timedelta(weeks=1)
            for before, after in pairwise(found)
        ]
        number, numbers = 0, [0] if found else []
        for gap in gaps:
            number += gap
            numbers.append(number)
        pairs = zip(numbers, found, strict=True)
        return [[week for _, week in group] for _, group in groupby(pairs, lambda pair: pair[0])]

    def _band(self, weeks: Sequence[TrendWeek]) -> str:
        """The limits as steps, a week wide each: there along the upper ones, back along the lower."""
        upper, lower = [], []
        for each in weeks:
            middle, half = self._x(each.count.week), self._step / 2
            for x in (middle - half, middle + half):
                upper.append((x, self._y(each.upper or 0.0)))
                lower.append((x, self._y(max(each.lower or 0.0, self.floor))))
        return _points([*upper, *reversed(lower)])

    def _line(self, weeks: Sequence[TrendWeek]) -> str:
        return _points([self._place(each) for each in weeks])

    def _newest(self, judged: Sequence[TrendWeek]) -> Label | None:
        """The newest rate: above its point, or beside the sign of a fall, as its line comes from above."""
        if not judged:
            return None
        newest = judged[-1]
        (x, y), rate = self._place(newest), newest.count.on_time / newest.count.n
        beside = _sign(newest.verdict) == "fall"
        place = (x - 16, y + 6) if beside else (x + self._step / 2, max(y - 12, 17))
        return Label(*place, self.words.percent(rate))


def _floor(standing: Standing) -> float:
    """The bottom of the rates: whole tens below all that is drawn, and 50 % at most."""
    drawn = [each.count.on_time / each.count.n for each in standing.trend if each.count.n]
    drawn += [each.lower for each in standing.trend if each.lower is not None]
    lowest = min([0.7, *drawn, *([standing.target / 100] if standing.target else [])])
    return max(0.0, int(lowest * 10 + 1e-9) / 10) if lowest >= 0.5 else 0.0


def _sign(verdict: Verdict) -> str:
    if verdict in _FALLS:
        return "fall"
    return "rise" if verdict in _RISES else ""


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader(__package__, "mail_templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("chart.svg.j2")
