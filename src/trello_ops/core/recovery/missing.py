"""Occurrences that were owed and of which no card is found."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence

from trello_ops.core.calendar.catch_up import catch_up
from trello_ops.core.declared import Task
from trello_ops.core.ledger import CARD_DELETED, TOO_LATE, LedgerEntry, Occurrence, OccurrenceKey
from trello_ops.core.objectid import created_at
from trello_ops.core.recovery.evidence import BoardEvidence, Evidence, RebuiltPart, bears_marker, maker_of
from trello_ops.core.recovery.uncertainty import Uncertainty, UncertaintyKind
from trello_ops.core.trello import Action
from trello_ops.messages import say


def without_card(
    evidence: Evidence, shown: BoardEvidence, own: Collection[OccurrenceKey], missing: Sequence[Occurrence]
) -> Iterator[RebuiltPart]:
    """What becomes of `missing`, a board's occurrences without card; `own` are those that have one.

    One whose card was most likely deleted is skipped and charged to nobody. The others are issued now where
    catching up would still issue them, else skipped.
    """
    deletions = _deletions(evidence, shown)
    deleted = _matched(missing, deletions)
    for task in shown.board.tasks:
        gone = [each for each in missing if each.key.task == task.key and each.key not in deleted]
        known = [key.date for key in (*own, *deleted) if key.task == task.key]
        yield _never_found(task, gone, max(known, default=None), evidence.now)
    yield RebuiltPart(
        entries=tuple(
            LedgerEntry(each, evidence.now, skipped=CARD_DELETED) for each in missing if each.key in deleted
        ),
        uncertainties=(
            *(
                Uncertainty(
                    str(key),
                    UncertaintyKind.DELETED,
                    say("%(deletion)s Very likely it was its own.", deletion=_told(action)),
                )
                for key, action in deleted.items()
            ),
            *(
                Uncertainty(
                    shown.board.key,
                    UncertaintyKind.DELETED,
                    say("%(deletion)s Nobody knows what it was.", deletion=_told(action)),
                )
                for action in deletions
                if action not in deleted.values()
            ),
            *_unmarked(evidence, shown),
        ),
    )


def _never_found(
    task: Task, missing: Sequence[Occurrence], newest: dt.date | None, now: dt.datetime
) -> RebuiltPart:
    """Those later than the newest card may still be owed, as catching up says; the others were skipped."""
    open_ends = [each for each in missing if each.due > now or newest is None or each.key.date > newest]
    issue = catch_up(task.cadence.catch_up, open_ends, newest, now).issue
    message = say("no card was found: never issued, or deleted by somebody")
    again = say("%(message)s; made now, unless its card turns up", message=message)
    return RebuiltPart(
        entries=tuple(LedgerEntry(each, now, skipped="" if each in issue else TOO_LATE) for each in missing),
        waiting=tuple(each.key for each in issue),
        uncertainties=tuple(
            Uncertainty(str(each.key), UncertaintyKind.NO_CARD, again if each in issue else message)
            for each in missing
        ),
    )


def _deletions(evidence: Evidence, shown: BoardEvidence) -> list[Action]:
    """The deletions of cards that may have been ours, oldest card first."""
    found = [
        action
        for action in shown.log
        if action.type == "deleteCard" and action.card_id and evidence.may_be_ours(action.card_id)
    ]
    return sorted(found, key=lambda action: action.card_id or "")  # an id begins with its creation second


def _matched(missing: Iterable[Occurrence], deletions: Iterable[Action]) -> dict[OccurrenceKey, Action]:
    """Each occurrence whose card was most likely deleted, with the deletion."""
    # The log has no name of a deleted card, so of those that it fits the last one released is taken.
    found: dict[OccurrenceKey, Action] = {}
    candidates = sorted(missing, key=lambda each: (each.release, each.key), reverse=True)
    for action in deletions:
        made = created_at(action.card_id or "")
        fits = (o for o in candidates if o.release <= made < o.due and o.key not in found)
        if occurrence := next(fits, None):
            found[occurrence.key] = action
    return found


def _told(action: Action) -> str:
    made, by = created_at(action.card_id or ""), action.by.username if action.by else say("somebody")
    return say(
        "A card that was made %(made)s UTC was deleted %(deleted)s UTC by %(who)s.",
        made=f"{made:%Y-%m-%d %H:%M}",
        deleted=f"{action.at:%Y-%m-%d %H:%M}",
        who=by,
    )


def _unmarked(evidence: Evidence, shown: BoardEvidence) -> Iterator[Uncertainty]:
    """Cards that the robot made, and that neither text nor log assign to anything."""
    for card in shown.cards:
        log = evidence.log.get(card.id, ())
        if maker_of(log) in evidence.robots and not bears_marker(card, log):
            message = say(
                "the robot made the card %(url)s, which bears no marker: nobody knows what it was",
                url=card.url,
            )
            yield Uncertainty(shown.board.key, UncertaintyKind.MARKER, message)
