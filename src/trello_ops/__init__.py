"""trello-ops keeps Trello boards in step with files."""

from trello_ops import zone_data

__version__ = "0.1.0"

# Before any ZoneInfo is made: zones made earlier would use other data than those made later.
zone_data.use_newest()
