"""The revision of a database's tables, and how they come up to date."""

import threading
from typing import Final

from sqlalchemy import Connection, inspect, text

from trello_ops.adapters.store.schema import REVISION
from trello_ops.errors import StoreError
from trello_ops.messages import say

__all__ = ["REVISION", "revision", "stamp", "upgraded", "written_by_newer"]

_one_migration: Final = threading.Lock()
"""Alembic keeps the running migration in a module, so one process can run only one at a time."""


def revision(connection: Connection) -> str | None:
    """The database's revision; `None` for one without our tables."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return found


def upgraded(connection: Connection) -> bool:
    """Run the missing migrations; False when the database is at a revision that they do not know."""
    return _run(connection, "upgrade")


def stamp(connection: Connection) -> None:
    """Note that a database was made at the newest revision."""
    _run(connection, "stamp")


def _run(connection: Connection, name: str) -> bool:
    # Imported here, as most starts find nothing to migrate.
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", "trello_ops.adapters.store:migrations")
    try:
        with _one_migration:
            getattr(command, name)(config, REVISION)
    except CommandError:
        return False
    return True


def written_by_newer(name: str, found: str | None) -> StoreError:
    """That a newer program made the tables of a database."""
    return StoreError(
        say(
            "the database %(file)s was written by a newer trello-ops (revision %(found)s, while this one"
            " knows %(known)s); install that version, or correct TRELLO_OPS_DATABASE_URL",
            file=name,
            found=found,
            known=REVISION,
        )
    )
