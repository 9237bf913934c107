"""How much one `apply` may archive or create without `--force`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from trello_ops.core.planning.changes import (
    ArchiveCard,
    ArchiveTemplateCard,
    ArchiveWithdrawn,
    CreateCard,
    CreateTemplateCard,
    RetireTemplateCard,
    Risk,
)
from trello_ops.core.planning.plan import Plan
from trello_ops.errors import UnsafePlan
from trello_ops.messages import joined, say


@dataclass(frozen=True, slots=True)
class SafetyLimits:
    """What one `apply` may do without `--force`.

    Of a board's cards that are ours it may archive `archive_share`, from `archive_floor` cards on, and it may
    create `created_per_board` new ones.
    """

    archive_share: float = 0.3
    # Of a handful of cards, a single one would already be a large share.
    archive_floor: int = 10
    created_per_board: int = 50


def raise_if_unsafe(plan: Plan, owned_cards: Mapping[str, int], limits: SafetyLimits) -> None:
    """Refuse a plan that archives or creates suspiciously much, giving every reason at once.

    `owned_cards` counts our cards by board key. Raises `UnsafePlan`.
    """
    reasons = []
    archives = (c for c in plan.changes if isinstance(c, ArchiveCard | ArchiveTemplateCard))
    # Housekeeping is not weighed: the board file asks for it, nothing is lost, and an old board may owe much.
    # Nor is what left with its task: `apply` lists it, and is asked for that very reason.
    of_tasks_that_left = (RetireTemplateCard, ArchiveWithdrawn)
    archived = Counter(
        change.board
        for change in archives
        if change.risk is not Risk.HOUSEKEEPING and not isinstance(change, of_tasks_that_left)
    )
    for board, count in sorted(archived.items()):
        owned = owned_cards.get(board, 0)
        if owned >= limits.archive_floor and count / owned > limits.archive_share:
            reasons.append(
                say(
                    "%(board)s: would archive %(share)s%% of our cards (%(count)s of %(owned)s), more than"
                    " the %(limit)s%% allowed.",
                    board=board,
                    share=f"{count / owned:.0%}"[:-1],
                    count=count,
                    owned=owned,
                    limit=f"{limits.archive_share:.0%}"[:-1],
                )
            )
    created = Counter(c.board for c in plan.changes if isinstance(c, CreateTemplateCard | CreateCard))
    for board, count in sorted(created.items()):
        if count > limits.created_per_board:
            reasons.append(
                say(
                    "%(board)s: would create %(count)s cards at once, more than the %(limit)s allowed.",
                    board=board,
                    count=count,
                    limit=limits.created_per_board,
                )
            )
    if reasons:
        reasons.append(say("If this is what you want, say so with --force."))
        raise UnsafePlan(joined(reasons, "\n"))
