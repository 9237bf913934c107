"""Objects as Trello's JSON: the fields of each kind, and what is nested in them."""
