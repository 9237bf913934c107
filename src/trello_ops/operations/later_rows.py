"""Rows that came once their card was out: added while it is open, each once, and nothing is taken away."""

from collections.abc import Iterable, Iterator

import structlog

from trello_ops.core.bindings import Kind
from trello_ops.core.calendar.week import IsoWeek, last_close
from trello_ops.core.claims import Claim, ClaimKey, ClaimKind
from trello_ops.core.declared import DONE, Board, Task
from trello_ops.core.ledger import LedgerEntry
from trello_ops.core.problems import BoardMatter
from trello_ops.core.rows import RowItem, Rows, fresh, with_room
from trello_ops.core.tracking.card_state import shows_done
from trello_ops.core.tracking.events import is_done, is_settled
from trello_ops.core.trello import Card
from trello_ops.errors import NotFound, NotSent, OutcomeUnknown, TrelloError
from trello_ops.messages import Message, joined, say, say_count
from trello_ops.operations.availability import out_of_reach
from trello_ops.operations.claims import free, released, take
from trello_ops.operations.context import Context
from trello_ops.operations.problems import matter_subject
from trello_ops.operations.rows import rows_now, table_of, write_rows

log = structlog.get_logger()

_MOST_TOLD = 5


def add_later_rows(context: Context, abandoned: Iterable[Claim]) -> None:
    """Add to open cards the rows that came since they were made, and keep the problems of rows in line.

    Settled claims on rows among the `abandoned` are given back first.
    Trouble with a board's rows is its problem `board:rows`. Raises one of `OUT_OF_REACH`.
    """
    # What a lost attempt left shows when its card is compared.
    free(context, (each for each in abandoned if ClaimKey.parse(each.key).kind is ClaimKind.ROWS))
    for board in context.workspace.boards:
        if context.stopping():
            return
        if any(task.rows for task in board.tasks):
            _Pass(context, board).run()


class _Pass:
    """One pass over the open cards of a board."""

    def __init__(self, context: Context, board: Board) -> None:
        self._context, self._board, self._now = context, board, context.clock.now()
        self._problems: dict[Message | str, None] = {}

    def run(self) -> None:
        """Add what is to be added, and note what is wrong, or that nothing is any more."""
        context, subject = self._context, matter_subject(self._board.key, BoardMatter.ROWS)
        if subject in context.paused_subjects():
            return
        for task in self._board.tasks:
            if task.rows and isinstance(found := table_of(context.services.rows, task.rows), Message):
                self._tell(task, found)
        errors = [error for entry, task, rows in self._cards() if (error := self._see_to(entry, task, rows))]
        if errors:
            context.note_failure(subject, errors[0])
        elif self._problems:
            told = list(self._problems)[:_MOST_TOLD]
            if len(self._problems) > _MOST_TOLD:
                left = len(self._problems) - _MOST_TOLD
                told.append(say_count("and %(count)s more", "and %(count)s more", left))
            context.store.note_problem(subject, joined(told, "\n"), self._now)
        else:
            context.store.clear_problem(subject)

    def _tell(self, task: Task, message: Message | str) -> None:
        self._problems[say("%(task)s: %(message)s", task=task.key, message=message)] = None

    def _cards(self) -> Iterator[tuple[LedgerEntry, Task, Rows]]:
        """The board's entries with a card that may still be given rows, each with its task."""
        store, workspace, zone = (
            self._context.store,
            self._context.workspace,
            self._context.workspace.timezone,
        )
        closed = last_close(self._now, zone, workspace.report.closes_at)
        entries = store.issued_since(self._board.key, IsoWeek.at(closed, zone).begins_at(zone))
        # Read after the entries: a card that is being filled has its claim.
        claimed = {claim.key for claim in store.claims()}
        for entry in entries:
            key = entry.occurrence.key
            found = workspace.task_of(key.board, key.task, key.date)
            if found and found[0].key == self._board.key and found[1].rows and str(key) not in claimed:
                yield entry, found[1], found[1].rows

    def _see_to(self, entry: LedgerEntry, task: Task, rows: Rows) -> TrelloError | None:
        """Add to one card what is to be added; returns what keeps that from it, where that is trouble."""
        given = self._context.store.row_items(entry.occurrence.key)
        more = self._coming(entry, task, rows, given)
        half_way = any(not each.item_id for each in given)
        if more is None or not (more or half_way) or self._context.stopping():
            return None
        return self._try(entry, rows, more)

    def _coming(
        self, entry: LedgerEntry, task: Task, rows: Rows, given: tuple[RowItem, ...]
    ) -> tuple[RowItem, ...] | None:
        """The rows that a card is to be given; `None` for one that nobody has to do. Tells what is wrong."""
        now = rows_now(self._context, self._board, task, entry.occurrence)
        for message in (*filter(None, [now.broken]), *(each.located for each in now.problems)):
            self._tell(task, message)
        coming = fresh(given, now.items)
        at = max([self._now, *(event.at for event in entry.events)])
        if is_settled(entry.events, at):
            if coming and is_done(entry.events, at):
                self._tell(task, _late(rows, coming))
            return None
        more = with_room(given, coming)
        if len(more) < len(coming):
            self._tell(task, _too_many(rows, len(coming) - len(more)))
        return more

    def _try(self, entry: LedgerEntry, rows: Rows, more: tuple[RowItem, ...]) -> TrelloError | None:
        try:
            self._add(entry, rows, more)
        except TrelloError as error:
            if out_of_reach(self._context.services, error):
                raise
            log.warning("rows.not_added", key=str(entry.occurrence.key), error=str(error))
            # The claim has to settle, we were too slow, or somebody deleted the card.
            return None if isinstance(error, OutcomeUnknown | NotSent | NotFound) else error
        return None

    def _add(self, entry: LedgerEntry, rows: Rows, more: tuple[RowItem, ...]) -> None:
        context, key = self._context, entry.occurrence.key
        held = take(context, ClaimKey.of_rows(key))
        if held is None or entry.card is None:  # at work elsewhere, or a lost attempt that has not settled
            return
        with released(context, held):
            card = context.trello.card(entry.card.id)
            if not self._is_open(entry, card):
                return
            # Again, as another process may have been at work since.
            given = context.store.row_items(key)
            context.store.give_rows(key, with_room(given, fresh(given, more)))
            write_rows(context, key, rows, card, held)
            log.info("rows.added", key=str(key), card=card.id, count=len(more))

    def _is_open(self, entry: LedgerEntry, card: Card) -> bool:
        """Whether people would see and do what is added to a card, as it is now."""
        bindings = self._context.store.bindings(self._board.key)
        done_list = bindings.id(Kind.LIST, self._board.key, DONE)
        done = shows_done(card, entry.occurrence.complete_when, {done_list} if done_list else (), self._now)
        here = card.board_id == bindings.id(Kind.BOARD, self._board.key)
        return here and not card.closed and not done


def _late(rows: Rows, coming: tuple[RowItem, ...]) -> Message:
    return say_count(
        "a row of `%(file)s` came after its card was done: open the card again, or give the row another date"
        " (%(text)s)",
        "%(count)s rows of `%(file)s` came after their card was done: open the card again, or give the rows"
        " another date (%(text)s …)",
        len(coming),
        file=rows.file,
        text=coming[0].text[:100],
    )


def _too_many(rows: Rows, count: int) -> Message:
    return say_count(
        "a row of `%(file)s` has no room: a card takes 200 of them, so spread their dates",
        "%(count)s rows of `%(file)s` have no room: a card takes 200 of them, so spread their dates",
        count,
        file=rows.file,
    )
