"""Bindings in memory, and the Trello that they belong to."""

import datetime as dt
import threading
from dataclasses import fields, is_dataclass
from typing import TypeVar

from trello_ops.core.bindings import Binding, Bindings, Kind
from trello_ops.core.identity import TrelloIdentity

Value = TypeVar("Value")


class MemoryBindings:
    """`ports.BindingStore`, a part of `MemoryStore`."""

    def __init__(self) -> None:
        self._alone = threading.RLock()  # taken again by methods of the store that call others
        self._bindings: dict[tuple[Kind, str, str], Binding] = {}
        self._trello: TrelloIdentity | None = None

    @property
    def name(self) -> str:
        """What messages call it."""
        return "in memory"

    def bindings(self, board: str = "") -> Bindings:
        """One board's bindings, or all of them, in order."""
        with self._alone:
            found = (self._bindings[key] for key in sorted(self._bindings))
            return Bindings.of(each for each in found if board in ("", each.board))

    def bind(self, *bindings: Binding) -> None:
        """Insert, or replace those of the same kind, board and key; all or nothing."""
        with self._alone:
            self._bindings |= {(each.kind, each.board, each.key): aware(each) for each in bindings}

    def unbind(self, kind: Kind, board: str, key: str = "") -> None:
        """Delete a binding. No-op if absent."""
        with self._alone:
            self._bindings.pop((kind, board, key), None)

    def trello(self) -> TrelloIdentity | None:
        """The Trello that this store belongs to."""
        return self._trello

    def bind_trello(self, identity: TrelloIdentity) -> None:
        """Let the store belong to this Trello."""
        self._trello = identity


def aware(value: Value) -> Value:
    """The value unchanged. ValueError when an instant anywhere within it has no time zone."""
    if isinstance(value, dt.datetime) and value.tzinfo is None:
        raise ValueError(f"{value.isoformat()} has no time zone; instants must be aware")
    if is_dataclass(value):
        for field in fields(value):
            aware(getattr(value, field.name))
    if isinstance(value, tuple | list):
        for part in value:
            aware(part)
    return value
