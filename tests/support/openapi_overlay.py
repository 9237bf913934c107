"""Atlassian's OpenAPI document with each of its known errors put right, and exchanges held against it."""

import copy
import functools
import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from trello_sandbox import coverage

ROOT = Path(__file__).parents[2]
SPEC = Path(os.environ.get("TRELLO_OPENAPI", ROOT.parent / "shared" / "trello-openapi.json"))
WITH_SPEC = pytest.mark.skipif(
    not SPEC.exists(),
    reason=f"no OpenAPI document of Atlassian's at {SPEC}; set $TRELLO_OPENAPI",
)
"""Marks the tests that need the document."""
DOCUMENT: dict[str, Any] = json.loads(SPEC.read_text(encoding="utf-8")) if SPEC.exists() else {"paths": {}}
"""The document as it is, or one without paths where the file is absent."""
Operation = tuple[str, str]
"""A method and a path as the document writes them: `("GET", "/cards/{id}")`."""
SERVED = {**coverage.served(), ("PUT", "/lists/{}/closed"): "", ("PUT", "/lists/{}/idBoard"): ""}
"""The routes, with the two that the document spells out and a route `…/{field}` serves."""
OPERATIONS: list[Operation] = sorted(
    (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if (method.upper(), re.sub(r"{\w+}", "{}", path).rstrip("/")) in SERVED
)
"""The operations of the document that the sandbox serves."""
CREDENTIALS = {"key": "0" * 32, "token": "0" * 64}
"""Stand for ours, which travel in a header that the document lacks (trello-behaviour.md#credentials [D])."""


@dataclass(frozen=True)
class Deviation:
    """A place where the document is wrong or silent: its JSON pointer, what is true, and the fact for it.

    A pointer goes to a parameter by name, which need not be there yet.
    """

    pointer: str
    truth: Any
    fact: str

    @property
    def steps(self) -> list[str]:
        return [step.replace("~1", "/") for step in self.pointer.strip("/").split("/")]

    def amend(self, document: dict[str, Any]) -> None:
        """Put the truth in its place. LookupError when the document has no such place any more."""
        *parents, last = self.steps
        place: Any = document
        for step in parents:
            place = _within(place, step)
        if isinstance(place, list):
            place.append({"name": last, "in": "query", "schema": self.truth})
        else:
            place[last] = copy.deepcopy(self.truth)

    def touches(self, operation: Operation) -> bool:
        """Whether an exchange of that operation can tell."""
        kind, *rest = self.steps
        if kind == "paths":
            path, method, *_ = rest  # or "parameters", those of all the path's operations
            return path == operation[1] and method.upper() in (operation[0], "PARAMETERS")
        return rest[1] in _schemas(operation)


def _within(place: Any, step: str) -> Any:
    if isinstance(place, list):
        return {parameter["name"]: parameter for parameter in place}[step]
    return place.setdefault(step, []) if step == "parameters" else place[step]


@functools.cache
def _schemas(operation: Operation) -> frozenset[str]:
    """The names of all component schemas that an operation refers to, however far away."""
    method, path = operation
    components = DOCUMENT["components"]["schemas"]
    found: set[str] = set()
    fresh = _referred(DOCUMENT["paths"][path][method.lower()])
    while fresh:
        found |= fresh
        fresh = set().union(*(_referred(components[name]) for name in fresh)) - found
    return frozenset(found)


def _referred(node: Any) -> set[str]:
    return set(re.findall(r"#/components/schemas/(\w+)", json.dumps(node)))


def operation_of(request: requests.PreparedRequest) -> Operation:
    """The operation that a request is for. LookupError when the document has none."""
    path = urlsplit(str(request.url)).path.removeprefix("/1").rstrip("/")
    for pattern, template in _templates():
        if pattern.fullmatch(path) and str(request.method).lower() in DOCUMENT["paths"][template]:
            return str(request.method), template
    raise LookupError(f"{request.method} {path}")


@functools.cache
def _templates() -> list[tuple[re.Pattern[str], str]]:
    """The document's paths, those with fewer parameters first."""
    templates = sorted(DOCUMENT["paths"], key=lambda path: path.count("{"))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path.rstrip("/"))), path) for path in templates]


