"""Whose pages and feeds they are."""

from collections.abc import Callable
from dataclasses import dataclass

from trello_ops.app import App
from trello_ops.ports import Store
from trello_ops.settings import Settings


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop that people visit.

    `app` opens it where it is not open yet, and raises as `open_app` does. Strangers, whom the `store` does
    not know, do not have it opened. `stopping` turns true when the program ends. `below` is where its pages
    are below the public address, as `/shops/zina`; empty where they are the only ones.
    """

    settings: Settings
    store: Store
    app: Callable[[], App]
    stopping: Callable[[], bool]
    below: str = ""

    @classmethod
    def of(cls, app: App) -> "Shop":
        """The only shop of a process."""
        return cls(app.settings, app.services.store, lambda: app, app.runtime.stopping)
