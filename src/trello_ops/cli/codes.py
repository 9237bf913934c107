"""The words for outcomes, events and the like, which JSON and the ledger write as codes such as `on_time`."""

from trello_ops.core.days_off import Skip
from trello_ops.messages import say

_WORDS = {
    str(word): word
    for word in (
        # outcomes
        say("on_time"), say("late"), say("missed"), say("open"), say("excused"), say("not_issued"),
        say("caught_up"),
        # verdicts
        say("usual"), say("fall"), say("rise"), say("lasting_fall"), say("lasting_rise"),
        # what happened
        say("released"), say("recorded"), say("skipped"), say("issued"), say("fell_due"), say("reported"),
        say("will_be_released"), say("will_fall_due"),
        say("mailed"), say("mail_owed"), say("done"), say("reopened"), say("unexcused"), say("kept"),
        say("proven"), say("unproven"), say("assigned"), say("unassigned"), say("due_moved"),
        say("withdrawn"), say("reinstated"), say("amended"), say("nagged"),
        say("touched"), say("at_once"), say("automated"),
        # how it was seen, or why
        say("tick"), say("list"), say("checklist"), say("label"), say("archive"), say("member"), say("due"),
        say("state"), say("declaration"), say("robot"), say("log"), say("too_late"),
        say("card_deleted"),
        # what edited files changed of a card
        say("text"), say("people"), say("checklists"),
        # jobs
        say("reconcile"), say("webhooks"), say("issue"), say("observe"), say("report"),
        # what the doctor looks at
        say("settings"), say("files"), say("token"), say("account"), say("clock"), say("time_zones"),
        say("store"), say("mail"), say("public_url"), say("heartbeat"), say("web_bind"), say("test_mail"),
        # what cannot be known of a lost ledger
        say("board_not_found"), say("list_not_found"), say("label_not_found"), say("no_trace"),
        say("no_card"), say("marker_lost"), say("title"), say("theme"), say("assignees"),
    )
}  # fmt: skip


def word(code: str) -> str:
    """A code, or a `Skip` as text, as a message; whatever is neither stays as it is."""
    skip = Skip.parse(code)
    return skip.words if skip else _WORDS.get(code, code)
