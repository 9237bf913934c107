"""trello-ops fleet link, trello-ops fleet feed"""

from trello_ops.cli.secret_links import fleet_link_command
from trello_ops.core.links import Opens
from trello_ops.web.addresses import entrance, feed

link_command = fleet_link_command(
    Opens.PAGES,
    entrance,
    """Make a secret address of a shop's pages.

    As `trello-ops link` does for the only shop. Any process of `fleet run` that listens serves them.
    """,
)

feed_command = fleet_link_command(
    Opens.FEED,
    feed,
    """Make a secret address of a shop for a calendar program.

    As `trello-ops feed` does for the only shop. Any process of `fleet run` that listens serves it.
    """,
)
