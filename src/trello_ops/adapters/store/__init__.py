"""The Store on an SQL database."""

from trello_ops.adapters.store.backup import back_up
from trello_ops.adapters.store.bound import may_belong_to
from trello_ops.adapters.store.copying import copy_stores
from trello_ops.adapters.store.database import Database
from trello_ops.adapters.store.examined import Examined, examine
from trello_ops.adapters.store.sql import (
    SqlStore,
    is_gone,
    is_there,
    open_database,
    open_store,
    workspaces,
)

__all__ = [
    "Database",
    "Examined",
    "SqlStore",
    "back_up",
    "copy_stores",
    "examine",
    "is_gone",
    "is_there",
    "may_belong_to",
    "open_database",
    "open_store",
    "workspaces",
]
