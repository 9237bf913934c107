"""trello-ops history"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from zoneinfo import ZoneInfo

import click

from trello_ops.app import open_app
from trello_ops.cli.ledger import as_dict
from trello_ops.cli.options import format_option
from trello_ops.cli.output import done, local, table, to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.operations.context import Context
from trello_ops.operations.history import Story, StoryEvent, known_tasks, of_task, story
from trello_ops.operations.report_lines import ReportedEntry
from trello_ops.render.escape import visible
from trello_ops.wording import near

_NAME = "TASK|OCCURRENCE"
_NEWEST = 50
"""How many of a task's newest dates are searched for the one that was meant."""


@click.command
@click.argument("name", metavar=_NAME)
@click.option(
    "--limit", type=click.IntRange(min=1), default=20, show_default=True,
    help="Of a task, show so many occurrences.",
)  # fmt: skip
@format_option("text", "json")
@pass_session
def command(session: Session, name: str, limit: int, form: str) -> None:
    """Show what became of a task, or of one occurrence.

    Of a task, written TASK or BOARD/TASK, the newest occurrences with their outcomes. Of an occurrence,
    written BOARD/TASK/DATE, its whole story: when it was released and issued, who did or undid what and how
    that was seen, which reports and mails told of it. Reads the store only; needs no credentials.
    """
    with closing(open_app(session.settings())) as app:
        context = app.context()
        shown: _OneOccurrence | _OneTask
        if name.count("/") > 1:
            shown = _occurrence(context, name)
        else:
            board, task = _known_task(context, name)
            newest = of_task(context, board, task, limit)
            shown = _OneTask(f"{board}/{task}", newest, context.workspace.timezone)
        click.echo(to_json(shown.as_dict()) if form == "json" else "\n".join(shown.lines()))


# ---- what is asked for ------------------------------------------------------------------------------


def _occurrence(context: Context, name: str) -> "_OneOccurrence":
    """The occurrence of this name. Raises `click.BadParameter` with a suggestion when there is none."""
    try:
        key = OccurrenceKey.parse(name)
    except ValueError:
        raise _unknown(f"{name!r} is no occurrence", "write it like weekly/stock/2026-11-16.") from None
    _known_task(context, f"{key.board}/{key.task}")
    found = story(context, key)
    if found is None:
        # Most often the day is wrong: a nearby date is what was meant.
        recorded = context.store.latest(key.board, key.task, _NEWEST)
        advice = near(name, [str(entry.occurrence.key) for entry in recorded])
        raise _unknown(
            f"the ledger does not hold {name}", advice or f"see `trello-ops history {name[:-11]}`."
        )
    return _OneOccurrence(found, context.workspace.timezone)


def _known_task(context: Context, name: str) -> tuple[str, str]:
    """Board and task of a name written TASK or BOARD/TASK. Raises `click.BadParameter` with a suggestion."""
    every = known_tasks(context)
    found = [(board, task) for board, task in every if name in {task, f"{board}/{task}"}]
    if len(found) == 1:
        return found[0]
    if found:
        raise _unknown(
            f"{name} is a task of several boards", f"write one of {', '.join(map('/'.join, found))}."
        )
    known = ["/".join(each) if "/" in name else each[1] for each in every]
    advice = near(name, known) or "boards and tasks are named as in the board files."
    raise _unknown(f"there is no task {name!r}", advice)


def _unknown(what: str, advice: str) -> click.BadParameter:
    return click.BadParameter(f"{what}: {advice}", param_hint=_NAME)


# ---- what is shown ----------------------------------------------------------------------------------


class _OneTask:
    """A task's newest occurrences."""

    def __init__(self, name: str, found: Sequence[ReportedEntry], zone: ZoneInfo) -> None:
        self._name, self._found, self._zone = name, found, zone

    def as_dict(self) -> dict[str, object]:
        """As JSON."""
        return {"task": self._name, "occurrences": [as_dict(reported) for reported in self._found]}

    def lines(self) -> Iterator[str]:
        """As text: a title, and a line for each occurrence."""
        if not self._found:
            yield f"Nothing is recorded of {self._name} yet."
            return
        yield f"{self._name}  {visible(self._found[0].line.title)}"
        yield from table([self._row(reported) for reported in self._found])

    def _row(self, reported: ReportedEntry) -> tuple[str, ...]:
        line = reported.line
        due = f"due {local(line.due_at, self._zone)}"
        return line.key, _outcome(reported), due, done(line, self._zone), line.note


class _OneOccurrence:
    """One occurrence's whole story."""

    def __init__(self, found: Story, zone: ZoneInfo) -> None:
        self._found, self._zone = found, zone

    def as_dict(self) -> dict[str, object]:
        """As JSON: the occurrence as in an export, and its story."""
        events = [
            {
                "at": utc(event.at),
                "what": event.what,
                "who": event.who or None,
                "how": event.how or None,
                "approximate": event.approximate,
            }
            for event in self._found.events
        ]
        return {**as_dict(self._found.reported), "events": events}

    def lines(self) -> Iterator[str]:
        """As text: a title, what is so, and what happened, line by line."""
        reported, line = self._found.reported, self._found.reported.line
        yield f"{line.key}  {visible(line.title)}"
        facts = (
            ("Assigned", ", ".join(line.assignees) or "nobody"),
            ("Due", local(line.due_at, self._zone)),
            ("Outcome", f"{_outcome(reported)}, week {reported.week}"),
            ("Card", line.card_url or "none"),
        )
        yield from (*table(facts), "")
        yield from table([self._row(event) for event in self._found.events])

    def _row(self, event: StoryEvent) -> tuple[str, ...]:
        how = f"{event.how}, at the earliest" if event.approximate else event.how
        return local(event.at, self._zone), event.what, event.who, how


def _outcome(reported: ReportedEntry) -> str:
    """The outcome; until its week is frozen it may change."""
    return reported.line.outcome if reported.frozen else f"{reported.line.outcome} so far"
