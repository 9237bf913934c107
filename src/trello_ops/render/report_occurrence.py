"""What a report says of one occurrence, below its title."""

from collections.abc import Iterator

from trello_ops.core.days_off import Skip
from trello_ops.core.ledger import CARD_DELETED, TOO_LATE, WITHDRAWN
from trello_ops.core.reporting.report import ReportedOccurrence
from trello_ops.escape import one_line
from trello_ops.messages import translated
from trello_ops.render.report_words import ReportWords, name


def details(line: ReportedOccurrence, words: ReportWords) -> Iterator[str]:
    """Who owed it and when, then what became of it, each on one line."""
    t = words.translator
    due = t.gettext("due %(moment)s", moment=words.moment(line.due_at))
    yield " · ".join((words.assignees(line), words.board(line.board), due))
    if line.completed_at is not None:
        # ≈ marks the earliest possible time, which the report's last lines explain.
        moment = ("≈\u00a0" if line.approximate else "") + words.moment(line.completed_at)
        if line.completed_by is None:
            yield t.gettext("done %(moment)s", moment=moment)
        else:
            yield t.gettext("done %(moment)s by %(who)s", moment=moment, who=words.person(line.completed_by))
    yield from _excused(line, words)
    if line.reopened:
        yield t.gettext("Reopened after it was done.")
    if line.unproven:
        yield t.gettext("Done without the proof that it requires.")
    if line.due_moved_by is not None:
        yield _due_moved(line, words, line.due_moved_by)
    yield from _noted(line, words)


def _excused(line: ReportedOccurrence, words: ReportWords) -> Iterator[str]:
    """How people, or an edit of the files, excused it, as far as that is known."""
    t = words.translator
    if line.excused_at is not None and line.excused_by is not None:
        moment, by = words.moment(line.excused_at), words.person(line.excused_by)
        yield t.gettext("excused %(moment)s by %(who)s", moment=moment, who=by)
    if line.excused_reason == "label":
        yield t.gettext("Excused by a label on its card.")
    elif line.excused_reason == "list":
        yield t.gettext("Excused by the list that its card lies in.")
    if line.note == WITHDRAWN and line.excused_at is not None:
        moment = words.moment(line.excused_at)
        yield t.gettext("Withdrawn %(moment)s: the board files no longer ask for it.", moment=moment)


def _noted(line: ReportedOccurrence, words: ReportWords) -> Iterator[str]:
    """Who was away, and why it was skipped."""
    t, note = words.translator, line.note
    if skip := Skip.parse(note):
        yield because(skip, words)  # which says by itself who was away
        return
    yield from (f"{each}." for each in absences(line, words))
    if note == TOO_LATE:
        yield t.gettext("Its due had passed before the robot could make the card.")
    elif note == CARD_DELETED:
        yield t.gettext("Somebody deleted its card, and the record of it is lost.")
    elif note not in {"", WITHDRAWN}:
        yield name(note)


def because(skip: Skip, words: ReportWords) -> str:
    """Why the calendar excused it, as a sentence begins."""
    said = one_line(translated(skip.words, words.translator))
    return said[:1].upper() + said[1:]


def absences(line: ReportedOccurrence, words: ReportWords) -> Iterator[str]:
    """Who was away, and who took over; that nobody was left. Without the full stop."""
    t = words.translator
    if line.nobody_left:
        who = ", ".join(name(absentee.name) for absentee in line.absent)
        yield t.gettext("Nobody was there; away: %(who)s", who=who)
        return
    for absentee in line.absent:
        who, other = name(absentee.name), words.person(absentee.stand_in)
        if absentee.stand_in:
            yield t.gettext("%(who)s was away: %(other)s took over", who=who, other=other)
        else:
            yield t.gettext("%(who)s was away", who=who)


def _due_moved(line: ReportedOccurrence, words: ReportWords, last: str) -> str:
    """Everybody who moved the due, each once; who did it last, where the report names no other."""
    t = words.translator
    by = tuple(dict.fromkeys(move.by for move in line.due_moves if move.by is not None)) or (last,)
    *others, other = (words.person(key) for key in by)
    if not others:
        return t.gettext("%(who)s moved the card’s due date; the declared one counts.", who=other)
    return t.gettext(
        "%(who)s and %(other)s moved the card’s due date; the declared one counts.",
        who=", ".join(others),
        other=other,
    )
