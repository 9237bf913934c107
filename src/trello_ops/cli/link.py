"""trello-ops link"""

from trello_ops.cli.secret_links import link_command
from trello_ops.core.links import Opens
from trello_ops.web.addresses import entrance

command = link_command(
    Opens.PAGES,
    entrance,
    """Make a secret address of the pages.

    At it somebody sees what `run` serves. Without an option it opens everything: for the manager. With
    --board, what concerns that board: for whoever answers for it. With --person, that person's calendar.
    Boards and people are named by their keys. The secret is kept nowhere: give the address to one person
    only, and make another for the next. Asks nothing of Trello.
    """,
)
