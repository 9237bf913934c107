"""Bindings in SQL."""

from dataclasses import asdict

from sqlalchemy import and_, true

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.workspace_tables import WorkspaceTables
from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.identity import TrelloIdentity


class SqlBindings(WorkspaceTables):
    """`ports.BindingStore`."""

    def bindings(self, board: str = "") -> Bindings:
        """One board's bindings, or all of them."""
        table = schema.bindings
        # Every kind is named so that the primary key, which begins with it, finds a board's rows.
        wanted = and_(table.c.kind.in_(list(Kind)), table.c.board == board) if board else true()
        rows = self._all(table, "kind", "board", "key", where=wanted)
        return Bindings.of(Binding(**{**row, "kind": Kind(row["kind"])}) for row in rows)

    def bind(self, *bindings: Binding) -> None:
        """Insert, or replace those of the same kind, board and key; all or nothing."""
        with self._database.writing(self._workspace) as db:
            for each in bindings:
                db.execute(self._upsert(schema.bindings, asdict(each)))

    def trello(self) -> TrelloIdentity | None:
        """The Trello that this store belongs to; `None` until it is bound."""
        rows = self._all(schema.trellos)
        return TrelloIdentity(**rows[0]) if rows else None

    def bind_trello(self, identity: TrelloIdentity) -> None:
        """Let the store belong to this Trello, and to no other any more."""
        self._put(schema.trellos, asdict(identity))

    def unbind(self, kind: Kind, board: str, key: str = "") -> None:
        """Delete a binding. No-op if absent."""
        self._delete(schema.bindings, kind=kind, board=board, key=key)
