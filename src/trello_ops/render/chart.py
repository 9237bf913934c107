"""The chart of the last 26 weeks: each week's rate, the limits of chance, and what lies beyond them."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Final

import resvg_py

from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.reporting.standing import FALLS, RISES, Standing, TrendWeek, Verdict
from trello_ops.render.html_templates import template
from trello_ops.render.i18n import Translator

_WEEKS: Final = 26
_WIDTH, _HEIGHT = 600, 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 76, 90, 48, 38
_SIZE: Final = 19
_LETTER: Final = 0.62
"""How wide a letter is in the mean, as a part of the font's size."""
_ZOOM: Final = 2
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
class Key:
    """An entry of the legend: `sign` is `target`, `usual`, `fall` or `rise`, and `x` where it begins."""

    sign: str
    x: float
    text: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the template draws, in units of a canvas of 600 × 270. `bands` and `lines` are polygons' and
    polylines' points; a line ends where weeks are missing. `newest` stands beside the newest rate."""

    width: int
    height: int
    size: int
    left: float
    right: float
    bottom: float
    rates: tuple[Tick, ...]
    weeks: tuple[Tick, ...]
    bands: tuple[str, ...]
    lines: tuple[str, ...]
    points: tuple[Point, ...]
    keys: tuple[Key, ...]
    target: float | None
    newest: Tick | None


def png(standing: Standing, locale: str) -> bytes:
    """The chart as an opaque PNG of 1200 × 540 pixels, in the bundled font; `standing` has a trend."""
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
    return template("mail_templates", "chart.svg.j2").render(drawing=drawing(standing, locale))


def drawing(standing: Standing, locale: str) -> Drawing:
    """What the chart is made of; `standing` has a trend."""
    return _Scale.of(standing, Translator(locale)).drawing(standing)


def alternative(standing: Standing, locale: str) -> str:
    """What the chart shows, for those who do not see it: the newest rate, what is usual, and the signals."""
    t = Translator(locale)
    judged = [each for each in standing.trend if each.count.n]
    if not judged:
        return t.gettext("No week has been judged yet.")
    rates = [_rate(each) for each in judged]
    newest = judged[-1]
    told = [
        t.gettext("Week %(week)s: %(rate)s on time", week=newest.count.week.number, rate=t.percent(rates[-1]))
    ]
    if newest.lower is not None and newest.upper is not None:
        least, most = t.percent(newest.lower), t.percent(newest.upper)
        told.append(t.gettext("usual from %(least)s to %(most)s", least=least, most=most))
    if len(rates) > 1:
        told.append(_course(rates, t))
    if odd := [str(each.count.week.number) for each in judged if _sign(each.verdict)]:
        weeks = ", ".join(odd)
        told.append(
            t.ngettext(
                "beyond chance: week %(weeks)s", "beyond chance: weeks %(weeks)s", len(odd), weeks=weeks
            )
        )
    return " – ".join(told) + "."


def _course(rates: Sequence[float], t: Translator) -> str:
    least, most = t.percent(min(rates)), t.percent(max(rates))
    return t.gettext(
        "in %(count)s weeks from %(least)s to %(most)s", count=len(rates), least=least, most=most
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    """From weeks and rates to the canvas. `first` is the week at the left, `floor` the rate at the bottom."""

    first: IsoWeek
    floor: float
    words: Translator

    @classmethod
    def of(cls, standing: Standing, words: Translator) -> "_Scale":
        last = standing.trend[-1].count.week
        first = IsoWeek.of(last.monday - dt.timedelta(weeks=_WEEKS - 1))
        return cls(first, _floor(standing), words)

    def drawing(self, standing: Standing) -> Drawing:
        trend = standing.trend
        judged = [each for each in trend if each.count.n]
        return Drawing(
            width=_WIDTH,
            height=_HEIGHT,
            size=_SIZE,
            left=_LEFT,
            right=_WIDTH - _RIGHT,
            bottom=_HEIGHT - _BOTTOM,
            rates=tuple(Tick(self._y(rate), self.words.percent(rate)) for rate in self._grid()),
            weeks=tuple(self._weeks()),
            bands=tuple(map(self._band, _together(each for each in judged if each.lower is not None))),
            lines=tuple(self._line(each) for each in _together(judged) if len(each) > 1),
            points=tuple(Point(*self._place(each), _sign(each.verdict)) for each in judged),
            keys=tuple(self._keys(standing)),
            target=None if standing.target is None else self._y(standing.target / 100),
            newest=self._newest(judged),
        )

    def _x(self, week: IsoWeek) -> float:
        place = (week.monday - self.first.monday) // dt.timedelta(weeks=1)
        return _LEFT + (place + 0.5) * self._step

    @property
    def _step(self) -> float:
        return (_WIDTH - _LEFT - _RIGHT) / _WEEKS

    def _y(self, rate: float) -> float:
        height = _HEIGHT - _TOP - _BOTTOM
        return round(_TOP + height * (1 - (rate - self.floor) / (1 - self.floor)), 1)

    def _place(self, week: TrendWeek) -> tuple[float, float]:
        return round(self._x(week.count.week), 1), self._y(_rate(week))

    def _grid(self) -> Iterator[float]:
        step = 0.1 if self.floor >= 0.5 else 0.25
        rate = 1.0
        while rate > self.floor - 0.001:
            yield round(rate, 2)
            rate -= step

    def _weeks(self) -> Iterator[Tick]:
        week = self.first
        for place in range(_WEEKS):
            if (_WEEKS - 1 - place) % _EVERY == 0:
                text = self.words.gettext("W%(number)s", number=week.number)
                yield Tick(round(self._x(week), 1), text)
            week = week.next()

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

    def _newest(self, judged: Sequence[TrendWeek]) -> Tick | None:
        return Tick(self._place(judged[-1])[1], self.words.percent(_rate(judged[-1]))) if judged else None

    def _keys(self, standing: Standing) -> Iterator[Key]:
        """The legend of what there is, from left to right."""
        t, x = self.words, 10.0
        signs = {_sign(each.verdict) for each in standing.trend if each.count.n}
        target = "" if standing.target is None else t.percent(standing.target / 100)
        for sign, shown, text in (
            ("target", target, t.gettext("target %(rate)s", rate=target)),
            ("usual", any(each.lower is not None for each in standing.trend), t.gettext("usual range")),
            ("fall", "fall" in signs, t.gettext("a fall")),
            ("rise", "rise" in signs, t.gettext("a rise")),
        ):
            if shown:
                yield Key(sign, x, text)
                x += 44 + len(text) * _SIZE * _LETTER


def _together(weeks: Iterable[TrendWeek]) -> list[list[TrendWeek]]:
    """Weeks that follow each other without a gap."""
    found: list[list[TrendWeek]] = []
    for each in weeks:
        if found and found[-1][-1].count.week.next() == each.count.week:
            found[-1].append(each)
        else:
            found.append([each])
    return found


def _floor(standing: Standing) -> float:
    """The bottom of the rates: whole tens below all that is drawn, and 50 % at most."""
    drawn = [_rate(each) for each in standing.trend if each.count.n]
    drawn += [each.lower for each in standing.trend if each.lower is not None]
    lowest = min([0.7, *drawn, *([standing.target / 100] if standing.target else [])])
    return max(0.0, int(lowest * 10 + 1e-9) / 10) if lowest >= 0.5 else 0.0


def _rate(judged: TrendWeek) -> float:
    return judged.count.on_time / judged.count.n


def _sign(verdict: Verdict) -> str:
    if verdict in FALLS:
        return "fall"
    return "rise" if verdict in RISES else ""


def _points(places: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
