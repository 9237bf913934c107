"""Bindings in SQL."""

from dataclasses import asdict

from sqlalchemy import and_, true

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.workspace_tables import WorkspaceTables
from trello_ops.core.bindings import Binding, Bindings, Kind


class SqlBindings(WorkspaceTables):
    """`ports.BindingStore`."""

    def bindings(self, board: str = "") -> Bindings:
        """One board's bindings, or all of them."""
        table = schema.bindings
        # Every kind is named so that the primary key, which begins with it, finds a board's rows.
        wanted = and_(table.c.kind.in_(list(Kind)), table.c.board == board) if board else true()
        rows = self._all(table, "kind", "board", "key", where=wanted)
        return Bindings.of(Binding(**{**row, "kind": Kind(row["kind"])}) for row in rows)

    def bind(self, binding: Binding) -> None:
        """Insert, or replace the binding of the same kind, board and key."""
        self._put(schema.bindings, asdict(binding))

    def unbind(self, kind: Kind, board: str, key: str = "") -> None:
        """Delete a binding. No-op if absent."""
        self._delete(schema.bindings, kind=kind, board=board, key=key)
