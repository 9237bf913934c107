"""Alembic's environment and versions, run by `database.open_database` when a store is opened."""
