"""What a check finds, and with what it looks."""

import threading
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from enum import StrEnum

from trello_ops.app import open_trello
from trello_ops.core.declared import Workspace
from trello_ops.declared import load
from trello_ops.ports import Clock, TrelloGateway
from trello_ops.render import card_files
from trello_ops.settings import Settings


class Level(StrEnum):
    """How bad a finding is. The worst of them is the exit code: 0, 1 or 2."""

    FINE = "fine"
    LOOK = "look"
    BROKEN = "broken"

    @property
    def code(self) -> int:
        """Its exit code."""
        return list(Level).index(self)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found, and what to do about it; the advice is empty where there is nothing to do."""

    check: str
    level: Level
    message: str
    advice: str = ""


@dataclass(eq=False, slots=True)
class Patient:
    """What is examined. `settings` are sound as far as they go, and the values of `left_out` are not in them.

    `complaints` says what is wrong with the settings. `mail_to` gets a test mail where it is not empty.
    """

    settings: Settings
    clock: Clock
    complaints: tuple[str, ...] = ()
    left_out: Collection[str] = ()
    mail_to: str = ""
    connect: Callable[[Settings], TrelloGateway] = open_trello
    _trello: TrelloGateway | None = None
    _connecting: threading.Lock = field(default_factory=threading.Lock)

    def trello(self) -> TrelloGateway:
        """The Trello of the settings; all checks share one."""
        with self._connecting:
            if self._trello is None:
                self._trello = self.connect(self.settings)
            return self._trello

    def workspace(self) -> Workspace | None:
        """What the files declare, as far as it can be read."""
        known = card_files.available(self.settings.templates_folder)
        return load.read(self.settings.boards_folder, known).workspace
