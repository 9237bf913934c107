"""The parts of a card: which there are, and what one is and becomes."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Part(StrEnum):
    """A part of a card that a person may have changed by hand."""

    TITLE = "title"
    TEXT = "text"
    DUE = "due"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Edit(Generic[T]):
    """What a part of a card is, and what it becomes."""

    before: T
    after: T
