"""How every workspace of a database fares, in a handful of statements however many there are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, exists, func, select, tuple_

from trello_ops.adapters.store import schema
from trello_ops.adapters.store.database import Database
from trello_ops.adapters.store.declarations import parsed_declaration
from trello_ops.adapters.store.health import to_problem
from trello_ops.adapters.store.reports import to_mail
from trello_ops.adapters.store.workspace_tables import same
from trello_ops.core.declaration import InForce
from trello_ops.core.mails import OwedMail
from trello_ops.core.problems import SystemProblem
from trello_ops.errors import StoreError

_declarations, _problems, _claims = schema.declarations, schema.problems, schema.claims
_owed, _sent = schema.mails_owed, schema.mails_sent

_NEWEST = select(_declarations.c.workspace, func.max(_declarations.c.version)).group_by(
    _declarations.c.workspace
)
_IN_FORCE = select(_declarations.c.workspace, _declarations.c.since).where(
    tuple_(_declarations.c.workspace, _declarations.c.version).in_(_NEWEST)
)  # without the bodies, which are long
_OBSERVED = select(schema.jobs.c.workspace, schema.jobs.c.succeeded_at).where(schema.jobs.c.name == "observe")
_CLAIMED = select(_claims.c.workspace, func.count()).group_by(_claims.c.workspace)
_UNSENT = select(_owed).where(~exists().where(same(_sent, _owed, "week", "recipient", "kind")))
_SOME = 500
"""Declarations at a time: each may be long."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the store has of a workspace.

    `in_force_since` is `None` until anything was in force, `observed_at` until all its boards were read.
    `unsent` are mails that may be owed still: the declaration in force says of which that is so.
    """

    in_force_since: dt.datetime | None = None
    observed_at: dt.datetime | None = None
    problems: tuple[SystemProblem, ...] = ()
    claims: int = 0
    unsent: tuple[OwedMail, ...] = ()


def looks(database: Database) -> dict[str, Look]:
    """What there is of each workspace, by its key. Raises `StoreError`."""
    with database.reading() as db:
        since, observed, claims = (_pairs(db, each) for each in (_IN_FORCE, _OBSERVED, _CLAIMED))
        problems, unsent = defaultdict[str, list[SystemProblem]](list), defaultdict[str, list[OwedMail]](list)
        for row in db.execute(select(_problems).order_by(_problems.c.subject)).mappings():
            problems[row["workspace"]].append(to_problem(row))
        for row in db.execute(_UNSENT).mappings():
            unsent[row["workspace"]].append(to_mail(row))
    return {
        key: Look(
            since.get(key),
            observed.get(key),
            tuple(problems.get(key, ())),
            claims.get(key, 0),
            tuple(sorted(unsent.get(key, ()))),
        )
        for key in {*since, *observed, *claims, *problems, *unsent}
    }


def in_force_since(database: Database) -> dict[str, dt.datetime]:
    """Since when what is in force of each workspace is, by its key. Raises `StoreError`."""
    with database.reading() as db:
        return _pairs(db, _IN_FORCE)


def in_force(database: Database, workspaces: Collection[str]) -> Mapping[str, InForce | StoreError]:
    """The declarations in force of these workspaces; the error, where this program does not understand one.

    Raises `StoreError`.
    """
    found = dict[str, InForce | StoreError]()
    wanted, newest = sorted(workspaces), _NEWEST.subquery()
    for at in range(0, len(wanted), _SOME):
        statement = select(_declarations).where(
            _declarations.c.workspace.in_(wanted[at : at + _SOME]),
            tuple_(_declarations.c.workspace, _declarations.c.version).in_(select(newest)),
        )
        with database.reading() as db:
            for row in db.execute(statement).mappings():
                try:
                    found[row["workspace"]] = parsed_declaration(database.name, row)
                except StoreError as error:
                    found[row["workspace"]] = error
    return found


def _pairs(db: Connection, statement: Select[Any]) -> dict[str, Any]:
    return dict(db.execute(statement).all())
