"""Rows of workbooks as check items: read when a card is made, noted, and only then put on the card.

What a card was given it keeps: it is noted in the store before it is written, under a claim, so that no row
comes twice, whatever people make of its item.
"""

from collections.abc import Callable

from trello_ops.core.bindings import Bindings
from trello_ops.core.calendar.recurrence import period_around
from trello_ops.core.declared import Board, Task
from trello_ops.core.ledger import Occurrence, OccurrenceKey
from trello_ops.core.planning.changes import AddCheckItem, AddChecklist
from trello_ops.core.planning.rows_on_card import rows_on_card
from trello_ops.core.rows import (
    RowItem,
    Rows,
    RowsNow,
    Table,
    dated,
    lacking,
    notice,
    row_items,
    with_room,
    within,
)
from trello_ops.core.trello import Card
from trello_ops.errors import InvalidDeclaration, NotFound
from trello_ops.escape import one_line
from trello_ops.messages import Message, say
from trello_ops.operations.checklist_items import keep_lease
from trello_ops.operations.claims import HeldClaim
from trello_ops.operations.context import Context
from trello_ops.plain_text import Unreadable
from trello_ops.ports import CardRenderer, RowReader

_MOST_REMEMBERED = 1_000


def table_of(reader: RowReader, rows: Rows) -> Table | Message:
    """The table that a task's rows are in, or what keeps it from being read."""
    try:
        table = reader.read(rows.file, rows.sheet)
    except Unreadable as error:
        return say("`%(file)s` %(why)s", file=rows.file, why=error.message)
    return next((message for _, message in lacking(rows, table)), table)


def rows_now(context: Context, board: Board, task: Task, occurrence: Occurrence) -> RowsNow:
    """What a task's workbook has for the card of an occurrence now."""
    rows, memory = task.rows, context.runtime.rows
    if rows is None:
        return RowsNow()
    table = table_of(context.services.rows, rows)
    if isinstance(table, Message):
        return RowsNow(broken=table)
    known = memory.get(occurrence.key)
    # Nothing is rendered again as long as neither the file nor what is said of it has changed.
    if known is None or known[0] is not table or known[1] != task:
        if len(memory) >= _MOST_REMEMBERED:
            memory.clear()
        now = rows_in(table, context.render_card, board, task, occurrence)
        known = memory[occurrence.key] = table, task, now
    return known[2]


def rows_in(table: Table, cards: CardRenderer, board: Board, task: Task, occurrence: Occurrence) -> RowsNow:
    """What the table of a task's rows has for the card of an occurrence."""
    rows = task.rows
    if rows is None:
        return RowsNow()
    found = dated(rows, table)
    kept = within(rows, found.table, period_around(task.cadence, occurrence.nominal_day))
    try:
        rendered = cards.row_texts(board.key, task.key, kept)
    except InvalidDeclaration as invalid:
        return RowsNow(broken=invalid.problems[0].message)
    items, problems = row_items(rows, kept, rendered.texts)
    return RowsNow(items, (*found.problems, *rendered.problems, *problems))


def give_rows(context: Context, occurrence: Occurrence, held: HeldClaim) -> None:
    """Put on the card of an occurrence, issued under this claim, the rows that its workbook has now.

    What an attempt before gave it is completed alone. Where the workbook cannot be read, the card is given an
    item that says so. Raises a `TrelloError`; after `OutcomeUnknown`, the next attempt compares again.
    """
    key, store = occurrence.key, context.store
    found = context.workspace.task_of(key.board, key.task, key.date)
    if found is None or found[1].rows is None:
        return
    entry = store.entry(key)
    if entry is None or entry.card is None:
        return
    if not store.row_items(key):
        # Noted before they are written, and once the card stands: until then the workbook may change.
        now = rows_now(context, *found, occurrence)
        locale = context.workspace.locale
        store.give_rows(key, first_items(now, lambda message: context.translate(message, locale)))
    if all(each.item_id for each in store.row_items(key)):
        return
    try:
        card = context.trello.card(entry.card.id)
    except NotFound:  # somebody deleted it meanwhile, which is theirs to do
        return
    write_rows(context, key, found[1].rows, card, held)


def first_items(now: RowsNow, translate: Callable[[str], str]) -> tuple[RowItem, ...]:
    """What a new card is given: the rows, or why there are none."""
    if not now.broken:
        return with_room((), now.items)
    message = say(
        "⚠ The rows are missing here: %(why)s. Once this is mended, they are added.", why=now.broken
    )
    return (notice(one_line(translate(message))),)


def write_rows(context: Context, key: OccurrenceKey, rows: Rows, card: Card, held: HeldClaim) -> None:
    """Put on a card, read under this claim, what it lacks of the rows that it was given. Raises likewise."""
    store, perform = context.store, context.trello.perform
    lacks = rows_on_card(card, rows.title, store.row_items(key))
    for item, item_id in lacks.found:
        store.row_written(key, item.row, item_id)
    checklist_id = lacks.checklist_id
    for item, position in lacks.missing:
        keep_lease(context, held)
        if not checklist_id:
            checklist = AddChecklist(
                board=key.board, card_id=card.id, title=rows.title, position=lacks.position
            )
            checklist_id = perform(checklist, Bindings(), held.send_before).id
        add = AddCheckItem(
            board=key.board, card_id=card.id, checklist_id=checklist_id, title=item.text, position=position
        )
        store.row_written(key, item.row, perform(add, Bindings(), held.send_before).id)
