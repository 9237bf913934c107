"""Run by Alembic: migrates the connection that it is given, inside that connection's transaction."""

from alembic import context

from trello_ops.adapters.store.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
