"""What a problem is about: a board, one matter of it, a task, or a job of the robot's."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

_JOB = "job"


@dataclass(frozen=True, slots=True)
class SystemProblem:
    """Something the robot could not do. `subject` is what it is about, as text: a `ProblemSubject`.

    It is not tried again before `not_before`; where `left_while` is not empty, not as long as the condition
    that it stands for is the same. `told_at` is when somebody was told of it outside, if anybody was.
    """

    subject: str
    message: str
    since: dt.datetime
    last_seen: dt.datetime
    count: int = 1
    left_while: str = ""
    not_before: dt.datetime | None = None
    told_at: dt.datetime | None = None


class BoardMatter(StrEnum):
    """What can be wrong with a board, other than that it cannot be brought in line with its file.

    `ISSUING`: Trello takes no card there. `LOOKING`: its cards cannot be read before issuing. `CLOSED`: it is
    closed, gone or hidden, so that nobody would see a new card. `LIMITS`: an object limit of Trello is near.
    `NAGGING`: people cannot be reminded there of overdue cards. `ROWS`: rows of workbooks cannot be put on
    its cards.
    """

    # Stores and frozen reports hold these words: one may be added, none changed.
    READING = "reading"
    ISSUING = "issuing"
    LOOKING = "looking"
    CLOSED = "closed"
    COPIES = "copies"
    LIMITS = "limits"
    WEBHOOK = "webhook"
    NAGGING = "nagging"
    ROWS = "rows"


@dataclass(frozen=True, slots=True)
class ProblemSubject:
    """What a problem is about, written as the store and reports keep it.

    board                a board that cannot be brought in line with its file
    board:matter         one matter of a board, a `BoardMatter`
    board/task           cards of a task that cannot be made
    job:name             a job of the robot's, or another matter of its own, such as `job:mail`; one mail's
                         is `job:mail:week:recipient`

    Keys hold no colon and no slash, so these forms do not collide, except that everything after `job:` is
    taken for a job, also where a board is called `job`. `matter` is text, as a store or a frozen report may
    hold a word that this version does not know.
    """

    board: str = ""
    task: str = ""
    matter: str = ""
    job: str = ""

    def __str__(self) -> str:
        if self.job:
            return f"{_JOB}:{self.job}"
        about = f"{self.board}/{self.task}" if self.task else self.board
        return f"{about}:{self.matter}" if self.matter else about

    @classmethod
    def parse(cls, text: str) -> Self:
        """Never fails: text of no known form is taken for the name of a board."""
        about, _, matter = text.partition(":")
        if about == _JOB and matter:
            return cls(job=matter)
        board, _, task = about.partition("/")
        return cls(board, task, matter)

    @property
    def about_mail(self) -> bool:
        """Whether mails do not go out: all of them, or one."""
        return self.job.partition(":")[0] == MAIL.job


def of_mail(key: str) -> ProblemSubject:
    """One mail does not go out; `key` is that of its claim, that of `ClaimKey.of_mail`."""
    return ProblemSubject(job=key)


MAIL = ProblemSubject(job="mail")
"""No mail could be sent."""

TOKEN = ProblemSubject(job="token")
"""Trello refuses the token; nothing else is asked of it meanwhile."""

OTHER_TRELLO = ProblemSubject(job="trello")
"""The store belongs to another Trello than the settings lead to; nothing is done."""

DECLARATION = ProblemSubject(job="declaration")
"""The edited files have mistakes; the last good ones stay in force."""

CALLS = ProblemSubject(job="calls")
"""Calls to the address that webhooks call are refused; of interest to whoever runs the robot alone."""
