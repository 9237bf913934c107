"""From a method and a path below /1 to the route that serves it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import unquote

from trello_sandbox import errors
from trello_sandbox.api.call import Route

# py-trello uses both forms, and Trello takes both.
ALIASES = {
    "board": "boards", "card": "cards", "list": "lists", "member": "members", "checklist": "checklists",
    "label": "labels", "action": "actions", "organization": "organizations", "token": "tokens",
    "webhook": "webhooks", "customField": "customFields",
}  # fmt: skip
"""Singular forms of a path's first word."""
_FIRST_WORDS = {word.lower(): plural for alias, plural in ALIASES.items() for word in (alias, plural)}

_OBJECT_ID = re.compile(r"[0-9a-fA-F]{24}")
_ID_OR_LINK = re.compile(r"[0-9a-fA-F]{24}|[0-9a-zA-Z]{8}")
# What is not listed, such as members and Workspaces, is found by name as well.
_FORMS = {
    "board": _ID_OR_LINK, "card": _ID_OR_LINK, "list": _OBJECT_ID, "checklist": _OBJECT_ID,
    "checkItem": _OBJECT_ID, "label": _OBJECT_ID, "action": _OBJECT_ID, "attachment": _OBJECT_ID,
    "webhook": _OBJECT_ID, "membership": _OBJECT_ID, "boardStar": _OBJECT_ID, "customField": _OBJECT_ID,
}  # fmt: skip


def split(path: str) -> tuple[str, ...]:
    """A path's words, the first in its plural form and own case; slashes at the end do not count."""
    words = [unquote(word) for word in path.strip("/").split("/")]
    first = words[0].lower()
    return (_FIRST_WORDS.get(first, first), *words[1:])


@dataclass(slots=True)
class _Node:
    words: dict[str, "_Node"] = field(default_factory=dict)
    any_word: "_Node | None" = None
    routes: dict[str, Route] = field(default_factory=dict)

    def child(self, word: str) -> "_Node":
        if not word.startswith("{"):
            return self.words.setdefault(word.lower(), _Node())
        if self.any_word is None:
            self.any_word = _Node()
        return self.any_word

    def find(self, method: str, words: tuple[str, ...]) -> Route | None:
        if not words:
            return self.routes.get(method)
        literal = self.words.get(words[0].lower())
        found = literal.find(method, words[1:]) if literal else None
        if found is None and self.any_word and words[0]:
            found = self.any_word.find(method, words[1:])
        return found


class Router:
    """A tree of path words. A word spelled out wins over a `{name}`, if a route is found below it.

    Recorded: case does not matter (`/boards/{id}/labelnames`, `/customfields/{id}/options`).
    """

    def __init__(self, routes: Iterable[Route]) -> None:
        self._root = _Node()
        self.routes = tuple(routes)
        for route in self.routes:
            node = self._root
            for word in route.pattern.strip("/").split("/"):
                node = node.child(word)
            node.routes[route.method] = route

    def find(self, method: str, words: tuple[str, ...]) -> Route | None:
        """The route for a split path; None for none."""
        return self._root.find(method, words)


def path_values(route: Route, words: tuple[str, ...]) -> dict[str, str]:
    """The words that stand where the pattern has `{names}`. 400 for a malformed id."""
    values = {
        name[1:-1]: word
        for name, word in zip(route.pattern.strip("/").split("/"), words, strict=True)
        if name.startswith("{")
    }
    for name, value in values.items():
        form = _FORMS.get(name)
        if form and not form.fullmatch(value):
            raise errors.invalid_id()
    return values
