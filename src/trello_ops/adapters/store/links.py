"""Secret addresses, in SQL."""

import datetime as dt
from dataclasses import asdict, replace

from sqlalchemy import update

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.workspace_tables import WorkspaceTables
from trello_ops.core.links import Link, Opens

_table = schema.links


class SqlLinks(WorkspaceTables):
    """`ports.LinkStore`."""

    def add_link(self, link: Link, digest: str) -> None:
        """Keep a new link, and what its secret is recognised by."""
        with self._database.writing(self._workspace) as db:
            self._add(db, _table, [{**asdict(link), "digest": digest}])

    def link_of(self, digest: str) -> Link | None:
        """The link of a secret, unless it was revoked."""
        found = self._links(digest=digest, revoked_at=None)
        return found[0] if found else None

    def links(self) -> tuple[Link, ...]:
        """All links, in the order in which they were made."""
        return self._links()

    def revoke_link(self, name: str, at: dt.datetime) -> Link | None:
        """Have a link open nothing any more. `None` where there is none of this name."""
        with self._database.writing(self._workspace) as db:
            valid = self._mine(_table, name=name, revoked_at=None)
            db.execute(update(_table).where(valid).values(revoked_at=at))
        return next(iter(self._links(name=name)), None)

    def _links(self, **equal: object) -> tuple[Link, ...]:
        rows = self._all(_table, "made_at", "name", where=self._mine(_table, **equal))
        found = (Link(**{key: value for key, value in row.items() if key != "digest"}) for row in rows)
        return tuple(replace(each, opens=Opens(each.opens)) for each in found)
