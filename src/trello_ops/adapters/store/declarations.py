"""The declaration in force, and those before it, in SQL."""

from collections.abc import Collection
from dataclasses import asdict
from typing import Final

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import RowMapping, delete, func, select, update

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.workspace_tables import WorkspaceTables
from trello_ops.core.bindings import Binding
from trello_ops.core.declaration import Declaration, InForce
from trello_ops.core.links import Link
from trello_ops.errors import StoreError
from trello_ops.messages import say

_BODY: Final = TypeAdapter(Declaration)
"""Core values as JSON and back. A field that an older body lacks takes its default."""
_NOT_KEPT: Final = {"workspace": {"holidays": {"known"}}}
"""The dates of holidays are no part of what is declared; whoever takes it out finds them anew."""

_table = schema.declarations


class SqlDeclarations(WorkspaceTables):
    """`ports.DeclarationStore`."""

    def declaration_version(self) -> int:
        """The version in force; 0 where there is none yet."""
        # Without the body, which is long: this is asked before every job.
        newest = select(func.max(_table.c.version).label("version")).where(self._mine(_table))
        return self._rows(newest)[0]["version"] or 0

    def in_force(self) -> InForce | None:
        """The declaration in force. Raises `StoreError` for one that this program does not understand."""
        newest = select(_table).where(self._mine(_table)).order_by(_table.c.version.desc()).limit(1)
        rows = self._rows(newest)
        if not rows:
            return None
        return parsed_declaration(self._database.name, rows[0])

    def put_in_force(
        self,
        following: InForce,
        bind: Collection[Binding] = (),
        unbind: Collection[Binding] = (),
        links: Collection[Link] = (),
    ) -> bool:
        """Append a version and rebind what was renamed, all or nothing; False if that version is there."""
        row = {
            "version": following.version,
            "since": following.since,
            "body": _BODY.dump_json(following.declaration, exclude=_NOT_KEPT).decode(),
        }
        with self._database.writing(self._workspace) as db:
            if not self._add(db, _table, [row]):
                return False
            # Those to bind too: what stands under their keys makes way first.
            for gone in (*unbind, *bind):
                key = {"kind": gone.kind, "board": gone.board, "key": gone.key}
                db.execute(delete(schema.bindings).where(self._mine(schema.bindings, **key)))
            self._add(db, schema.bindings, [asdict(binding) for binding in bind])
            for link in links:
                now = {"board": link.board, "person": link.person, "revoked_at": link.revoked_at}
                db.execute(update(schema.links).where(self._mine(schema.links, name=link.name)).values(now))
        return True


def parsed_declaration(store: str, row: RowMapping) -> InForce:
    """A row of a store with this name. Raises `StoreError` for one that this program does not understand."""
    try:
        declaration = _BODY.validate_json(row["body"])
    except ValidationError as error:
        raise StoreError(
            say(
                "%(store)s: the declaration in force (version %(version)s) was written by a newer"
                " program, or is damaged. Go on with the newer program, or put back a backup.",
                store=store,
                version=row["version"],
            )
        ) from error
    return InForce(row["version"], row["since"], declaration)
