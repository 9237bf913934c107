"""Atlassian's OpenAPI document with each of its known errors named, and exchanges held against it."""

import copy
import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from openapi_core import Config, OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest, RequestsOpenAPIResponse
from openapi_core.exceptions import OpenAPIError

from trello_ops.sandbox import coverage

ROOT = Path(__file__).parents[2]
SPEC = Path(os.environ.get("TRELLO_OPENAPI", ROOT.parent / "shared" / "trello-openapi.json"))
WITH_SPEC = pytest.mark.skipif(
    not SPEC.exists(),
    reason=f"no OpenAPI document of Atlassian's at {SPEC}; set $TRELLO_OPENAPI",
)
"""Marks the tests that need the document."""
DOCUMENT: dict[str, Any] = json.loads(SPEC.read_text(encoding="utf-8")) if SPEC.exists() else {"paths": {}}
"""The document as it is, or one without paths where the file is absent."""
SERVED = {**coverage.served(), ("PUT", "/lists/{}/closed"): "", ("PUT", "/lists/{}/idBoard"): ""}
"""The routes, with the two that the document spells out and a route `…/{field}` serves."""
OPERATIONS = sorted(
    (method.upper(), path)
    for path, methods in DOCUMENT["paths"].items()
    for method in methods
    if (method.upper(), re.sub(r"{\w+}", "{}", path).rstrip("/")) in SERVED
)
"""The operations of the document that the sandbox serves, by method and path as the document writes them."""
CREDENTIALS = {"key": "0" * 32, "token": "0" * 64}
"""Stand for ours, which travel in a header that the document does not know."""


@dataclass(frozen=True)
class Deviation:
    """A place where the document is wrong: its JSON pointer (parameters by name), what is true, and why."""

    pointer: str
    truth: Any
    fact: str

    def amend(self, document: dict[str, Any]) -> None:
        """Put the truth in its place. LookupError when the document has no such place any more."""
        *parents, last = (step.replace("~1", "/") for step in self.pointer.strip("/").split("/"))
        place: Any = document
        for step in parents:
            place = _named(place, step) if isinstance(place, list) else place[step]
        place[last] = copy.deepcopy(self.truth)


def _named(parameters: list[Any], name: str) -> Any:
    for parameter in parameters:
        if parameter.get("name") == name:
            return parameter
    raise KeyError(name)


TEXT = {"type": "string"}
NUMBER = {"type": "number"}
MOMENT = {"type": "string", "format": "date-time", "nullable": True}
MAYBE_ID = {"type": "string", "pattern": "^[0-9a-fA-F]{24}$", "nullable": True}
LIST = {"type": "array", "items": {}}


