"""The robot's own account, in sentences: what it did not see or make, and what it has trouble with."""

import datetime as dt
from collections.abc import Iterator

from trello_ops.core.ledger import WITHDRAWN
from trello_ops.core.problems import DECLARATION, MAIL, TOKEN, BoardMatter, ProblemSubject
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import Report
from trello_ops.core.sights import Outage
from trello_ops.render.i18n import Translator
from trello_ops.render.report_lists import Lists
from trello_ops.render.report_parts import Entry, Section
from trello_ops.render.report_words import ReportWords, name

_NAMED = 3
"""How many boards a sentence names; of more it tells the number."""


def robot(report: Report, lists: Lists, words: ReportWords, remarks: tuple[str, ...]) -> Iterator[Section]:
    """What is the robot's own and charged to nobody; `remarks` are sentences about this very mail."""
    t = words.translator
    told = [*remarks, *outages(report, words), *troubles(report, words), *_withdrawn(report, words)]
    section = Section("robot", Outcome.NOT_ISSUED, t.gettext("The robot’s own account"))
    yield lists.cut(section, [Entry("", "", (sentence,)) for sentence in told])
    about = t.gettext("The robot made no card for these in time; nobody is charged with them.")
    yield lists.of(Outcome.NOT_ISSUED, t.gettext("Not issued"), about)


def _withdrawn(report: Report, words: ReportWords) -> Iterator[str]:
    """How many tasks an edit of the files withdrew, if any."""
    if count := sum(line.note == WITHDRAWN for line in report.with_outcome(Outcome.EXCUSED)):
        yield words.translator.ngettext(
            "%(count)s task was withdrawn: the board files ask for it no more.",
            "%(count)s tasks were withdrawn: the board files ask for them no more.",
            count,
        )


def outages(report: Report, words: ReportWords) -> Iterator[str]:
    """A sentence for each stretch in which boards were not read; boards that share its days share it."""
    by_days: dict[tuple[dt.date, dt.date], list[Outage]] = {}
    for outage in report.outages:
        # Boards come back within seconds of each other; by the minute each would have its own sentence.
        days = (words.day(outage.since), words.day(outage.until))
        by_days.setdefault(days, []).append(outage)
    for together in by_days.values():
        boards = (
            ", ".join(words.board(outage.board) for outage in together)
            if len(together) <= _NAMED
            else words.translator.ngettext("%(count)s board", "%(count)s boards", len(together))
        )
        yield words.translator.gettext(
            "From %(since)s to %(until)s the robot did not see: %(boards)s. What people did there was"
            " read afterwards, with its true times; nobody is charged with it.",
            since=words.moment(min(outage.since for outage in together)),
            until=words.moment(max(outage.until for outage in together)),
            boards=boards,
        )


def troubles(report: Report, words: ReportWords) -> Iterator[str]:
    """A sentence for each of the report's system problems: about a board, a task, or a job."""
    t = words.translator
    # Jobs are the admin's to mend, so the manager is told no more than which one failed.
    any_job = t.gettext("The robot could not do all its work.")
    of_jobs = {
        MAIL: t.gettext("A mail could not be sent."),
        TOKEN: t.gettext("Trello refused the robot."),
        DECLARATION: t.gettext("The board files have mistakes; the last good ones are in force."),
    }
    for subject in map(ProblemSubject.parse, report.system):
        known = of_jobs.get(MAIL if subject.about_mail else subject, any_job)
        yield known if subject.job else _about_board_or_task(subject, report, words)


def _about_board_or_task(subject: ProblemSubject, report: Report, words: ReportWords) -> str:
    t, board = words.translator, words.board(subject.board)
    sentences = _about_board(board, t)
    if subject.matter in sentences:
        return sentences[subject.matter]
    # A matter that this version does not know is worded as the task that older versions took it for.
    if rest := subject.task or subject.matter:
        lines = (line for line in report.occurrences if (line.board, line.task) == (subject.board, rest))
        task = name(next((line.title for line in lines), rest))
        return t.gettext("Cards of “%(task)s” (%(board)s) could not be made.", task=task, board=board)
    return t.gettext("The board “%(board)s” could not be brought in line.", board=board)


def _about_board(board: str, t: Translator) -> dict[str, str]:
    """A sentence for each matter that may follow the colon in a board's subject."""
    return {
        BoardMatter.READING: t.gettext("The board “%(board)s” could not be read.", board=board),
        BoardMatter.ISSUING: t.gettext("The board “%(board)s” could take no cards.", board=board),
        BoardMatter.LOOKING: t.gettext(
            "Nobody could tell which cards stand on the board “%(board)s”, so some were not made.",
            board=board,
        ),
        BoardMatter.CLOSED: t.gettext("The board “%(board)s” is closed, so no cards were made.", board=board),
        BoardMatter.WEBHOOK: t.gettext(
            "What was done on the board “%(board)s” was not told at once, and seen a little later.",
            board=board,
        ),
        BoardMatter.NAGGING: t.gettext(
            "Nobody could be reminded of overdue cards on the board “%(board)s”.", board=board
        ),
        BoardMatter.ROWS: t.gettext(
            "Some rows of spreadsheets could not be put on cards of the board “%(board)s”.", board=board
        ),
        BoardMatter.COPIES: t.gettext(
            "Some cards of the board “%(board)s” are copies: what is done on a copy does not count.",
            board=board,
        ),
        BoardMatter.LIMITS: t.gettext(
            "The board “%(board)s” is nearly full: Trello will soon take nothing more there.", board=board
        ),
    }
