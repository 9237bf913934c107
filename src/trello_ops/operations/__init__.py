"""The verbs: each reads through ports, lets the core decide, acts through ports, and records."""
