"""Names as they appear in Trello's addresses."""

import re
import unicodedata


def slug(text: str) -> str:
    """A title as the tail of a link: lower case, punctuation dropped, words joined by `-`."""
    # Recorded: "Test Trello::Card.create 2" becomes test-trellocardcreate-2.
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return "-".join(re.sub(r"[^a-z0-9\s-]", "", plain).split())
