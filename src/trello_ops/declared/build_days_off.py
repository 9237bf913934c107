"""Days off: from sound shapes to core values, and what may be a slip in them."""

import datetime as dt
from collections.abc import Iterable, Sequence

from trello_ops.core.cadence import Span
from trello_ops.core.days_off import Holidays, HolidaySource
from trello_ops.core.declared import Workspace
from trello_ops.declared import holiday_dates
from trello_ops.declared.board_file import Team
from trello_ops.declared.calendar_shapes import HolidaysShape, SpanShape
from trello_ops.declared.day_off_words import all_weekdays
from trello_ops.declared.findings import Findings
from trello_ops.declared.schema import WorkspaceShape
from trello_ops.located_yaml import Document, Path
from trello_ops.messages import say

_AHEAD = dt.timedelta(days=400)
"""How far ahead holidays should be known."""
_LONG = dt.timedelta(days=366)


def spans(shapes: Iterable[SpanShape] | None) -> tuple[Span, ...]:
    """Stretches of days, in the order of the file."""
    return tuple(Span(each.first, each.last, each.reason or "") for each in shapes or ())


def team_of(shape: WorkspaceShape, document: Document, findings: Findings) -> Team:
    """What the workspace says of days off for all boards."""
    lists: dict[Path, Sequence[SpanShape] | None] = {("closures",): shape.closures, ("pauses",): shape.pauses}
    lists |= {("themes", key, "pauses"): theme.pauses for key, theme in shape.themes.items()}
    for path, each in lists.items():
        warn_of_spans(each, path, document, findings)
    return Team(
        working_days=all_weekdays(shape.working_days or ()),
        says_working_days="working_days" in document.entries,
        closures=spans(shape.closures),
        pauses=spans(shape.pauses),
        theme_pauses={key: spans(theme.pauses) for key, theme in shape.themes.items()},
    )


def warn_of_spans(
    shapes: Sequence[SpanShape] | None, path: Path, document: Document, findings: Findings
) -> None:
    """Add warnings for stretches of a list that overlap, or last for more than a year."""
    for n, each in enumerate(shapes or ()):
        here = (*path, n)
        if each.last - each.first > _LONG:
            message = say(
                "lasts from %(first)s to %(last)s, which is more than a year: check the years",
                first=each.first,
                last=each.last,
            )
            findings.warn(document, here, message)
        for other in (shapes or ())[:n]:
            if other.first <= each.last and each.first <= other.last:
                message = say(
                    "overlaps with the days from %(first)s to %(last)s above: of days that both name, the"
                    " first reason counts",
                    first=other.first,
                    last=other.last,
                )
                findings.warn(document, here, message)


# ---- Holidays ---------------------------------------------------------------------------------------


def holidays_of(shape: WorkspaceShape, document: Document, findings: Findings) -> Holidays:
    """The holidays that are declared, without their dates."""
    sources = [_source(each) for each in shape.holidays or ()]
    flaws = [n for n, source in enumerate(sources) if _is_flawed(n, sources, document, findings)]
    named = shape.holiday_dates or {}
    if (sources or named) and "working_days" not in document.entries:
        group = "holidays" if sources else "holiday_dates"
        message = say(
            "needs the weekdays that are worked as well: add a line such as `%(line)s`",
            line="working_days: mon-sat",
        )
        findings.problems.append(document.problem_with_key((group,), message))
    for n, day in enumerate(shape.not_holidays or ()):
        if day in named:
            message = say("%(day)s is named in `holiday_dates` as well: keep one of the two", day=day)
            findings.problem(document, ("not_holidays", n), message)
    return Holidays(
        sources=tuple(source for n, source in enumerate(sources) if n not in flaws),
        named=tuple(sorted(named.items())),
        without=tuple(sorted(shape.not_holidays or ())),
    )


def _source(shape: HolidaysShape) -> HolidaySource:
    source = HolidaySource(shape.country, shape.subdivision or "")
    return HolidaySource(source.country, source.subdivision, shape.categories) if shape.categories else source


def _is_flawed(n: int, sources: Sequence[HolidaySource], document: Document, findings: Findings) -> bool:
    """Note what the library does not know of a source, or that the source came before."""
    flaw = holiday_dates.flaw(sources[n])
    if not flaw and sources[n] in sources[:n]:
        flaw = "country", say("is listed twice: delete one of the two")
    if flaw:
        field, message = flaw
        findings.problem(document, ("holidays", n, field), message)
    return flaw is not None


def warn_of_no_holidays(workspace: Workspace, document: Document, findings: Findings) -> None:
    """Add a warning for each of `not_holidays` that is none anyway."""
    said = document.entries.get("not_holidays")
    days = said if isinstance(said, list) else [said]
    for n, day in enumerate(days):
        if isinstance(day, str) and _is_no_holiday(day, workspace):
            message = say("%(day)s is no holiday anyway: correct the date, or delete it", day=day)
            findings.warn(document, ("not_holidays", n), message)


def _is_no_holiday(text: str, workspace: Workspace) -> bool:
    holidays = workspace.holidays
    named = {day for day, _ in holidays.named}  # which is a mistake then, and told
    return any(str(day) == text and day not in {*holidays.known, *named} for day in holidays.without)


def warn_of_unknown_holidays(
    workspace: Workspace, document: Document, today: dt.date, findings: Findings
) -> None:
    """Add a warning for each source of which the library does not know the holidays to come."""
    year = (today + _AHEAD).year
    for source in workspace.holidays.sources:
        if holiday_dates.is_known_in_full(source, year):
            continue
        message = say(
            "not all holidays of `%(country)s` are known in %(year)s: name those of lunar calendars in"
            " `holiday_dates`",
            country=source.country,
            year=year,
        )
        findings.warnings.append(document.problem_with_key(("holidays",), message))
