"""What mail cannot tell is told by the second channel: that mails themselves do not go out."""

import datetime as dt

import structlog

from trello_ops.core import problems
from trello_ops.core.problems import SystemProblem
from trello_ops.messages import say
from trello_ops.operations.context import Context
from trello_ops.ports.notify import NoNotifier

log = structlog.get_logger()

_CHANNEL = str(problems.ProblemSubject(job="notify"))
_LONG = dt.timedelta(days=1)
"""From then on somebody hears also of what may still mend itself."""


def tell_of_mails(context: Context) -> None:
    """Tell of each mail problem that is refused for good or has lasted a day: once, as long as it lasts.

    Where the second channel does not take it, it is tried again after a growing pause.
    """
    store, notifier = context.store, context.services.notifier
    if isinstance(notifier, NoNotifier):
        store.clear_problem(_CHANNEL)
        return
    for problem in filter(lambda each: _is_due(context, each), store.problems()):
        if context.stopping() or _CHANNEL in context.paused_subjects():
            break
        # First noted, then told: of two processes that find it, one tells.
        if not store.tell_problem(problem.subject, context.clock.now()):
            continue
        if notifier.tell(*_words(context, problem)):
            store.clear_problem(_CHANNEL)
            log.info("notice.told")
        else:
            store.tell_problem(problem.subject, None)
            context.note_failure(_CHANNEL, say("the second channel (NOTIFY_URL) did not take a notice"))


def _is_due(context: Context, problem: SystemProblem) -> bool:
    about_mail = problems.ProblemSubject.parse(problem.subject).about_mail
    lasting = bool(problem.left_while) or context.clock.now() - problem.since >= _LONG
    return about_mail and lasting and problem.told_at is None


def _words(context: Context, problem: SystemProblem) -> tuple[str, str]:
    workspace = context.workspace
    title = say("%(workspace)s: a mail does not go out", workspace=workspace.name)
    return context.translate(title, workspace.locale), context.translate(problem.message, workspace.locale)
