"""The Store on an SQL database."""

from trello_ops.adapters.store.backup import back_up
from trello_ops.adapters.store.sql import SqlStore, open_store

__all__ = ["SqlStore", "back_up", "open_store"]
