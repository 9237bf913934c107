"""The Store on an SQL database."""

from trello_ops.adapters.store.sql import SqlStore, open_store

__all__ = ["SqlStore", "open_store"]
