"""An occurrence that is to be issued, and whether its card must be looked up first."""

import datetime as dt
from dataclasses import dataclass

from trello_ops.core.bindings import Binding
from trello_ops.core.claims import Claim
from trello_ops.core.ledger import OccurrenceKey
from trello_ops.core.problems import ProblemSubject
from trello_ops.core.tolerances import LOOK_BACK
from trello_ops.operations.context import Context
from trello_ops.operations.problems import issuing_subject


@dataclass(frozen=True, slots=True)
class Step:
    """An occurrence to issue; `claim` is a settled one, left by a lost attempt, that is to be taken over.

    No card of it can have been made before `possible_since`. One that is no longer `owed` gets no new card:
    only what the lost attempt left is cared for.
    """

    key: OccurrenceKey
    due: dt.datetime
    release: dt.datetime
    possible_since: dt.datetime
    claim: Claim | None = None
    owed: bool = True

    @property
    def urgency(self) -> tuple[dt.datetime, OccurrenceKey]:
        """Sorts by due, then key."""
        return self.due, self.key

    @property
    def task_subject(self) -> str:
        """The subject of problems that concern its task alone."""
        return str(ProblemSubject(self.key.board, self.key.task))

    @property
    def board_subject(self) -> str:
        """The subject of problems that concern every card of its board."""
        return issuing_subject(self.key.board)


def must_look(context: Context, step: Step, board: Binding) -> bool:
    """Whether a card of the occurrence may stand on its board that this store does not know.

    So it is after a lost attempt, and where the store was lost, or put back from a backup, after the card had
    been made. A store can be put back only while no process has it open. So nothing needs to be looked up
    that became possible just now, while this process was already running, nor what it saw is not there.
    """
    if step.claim or board.adopted:
        return True
    now = context.clock.now()
    # Not since it was recorded: a backup may know an occurrence that waited, and not the card it got since.
    released_for = now - max(step.release, board.bound_at)
    # By the monotonic clock, since a machine may start with a wrong time.
    running_for = dt.timedelta(seconds=context.clock.monotonic() - context.runtime.began)
    if not dt.timedelta(0) <= released_for <= min(LOOK_BACK, running_for):
        return True
    # The files may have released it earlier before they were edited, and a backup does not know of its card.
    possible_for = now - max(step.possible_since, board.bound_at)
    if dt.timedelta(0) <= possible_for <= running_for:
        return False
    return not context.runtime.looks.rule_out(board.trello_id, step.key, step.possible_since)
