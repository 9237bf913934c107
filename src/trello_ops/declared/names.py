"""The names that a file gives: those of before, those of a group, those that would stand for two things."""

from collections.abc import Collection, Iterator, Mapping

from trello_ops.located_yaml import Document, Path


def was(key: str | None) -> tuple[str, ...]:
    """The keys that a thing had before."""
    return (key,) if key else ()


def names_in(document: Document | None, group: str) -> Collection[str] | None:
    """The keys of a group of a file, sound or not; `None` where there is no such group to read."""
    names = document.entries.get(group) if document else None
    return names if isinstance(names, dict) else None


def repeated(texts: Mapping[Path, str]) -> Iterator[tuple[Path, Path]]:
    """The paths whose text came before, ignoring case, each with the path where it came first."""
    seen: dict[str, Path] = {}
    for path, text in texts.items():
        # Ignoring case: people would not tell `Stock` from `stock`, nor does Trello with usernames.
        first = seen.setdefault(text.casefold(), path)
        if first != path:
            yield path, first
