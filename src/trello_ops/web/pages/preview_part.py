"""What of a preview changes with the files: the card, or what is wrong."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from trello_ops.core.calendar.occurrences import next_occurrence, previous_occurrence
from trello_ops.core.declared import Board, Task, Workspace
from trello_ops.core.ledger import Occurrence
from trello_ops.declaration_source import Declared
from trello_ops.errors import InvalidDeclaration, Problem
from trello_ops.escape import one_line
from trello_ops.messages import translated
from trello_ops.operations.preview import Preview, preview
from trello_ops.operations.rounds import with_turns
from trello_ops.render import card_html
from trello_ops.render.i18n import Translator
from trello_ops.render.site import Nav, part
from trello_ops.web.visit import Answer, NotHere, Visit, of_all

MAY = of_all

_MOST_MISTAKES: Final = 20
_DAY: Final = dt.timedelta(days=1)


def view(visit: Visit) -> Answer:
    """The card as the files say now, also where that is not in force; else what is wrong with them."""
    try:
        # What a visit is made of may be a second old, and this version of the files is shown once.
        visit.app.source.reload()
        return _card(visit, visit.app.source.files_alone())
    except InvalidDeclaration as invalid:
        return _mistakes(visit, invalid.problems)


def _card(visit: Visit, declared: Declared) -> Answer:
    found = declared.workspace.task_now(visit.path["board"], visit.path["task"])
    if found is None:
        raise NotHere
    board, task = found
    day = visit.day("date") or visit.context.clock.now().astimezone(task.cadence.timezone).date()
    one = next_occurrence(declared.workspace, board, task, day)
    t, shown = visit.translator, None
    if one:
        (one,) = with_turns(visit.context.store, declared.workspace, board, task, [one])
        made = preview(
            declared.workspace,
            declared.cards,
            visit.app.services.rows,
            one,
            lambda text: translated(text, t),
        )
        shown = _Words(made, t)
    others = _others(visit, declared.workspace, board, task, one.nominal_day if one else day)
    title, of_board = one_line(task.title), one_line(board.title)
    return Answer.page(
        part("card.html.j2", t, title=title, board=of_board, others=others, card=shown, day=t.date(day))
    )


def _mistakes(visit: Visit, problems: tuple[Problem, ...]) -> Answer:
    t = visit.translator
    shown = [
        (f"{each.file}:{each.line}:{each.column}", visit.redact(translated(each.message, t)))
        for each in problems[:_MOST_MISTAKES]
    ]
    return Answer.page(part("mistakes.html.j2", t, mistakes=shown, more=len(problems) - len(shown)))


def _others(visit: Visit, workspace: Workspace, board: Board, task: Task, day: dt.date) -> list[Nav]:
    """The occurrences before and after a nominal day, as links."""
    t, address = visit.translator, f"{visit.base}/preview/{board.key}/{task.key}?date="
    before = previous_occurrence(workspace, board, task, day)
    after = next_occurrence(workspace, board, task, day + _DAY)
    named = ((before, "← %(day)s"), (after, "%(day)s →"))
    return [
        Nav(
            address + one.nominal_day.isoformat(),
            words % {"day": t.date(one.nominal_day, "brief")},
            here=False,
        )
        for one, words in named
        if one
    ]


@dataclass(frozen=True, slots=True)
class _Words:
    """A card as its template reads it."""

    made: Preview
    translator: Translator

    @property
    def title(self) -> str:
        return self.made.card.title

    @property
    def day(self) -> str:
        return self.translator.date(self._one.day, "full")

    @property
    def of_list(self) -> str:
        return one_line(self.made.list_title)

    @property
    def label(self) -> tuple[str, str]:
        return one_line(self.made.theme.title), self.made.theme.colour

    @property
    def who(self) -> str:
        names = (one_line(each.name) for each in self.made.assignees)
        return ", ".join(names) or self.translator.gettext("nobody")

    @property
    def due(self) -> str:
        return self._moment(self._one.due)

    @property
    def release(self) -> str:
        release = self._moment(self._one.release)
        if not self.made.skipped_time:
            return release
        return self.translator.gettext(
            "%(release)s (the clocks skip %(time)s)", release=release, time=self.made.skipped_time
        )

    @property
    def description(self) -> str:
        return card_html.description(self.made.card.description)

    @property
    def checklists(self) -> list[tuple[str, list[str]]]:
        return [
            (each.title, [card_html.line(item) for item in each.items]) for each in self.made.card.checklists
        ]

    @property
    def _one(self) -> Occurrence:
        return self.made.occurrence

    def _moment(self, instant: dt.datetime) -> str:
        return self.translator.moment(instant, self.made.task.cadence.timezone, "brief")
