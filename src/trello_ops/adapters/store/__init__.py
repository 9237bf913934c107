"""The Store on an SQL database."""

from trello_ops.adapters.store.backup import back_up
from trello_ops.adapters.store.sql import SqlStore, is_there, open_store, workspaces

__all__ = ["SqlStore", "back_up", "is_there", "open_store", "workspaces"]
