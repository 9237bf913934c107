"""How the robot fares: first whether anything needs somebody, then what it did and will do."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from trello_ops import __version__, zone_data
from trello_ops.core.ledger import Occurrence
from trello_ops.core.problems import MAIL, ProblemSubject, SystemProblem
from trello_ops.escape import one_line
from trello_ops.jobs import Job
from trello_ops.messages import N_, translated
from trello_ops.operations.status import BoardStatus, Status, status
from trello_ops.render.calendar_page import safe
from trello_ops.render.site import document
from trello_ops.web.health import allowed
from trello_ops.web.visit import Answer, Visit, of_all

MAY = of_all

_NEXT: Final = 8

_JOBS: Final = {
    "reconcile": N_("Bring boards in line"),
    "webhooks": N_("Be called by Trello"),
    "issue": N_("Make cards"),
    "observe": N_("Read boards"),
    "report": N_("Close weeks, send mails"),
    "declaration": N_("Board files"),
    "token": N_("Access to Trello"),
    "trello": N_("Access to Trello"),
    "calls": N_("Calls to the robot’s address"),
    MAIL.job: N_("Mails"),
}
"""What the robot does, by the names of jobs and of its own matters."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list: what it is about, what is said of it, and where a link leads, if anywhere."""

    title: str
    said: str
    url: str = ""


def view(visit: Visit) -> Answer:
    """The state of everything, as `trello-ops status` tells it."""
    words = _Words(visit, status(visit.context, _NEXT), visit.app.standing_jobs())
    t = visit.translator
    return Answer.page(
        document(
            "robot.html.j2",
            visit.frame("/robot", t.gettext("Robot")),
            needs=tuple(words.needs()),
            lists=tuple((title, rows) for title, found in words.lists() if (rows := tuple(found))),
            about=tuple(words.about()),
        )
    )


class _Words:
    """The state in words; nothing of it is escaped yet."""

    def __init__(self, visit: Visit, found: Status, jobs: Iterable[Job]) -> None:
        self._visit, self._found, self._jobs = visit, found, tuple(jobs)
        self._t, self._zone = visit.translator, visit.context.workspace.timezone

    def needs(self) -> Iterator[Row]:
        """What needs somebody: problems, and what should have happened and has not."""
        t = self._t
        yield from map(self._problem, self._found.problems)
        for board in self._found.boards:
            if not board.url:
                said = t.gettext("It is not on Trello yet: run `trello-ops apply`.")
                yield Row(one_line(board.title), said)
        for job in self._jobs:
            last = self._found.jobs.get(job.name)
            if last is None:
                yield Row(self._job(job.name), t.gettext("This has not succeeded yet."))
            elif (self._found.at - last).total_seconds() > allowed(job):
                said = t.gettext("This last succeeded %(moment)s. The log says more.", moment=self._at(last))
                yield Row(self._job(job.name), said)

    def lists(self) -> Iterator[tuple[str, Iterator[Row]]]:
        """Titles, each with what is listed below."""
        t = self._t
        yield t.gettext("Boards"), map(self._board, self._found.boards)
        yield t.gettext("Last success"), map(self._success, self._jobs)
        claims = (Row(each.key, self._since(each.attempted_at)) for each in self._found.claims)
        yield t.gettext("Under way"), claims
        yield t.gettext("Next"), map(self._coming, self._found.next)

    def about(self) -> Iterator[str]:
        """Sentences about the whole."""
        t = self._t
        if owed := self._found.mails_owed:
            yield t.ngettext("%(count)s mail not sent yet.", "%(count)s mails not sent yet.", owed)
        if self._found.trello:
            yield translated(self._found.trello.sentence(), t)
        yield t.gettext(
            "trello-ops %(version)s; time zone data %(zones)s",
            version=__version__,
            zones=translated(zone_data.use_newest().words, t),
        )

    def _problem(self, problem: SystemProblem) -> Row:
        said = self._visit.redact(translated(problem.message, self._t))
        about = self._about(ProblemSubject.parse(problem.subject))
        return Row(about, f"{said} ({self._since(problem.since)})")

    def _about(self, subject: ProblemSubject) -> str:
        if subject.job:
            return self._job(MAIL.job if subject.about_mail else subject.job)
        workspace = self._visit.context.workspace
        board = workspace.board(subject.board)
        title = one_line(board.title) if board else subject.board
        task = workspace.task_now(subject.board, subject.task) if subject.task else None
        name = one_line(task[1].title) if task else subject.task
        return f"{name} · {title}" if name else title

    def _board(self, board: BoardStatus) -> Row:
        said = self._t.gettext("not made yet")
        if board.url:
            read = board.cursor.read_at if board.cursor else None
            said = self._t.gettext("read %(moment)s", moment=self._at(read)) if read else ""
        return Row(one_line(board.title), said or self._t.gettext("not read yet"), safe(board.url))

    def _success(self, job: Job) -> Row:
        last = self._found.jobs.get(job.name)
        return Row(self._job(job.name), self._at(last) if last else self._t.gettext("never"))

    def _coming(self, one: Occurrence) -> Row:
        names = ", ".join(one_line(each.name) for each in one.people)
        who = names or self._t.gettext("nobody")
        return Row(f"{one_line(one.title)} · {one_line(one.board_title)}", f"{self._at(one.release)} · {who}")

    def _job(self, name: str) -> str:
        return self._t.gettext(_JOBS[name]) if name in _JOBS else name

    def _at(self, instant: dt.datetime) -> str:
        return self._t.moment(instant, self._zone, "brief")

    def _since(self, instant: dt.datetime) -> str:
        return self._t.gettext("since %(moment)s", moment=self._at(instant))
