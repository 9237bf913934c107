"""trello-ops explain"""

from collections.abc import Iterator, Sequence

import click

from trello_ops.cli.codes import word
from trello_ops.cli.files import reading
from trello_ops.cli.language import reader, spoken
from trello_ops.cli.options import format_option
from trello_ops.cli.output import to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.cli.weeks import WEEK, meant
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.reporting.explain import (
    ALLOWANCE,
    FIGURES,
    SIGNAL,
    FigureAccount,
    OccurrenceAccount,
    group_of,
)
from trello_ops.core.reporting.report import Report
from trello_ops.core.reporting.standing_json import standing_as_dict
from trello_ops.escape import visible
from trello_ops.messages import say
from trello_ops.operations.context import Context
from trello_ops.operations.explain import counted_otherwise, explain_figure, explain_occurrence
from trello_ops.operations.report import account
from trello_ops.render.explain import OccurrenceWords
from trello_ops.render.explain_figure import FigureWords
from trello_ops.wording import choose, near

_NAME = "FIGURE|OCCURRENCE"


@click.command
@click.argument("week", type=WEEK, metavar="WEEK")
@click.argument("name", metavar=f"[{_NAME}]", required=False)
@format_option("text", "json")
@pass_session
def command(session: Session, week: IsoWeek | str, name: str | None, form: str) -> None:
    """Say why a week's report says what it says.

    WEEK is one such as 2026-W47, or `last`. An occurrence, written BOARD/TASK/DATE, is told from its
    declaration to what it counts as. A figure (`on_time`, `late`, `missed`, `open`, `excused`, `not_issued`,
    `completed`, `scheduled`, `rate`) lists the occurrences that make it, `signal` and `allowance` the weeks;
    of one board or theme, write FIGURE/KEY. Without either, every figure is told. Reads the store only; needs
    no credentials.
    """
    with reading(session) as app:
        context = app.context()
        report = account(context, meant(context, week))
        shown: _Week | _Figure | _Occurrence
        if name is None:
            shown = _Week(context, report)
        elif name.count("/") > 1:
            shown = _Occurrence(context, report, name)
        else:
            shown = _figure(context, report, name)
        if form == "json":
            head = {"week": str(report.week), "frozen": report.frozen_at is not None}
            click.echo(to_json({**head, **shown.as_dict()}))
        else:
            click.echo("\n".join(map(visible, shown.sentences())))


# ---- what is asked for ------------------------------------------------------------------------------


def _figure(context: Context, report: Report, name: str) -> "_Figure":
    """The figure of this name. Raises `click.BadParameter` with a suggestion where there is none."""
    figure, _, key = name.partition("/")
    if figure not in FIGURES:
        raise _unknown(
            say(
                "there is no figure '%(figure)s': %(advice)s (an occurrence is written like"
                " weekly/stock/2026-11-16)",
                figure=figure,
                advice=choose(figure, FIGURES),
            )
        )
    group = group_of(report, key) if key else None
    if key and group is None:
        known = [each.key for each in (*report.boards, *report.themes)]
        raise _unknown(
            say("there is no board or theme '%(key)s': %(advice)s", key=key, advice=choose(key, known))
        )
    return _Figure(explain_figure(context, report, figure, group))


def _account(context: Context, report: Report, name: str) -> OccurrenceAccount:
    """The occurrence of this name in the report; likewise."""
    try:
        key = OccurrenceKey.parse(name)
    except ValueError:
        raise _unknown(
            say("'%(name)s' is no occurrence: write it like weekly/stock/2026-11-16.", name=name)
        ) from None
    found = explain_occurrence(context, report, key)
    if found:
        return found
    if entry := context.store.entry(key):
        week = IsoWeek.at(entry.occurrence.due, context.workspace.timezone)
        raise _unknown(say("%(name)s belongs to %(week)s: ask for that week.", name=name, week=str(week)))
    keys = [line.key for line in report.occurrences]
    advice = near(name, keys) or say("see `trello-ops explain %(week)s scheduled`.", week=str(report.week))
    raise _unknown(
        say("%(week)s has no %(name)s: %(advice)s", week=str(report.week), name=name, advice=advice)
    )


