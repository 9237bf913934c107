"""What the daemon serves over HTTP: for now, the address that Trello's webhooks call."""