class Contract:
    """The document with those deviations, unjudged itself: its form has 18 errors.

    No path in it ends with a slash: with and without are the same to Trello (trello-behaviour.md#ids).
    """

    def __init__(self, deviations: Sequence[Deviation]) -> None:
        document = copy.deepcopy(DOCUMENT)
        for deviation in deviations:
            deviation.amend(document)
        self._operations = document["paths"]
        paths: dict[str, Any] = {}
        for path, operations in document["paths"].items():
            paths.setdefault(path.rstrip("/"), {}).update(operations)
        self._api = OpenAPI.from_dict({**document, "paths": paths}, config=Config(spec_validator_cls=None))

    def problems(self, answer: requests.Response) -> list[str]:
        """What the document has against a request, and against the answer where it is a good one."""
        method, path = operation_of(answer.request)
        operation = self._operations[path][method.lower()]
        request = as_specified(answer.request, operation)
        asked, told = RequestsOpenAPIRequest(request), RequestsOpenAPIResponse(answer)
        found = [f"{method} {path}: no parameter {name}" for name in _unknown(request, operation)]
        checks = [lambda: self._api.validate_request(asked)]
        if answer.ok:
            checks.append(lambda: self._api.validate_response(asked, told))
        for check in checks:
            try:
                check()
            except OpenAPIError as error:
                found += (f"{method} {path}: {reason}" for reason in _reasons(error))
        return found


def _unknown(request: requests.PreparedRequest, operation: Mapping[str, Any]) -> list[str]:
    sent = {name for name, _ in parse_qsl(urlsplit(str(request.url)).query, keep_blank_values=True)}
    return sorted(sent - set(CREDENTIALS) - set(queried(operation)))


def queried(operation: Mapping[str, Any]) -> dict[str, Any]:
    """An operation's parameters in the query, by name."""
    return {each["name"]: each for each in operation.get("parameters", []) if each["in"] == "query"}


def _reasons(error: BaseException) -> Iterator[str]:
    """What the schemas say, or else the error's own words and those of its cause."""
    schema_errors = getattr(error, "schema_errors", ())
    for each in schema_errors:
        yield f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}"
    if not schema_errors:
        yield str(error)[:200]
    if error.__cause__:
        yield from _reasons(error.__cause__)


def as_specified(request: requests.PreparedRequest, operation: Mapping[str, Any]) -> requests.PreparedRequest:
    """The same request as the document writes it: at Trello's address, its values where they belong.

    Trello takes them from the query, a form or JSON alike (trello-behaviour.md#lengths-and-time-outs); the
    document knows the query, and for a few operations a body.
    """
    parts = urlsplit(str(request.url))
    values: dict[str, Any] = dict(parse_qsl(parts.query, keep_blank_values=True))
    if request.headers.get("content-type", "").startswith("application/json"):
        values |= json.loads(request.body or "{}")
    known = queried(operation)
    body = {name: values[name] for name in values if name not in known}
    if "requestBody" not in operation:
        body = {}
    query = {name: _as_text(values[name], known.get(name)) for name in values if name not in body}
    url = f"https://api.trello.com{parts.path.rstrip('/')}"
    return requests.Request(request.method, url, params={**CREDENTIALS, **query}, json=body or None).prepare()


def _as_text(value: Any, parameter: Mapping[str, Any] | None = None) -> str | list[str]:
    """A JSON value as it is written in a query: a list by repeating the name, or with commas."""
    if isinstance(value, list):
        words = [str(_as_text(each)) for each in value]
        repeated = parameter and parameter["schema"].get("type") == "array"
        return words if repeated else ",".join(words)
    return value if isinstance(value, str) else json.dumps(value)
