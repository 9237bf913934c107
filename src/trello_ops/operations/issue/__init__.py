"""issue: a card for every occurrence that is due, exactly once.

`one_pass` records what was released and decides what is to be issued; a `queue` lets several threads work
through it, the most urgent first; each `attempt` claims, looks, creates, confirms and fills.

A crash or a lost answer at any step leaves a claim. Once that has settled, another attempt takes it over and
first looks for the card by its marker on the board.
"""

from trello_ops.operations.issue.one_pass import Issued, issue

__all__ = ["Issued", "issue"]
