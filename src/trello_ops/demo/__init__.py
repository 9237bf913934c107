"""The demo: some weeks of a shop in a local Trello, run by the daemon's own jobs in simulated time."""