def _schema(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _properties(schema: str, truths: Mapping[str, Any], fact: str) -> tuple[Deviation, ...]:
    """Deviations of an object's properties, a property within a property with a slash."""
    return tuple(
        Deviation(f"/components/schemas/{schema}/properties/{name.replace('/', '/properties/')}", truth, fact)
        for name, truth in truths.items()
    )


def _parameter(operation: str, name: str, truth: Any, fact: str) -> Deviation:
    path, _, method = operation.rpartition(" ")
    where = f"/paths/{path.replace('/', '~1')}/{method}".rstrip("/")
    return Deviation(f"{where}/parameters/{name}/schema", truth, fact)


def _answer(operation: str, truth: Any, fact: str) -> Deviation:
    path, _, method = operation.rpartition(" ")
    return Deviation(
        f"/paths/{path.replace('/', '~1')}/{method}/responses/200/content/application~1json/schema",
        truth,
        fact,
    )


BY_NAME = "Workspaces and members are named by id or by name in a path; recorded answers to both"
DATED = "dates are ISO 8601 with milliseconds and Z, or null; the document says date"
NULLS = "recorded answers hold null where the document forbids it"
LISTED = "recorded answers hold an array"
COMMAS = "fields are one text, separated by commas; the document wants one word, or an array, or an object"

DEVIATIONS: tuple[Deviation, ...] = (
    *_properties("Card", {"due": MOMENT, "badges/due": MOMENT, "badges/start": MOMENT}, DATED),
    *_properties("Card", {"idAttachmentCover": MAYBE_ID, "cover/idAttachment": MAYBE_ID}, NULLS),
    *_properties("Card", {"cardRole": {"type": "string", "nullable": True}}, NULLS),
    *_properties("Card", {"cover/color": {"type": "string", "nullable": True}}, NULLS),
    *_properties("Card", {"labels": {"type": "array", "items": _schema("Label")}}, "labels are objects"),
    *_properties("Board", {"descData": {"type": "object", "nullable": True}}, NULLS),
    *_properties("Board", {"memberships": LIST, "powerUps": LIST, "idTags": LIST}, LISTED),
    *_properties("Board", {"dateLastActivity": MOMENT, "dateLastView": MOMENT}, DATED),
    *_properties("Board", {"ixUpdate": TEXT}, "ixUpdate is a number as text"),
    *_properties("Prefs", {"permissionLevel": {"enum": ["private", "org", "public"]}},
                 "the levels are private, org and public"),
    *_properties("Prefs", {"background": TEXT}, "a background is a colour's name or an id"),
    *_properties("Prefs", {"backgroundImage": {"type": "string", "nullable": True}}, NULLS),
    *_properties("TrelloList", {"softLimit": {"type": "number", "nullable": True}}, NULLS),
    *_properties("Member", {"bioData": {"type": "object", "nullable": True}}, NULLS),
    *_properties("Member", {"idEnterprise": MAYBE_ID, "idMemberReferrer": MAYBE_ID}, NULLS),
    *_properties("Member", {"email": {"type": "string", "nullable": True}}, NULLS),
    *_properties("Action", {"memberCreator/idMemberReferrer": MAYBE_ID}, NULLS),
    *_properties("BoardStars", {"pos": NUMBER}, "positions are halved as they are taken, so no integers"),
    Deviation("/components/schemas/Color", {"type": "string", "nullable": True}, "30 label colours, not 10"),
    Deviation("/components/schemas/posStringOrNumber", TEXT, "a number travels as text in a query"),
    Deviation("/components/schemas/TokenPermission/properties/modelType", TEXT, "recorded as Board"),
    *_properties("Board", {"idOrganization": MAYBE_ID}, "a personal board has no Workspace"),
    *_properties("CheckItem", {"nameData": {"type": "object", "nullable": True}, "pos": NUMBER},
                 "recorded as an object and a number"),
    *_properties("Attachment", {"date": MOMENT}, DATED),
    *_properties("Attachment", {"edgeColor": {"type": "string", "nullable": True}}, NULLS),
    _answer("/boards/{id}/memberships get", LIST, LISTED),
    _answer("/boards/{id}/plugins get", LIST, LISTED),
    _answer("/search get", {"type": "object"}, "a search answers {options, boards?, cards?, ...}"),
    _answer("/members/{id}/boardStars post", _schema("BoardStars"), "making one answers one"),
    _answer("/cards/{id}/attachments post", _schema("Attachment"), "making one answers one"),
    _answer("/cards/{id}/attachments/{idAttachment} get", _schema("Attachment"), "reading one answers one"),
    _parameter("/boards/{boardId}/actions get", "fields", TEXT, COMMAS),
    _parameter("/cards/{id}/attachments/{idAttachment} get", "fields", TEXT, COMMAS),
    _parameter("/checklists/{id}/checkItems get", "fields", TEXT, COMMAS),
    _parameter("/checklists/{id}/checkItems/{idCheckItem} get", "fields", TEXT, COMMAS),
    _parameter("/cards/{id}/checklists get", "checkItem_fields", TEXT, COMMAS),
    _parameter("/checklists/{id} get", "checkItem_fields", TEXT, COMMAS),
    _parameter("/boards/{id}/memberships/{idMembership} put", "member_fields", TEXT, COMMAS),
    _parameter("/cards/{id} get", "attachments", TEXT, "true, false or cover; the default is no text"),
    _parameter("/members/{id}/notifications get", "page", TEXT, "the document's default is text"),
    _parameter("/organizations/{id}/boards get", "fields", TEXT, COMMAS),
    _parameter("/members/{id}/notifications get", "limit", TEXT, "the document's default is text"),
    _parameter("/search get", "organizations_limit", TEXT, "the document's default is text"),
    _parameter("/search get", "members_limit", TEXT, "the document's default is text"),
    _parameter("/cards post", "due", MOMENT, DATED),
    _parameter("/cards post", "start", MOMENT, DATED),
    _parameter("/cards post", "idMembers", TEXT, COMMAS),
    _parameter("/cards post", "idLabels", TEXT, COMMAS),
    _parameter("/cards post", "keepFromSource", TEXT, COMMAS),
    _parameter("/cards post", "pos", TEXT, "a number travels as text in a query"),
    _parameter("/labels/{id}/{field} put", "value", TEXT, "a value is what the field holds, not an id"),
    _parameter("/boards/{id}/members/{idMember} ", "idMember", TEXT, BY_NAME),
    _parameter("/members/{id} get", "id", TEXT, BY_NAME),
    _parameter("/members/{id} put", "id", TEXT, BY_NAME),
    _parameter("/members/{id}/{field} get", "field", TEXT, "every field has its route"),
    _parameter("/members/{id}/boardStars get", "id", TEXT, BY_NAME),
    _parameter("/members/{id}/boardStars post", "id", TEXT, BY_NAME),
    _parameter("/organizations/{id} ", "id", TEXT, BY_NAME),
    _parameter("/organizations/{id}/boards get", "id", TEXT, BY_NAME),
    _parameter("/organizations/{id}/tags ", "id", TEXT, BY_NAME),
)  # fmt: skip


def amended(document: Mapping[str, Any], deviations: tuple[Deviation, ...]) -> OpenAPI:
    """The document with those deviations and no slash after a path, unjudged: its form has 18 errors."""
    mended = copy.deepcopy(dict(document))
    for deviation in deviations:
        deviation.amend(mended)
    paths: dict[str, Any] = {}
    for path, operations in mended["paths"].items():
        paths.setdefault(path.rstrip("/"), {}).update(operations)
    return OpenAPI.from_dict({**mended, "paths": paths}, config=Config(spec_validator_cls=None))


def problems(api: OpenAPI, response: requests.Response) -> list[str]:
    """What the document has against a good answer, and against the request that it answers."""
    request = as_specified(response.request)
    asked, told = RequestsOpenAPIRequest(request), RequestsOpenAPIResponse(response)
    found: list[str] = []
    for check in (lambda: api.validate_request(asked), lambda: api.validate_response(asked, told)):
        try:
            check()
        except OpenAPIError as error:
            found += (f"{request.method} {asked.path}: {reason}" for reason in _reasons(error))
    return found


def _reasons(error: BaseException) -> Iterator[str]:
    """What the schemas say, or else the error's own words and those of its cause."""
    schema_errors = getattr(error, "schema_errors", ())
    for each in schema_errors:
        yield f"{'/'.join(map(str, each.absolute_path))}: {each.message[:200]}"
    if not schema_errors:
        yield str(error)[:200]
    if error.__cause__:
        yield from _reasons(error.__cause__)


def as_specified(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """The same request as the document knows it: at Trello's address, all its values in the query."""
    parts = urlsplit(str(request.url))
    values = dict(parse_qsl(parts.query, keep_blank_values=True))
    if request.headers.get("content-type", "").startswith("application/json"):
        values |= {name: _as_text(value) for name, value in json.loads(request.body or "{}").items()}
    url = f"https://api.trello.com{parts.path.rstrip('/')}"
    return requests.Request(str(request.method), url, params={**CREDENTIALS, **values}).prepare()


def _as_text(value: Any) -> str:
    """A JSON value as Trello reads it in a query."""
    if isinstance(value, list):
        return ",".join(map(_as_text, value))
    return value if isinstance(value, str) else json.dumps(value)
