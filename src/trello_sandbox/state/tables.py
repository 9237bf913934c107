"""Tables of records in memory, found by id, by a unique field and in groups."""

from collections.abc import Collection, Iterable
from typing import Generic, Protocol, TypeVar


class Record(Protocol):
    """Whatever has an id."""

    id: str


R = TypeVar("R", bound=Record)


class Table(Generic[R]):
    """Records of one kind in order of arrival: by id, by the `unique` field, and in groups by each index.

    Fields that are unique or an index are set with `rename` and `change` only, which keep the groups right.
    """

    def __init__(self, kind: type[R], *indexes: str, unique: str = "") -> None:
        self.kind = kind
        self._unique = unique
        self._rows: dict[str, R] = {}
        self._by_name: dict[str, R] = {}
        self._by: dict[str, dict[str | None, dict[str, R]]] = {name: {} for name in indexes}

    def get(self, record_id: str) -> R | None:
        """The record of that id."""
        return self._rows.get(record_id)

    def __getitem__(self, record_id: str) -> R:
        return self._rows[record_id]

    def __len__(self) -> int:
        return len(self._rows)

    def all(self) -> Collection[R]:
        """Every record, oldest first."""
        return self._rows.values()

    def newest(self) -> Iterable[R]:
        """Every record, newest first."""
        return reversed(self._rows.values())

    def named(self, value: str) -> R | None:
        """The record whose unique field is `value`."""
        return self._by_name.get(value)

    def of(self, index: str, value: str) -> dict[str, R]:
        """The records whose field `index` is `value`, by id. A live view: copy it before changing them."""
        return self._by[index].get(value, {})

    def add(self, record: R) -> R:
        """Take in a record, and return it."""
        self._rows[record.id] = record
        if self._unique:
            self._by_name[getattr(record, self._unique)] = record
        for name, groups in self._by.items():
            groups.setdefault(getattr(record, name), {})[record.id] = record
        return record

    def remove(self, record: R) -> None:
        """Take a record out. KeyError when it is not there."""
        del self._rows[record.id]
        if self._unique:
            del self._by_name[getattr(record, self._unique)]
        for name in self._by:
            self._leave_group(record, name)

    def remove_of(self, index: str, value: str) -> None:
        """Take out all records whose field `index` is `value`."""
        for record in list(self.of(index, value).values()):  # a copy: the group shrinks with each
            self.remove(record)

    def change(self, record: R, index: str, value: str | None) -> None:
        """Set a field that is an index."""
        self._leave_group(record, index)
        setattr(record, index, value)
        self._by[index].setdefault(value, {})[record.id] = record

    def rename(self, record: R, value: str) -> None:
        """Set the unique field."""
        del self._by_name[getattr(record, self._unique)]
        setattr(record, self._unique, value)
        self._by_name[value] = record

    def _leave_group(self, record: R, index: str) -> None:
        groups, value = self._by[index], getattr(record, index)
        del groups[value][record.id]
        if not groups[value]:
            del groups[value]
