"""Everything below /1, from the bytes of a request to Trello's answer."""
