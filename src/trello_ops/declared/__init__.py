"""Board files: their shape, and reading them into a Workspace."""
