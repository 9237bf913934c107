"""What the daemon serves over HTTP: the address that Trello's webhooks call."""
