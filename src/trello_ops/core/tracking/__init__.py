"""From what a board shows to events of the ledger."""
