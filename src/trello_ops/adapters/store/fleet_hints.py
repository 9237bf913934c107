"""Hints from Trello's calls, from the node that got the call to the one that tends the shop.

A hint only brings a read forward. So one that is lost, with a node or in a crash of the server, costs the
wait for the next poll and no more.
"""

from collections.abc import Collection
from typing import Final

from sqlalchemy import ARRAY, Text, any_, cast, delete, func, literal, select
from sqlalchemy.dialects.postgresql import insert

from trello_ops.adapters.store.fleet_tables import hints
from trello_ops.adapters.store.postgres import PostgresDatabase
from trello_ops.adapters.store.schema import bindings
from trello_ops.core.bindings import Kind

CHANNEL: Final = "trello_ops_hints"
"""`PostgresDatabase.listening` hears on it the key of each workspace that gets a hint."""

_NOW: Final = func.statement_timestamp()


def note_hint(database: PostgresDatabase, board_id: str) -> tuple[str, ...]:
    """Note that something happened on a board of this Trello id, and wake who tends its shop.

    Returns the keys of the workspaces that it belongs to: none for a board that no shop has. Raises
    `StoreError`.
    """
    # Said literally, so that the index of boards alone serves it.
    is_board = bindings.c.kind == literal(Kind.BOARD.value, literal_execute=True)
    owners = select(bindings.c.workspace, bindings.c.trello_id, _NOW).where(
        is_board, bindings.c.trello_id == board_id
    )
    rows = insert(hints).from_select(["workspace", "board", "at"], owners.distinct())
    noted = (
        rows.on_conflict_do_update(index_elements=list(hints.primary_key), set_={"at": rows.excluded.at})
        .returning(hints.c.workspace)
        .cte("noted")
    )
    with database.at_once() as db:
        found = db.execute(select(noted.c.workspace, func.pg_notify(CHANNEL, noted.c.workspace))).all()
    return tuple(sorted(workspace for workspace, _ in found))


def take_hints(database: PostgresDatabase, workspaces: Collection[str]) -> tuple[tuple[str, str], ...]:
    """Take these workspaces' hints, oldest first: of each the workspace's key and a board's Trello id.

    Of several that take at once, one gets it. A hint that comes later is another one. Raises `StoreError`.
    """
    theirs = hints.c.workspace == any_(cast(list(workspaces), ARRAY(Text)))
    with database.at_once() as db:
        taken = db.execute(
            delete(hints).where(theirs).returning(hints.c.at, hints.c.workspace, hints.c.board)
        )
        return tuple((workspace, board) for _, workspace, board in sorted(tuple(row) for row in taken))
