"""Which of Trello's object limits a board comes near."""

from dataclasses import replace

from trello_ops.core.trello import Limit, Snapshot


def nearly_used_up(snapshot: Snapshot) -> tuple[Limit, ...]:
    """The limits of which four fifths are used up, each with the larger of Trello's count and ours."""
    # Trello tells its own counts late or not at all (trello-behaviour.md#object-limits).
    shown = {
        "cards.openPerBoard": len(snapshot.cards),
        "lists.openPerBoard": sum(not each.closed for each in snapshot.lists),
        "labels.perBoard": len(snapshot.labels),
    }
    near = []
    for limit in snapshot.limits:
        count = max(limit.count or 0, shown.get(limit.name, 0)) or None
        # Trello warns from four fifths on, so we do as well where it tells no status.
        if limit.status != "ok" or (count is not None and count * 5 >= limit.most * 4):
            near.append(replace(limit, count=count))
    return tuple(near)
