"""Claims in SQL. A claim's version, a column named `token`, makes every change a compare-and-swap."""

import datetime as dt
from dataclasses import replace

from sqlalchemy import update

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.rows import from_claim, to_claim
from trello_ops.adapters.store.workspace_tables import WorkspaceTables, new_version
from trello_ops.core.claims import Claim


class SqlClaims(WorkspaceTables):
    """`ports.ClaimStore`."""

    def claim(self, key: str, holder: str, at: dt.datetime) -> Claim | None:
        """Take a free key; `None` when it is claimed."""
        claim = Claim(key, new_version(), holder, attempted_at=at)
        # The primary key decides between processes: a look before the insert could be overtaken.
        with self._database.writing(self._workspace) as db:
            return claim if self._add(db, schema.claims, [from_claim(claim)]) else None

    def claims(self) -> tuple[Claim, ...]:
        """All claims, oldest attempt first."""
        return tuple(to_claim(row) for row in self._all(schema.claims, "attempted_at", "key"))

    def renew(self, claim: Claim, holder: str) -> Claim | None:
        """Continue under a new version, or take over; `None` when the claim has changed."""
        tried_again = holder != claim.holder or claim.unknown
        attempt = claim.attempt + tried_again
        renewed = replace(claim, version=new_version(), holder=holder, attempt=attempt, unknown=False)
        return renewed if self._swap(claim, renewed) else None

    def mark_unknown(self, claim: Claim) -> None:
        """Record that an answer was lost. No-op when the claim has changed."""
        self._swap(claim, replace(claim, version=new_version(), unknown=True))

    def release(self, claim: Claim) -> None:
        """Free the key. No-op when the claim has changed."""
        self._delete(schema.claims, key=claim.key, token=claim.version)

    def _swap(self, old: Claim, new: Claim) -> bool:
        """Replace `old` with `new`; False when another version has replaced `old` meanwhile."""
        this = self._mine(schema.claims, key=old.key, token=old.version)
        with self._database.writing(self._workspace) as db:
            return db.execute(update(schema.claims).where(this).values(from_claim(new))).rowcount == 1
