"""How each shop of a fleet fares, by the store alone: the worst first."""

import datetime as dt
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from trello_ops.adapters.store import Database, SqlStore, workspaces_in
from trello_ops.core.ledger import SystemProblem
from trello_ops.errors import StoreError
from trello_ops.fleet.tenant import Fleet
from trello_ops.operations.mailing import owed_by


@dataclass(frozen=True, slots=True)
class Standing:
    """How a shop fares. `trouble` says why it is not tended, and is empty where it is.

    `in_force_since` is `None` until anything was in force, `observed_at` until all its boards were read.
    `claims` counts what is unfinished, `mails_owed` the mails that are not sent yet.
    """

    name: str
    workspace: str
    in_force_since: dt.datetime | None = None
    observed_at: dt.datetime | None = None
    problems: tuple[SystemProblem, ...] = ()
    claims: int = 0
    mails_owed: int = 0
    trouble: str = ""

    def lag(self, now: dt.datetime) -> dt.timedelta | None:
        """How long ago its boards were last read; `None` where they never were."""
        return now - self.observed_at if self.observed_at else None

    def badness(self, now: dt.datetime) -> tuple[bool, bool, float]:
        """The higher, the more it needs somebody."""
        lag = self.lag(now)
        return bool(self.trouble), bool(self.problems), lag.total_seconds() if lag is not None else math.inf


def standings(
    fleet: Fleet, database: Database, now: dt.datetime, names: Collection[str]
) -> tuple[Standing, ...]:
    """How the shops of these names fare, the worst first; of those whose workspace is known."""
    found = _standings(fleet, database, now, [name for name in fleet.workspaces if name in names])
    return tuple(sorted(found, key=lambda each: (*(-part for part in each.badness(now)), each.name)))


def _standings(
    fleet: Fleet, database: Database, now: dt.datetime, names: Collection[str]
) -> Iterator[Standing]:
    for name in names:
        store, trouble = SqlStore(database, fleet.workspaces[name]), fleet.problems.get(name, "")
        try:
            before, jobs, problems = store.in_force(), store.jobs(), store.problems()
            owed = owed_by(store, before.declaration.workspace, now) if before else ()
        except StoreError as error:  # this shop's alone, as a declaration of a newer program
            yield Standing(name, fleet.workspaces[name], trouble=trouble or error.message)
            continue
        since = before.since if before else None
        claims, mails = len(store.claims()), len(owed)
        workspace, read = fleet.workspaces[name], jobs.get("observe")
        yield Standing(name, workspace, since, read, problems, claims, mails, trouble)


def departed(fleet: Fleet, database: Database) -> dict[str, dt.datetime]:
    """The workspaces that are in force, but whose shops fleet.yaml does not name any more; since when."""
    found = dict[str, dt.datetime]()
    for key in sorted(set(workspaces_in(database)).difference(fleet.workspaces.values())):
        before = SqlStore(database, key).in_force()
        if before:
            found[key] = before.since
    return found
