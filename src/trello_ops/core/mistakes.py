"""Mistakes: values of board files that only Trello shows to be wrong."""

from dataclasses import dataclass

WORKSPACE = ("trello_workspace",)
"""The path of the Trello Workspace in workspace.yaml."""


@dataclass(frozen=True, slots=True)
class Mistake:
    """A value of workspace.yaml that does not agree with Trello.

    `path` leads to it, as `people`, `amal`, `trello` do. `message` says what to write instead, as far as
    Trello tells.
    """

    path: tuple[str, ...]
    message: str


def of_person(key: str, message: str) -> Mistake:
    """A mistake in the Trello username of a declared person."""
    return Mistake(("people", key, "trello"), message)
