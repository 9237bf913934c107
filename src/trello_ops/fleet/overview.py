"""How a fleet fares: its shops, its keys, and where there are nodes, these and what they have in hand."""

import datetime as dt
import statistics
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.store import Database
from trello_ops.adapters.store.agency import AgencyStore
from trello_ops.adapters.store.postgres import PostgresDatabase
from trello_ops.core.problems import SystemProblem
from trello_ops.fleet.agency_post import as_workspace
from trello_ops.fleet.groups import group_of
from trello_ops.fleet.standing import Standing, standings
from trello_ops.fleet.tenant import Agency, Fleet
from trello_ops.operations.mailing import still_owed

if TYPE_CHECKING:
    from trello_ops.fleet.tenancies import SeenNode


@dataclass(frozen=True, slots=True)
class KeyShare:
    """What a key serves: its shops, how many of them were never read, and the lag of the others.

    `requests` counts what is taken now of its requests in ten seconds; `None` where no server counts it.
    """

    shops: int
    not_read: int
    lag_median: dt.timedelta | None
    lag_worst: dt.timedelta | None
    requests: int | None = None


@dataclass(frozen=True, slots=True)
class Nodes:
    """The nodes, and the name of the one that has each group and tends each shop: none where it waits."""

    nodes: "tuple[SeenNode, ...]"
    of_groups: Mapping[str, str | None]
    of_shops: Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class AgencyMails:
    """How many mails about all shops are not sent yet, and what is wrong with them."""

    owed: int
    problems: tuple[SystemProblem, ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A fleet at one instant. The worst shops come first; without a server, there are no `nodes`.

    `agency` is `None` where nobody gets the week of all shops. `not_tended` names what cannot be tended, also
    what has no workspace and is not among the shops.
    """

    at: dt.datetime
    shops: tuple[Standing, ...]
    keys: Mapping[str, KeyShare]
    not_tended: Collection[str]
    nodes: Nodes | None = None
    agency: AgencyMails | None = None


def overview(fleet: Fleet, database: Database, now: dt.datetime) -> Overview:
    """How it fares, in some ten statements however many shops there are. Raises `StoreError`."""
    shops = standings(fleet, database, now, fleet.workspaces)
    keys = {key: _share(key, fleet, shops, now, _requests(key, fleet, database)) for key in fleet.keys}
    agency = _agency(fleet.agency, database, now) if fleet.agency else None
    return Overview(now, shops, keys, fleet.problems.keys(), _nodes(fleet, database), agency)


def _agency(agency: Agency, database: Database, now: dt.datetime) -> AgencyMails:
    store = AgencyStore(database)
    return AgencyMails(len(still_owed(store.unsent(), as_workspace(agency), now)), store.problems())


def _share(
    key: str, fleet: Fleet, shops: tuple[Standing, ...], now: dt.datetime, requests: int | None
) -> KeyShare:
    its = {tenant.name for tenant in fleet.tenants.values() if tenant.key == key}
    lags = [lag for shop in shops if shop.name in its and (lag := shop.lag(now)) is not None]
    median = dt.timedelta(seconds=statistics.median(lag.total_seconds() for lag in lags)) if lags else None
    return KeyShare(len(its), len(its) - len(lags), median, max(lags, default=None), requests)


def _requests(key: str, fleet: Fleet, database: Database) -> int | None:
    if not isinstance(database, PostgresDatabase):
        return None
    from trello_ops.adapters.store.key_budget import KeyBudget, digest

    return KeyBudget(database, digest(fleet.keys[key].key.get_secret_value()), SystemClock()).used()


def _nodes(fleet: Fleet, database: Database) -> Nodes | None:
    if not isinstance(database, PostgresDatabase):
        return None
    # Imported late: who has no server has not installed the queue.
    from trello_ops.fleet.tenancies import tenancies

    found = tenancies(database)
    groups = {name: group_of(tenant) for name, tenant in fleet.tenants.items()}
    of_groups = {group: found.held.get(group) for group in groups.values()}
    return Nodes(found.nodes, of_groups, {name: of_groups[group] for name, group in groups.items()})
