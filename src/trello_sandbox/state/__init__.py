"""The world: what exists in this Trello, how it is made, who may see it, and the log of what was done."""
