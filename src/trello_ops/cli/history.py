"""trello-ops history"""

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import click

from trello_ops.cli.codes import word
from trello_ops.cli.files import reading
from trello_ops.cli.language import spoken
from trello_ops.cli.ledger import as_dict
from trello_ops.cli.options import format_option
from trello_ops.cli.output import done, local, table, to_json, utc
from trello_ops.cli.session import Session, pass_session
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.escape import visible
from trello_ops.messages import joined, say
from trello_ops.operations.context import Context
from trello_ops.operations.history import Story, StoryEvent, known_tasks, of_task, story
from trello_ops.operations.report_lines import ReportedEntry
from trello_ops.wording import near

_NAME = "TASK|OCCURRENCE"
_NEWEST = 50
"""How many of a task's newest dates are searched for the one that was meant."""


@click.command
@click.argument("name", metavar=_NAME)
@click.option(
    "--limit", type=click.IntRange(1, 1_000_000), default=20, show_default=True,
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
    with reading(session) as app:
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
        raise _unknown(
            say("'%(name)s' is no occurrence: write it like weekly/stock/2026-11-16.", name=name)
        ) from None
    _known_task(context, f"{key.board}/{key.task}")
    found = story(context, key)
    if found is None:
        # Most often the day is wrong: a nearby date is what was meant.
        recorded = context.store.latest(key.board, key.task, _NEWEST)
        advice = near(name, [str(entry.occurrence.key) for entry in recorded])
        raise _unknown(
            say(
                "the ledger does not hold %(name)s: %(advice)s",
                name=name,
                advice=advice or say("see `trello-ops history %(task)s`.", task=name[:-11]),
            )
        )
    return _OneOccurrence(found, context.workspace.timezone)


def _known_task(context: Context, name: str) -> tuple[str, str]:
    """Board and task of a name written TASK or BOARD/TASK. Raises `click.BadParameter` with a suggestion."""
    every = known_tasks(context)
    found = [(board, task) for board, task in every if name in {task, f"{board}/{task}"}]
    if len(found) == 1:
        return found[0]
    if found:
        boards = ", ".join(map("/".join, found))
        raise _unknown(
            say("%(task)s is a task of several boards: write one of %(boards)s.", task=name, boards=boards)
        )
    known = ["/".join(each) if "/" in name else each[1] for each in every]
    advice = near(name, known) or say("boards and tasks are named as in the board files.")
    raise _unknown(say("there is no task '%(task)s': %(advice)s", task=name, advice=advice))


def _unknown(message: str) -> click.BadParameter:
    return click.BadParameter(spoken(message), param_hint=_NAME)


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
            yield spoken(say("Nothing is recorded of %(task)s yet.", task=self._name))
            return
        yield f"{self._name}  {visible(self._found[0].line.title)}"
        yield from table([self._row(reported) for reported in self._found])

    def _row(self, reported: ReportedEntry) -> tuple[str, ...]:
        line = reported.line
        due = say("due %(moment)s", moment=local(line.due_at, self._zone))
        return line.key, _outcome(reported), due, done(line, self._zone), word(line.note)


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
            (say("Assigned"), ", ".join(line.assignees) or say("nobody")),
            (say("Due"), local(line.due_at, self._zone)),
            (
                say("Outcome"),
                say("%(outcome)s, week %(week)s", outcome=_outcome(reported), week=str(reported.week)),
            ),
            (say("Card"), line.card_url or say("none")),
        )
        yield from (*table(facts), "")
        yield from table([self._row(event) for event in self._found.events])

    def _row(self, event: StoryEvent) -> tuple[str, ...]:
        # A report's week comes with an outcome; most others are one code, or an address.
        if event.what == "skipped":
            how: str = word(event.how)
        else:
            how = joined(map(word, event.how.split()), ", " if event.what == "amended" else " ")
        how = say("%(how)s, at the earliest", how=how) if event.approximate else how
        return local(event.at, self._zone), word(event.what), event.who, how


def _outcome(reported: ReportedEntry) -> str:
    """The outcome; until its week is frozen it may change."""
    outcome = word(reported.line.outcome)
    return outcome if reported.frozen else say("%(outcome)s so far", outcome=outcome)