def _unknown(message: str) -> click.BadParameter:
    return click.BadParameter(spoken(message), param_hint=_NAME)


# ---- what is shown ----------------------------------------------------------------------------------


class _Occurrence:
    """Why one occurrence counts as it does."""

    def __init__(self, context: Context, report: Report, name: str) -> None:
        self._found = _account(context, report, name)
        self._words = OccurrenceWords(self._found, context.workspace, reader())

    def sentences(self) -> Iterator[str]:
        """As text."""
        yield from self._words.sentences()

    def as_dict(self) -> dict[str, object]:
        """As JSON."""
        found = self._found
        return {
            "key": str(found.entry.occurrence.key),
            "title": found.entry.occurrence.title,
            "outcome": str(found.line.outcome) if found.line else None,
            "counted_now": str(found.rule.outcome),
            "rule": str(found.rule),
            "as_of": utc(found.cutoff.at),
            "final": found.cutoff.final,
            "facts": [
                {
                    "at": utc(fact.at),
                    "what": str(fact.what),
                    "who": fact.by.username if fact.by else None,
                    "how": str(fact.how) or None,
                    "approximate": fact.approximate,
                    "said": self._words.fact(fact),
                }
                for fact in found.facts
            ],
            "conclusion": self._words.conclusion(),
            "sentences": list(self.sentences()),
        }


class _Figure:
    """What one figure is made of."""

    def __init__(self, found: FigureAccount) -> None:
        self._found = found
        self._words = FigureWords(found, reader())

    def sentences(self) -> Iterator[str]:
        """As text: the figure, then an occurrence or a week on each line."""
        first, *others = self._words.sentences()
        yield first
        yield from (f"  {each}" for each in others)

    def as_dict(self) -> dict[str, object]:
        """As JSON."""
        found = self._found
        group = {"key": found.group.key, "title": found.group.title} if found.group else None
        standing = standing_as_dict(found.standing) if found.standing else {}
        of_weeks = {name: standing.get(name) for name in (SIGNAL, ALLOWANCE, "target", "outlook")}
        return {
            "figure": found.figure,
            "group": group,
            "value": found.value,
            "occurrences": [line.as_dict() for line in found.lines],
            **(of_weeks if found.figure in {SIGNAL, ALLOWANCE} else {}),
            "sentences": list(self._words.sentences()),
        }


class _Week:
    """Every figure of a week."""

    def __init__(self, context: Context, report: Report) -> None:
        self._report = report
        self._found: Sequence[FigureAccount] = [
            explain_figure(context, report, name, None) for name in FIGURES
        ]
        self._otherwise = tuple(counted_otherwise(context, report))

    def sentences(self) -> Iterator[str]:
        """As text: the first sentence of each figure, and how to ask further."""
        width = max(map(len, FIGURES))
        for found in self._found:
            yield f"{found.figure:{width}}  {FigureWords(found, reader()).gist()}"
        for each in self._otherwise:
            yield spoken(
                say(
                    "By what is known now, %(key)s would count as %(outcome)s; the frozen report stays.",
                    key=str(each.entry.occurrence.key),
                    outcome=word(each.rule.outcome),
                )
            )
        yield spoken(
            say(
                "What a figure is made of: `trello-ops explain %(week)s missed`, or of one board or theme"
                " `missed/KEY`.",
                week=str(self._report.week),
            )
        )

    def as_dict(self) -> dict[str, object]:
        """As JSON."""
        otherwise = [
            {
                "key": str(each.entry.occurrence.key),
                "outcome": str(each.line.outcome) if each.line else None,
                "counted_now": str(each.rule.outcome),
            }
            for each in self._otherwise
        ]
        return {
            "figures": {found.figure: found.value for found in self._found},
            "counted_otherwise": otherwise,
        }
