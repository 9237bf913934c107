"""What the nodes of a fleet share beside their shops' stores. On a server alone.

Nothing here matters for longer than a minute, so none of it waits for the disk: after a crash of the server
these tables are empty, and `key_budget.py` begins as with a key that nobody knows.
"""

from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    MetaData,
    SmallInteger,
    Table,
    Text,
    text,
)

metadata = MetaData()

_UNLOGGED: Final = ["UNLOGGED"]


def _instant(name: str) -> Column[Any]:
    """By the server's clock, as those of the nodes may differ."""
    return Column(name, DateTime(timezone=True), nullable=False)


key_places = Table(
    "key_places",
    metadata,
    Column("key", Text, primary_key=True),  # its digest
    Column("place", SmallInteger, primary_key=True, autoincrement=False),
    _instant("free_at"),
    Column("taking", BigInteger, nullable=False, server_default="0"),  # how often it was taken
    prefixes=_UNLOGGED,
    postgresql_with={"fillfactor": 50},  # rows change where they lie, so that no index grows
)
"""A request of an API key occupies one place, from its permission until ten seconds after its answer."""

key_pauses = Table(
    "key_pauses",
    metadata,
    Column("key", Text, primary_key=True),
    _instant("until"),
    prefixes=_UNLOGGED,
)
"""Until when no request of a key may leave."""

hints = Table(
    "hints",
    metadata,
    Column("workspace", Text, primary_key=True),
    Column("board", Text, primary_key=True),  # its Trello id
    _instant("at"),
    prefixes=_UNLOGGED,
)
"""Boards of which Trello told, until the node that tends their shop takes them."""

_BOUND_BOARDS: Final = "CREATE INDEX bindings_by_trello_id ON bindings (trello_id) WHERE kind = 'board'"


def make(connection: Connection) -> None:
    """Make these tables, and the index by which a board's shop is found."""
    metadata.create_all(connection)
    connection.execute(text(_BOUND_BOARDS))
