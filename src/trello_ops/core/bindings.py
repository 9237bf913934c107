"""Bindings: which Trello object stands for which declared thing. Watermarks: since when a task owes."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Self


class Kind(StrEnum):
    """What a binding binds.

    `WEBHOOK` has nothing declared: it remembers which webhook on a board is ours.
    """

    BOARD = "board"
    LIST = "list"
    LABEL = "label"
    PERSON = "person"
    TEMPLATE = "template"
    WEBHOOK = "webhook"


@dataclass(frozen=True, slots=True)
class Binding:
    """A declared thing and the Trello id that stands for it on one board.

    `key` is empty for boards. `fingerprint` is, for a template card, the hash of the checklists that it held
    when last written or seen; for a person, the declared username by which the account was bound, in lower
    case, or empty where an older version bound it. `adopted` marks a board that was found, not made by this
    store: cards of ours may stand on it that the ledger does not know.
    """

    kind: Kind
    board: str
    key: str
    trello_id: str
    bound_at: dt.datetime
    fingerprint: str = ""
    url: str = ""
    adopted: bool = False


@dataclass(frozen=True, slots=True)
class Watermark:
    """How far a task's schedule is in the ledger: what was released before is recorded, or was never owed."""

    board: str
    task: str
    # Without it a first `apply` would make cards for all the past (decisions.md, Time).
    owing_since: dt.datetime


@dataclass(frozen=True, slots=True)
class Bindings:
    """The bindings of one board or of a whole workspace, looked up by kind, board and key."""

    _all: Mapping[tuple[Kind, str, str], Binding] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of(cls, bindings: Iterable[Binding]) -> Self:
        """Of several with the same kind, board and key, the last counts."""
        return cls(MappingProxyType({(b.kind, b.board, b.key): b for b in bindings}))

    def get(self, kind: Kind, board: str, key: str = "") -> Binding | None:
        """The binding; `None` when nothing is bound."""
        return self._all.get((kind, board, key))

    def id(self, kind: Kind, board: str, key: str = "") -> str | None:
        """The Trello id that is bound."""
        found = self.get(kind, board, key)
        return found.trello_id if found else None

    def of_board(self, kind: Kind, board: str) -> tuple[Binding, ...]:
        """A board's bindings of one kind."""
        return tuple(b for b in self if b.kind is kind and b.board == board)

    def of_kind(self, kind: Kind) -> tuple[Binding, ...]:
        """The bindings of one kind, on every board."""
        return tuple(b for b in self if b.kind is kind)

    def with_(self, binding: Binding) -> Self:
        """A copy with one binding added or replaced."""
        return type(self).of((*self, binding))

    def without(self, kind: Kind, board: str, key: str = "") -> Self:
        """A copy without one binding."""
        return type(self).of(b for b in self if (b.kind, b.board, b.key) != (kind, board, key))

    def __iter__(self) -> Iterator[Binding]:
        return iter(self._all.values())
