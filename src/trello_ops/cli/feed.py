"""trello-ops feed"""

from trello_ops.cli.secret_links import link_command
from trello_ops.core.links import Opens
from trello_ops.web.addresses import feed

command = link_command(
    Opens.FEED,
    feed,
    """Make a secret address for a calendar program.

    A program that subscribes has what comes within a year, and what was due in the last four weeks: of
    everybody, of a board or of a person, by key. What is done is marked so. The secret is kept nowhere: make
    an address for each calendar. Asks nothing of Trello.
    """,
)
