"""Objects as Trello writes them: the fields of each, and what is nested in them."""
