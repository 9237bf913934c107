"""What mail cannot tell is told by the second channel: that mails themselves do not go out."""

import datetime as dt

import structlog

from trello_ops.core import problems
from trello_ops.core.ledger import SystemProblem
from trello_ops.messages import say
from trello_ops.operations.context import Context

log = structlog.get_logger()

_LONG = dt.timedelta(days=1)
"""From then on somebody hears also of what may still mend itself."""


def tell_of_mails(context: Context) -> None:
    """Tell of each mail problem that is refused for good or has lasted a day: once, as long as it lasts."""
    store = context.store
    for problem in filter(lambda each: _is_due(context, each), store.problems()):
        # First noted, then told: of two processes that find it, one tells.
        if context.stopping() or not store.tell_problem(problem.subject, context.clock.now()):
            continue
        if context.services.notifier.tell(*_words(context, problem)):
            log.info("notice.told")
        else:
            store.tell_problem(problem.subject, None)  # at the next pass again


def _is_due(context: Context, problem: SystemProblem) -> bool:
    about_mail = problems.ProblemSubject.parse(problem.subject).about_mail
    lasting = bool(problem.left_while) or context.clock.now() - problem.since >= _LONG
    return about_mail and lasting and problem.told_at is None


def _words(context: Context, problem: SystemProblem) -> tuple[str, str]:
    workspace = context.workspace
    title = say("%(workspace)s: a mail does not go out", workspace=workspace.name)
    return context.translate(title, workspace.locale), context.translate(problem.message, workspace.locale)
