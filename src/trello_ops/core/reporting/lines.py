"""From an entry of the ledger to its line in a report."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from trello_ops.core.days_off import Skip
from trello_ops.core.declared import Workspace
from trello_ops.core.ledger import WITHDRAWN, EventKind, LedgerEntry, LedgerEvent, Occurrence
from trello_ops.core.reporting.outcome import Outcome
from trello_ops.core.reporting.report import DueMove, ReportedOccurrence
from trello_ops.core.reporting.who import People
from trello_ops.core.tracking.events import excuse, is_done, is_reopened, is_unproven, withdrawal


@dataclass(frozen=True, slots=True)
class EntryAsOf:
    """An entry as of an instant, as a report tells of it."""

    workspace: Workspace
    people: People
    entry: LedgerEntry
    at: dt.datetime

    def assignees(self, done: LedgerEvent | None) -> tuple[str, ...]:
        """The card's members when it was done; else, or if it had none, those it was given to."""
        # Who takes over a duty and does it gets the credit. Leaving an undone card frees nobody.
        if done is None:
            return self._people_now(self.entry.occurrence)
        on_card = dict.fromkeys(self._people_now(self.entry.recorded))
        for at, who, joins in sorted(self._moves(), key=lambda move: move[0]):
            if at <= done.at and joins:
                on_card[who] = None
            elif at <= done.at:
                on_card.pop(who, None)
        return tuple(on_card) or self._people_now(self.entry.as_of(done.at))

    def _moves(self) -> Iterator[tuple[dt.datetime, str, bool]]:
        """When somebody was put on the card, or taken off it, by amendments and by people."""
        before = self._people_now(self.entry.recorded)
        for each in self.entry.amendments:
            after = self._people_now(each.of_occurrence(self.entry.recorded))
            yield from ((each.at, who, False) for who in before if who not in after)
            yield from ((each.at, who, True) for who in after if who not in before)
            before = after
        for event in self.entry.events:
            if event.kind in {EventKind.ASSIGNED, EventKind.UNASSIGNED}:
                yield event.at, self.people.who(event.by) or "", event.kind is EventKind.ASSIGNED

    def _people_now(self, occurrence: Occurrence) -> tuple[str, ...]:
        """Whom it is assigned to, by the keys that they have now."""
        return tuple(dict.fromkeys(self.people.keys_now(occurrence)))

    def due_moves(self) -> tuple[DueMove, ...]:
        known = (e for e in self.entry.events if e.kind is EventKind.DUE_MOVED and e.at <= self.at)
        return tuple(DueMove(e.at, self.people.who(e.by)) for e in sorted(known, key=lambda event: event.at))

    def excused(self) -> LedgerEvent | None:
        """What excused it, where an action told it: a guessed instant says nothing worth reporting."""
        found = excuse(self.entry.events, self.at)
        return None if found is None or found.approximate else found

    def withdrawn(self) -> LedgerEvent | None:
        """What withdrew it, where nobody excused it."""
        by_person = excuse(self.entry.events, self.at)
        return None if by_person else withdrawal(self.entry.events, self.at)

    def excused_reason(self) -> str:
        """Why it is excused, given that it is; in the order in which that was decided."""
        if self.withdrawn():
            return WITHDRAWN
        if Skip.parse(self.entry.skipped):
            return self.entry.skipped
        found = excuse(self.entry.events, self.at)
        return "" if found is None else str(found.source)


def reported(seen: EntryAsOf, outcome: Outcome, done: LedgerEvent | None) -> ReportedOccurrence:
    """The line of an entry with this outcome; `done` is the completion that counts."""
    entry, occurrence = seen.entry, seen.entry.occurrence
    withdrawn = seen.withdrawn() if outcome is Outcome.EXCUSED else None
    excused = withdrawn or (seen.excused() if outcome is Outcome.EXCUSED else None)
    due_moves = seen.due_moves()
    board, task = keys_now(seen.workspace, occurrence)
    theme = seen.workspace.theme(occurrence.theme)
    assignees = seen.assignees(done)
    return ReportedOccurrence(
        key=str(occurrence.key),
        board=board,
        task=task,
        theme=theme.key if theme else occurrence.theme,
        title=occurrence.title,
        assignees=assignees,
        due_at=occurrence.due,
        outcome=outcome,
        completed_at=done.at if done else None,
        completed_by=seen.people.who(done.by) if done else None,
        card_url=entry.card.url if entry.card else None,
        approximate=bool(done and done.approximate),
        note=WITHDRAWN if withdrawn else entry.skipped,
        unproven=done is not None and is_unproven(entry.events, seen.at),
        due_moved_by=due_moves[-1].by if due_moves else None,
        excused_at=excused.at if excused else None,
        excused_by=seen.people.who(excused.by) if excused else None,
        amended_at=entry.amended_at,
        due_moves=due_moves,
        absent=tuple(seen.people.absentee_now(each) for each in occurrence.absent),
        nobody_left=occurrence.nobody_left,
        excused_reason=seen.excused_reason() if outcome is Outcome.EXCUSED else "",
        assignee_names=tuple(map(seen.people.name, assignees)),
        reopened=is_reopened(entry.events, seen.at),
    )


def keys_now(workspace: Workspace, occurrence: Occurrence) -> tuple[str, str]:
    """The keys that its board and its task have now; a task that moved stays with the board of its card."""
    key = occurrence.key
    board, now = workspace.board_now(key.board), workspace.task_of(key.board, key.task, key.date)
    renamed = board and now and now[0] is board
    return board.key if board else key.board, now[1].key if now and renamed else key.task


def counted_event(entry: LedgerEntry, at: dt.datetime) -> LedgerEvent | None:
    """The completion that counts: the one that made it done by its due, else the last one."""
    if not is_done(entry.events, at):
        return None
    due = min(entry.promised_due, at)
    return last_done(entry, due if is_done(entry.events, due) else at)


def last_done(entry: LedgerEntry, until: dt.datetime) -> LedgerEvent:
    """The last completion up to an instant, of an entry that has one."""
    return max((c for c in entry.events if c.kind is EventKind.DONE and c.at <= until), key=lambda c: c.at)
