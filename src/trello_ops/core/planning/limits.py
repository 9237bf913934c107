"""Which of Trello's object limits a board comes near."""

from dataclasses import replace

from trello_ops.core.trello import Limit, Snapshot


def nearly_used_up(snapshot: Snapshot) -> tuple[Limit, ...]:
    """The limits of which four fifths are used up, with the count as far as anybody knows it.

    Trello tells its own counts late or not at all (trello-behaviour.md#object-limits), so what the
    snapshot shows counts too.
    """
    counted = (_counted(limit, snapshot) for limit in snapshot.limits)
    return tuple(limit for limit in counted if limit.status != "ok" or _is_near(limit))


def _counted(limit: Limit, snapshot: Snapshot) -> Limit:
    shown = {
        "cards.openPerBoard": len(snapshot.cards),
        "lists.openPerBoard": sum(not each.closed for each in snapshot.lists),
        "labels.perBoard": len(snapshot.labels),
    }
    return replace(limit, count=max(limit.count or 0, shown.get(limit.name, 0)) or None)


def _is_near(limit: Limit) -> bool:
    return limit.count is not None and limit.count * 5 >= limit.most * 4
