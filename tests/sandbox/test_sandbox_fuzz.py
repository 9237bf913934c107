"""Whatever is sent to an operation that the specification knows, the sandbox does not break."""

import json
import re

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from openapi_overlay import DOCUMENT, OPERATIONS, WITH_SPEC

pytestmark = WITH_SPEC
ODD = [
    "",
    "null",
    "true",
    "[]",
    "{}",
    "0",
    "-1",
    "1e999",
    "NaN",
    "top",
    "all",
    "none",
    "me",
    "a,b",
    "é\x00\n",
    "x" * 99,
]
JSON_VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(ODD),
    st.lists(st.sampled_from(ODD), max_size=2),
    st.dictionaries(st.sampled_from(ODD), st.integers(), max_size=1),
)  # fmt: skip


@pytest.fixture
def ids(trello, desk):
    """What is there to be named in a path or a value."""
    card = desk.card()
    checklist = desk.checklist(card, "one")
    label = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
    comment = trello.post(f"/cards/{card['id']}/actions/comments", text="Hello")["id"]
    item = checklist["checkItems"][0]["id"]
    return [
        desk.id,
        desk.lists[0],
        card["id"],
        checklist["id"],
        item,
        label,
        comment,
        "5f" * 12,
        "zinaobeldi",
    ]


def operations(ids):
    """A request to any operation: its path filled with ids or rubbish, and some of its parameters."""
    words = st.sampled_from([*ids, "me", "all", "name", "é%00", "0", "x"])
    values = JSON_VALUES | st.sampled_from(ids)

    @st.composite
    def request(draw):
        method, template = draw(st.sampled_from(OPERATIONS))
        path = re.sub(r"{\w+}", lambda _: draw(words), template)
        known = [each["name"] for each in DOCUMENT["paths"][template][method.lower()].get("parameters", [])]
        names = st.sampled_from([*known, "value", "fields", "limit", "since"])
        return method, path, draw(st.dictionaries(names, values, max_size=5)), draw(st.booleans())

    return request()


def test_no_request_breaks_it(trello, ids):
    @settings(
        max_examples=1200, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(operations(ids))
    def check(request):
        method, path, values, in_body = request
        sent = {"data": json.dumps(values)} if in_body else {"params": values}
        answer = trello.ask(method, path, headers={"Content-Type": "application/json"}, **sent)
        assert answer.status_code < 500, f"{request}: {answer.status_code} {answer.text[:300]}"

    check()
