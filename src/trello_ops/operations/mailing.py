"""Send the mails that are owed, each under a claim."""

import datetime as dt
import hashlib
from collections.abc import Callable, Collection, Iterable

import structlog

from trello_ops.core import problems
from trello_ops.core.calendar.week import IsoWeek
from trello_ops.core.claims import ClaimKey, ClaimKind
from trello_ops.core.declared import Workspace
from trello_ops.core.mails import FLEET, FORECAST, OwedMail, is_wanted
from trello_ops.core.problems import SystemProblem
from trello_ops.errors import ClaimLost, MailError, MailOutcomeUnknown, MailRefused, TrelloOpsError
from trello_ops.messages import say
from trello_ops.operations.backoff import pause_after
from trello_ops.operations.claims import HeldClaim, keep, renewing, settled, take
from trello_ops.operations.context import Context
from trello_ops.operations.forecast import forecast, is_timely
from trello_ops.operations.notices import tell_of_mails
from trello_ops.ports import Mail

log = structlog.get_logger()

MAIL = str(problems.MAIL)
"""The subject of the problem that the mail server takes no mail at all."""

_FIRST, _LONGEST = dt.timedelta(minutes=5), dt.timedelta(days=1)
"""Pauses after a sending whose outcome is unknown: each is twice the one before, for each may be a copy."""


def subject_of(mail: OwedMail) -> str:
    """The subject of the problem that this mail alone does not go out."""
    return str(problems.of_mail(str(ClaimKey.of_mail(mail))))


def owed_mails(context: Context) -> tuple[OwedMail, ...]:
    """The mails that are still owed, in order.

    Nothing is owed to who is no recipient any more, nor a forecast of days that are over.
    """
    return still_owed(context.store.unsent(), context.workspace, context.clock.now())


def still_owed(unsent: Iterable[OwedMail], workspace: Workspace, now: dt.datetime) -> tuple[OwedMail, ...]:
    """The same of any workspace, of the mails that were not sent."""
    wanted = (mail for mail in unsent if is_wanted(workspace, mail))
    return tuple(mail for mail in wanted if mail.kind != FORECAST or is_timely(workspace, mail.week, now))


def mail_of(context: Context, mail: OwedMail) -> Mail | None:
    """A workspace's mail as it is sent; `None` where there is nothing to be said after all."""
    if mail.kind == FORECAST:
        return forecast(context, mail)
    report = context.store.frozen(mail.week)  # reports are owed once they are frozen
    return context.render_report(report, mail) if report else None


Render = Callable[[Context, OwedMail], Mail | None]
"""How a mail that is owed is written. Raises `MailRefused` where this one alone cannot be."""


def send_owed(context: Context, *, asked: bool = False, render: Render = mail_of) -> int:
    """Send every mail that is owed; returns how many went out.

    What failed is a problem, of the server (`job:mail`) or of the one mail, and is left alone for a growing
    pause; what was refused for good, until settings or recipients change. With `asked`, as a person does, all
    is tried now. Mails that may have gone out are sent again under the same Message-ID.
    """
    mails = owed_mails(context)
    _give_back_abandoned(context, mails)
    _forget_settled(context, mails)
    post = _Post(context, mails, render, asked=asked)
    sent = 0
    for mail in mails:
        if context.stopping() or post.waits(MAIL):
            break
        try:
            sent += post.send(mail)
        except (MailRefused, MailOutcomeUnknown):
            # This is about one mail alone, so the others have their turn.
            continue
        except MailError:
            break  # the next one would meet the same
    tell_of_mails(context)
    return sent


