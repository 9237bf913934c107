"""Keys that things had before, and names that would stand for two things."""

from collections.abc import Iterator, Mapping

from trello_ops.located_yaml import Path


def was(key: str | None) -> tuple[str, ...]:
    """The keys that a thing had before."""
    return (key,) if key else ()


def repeated(texts: Mapping[Path, str]) -> Iterator[tuple[Path, Path]]:
    """The paths whose text came before, ignoring case, each with the path where it came first."""
    seen: dict[str, Path] = {}
    for path, text in texts.items():
        # Ignoring case: people would not tell `Stock` from `stock`, nor does Trello with usernames.
        first = seen.setdefault(text.casefold(), path)
        if first != path:
            yield path, first
