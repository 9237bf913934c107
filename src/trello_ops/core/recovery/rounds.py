"""Whose turns of a round cards show: by their members, as far as these tell it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from trello_ops.core.calendar.absences import People
from trello_ops.core.calendar.occurrences import given_out
from trello_ops.core.calendar.rotation import is_in, last_turn, turn_begins
from trello_ops.core.declared import Board, Workspace
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.people import Round
from trello_ops.core.recovery.evidence import RebuiltPart


def with_turns(
    workspace: Workspace, board: Board, issued: RebuiltPart, missing: Sequence[Occurrence]
) -> tuple[RebuiltPart, list[Occurrence]]:
    """What is rebuilt of a board's cards, with whose turns they were; and what has no card, given out.

    Rounds go on after the last turn that a card shows.
    """
    cards, lacking = _by_task(e.occurrence for e in issued.entries), _by_task(missing)
    known: dict[OccurrenceKey, Occurrence] = {}
    for task in board.tasks:
        if task.round:
            shown = tuple(turns_shown(task.round, workspace.people_by_key, cards[task.key]))
            last = last_turn(task.round, workspace.people_by_key, shown)
            given = given_out(workspace, board, task, lacking[task.key], last=last)
            known |= {each.key: each for each in (*shown, *given)}
    entries = (replace(e, occurrence=known.get(e.occurrence.key, e.occurrence)) for e in issued.entries)
    return replace(issued, entries=tuple(entries)), [known.get(each.key, each) for each in missing]


def _by_task(occurrences: Iterable[Occurrence]) -> dict[str, list[Occurrence]]:
    found = defaultdict[str, list[Occurrence]](list)
    for each in occurrences:
        found[each.key.task].append(each)
    return found


def turns_shown(order: Round, people: People, cards: Iterable[Occurrence]) -> Iterator[Occurrence]:
    """A task's occurrences as rebuilt, assigned to whom their cards show, each with whose turn it was.

    A week or month was held by whoever has all days of it on which they were not away, as far as absences are
    still declared; else by whoever has most. A card of nobody in the round was nobody's turn.
    """
    by_day = sorted(cards, key=lambda each: each.nominal_day)
    for _, together in groupby(by_day, lambda each: turn_begins(order.by, each.day)):
        theirs = tuple(together)
        holder = _holder(order, people, theirs)
        yield from (replace(each, turn=holder) for each in theirs)


def _holder(order: Round, people: People, cards: Sequence[Occurrence]) -> str:
    shown = [next((who for who in each.assignees if is_in(order, people, who)), "") for each in cards]
    takers = [who for who, _ in Counter(filter(None, shown)).most_common()]
    for who in takers:
        taken = zip(cards, shown, strict=True)
        if all(taker == who or people[who].absence_on(card.day) for card, taker in taken):
            return who
    return takers[0] if takers else ""