class _Post:
    """Sends mails one by one, and remembers why not."""

    def __init__(self, context: Context, mails: Collection[OwedMail], render: Render, *, asked: bool) -> None:
        self._context = context
        self._render = render
        self._asked = asked
        way = (context.services.mailer.identity, _recipients(context))
        self._condition = _digest(way)
        # A new week is one more try for a server that refused us: a year of silence would be worse.
        self._condition_of_server = _digest((*way, str(max(mails).week) if mails else ""))

    def waits(self, subject: str) -> bool:
        """Whether a subject is to be left alone for now."""
        found = next((each for each in self._context.store.problems() if each.subject == subject), None)
        if found is None or self._asked:
            return False
        # Refused for good: waiting changes nothing, other settings or recipients may.
        if found.left_while:
            return found.left_while == self._until_then(subject)
        early = found.not_before is not None and self._context.clock.now() < found.not_before
        return early or subject in self._context.paused_subjects()

    def send(self, mail: OwedMail) -> bool:
        """Whether the mail went out now. Raises `MailError`, noted as a problem."""
        held = None if self.waits(subject_of(mail)) else take(self._context, ClaimKey.of_mail(mail))
        if held is None:
            return False
        store = self._context.store
        # Another process may have sent it, or failed to, since this pass began.
        if mail not in owed_mails(self._context) or self.waits(subject_of(mail)):
            store.release(held.claim)
            return False
        try:
            self._hand_over(mail, held)
        except ClaimLost as error:
            log.warning("report.not_sent", week=str(mail.week), kind=mail.kind, error=str(error))
            return False
        except MailError as error:
            self._note(mail, error)
            store.release(held.claim)
            raise
        # Before the claim is released: whoever takes it next must find that nothing is owed any more.
        store.sent(mail, self._context.clock.now())
        store.release(held.claim)
        for subject in (MAIL, subject_of(mail)):
            store.clear_problem(subject)
        log.info("report.sent", week=str(mail.week), kind=mail.kind)
        self._context.services.heartbeat.went_well()
        return True

    def _hand_over(self, mail: OwedMail, held: HeldClaim) -> None:
        context = self._context
        rendered = self._rendered(mail)
        if rendered is None:
            return
        with renewing(context, held) as confirm:
            context.services.mailer.send(rendered, context.clock.now(), confirm)

    def _rendered(self, mail: OwedMail) -> Mail | None:
        try:
            return self._render(self._context, mail)
        except TrelloOpsError:
            raise
        except Exception as error:  # a bug of ours, for which the others need not wait
            log.exception("report.not_made", week=str(mail.week), kind=mail.kind)
            raise MailRefused(say("unexpected %(error)s; see the log", error=type(error).__name__)) from error

    def _note(self, mail: OwedMail, error: MailError) -> None:
        context, now = self._context, self._context.clock.now()
        subject = subject_of(mail) if isinstance(error, MailRefused | MailOutcomeUnknown) else MAIL
        if isinstance(error, MailOutcomeUnknown):
            not_before = now + _pause(context, subject)
            context.store.note_problem(subject, error.message, now, not_before=not_before)
        elif error.permanent:
            message = _left_alone(mail, error)
            context.store.note_problem(subject, message, now, left_while=self._until_then(subject))
        elif subject != MAIL:  # the server, when asked for the others, says whether it is back
            not_before = now + dt.timedelta(seconds=pause_after(_count(context, subject) + 1))
            context.store.note_problem(subject, error.message, now, not_before=not_before)
        else:
            context.note_failure(subject, error)
        log.warning(
            "report.not_sent",
            week=str(mail.week),
            kind=mail.kind,
            error=str(error),
            permanent=error.permanent,
        )

    def _until_then(self, subject: str) -> str:
        """As long as this stays the same, what was refused for good is refused again."""
        return self._condition_of_server if subject == MAIL else self._condition


def _left_alone(mail: OwedMail, error: MailError) -> str:
    if mail.kind == FORECAST:
        return say(
            "%(error)s. It is left alone until the mail settings or the recipients change.",
            error=error.message,
        )
    if mail.kind == FLEET:
        return say(
            "%(error)s. It is left alone until the mail settings or the recipients change, or somebody"
            " runs `trello-ops fleet report --week %(week)s --send`.",
            error=error.message,
            week=str(mail.week),
        )
    return say(
        "%(error)s. It is left alone until the mail settings or the recipients change, or somebody"
        " runs `trello-ops report --week %(week)s --send`.",
        error=error.message,
        week=str(mail.week),
    )


def _recipients(context: Context) -> tuple[object, ...]:
    """Who gets which mails, as it is declared."""
    policy = context.workspace.report
    people = tuple(sorted(person.email for person in context.workspace.people)) if policy.forecast else ()
    return policy.recipients, policy.by_board, people


def _give_back_abandoned(context: Context, mails: Collection[OwedMail]) -> None:
    """Free the claims that other processes left behind. What was in hand then may have gone out."""
    owed = {str(ClaimKey.of_mail(mail)): mail for mail in mails}
    for claim in settled(context):
        held = keep(context, claim) if ClaimKey.parse(claim.key).kind is ClaimKind.MAIL else None
        if held is None:
            continue
        if mail := owed.get(claim.key):
            message = say(
                "Whoever sent the report of %(week)s to %(recipient)s ended before the mail server had"
                " answered: it may have gone out, and is sent again later under the same Message-ID.",
                week=str(mail.week),
                recipient=mail.recipient,
            )
            not_before = claim.attempted_at + _pause(context, subject_of(mail))
            context.store.note_problem(subject_of(mail), message, context.clock.now(), not_before=not_before)
            log.warning("report.abandoned", week=str(mail.week), kind=mail.kind)
        context.store.release(held.claim)


def _forget_settled(context: Context, mails: Collection[OwedMail]) -> None:
    """Clear the problems of mails that are owed no more, as the process that sent them may have died."""
    current = {MAIL, *(subject_of(mail) for mail in mails)} if mails else set()
    for problem in context.store.problems():
        if problems.ProblemSubject.parse(problem.subject).about_mail and problem.subject not in current:
            context.store.clear_problem(problem.subject)


def mail_problems(context: Context, week: IsoWeek) -> tuple[SystemProblem, ...]:
    """Why mails of a week do not go out."""
    subjects = {MAIL, *(subject_of(mail) for mail in owed_mails(context) if mail.week == week)}
    return tuple(problem for problem in context.store.problems() if problem.subject in subjects)


def _pause(context: Context, subject: str) -> dt.timedelta:
    """How long to wait after one more sending with an unknown outcome."""
    # Ten doublings exceed the longest pause, and keep the number small whatever the count.
    return min(_FIRST * (1 << min(_count(context, subject), 10)), _LONGEST)


def _count(context: Context, subject: str) -> int:
    """How often in a row a subject has failed."""
    return next((each.count for each in context.store.problems() if each.subject == subject), 0)


def _digest(values: object) -> str:
    return hashlib.sha256(repr(values).encode()).hexdigest()[:16]
