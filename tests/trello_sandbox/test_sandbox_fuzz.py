"""Whatever schemathesis sends to the operations of Atlassian's document, the sandbox does not break."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_overlay import DOCUMENT, OPERATIONS, WITH_SPEC
from schemathesis import APIOperation, BaseSchema, Case, GenerationMode, Response

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import Handle, running

pytestmark = WITH_SPEC
FEW = settings(
    max_examples=2, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
MODES = list(GenerationMode)
"""Good data and bad."""
STANDS_FOR = {
    kind: f"some-{kind}"
    for kind in (
        "action", "attachment", "board", "card", "checkitem", "checklist", "label", "list", "member",
        "membership", "model", "organization", "star", "token", "webhook",
    )
}  # fmt: skip
"""The words for the ids of what there is one of in a world; with them a case fits every world."""


# ---- the document


@pytest.fixture(scope="module")
def schema() -> BaseSchema:
    """The document with what Trello takes beside it: JSON bodies, and credentials in a header."""
    paths = {path: dict(_parts(path, parts)) for path, parts in DOCUMENT["paths"].items()}
    loaded = schemathesis.openapi.from_dict({**DOCUMENT, "paths": paths, "security": []})
    loaded.config.phases.coverage.unexpected_methods = set()
    return loaded


def _parts(path: str, parts: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The operations of a path, and the parameters that they share."""
    for name, part in parts.items():
        if name == "parameters":
            yield name, [_sharpened(path, each) for each in part]
        else:
            parameters = [_sharpened(path, each) for each in part.get("parameters", [])]
            body = {"requestBody": _body(parameters)} if name in {"post", "put"} else {}
            yield name, {**body, **part, "parameters": parameters}


def _body(parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """A JSON body that can hold what the query can."""
    values = {each["name"]: each["schema"] for each in parameters if each["in"] == "query"}
    return {"content": {"application/json": {"schema": {"type": "object", "properties": values}}}}


def _sharpened(path: str, parameter: dict[str, Any]) -> dict[str, Any]:
    """The parameter, good only for the id of what exists, or for a text that is not empty."""
    kind = _kind(path, parameter["name"])
    if kind in STANDS_FOR:
        return {**parameter, "schema": {"type": "string", "enum": [STANDS_FOR[kind]]}}
    if parameter.get("required") and parameter["schema"] == {"type": "string"}:
        return {**parameter, "schema": {"type": "string", "minLength": 1}}
    return parameter


def _kind(path: str, name: str) -> str:
    """What a parameter names: `card` for the first one of `/cards/{id}`, and for any `idCardSource`."""
    words = path.strip("/").split("/")
    first = re.search(r"{(\w+)}", path)
    if first and name == first[1]:
        name = words[0]
    elif name == "value":
        name = words[-1]
    elif not name.startswith("id"):
        return ""
    return re.sub("^id|Source$|s$", "", name).lower()


# ---- what is sent


def cases(operation: APIOperation) -> Iterator[Case]:
    """Whatever there is to be tried with each parameter, once, and some bodies at random."""
    generation = operation.schema.config.generation_for(operation=operation)
    tried = set()
    for case in operation.schema.iter_coverage_cases(
        operation, generation_modes=MODES, generation_config=generation
    ):
        about = case.meta.phase.data
        reason = about.scenario, about.parameter_location, about.parameter
        if reason not in tried:
            tried.add(reason)
            yield case
    if operation.body:
        yield from _drawn(st.one_of([operation.as_strategy(generation_mode=mode) for mode in MODES]))


def _drawn(strategy: st.SearchStrategy[Case]) -> list[Case]:
    drawn: list[Case] = []

    @FEW
    @given(strategy)
    def draw(case: Case) -> None:
        drawn.append(case)

    draw()
    return drawn


@dataclass(frozen=True)
class World:
    """One of everything: its ids by the words that stand for them, and a member to act on it."""

    member: Any
    ids: dict[str, str]

    def answers(self, operation: APIOperation) -> list[Response]:
        """What comes of each of the operation's cases."""
        return [self._answer(case) for case in cases(operation)]

    def _answer(self, case: Case) -> Response:
        for values in (case.path_parameters, case.query, case.body):
            if isinstance(values, dict):
                values.update({name: self.ids.get(str(value), value) for name, value in values.items()})
        return case.call(f"{self.member.handle.url}/1", self.member.session, self.member.auth, timeout=10)


@pytest.fixture(scope="module")
def server() -> Iterator[Handle]:
    """A sandbox of their own, since its people outlive a reset, under whatever names they were given."""
    with running(shop_sandbox(port=0, rate_limit=False)) as handle:
        yield handle


def new_world(trello: Any, callback: str) -> World:
    """A world instead of the one before. Its member's token can be deleted like everything else in it."""
    trello.control("POST", "reset")
    grant = {"username": "amal_zina", "scopes": ["read", "write", "account"]}
    member = replace(trello, token=trello.control("POST", "tokens", grant)["token"])
    trello.put("/organizations/zinaobeldi/members/amal_zina", type="admin")
    desk = member.board()
    card = desk.card()
    checklist = desk.checklist(card, "one")
    me = member.get("/members/me")["id"]
    ids = {
        "action": member.post(f"/cards/{card['id']}/actions/comments", text="Hello")["id"],
        "attachment": member.post(f"/cards/{card['id']}/attachments", url="https://example.org/a")["id"],
        "board": desk.id,
        "card": card["id"],
        "checkitem": checklist["checkItems"][0]["id"],
        "checklist": checklist["id"],
        "label": member.get(f"/boards/{desk.id}/labels")[0]["id"],
        "list": desk.lists[0],
        "member": me,
        "membership": member.get(f"/boards/{desk.id}/memberships")[0]["id"],
        "model": desk.id,
        "organization": member.get("/organizations/zinaobeldi")["id"],
        "star": member.post(f"/members/{me}/boardStars", idBoard=desk.id, pos="top")["id"],
        "token": member.token,
        "webhook": member.post("/webhooks", callbackURL=callback, idModel=desk.id, active=False)["id"],
    }
    return World(member, {STANDS_FOR[kind]: each for kind, each in ids.items()})


# ---- what comes of it


def breakages(answers: Iterable[Response]) -> list[str]:
    """The answers that no request may get, with the requests."""
    return [
        f"{answer.status_code} to {asked.method} {asked.url} {asked.body!r}: {answer.text[:300]}"
        for answer in answers
        for asked in [answer.request]
        if answer.status_code >= 500
    ]


@pytest.mark.slow
def test_no_request_breaks_it(trello, schema, receiver):
    found, reached = [], 0
    world = new_world(trello, receiver.url)
    for method, path in sorted(OPERATIONS, key=lambda operation: operation[0] != "GET"):
        if method != "GET":
            world = new_world(trello, receiver.url)
        answers = world.answers(schema[path][method])
        found += breakages(answers)
        reached += any(answer.status_code == 200 for answer in answers)
    assert found == []
    assert reached > 130, "the cases miss what exists, and test little more than the form of ids"


def test_an_operation_that_breaks_is_found(trello, schema, receiver):
    world = new_world(trello, receiver.url)
    path = f"/1/cards/{world.ids[STANDS_FOR['card']]}"
    trello.control("POST", "faults", {"method": "GET", "path": f"{path}$", "skip": 9, "status": 500})
    (found,) = breakages(world.answers(schema["/cards/{id}"]["GET"]))
    assert found.startswith(f"500 to GET {trello.handle.url}{path}")
