"""Secret addresses, in memory."""

import datetime as dt
import threading
from collections.abc import Iterable
from dataclasses import replace

from trello_ops.core.links import Link


class MemoryLinks:
    """`ports.LinkStore`, a part of `MemoryStore`, whose lock it takes."""

    _alone: threading.RLock

    def __init__(self) -> None:
        super().__init__()
        self._links: dict[str, Link] = {}

    def add_link(self, link: Link, digest: str) -> None:
        """Keep a new link, and what its secret is recognised by."""
        with self._alone:
            self._links[digest] = link

    def link_of(self, digest: str) -> Link | None:
        """The link of a secret, unless it was revoked."""
        with self._alone:
            found = self._links.get(digest)
            return found if found and found.revoked_at is None else None

    def links(self) -> tuple[Link, ...]:
        """All links, in the order in which they were made."""
        with self._alone:
            return tuple(sorted(self._links.values(), key=lambda each: (each.made_at, each.name)))

    def revoke_link(self, name: str, at: dt.datetime) -> Link | None:
        """Have a link open nothing any more. `None` where there is none of this name."""
        with self._alone:
            for digest, link in self._links.items():
                if link.name == name:
                    self._links[digest] = replace(link, revoked_at=link.revoked_at or at)
                    return self._links[digest]
            return None

    def _change_links(self, changed: Iterable[Link]) -> None:
        now = {link.name: link for link in changed}
        self._links = {digest: now.get(link.name, link) for digest, link in self._links.items()}
