"""What pages and feeds answer: who has which link, and what that lets them see. Called in threads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from importlib import import_module
from typing import Any, Final

import structlog

from trello_ops.core.calendar.agenda import Choice
from trello_ops.core.declaration import InForce
from trello_ops.core.links import Link, Opens, opened
from trello_ops.errors import StoreError, TrelloOpsError
from trello_ops.operations.comparison_cache import ComparisonCache
from trello_ops.operations.context import Context
from trello_ops.operations.links import link_of
from trello_ops.ports import Clock
from trello_ops.telemetry import redactor
from trello_ops.web.kept import Kept
from trello_ops.web.refusals import Refusal
from trello_ops.web.shop import Shop
from trello_ops.web.visit import Answer, NotHere, View, Visit

log = structlog.get_logger()

_SECONDS: Final = {Opens.PAGES: 5.0, Opens.FEED: 3600.0}
"""For which an answer is kept. Of a feed, programs are told to look again after an hour."""

_TOLD_SECONDS: Final = 60.0
"""For which the same reason why a page cannot be made is not logged again."""

_CONTEXT_SECONDS: Final = 1.0
"""For which what the files say is kept: to look at a hundred files takes longer than a page."""


@dataclass(frozen=True, slots=True)
class _Now:
    """What pages go by: what the files say, and, for links to a part of it, the declaration in force.

    By its keys links and the ledger know boards and people, also while the files already give these keys to
    others. `version` is the store's; nothing is in force before the first one.
    """

    version: int
    files: Context
    in_force: Context | None

    @classmethod
    def of(cls, files: Context, before: InForce | None) -> "_Now":
        if before is None:
            return cls(0, files, None)
        workspace = before.declaration.workspace
        if workspace == files.workspace:
            return cls(before.version, files, files)
        # Another cache, as whatever is kept for the files' keys means other things.
        runtime = replace(files.runtime, comparison_cache=ComparisonCache())
        return cls(before.version, files, replace(files, workspace=workspace, runtime=runtime))

    def opened(self, link: Link) -> tuple[Context, Choice] | None:
        """What a link opens, and by which keys; `None` where that is declared no more."""
        # What is new in the files can be linked to before it is in force.
        for context in (self.in_force, self.files) if link.board or link.person else (self.files,):
            choice = opened(link, context.workspace) if context else None
            if context and choice:
                return context, choice
        return None


@dataclass(frozen=True, slots=True)
class Asked:
    """A page of the package `pages`, by whoever has a secret; what the path and the query name is hostile."""

    name: str
    secret: str
    opens: Opens = Opens.PAGES
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


class Answers:
    """Makes answers, and keeps them for some seconds. `base` is as in `Visit`."""

    def __init__(self, shop: Shop, clock: Clock, base: str) -> None:
        self._shop, self._base = shop, base
        self._kept = Kept[Answer](clock.monotonic)
        self._now = Kept[_Now](clock.monotonic)
        self._parts = Kept[Any](clock.monotonic)
        self._told = Kept[bool](clock.monotonic)
        self._redact = redactor(shop.settings.secrets())

    def knows(self, secret: str) -> bool | None:
        """Whether a secret opens the pages; `None` where the store does not say."""
        try:
            return link_of(self._shop.store, Opens.PAGES, secret) is not None
        except StoreError as error:
            self._tell("link", error)
            return None

    def answer(self, asked: Asked) -> Answer | Refusal:
        """A page or the feed, as whoever has this secret sees it, or saw it some seconds ago."""
        try:
            visit = self.visit(asked)
            if visit is None:
                return Refusal.STRANGER
            view = _view(asked.name, visit.choice)
            # By declaration too: under another, the same keys may be those of other boards and people.
            said = visit.context.runtime.comparison_cache
            key = (said, asked.name, visit.choice, *sorted(asked.path.items()), *sorted(asked.query.items()))
            return self._kept.get(key, _SECONDS[asked.opens], lambda: view(visit).ready())
        except NotHere:
            return Refusal.NOT_HERE
        except TrelloOpsError as error:
            self._tell(asked.name, error)
            return Refusal.TROUBLED
        except Exception:
            log.exception("page.crashed", page=asked.name)
            return Refusal.BROKEN

    def _tell(self, page: str, error: TrelloOpsError) -> None:
        """Log why a page cannot be made, once a minute: visitors, and their browsers, ask again and again."""

        def told() -> bool:
            log.warning("page.not_made", page=page, error=str(error))
            return True

        self._told.get((page, str(error)), _TOLD_SECONDS, told)

    def visit(self, asked: Asked) -> Visit | None:
        """The visit of whoever has a secret; `None` where it opens nothing. Raises as the store does."""
        store = self._shop.store
        version = store.declaration_version() if asked.secret else 0
        link = link_of(store, asked.opens, asked.secret) if asked.secret else None
        if link is None:
            return None
        now = self._now.get(version, _CONTEXT_SECONDS, self._declared)
        if not version == now.version == store.declaration_version():
            return self.visit(asked)  # another one came in force meanwhile, by whose keys the link may not be
        found = now.opened(link)
        if found is None:
            return None
        context, choice = found
        app = self._shop.app()
        return Visit(app, context, choice, self._base, self._redact, self._parts, asked.path, asked.query)

    def _declared(self) -> _Now:
        app = self._shop.app()
        context = app.context()
        return _Now.of(context, app.source.before)


def _view(name: str, choice: Choice) -> View:
    """The view of a page. Raises `NotHere` for who may not see it."""
    # Imported when it is first asked for: what draws pages would take memory all week.
    page = import_module(f"trello_ops.web.pages.{name}")
    if not page.MAY(choice):
        raise NotHere
    view: View = page.view
    return view
