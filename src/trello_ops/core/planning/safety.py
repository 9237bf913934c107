"""How much one `apply` may archive or create without `--force`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from trello_ops.core.planning.changes import (
    ArchiveCard,
    ArchiveTemplateCard,
    CreateCard,
    CreateTemplateCard,
    Risk,
)
from trello_ops.core.planning.plan import Plan
from trello_ops.errors import UnsafePlan


@dataclass(frozen=True, slots=True)
class SafetyLimits:
    """What one `apply` may do without `--force`."""

    archive_share: float = 0.3
    archive_floor: int = 10
    created_per_board: int = 50


def raise_if_unsafe(plan: Plan, owned_cards: Mapping[str, int], limits: SafetyLimits) -> None:
    """Refuse a plan that archives or creates suspiciously much. `owned_cards` counts ours per board.

    Housekeeping is not weighed: the board file itself asks for it, and it may be long overdue.
    """
    reasons = [*_archives_too_much(plan, owned_cards, limits), *_creates_too_much(plan, limits)]
    if reasons:
        raise UnsafePlan("\n".join(reasons) + "\nIf this is what you want, say so with --force.")


def _archives_too_much(plan: Plan, owned_cards: Mapping[str, int], limits: SafetyLimits) -> list[str]:
    reasons = []
    archives = (c for c in plan.changes if isinstance(c, ArchiveCard | ArchiveTemplateCard))
    archived = Counter(change.board for change in archives if change.risk is not Risk.HOUSEKEEPING)
    for board, count in sorted(archived.items()):
        owned = owned_cards.get(board, 0)
        if owned >= limits.archive_floor and count / owned > limits.archive_share:
            reasons.append(
                f"{board}: would archive {count / owned:.0%} of our cards ({count} of {owned}), "
                f"more than the {limits.archive_share:.0%} allowed."
            )
    return reasons


def _creates_too_much(plan: Plan, limits: SafetyLimits) -> list[str]:
    created = Counter(c.board for c in plan.changes if isinstance(c, CreateTemplateCard | CreateCard))
    return [
        f"{board}: would create {count} cards at once, more than the {limits.created_per_board} allowed."
        for board, count in sorted(created.items())
        if count > limits.created_per_board
    ]
