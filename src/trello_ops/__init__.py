"""trello-ops keeps Trello boards in step with files."""

__version__ = "0.1.0"
