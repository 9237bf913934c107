"""Which routes the sandbox serves, compared with Atlassian's OpenAPI document.

    python -m trello_sandbox.coverage trello-openapi.json

prints, as Markdown, the operations of the specification that are served, those that are not, and what is
served beyond it. A route that is served may still take fewer parameters than the specification has.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from trello_sandbox.api.app import Api
from trello_sandbox.config import SandboxConfig
from trello_sandbox.instance import Sandbox

_METHODS = ("get", "post", "put", "delete")
# Our routes are by pattern, so these have none of their own.
_BY_FIELD = frozenset({("PUT", "/lists/{}/closed"), ("PUT", "/lists/{}/idBoard")})
"""Operations that the specification spells out and a route `…/{field}` serves."""
Operations = dict[tuple[str, str], str]
"""Paths by method and path with every parameter `{}`, since ours and theirs name parameters differently."""


def served() -> Operations:
    """The sandbox's own routes."""
    routes = Api(Sandbox(SandboxConfig())).router.routes
    return dict(_operation(route.method, route.pattern) for route in routes)


def specified(document: Mapping[str, Any]) -> Operations:
    """The operations of an OpenAPI document."""
    return dict(
        _operation(method, path)
        for path, methods in document["paths"].items()
        for method in methods
        if method in _METHODS
    )


def _operation(method: str, path: str) -> tuple[tuple[str, str], str]:
    tidy = path.rstrip("/")
    words = ("{}" if "{" in word else word for word in tidy.split("/"))
    return (method.upper(), "/".join(words)), tidy


def report(ours: Operations, theirs: Operations) -> str:
    """The comparison as Markdown."""
    reached = {key: theirs[key] for key in theirs if key in ours or key in _BY_FIELD}
    missing = {key: theirs[key] for key in theirs if key not in reached}
    beyond = {key: ours[key] for key in ours if key not in theirs}
    counts = f"{len(reached)} of the {len(theirs)} operations of the specification are served"
    return "\n".join([
        f"{counts}, and {len(beyond)} beyond it.",
        *_section("Served", reached),
        *_section("Not served", missing),
        *_section("Served beyond the specification", beyond),
    ])  # fmt: skip


def _section(title: str, operations: Operations) -> list[str]:
    """A line for each path, with its methods."""
    methods: dict[str, list[str]] = {}
    for (method, path), _ in sorted(operations.items()):
        methods.setdefault(path, []).append(method)
    names = {path: shown for (_, path), shown in operations.items()}
    rows = (f"- `{names[path]}` {', '.join(methods[path])}" for path in sorted(methods))
    return ["", f"### {title}", "", *rows]


def main(arguments: list[str]) -> int:
    """Print the report on the document whose path is the one argument. 2 when it cannot be read."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m trello_sandbox.coverage OPENAPI.json\n")
        return 2
    try:
        document = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
        text = report(served(), specified(document))
    except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
        sys.stderr.write(f"{arguments[0]} is no OpenAPI document that can be read: {error}\n")
        return 2
    sys.stdout.write(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
