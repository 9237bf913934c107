"""Atlassian's OpenAPI document with its known errors named and mended, and exchanges held against it."""

import copy
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

ROOT = Path(__file__).parents[2]
SPEC = Path(os.environ.get("TRELLO_OPENAPI", ROOT.parent / "shared" / "trello-openapi.json"))
REMOVED = object()


@dataclass(frozen=True)
class Deviation:
    """One place where the document is wrong: `pointer` is its JSON pointer, `truth` what stands there."""

    fact: str
    pointer: str
    truth: Any

    def amend(self, document: dict[str, Any]) -> None:
        """Put the truth in its place. KeyError when its parent is gone from the document."""
        *parents, last = (step.replace("~1", "/") for step in self.pointer.strip("/").split("/"))
        place: Any = document
        for step in parents:
            place = place[int(step) if isinstance(place, list) else step]
        place[last] = copy.deepcopy(self.truth)


DEVIATIONS: tuple[Deviation, ...] = ()


def amended(document: Mapping[str, Any], deviations: tuple[Deviation, ...]) -> OpenAPI:
    """The document with those deviations, ready to judge. It has 18 errors of form, so it is not judged."""
    mended = copy.deepcopy(dict(document))
    for deviation in deviations:
        deviation.amend(mended)
    return OpenAPI.from_dict(mended, config=Config(spec_validator_cls=None))


def problems(api: OpenAPI, response: requests.Response) -> list[str]:
    """What the document has against an answer, and against the request that it answers."""
    request = as_specified(response.request)
    told = RequestsOpenAPIRequest(request)
    name = f"{request.method} {urlsplit(str(request.url)).path.removeprefix('/1')}"
    return [
        *_raised(name, api.validate_request, told),
        *_raised(name, api.validate_response, told, RequestsOpenAPIResponse(response)),
    ]


def _raised(name, check, *arguments):
    try:
        check(*arguments)
    except OpenAPIError as error:
        yield f"{name}: {'; '.join(_reasons(error))}"


def _reasons(error: BaseException | None) -> Iterator[str]:
    """An error, those that caused it, and what the schemas say."""
    while error is not None:
        for each in getattr(error, "schema_errors", ()):
            yield f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}"
            for s in each.context or ():
                yield "   " + s.message[:150]
        yield str(error)[:200]
        error = error.__cause__


def as_specified(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The same request as the document knows it: at Trello's address, everything in the query."""
    parts = urlsplit(str(request.url))
    values = dict(parse_qsl(parts.query, keep_blank_values=True))
    if request.headers.get("content-type", "").startswith("application/json"):
        values |= {name: as_text(value) for name, value in json.loads(request.body or "{}").items()}
    return requests.Request(
        str(request.method),
        f"https://api.trello.com{parts.path}",
        params=values | {"key": "0" * 32, "token": "0" * 64},
    ).prepare()


def as_text(value: Any) -> str:
    """A JSON value as Trello reads it in a query."""
    if isinstance(value, list):
        return ",".join(map(as_text, value))
    return value if isinstance(value, str) else json.dumps(value)
