"""Bindings: which Trello object stands for which declared thing."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class Kind(StrEnum):
    """What a binding binds.

    `TASK` has no Trello object: it remembers since when a task is owed. `WEBHOOK` has nothing declared: it
    remembers which webhook on a board is ours.
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

    `key` is empty for boards. `fingerprint` is, for a template card, the hash of the checklists that it
    held when last written or seen; for a board, `adopted` when it was found and not made by this store.
    """

    kind: Kind
    board: str
    key: str
    trello_id: str
    bound_at: dt.datetime
    fingerprint: str = ""
    url: str = ""


ADOPTED = "adopted"


@dataclass(frozen=True, slots=True)
class Bindings:
    """All bindings of a workspace."""

    _all: Mapping[tuple[Kind, str, str], Binding] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, bindings: Iterable[Binding]) -> Self:
        return cls(MappingProxyType({(b.kind, b.board, b.key): b for b in bindings}))

    def get(self, kind: Kind, board: str, key: str = "") -> Binding | None:
        return self._all.get((kind, board, key))

    def id(self, kind: Kind, board: str, key: str = "") -> str | None:
        found = self.get(kind, board, key)
        return found.trello_id if found else None

    def of_board(self, kind: Kind, board: str) -> tuple[Binding, ...]:
        return tuple(b for b in self if b.kind is kind and b.board == board)

    def with_(self, binding: Binding) -> Self:
        return type(self).of((*self, binding))

    def without(self, kind: Kind, board: str, key: str = "") -> Self:
        return type(self).of(b for b in self if (b.kind, b.board, b.key) != (kind, board, key))

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._all.values())
