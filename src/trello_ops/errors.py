"""Every exception of trello-ops.

TrelloOpsError                   1  one root: the command line prints its message, never a traceback
├── InvalidDeclaration           2  board files or templates are wrong; carries every Problem
├── InvalidSettings              2  environment, .env or secret files are wrong; carries every message
├── NotAdoptable                 2  a board of Trello's cannot become a declared one's
├── UnsafePlan                   3  a plan would do more than its limits allow
│   └── PlanChanged              3  the saved plan is not the plan that is due now
├── TrelloError                  4  Trello refused or could not be reached; *nothing was done*
│   ├── Unauthorised             4  no right to the object
│   │   └── TokenRefused         4  key or token refused: nothing at all can be done
│   ├── LimitReached             4  403: Trello takes or gives no more of something
│   ├── NotFound                 4  no such object
│   ├── RateLimited              4  429: the request was counted and refused
│   ├── Unavailable              4  no connection, or a read that failed on Trello's side
│   ├── NotSent                  4  our own lease ran out before the request could leave
│   ├── CardLookupFailed         4  which cards of ours stand on a board could not be seen
│   └── OutcomeUnknown           4  a write left us and no answer says whether it was done
├── Stopped                      1  the program stops, so that a request was not sent
├── WrongClock                   1  this machine's clock and Trello's are too far apart to go on
├── RendererFailed               1  no card template can be rendered here, whatever it says
├── ClaimLost                    1  another process has taken over what this one was at work on
├── StoreError                   5  the database is damaged, newer than this program, or unreachable
│   └── MailError                    6  the mail was not handed over, and no other would be
    ├── MailRefused              6  this mail alone was refused
    └── MailOutcomeUnknown       6  the mail may have been handed over

The numbers are the exit codes.
"""

from dataclasses import dataclass, replace
from typing import ClassVar, Final

from trello_ops.messages import Message, joined


class TrelloOpsError(Exception):
    """Something a person can act on. The message says what, where, and what to do next."""

    # Scripts and service managers go by these numbers: no number ever gets another meaning.
    exit_code: ClassVar[int] = 1

    @property
    def message(self) -> str:
        """What `str` says, as it was made, so that it can be translated."""
        return self.args[0] if self.args else ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a file. Lines and columns count from 1; `path` is dotted (`tasks.stock.theme`)."""

    file: str
    line: int
    column: int
    path: str
    message: str

    def __str__(self) -> str:
        return str(self.located)

    @property
    def located(self) -> Message:
        """The message behind its place, still to be translated."""
        where = f"{self.file}:{self.line}:{self.column}"
        # Not in the catalogue: editors and terminals know this form, and make a link of it.
        return Message(
            "%(where)s: %(message)s",
            {"where": f"{where} {self.path}" if self.path else where, "message": self.message},
        )

    def in_file(self, file: str) -> "Problem":
        """The same problem, of a file that is known only now."""
        return replace(self, file=file)


class InvalidDeclaration(TrelloOpsError):
    """The declaration has problems; all of them are listed."""

    exit_code = 2

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(joined((problem.located for problem in problems), "\n"))


class InvalidSettings(TrelloOpsError):
    """Settings are wrong or missing; all of them are listed, one message a setting."""

    # No message quotes a value that may be a secret.

    exit_code = 2

    def __init__(self, messages: tuple[str, ...]) -> None:
        self.messages = messages
        super().__init__(joined(messages, "\n"))


class NotTended(TrelloOpsError):
    """A shop of a fleet that cannot be tended, by what is declared."""

    exit_code = 2


class NotAdoptable(TrelloOpsError):
    """The board that somebody names cannot become a declared one's; every reason is listed."""

    exit_code = 2


class UnsafePlan(TrelloOpsError):
    """A plan would archive or create more than its limits allow; `--force` overrides."""

    exit_code = 3


class PlanChanged(UnsafePlan):
    """What a saved plan was made for has changed since; make a new plan."""


class TrelloError(TrelloOpsError):
    """Trello refused a request, or it could not be made. Unless it is `OutcomeUnknown`, nothing was done."""

    exit_code = 4


class Unauthorised(TrelloError):
    """The token's member may not do this."""


class TokenRefused(Unauthorised):
    """Trello does not accept the key or the token: mistyped, expired or revoked."""

    # Apart from `Unauthorised`, since one board that forbids something must not end the pass for all.


class LimitReached(TrelloError):
    """Trello takes no more of something, such as cards on a board, or gives no more at once."""


class NotFound(TrelloError):
    """Trello has no such object, or does not show it to this token."""


class RateLimited(TrelloError):
    """Trello answered 429. `pause` is the number of seconds to keep quiet, with all tokens if `of_key`."""

    def __init__(self, message: str, pause: float, *, of_key: bool = False) -> None:
        self.pause = pause
        self.of_key = of_key
        super().__init__(message)


class Unavailable(TrelloError):
    """No connection, or a read failed on Trello's side; trying again later is safe."""


class NotSent(TrelloError):
    """The request was held back: the claim's lease would not outlast it."""

    # No `OutcomeUnknown`: nothing left us, so there is nothing to look for before the next try.


class CardLookupFailed(TrelloError):
    """Which cards of ours stand on a board could not be seen, so none is made that may stand there."""


class OutcomeUnknown(TrelloError):
    """A write was sent and nothing says whether Trello did it: look before any second try."""


OUT_OF_REACH: Final = (Unavailable, RateLimited, TokenRefused)
"""What would meet every other request too, so that the pass ends (`operations/availability.py`)."""


class Stopped(TrelloOpsError):
    """The program stops, so a request that had to wait was not sent. What it was for is due again."""


class WrongClock(TrelloOpsError):
    """This machine's clock is wrong: what it would issue and close by it could not be undone."""


class RendererFailed(TrelloOpsError):
    """The program that renders cards, or prints a page, could not do its work, by no fault of a template."""


class ClaimLost(TrelloOpsError):
    """The claim changed hands, as after this process was frozen for minutes: leave the rest to the other."""


class StoreError(TrelloOpsError):
    """The database cannot be used as it is."""

    exit_code = 5


class OtherTrello(StoreError):
    """The store belongs to another Trello, account or Trello Workspace: what it remembers is not there."""


class MailError(TrelloOpsError):
    """The mail was not handed over, and the next one would not be either; sending it again is safe.

    `permanent`: the same would be refused again as long as nothing changes.
    """

    exit_code = 6

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        self.permanent = permanent
        super().__init__(message)


class MailRefused(MailError):
    """This mail or its recipient was refused; another mail may fare better."""


class MailOutcomeUnknown(MailError):
    """The connection broke after the text was sent: the mail may have gone out."""
