"""A lost ledger rebuilt from what Trello still shows."""
