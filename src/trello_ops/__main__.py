"""`python -m trello_ops` is `trello-ops`."""

from trello_ops.cli import main

main()
