"""How each shop of a fleet fares, by the store alone: the worst first."""

import datetime as dt
import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from trello_ops.adapters.store import Database
from trello_ops.adapters.store.fleet_looks import Look, in_force, in_force_since, looks
from trello_ops.core.declaration import InForce
from trello_ops.core.problems import SystemProblem
from trello_ops.fleet.tenant import Fleet
from trello_ops.operations.mailing import still_owed


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
    seen = looks(database)
    of = {name: seen.get(fleet.workspaces[name], Look()) for name in names}
    declared = in_force(database, [fleet.workspaces[name] for name, look in of.items() if look.unsent])
    for name, look in of.items():
        workspace, trouble, owed = fleet.workspaces[name], fleet.problems.get(name, ""), 0
        found = declared.get(workspace)
        if isinstance(found, InForce):
            owed = len(still_owed(look.unsent, found.declaration.workspace, now))
        elif found:  # this shop's alone, as a declaration of a newer program
            trouble = trouble or found.message
        since, read = look.in_force_since, look.observed_at
        yield Standing(name, workspace, since, read, look.problems, look.claims, owed, trouble)


def departed(fleet: Fleet, database: Database) -> dict[str, dt.datetime]:
    """The workspaces that are in force, but whose shops fleet.yaml does not name any more; since when."""
    ours = set(fleet.workspaces.values())
    return {key: since for key, since in sorted(in_force_since(database).items()) if key not in ours}
