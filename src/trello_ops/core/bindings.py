"""Bindings: which Trello object stands for which declared thing."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class Kind(StrEnum):
    """What a binding binds.

    `TASK` has no Trello object: it remembers since when a task is owed, as a first apply must not make cards
    for the past. `WEBHOOK` has nothing declared: it remembers which webhook on a board is ours.
    """

    BOARD = "board"
    LIST = "list"
    LABEL = "label"
    PERSON = "person"
    TEMPLATE = "template"
    TASK = "task"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Binding:
    """A declared thing and the Trello id that stands for it on one board.

    `key` is empty for boards. The `fingerprint` of a template card is the hash of the checklists that it held
    when it was last written or seen; that of a board is `ADOPTED` where the board was found, not made.
    """

    kind: Kind
    board: str
    key: str
    trello_id: str
    bound_at: dt.datetime
    fingerprint: str = ""
    url: str = ""


ADOPTED = "adopted"
"""The fingerprint of a board that bore our marker when this store first saw it.

Its cards may come from a lost answer or a lost store, so that `issue` looks before each new one.
"""


@dataclass(frozen=True, slots=True)
class Bindings:
    """All bindings of a workspace, at most one for each kind, board and key."""

    _all: Mapping[tuple[Kind, str, str], Binding] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, bindings: Iterable[Binding]) -> Self:
        """Of two bindings of the same thing, the later one stands."""
        return cls(MappingProxyType({(b.kind, b.board, b.key): b for b in bindings}))

    def get(self, kind: Kind, board: str, key: str = "") -> Binding | None:
        """The binding of a declared thing, if it is bound."""
        return self._all.get((kind, board, key))

    def id(self, kind: Kind, board: str, key: str = "") -> str | None:
        """The Trello id that stands for a declared thing, if it is bound."""
        found = self.get(kind, board, key)
        return found.trello_id if found else None

    def of_board(self, kind: Kind, board: str) -> tuple[Binding, ...]:
        """All bindings of one kind on a board."""
        return tuple(b for b in self if b.kind is kind and b.board == board)

    def with_(self, binding: Binding) -> Self:
        """These and one more, which replaces another of the same thing."""
        return type(self).of((*self, binding))

    def without(self, kind: Kind, board: str, key: str = "") -> Self:
        """These less one; the same where it is not bound."""
        return type(self).of(b for b in self if (b.kind, b.board, b.key) != (kind, board, key))

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._all.values())
