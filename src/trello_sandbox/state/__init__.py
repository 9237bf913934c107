"""The world: what exists in this Trello, how it comes into being, and its log."""
