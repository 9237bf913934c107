"""The sandbox's answers and our gateway's requests, held against Atlassian's own specification."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import requests
from gateway_calls import Rehearsal, changes_of_trello
from openapi_calls import REFUSED, calls
from openapi_deviations import DEVIATIONS
from openapi_overlay import OPERATIONS, WITH_SPEC, Contract, Deviation, operation_of

from trello_ops.adapters.clock import SystemClock
from trello_ops.adapters.trello.gateway import connect
from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import running

pytestmark = WITH_SPEC


@pytest.fixture(scope="module")
def contract() -> Contract:
    return Contract(DEVIATIONS)


@pytest.fixture(scope="module")
def called(client_for, callback):
    """Every operation that is served, called: the operations, and what they answered."""
    with running(shop_sandbox(port=0, rate_limit=False)) as handle:
        return list(calls(client_for(handle), callback))


@pytest.fixture(scope="module")
def rehearsed(callback) -> tuple[Rehearsal, list[requests.Response]]:
    """What our gateway was made to do, and the answers to all that it asked."""
    with running(shop_sandbox(port=0, rate_limit=False)) as handle, _recorded() as answers:
        gateway = connect(
            handle.url, handle.key, handle.token,
            timeout=10, requests_per_10s=1_000, budget_file=None, clock=SystemClock(),
        )  # fmt: skip
        rehearsal = Rehearsal(gateway, callback)
        rehearsal.run()
        gateway.close()
    return rehearsal, answers


@contextmanager
def _recorded() -> Iterator[list[requests.Response]]:
    """Every answer to whatever the process asks over HTTP."""
    answers: list[requests.Response] = []
    send = requests.adapters.HTTPAdapter.send

    def recording(self, *arguments, **options):
        answer = send(self, *arguments, **options)
        answer.content  # noqa: B018 (read and kept: whoever streams an answer leaves nothing of it)
        answers.append(answer)
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(requests.adapters.HTTPAdapter, "send", recording)
        yield answers


def _good(answer: requests.Response) -> requests.Response:
    assert answer.ok, f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}"
    return answer


def test_every_operation_that_is_served_answers_200_or_is_said_not_to(called):
    expected = {operation: REFUSED.get(operation, (200, ""))[0] for operation in OPERATIONS}
    told = {(operation, answer.status_code, answer.text[:80]) for operation, answer in called}
    assert [each for each in sorted(told) if each[1] != expected[each[0]]] == []
    assert {operation for operation, _, _ in told} == set(OPERATIONS)


def test_each_call_was_of_the_operation_meant(called):
    assert [each for each, answer in called if operation_of(answer.request) != each] == []


def test_what_the_sandbox_is_asked_and_answers_is_as_specified(called, contract):
    assert [line for _, answer in called for line in contract.problems(answer)] == []


def test_our_gateway_was_made_to_send_every_kind_of_request(rehearsed):
    rehearsal, answers = rehearsed
    assert rehearsal.performed == changes_of_trello()
    assert {operation_of(_good(answer).request) for answer in answers} >= {
        ("GET", "/boards/{boardId}/actions"), ("GET", "/boards/{id}"), ("GET", "/boards/{id}/cards"),
        ("GET", "/cards/{id}"), ("GET", "/members/{id}"), ("GET", "/organizations/{id}"),
        ("GET", "/organizations/{id}/boards"), ("GET", "/tokens/{token}/webhooks"), ("POST", "/webhooks/"),
        ("PUT", "/webhooks/{id}"), ("DELETE", "/webhooks/{id}"),
    }  # fmt: skip


def test_what_our_gateway_asks_and_is_answered_is_as_specified(rehearsed, contract):
    assert [line for answer in rehearsed[1] for line in contract.problems(answer)] == []


def test_wrong_answers_and_wrong_requests_are_caught(trello, desk, contract):
    answer = trello.ask("GET", f"/cards/{desk.card()['id']}")
    assert contract.problems(answer) == []
    answer._content = json.dumps({**answer.json(), "closed": "no"}).encode()
    assert any("closed" in line for line in contract.problems(answer))
    refused = trello.ask("POST", "/cards", json={"name": "No list"})
    assert any("idList" in line for line in contract.problems(refused))
    beyond = trello.ask("GET", f"/boards/{desk.id}", params={"cardfields": "name"})
    assert contract.problems(beyond) == ["GET /boards/{id}: no parameter cardfields"]
    with pytest.raises(LookupError, match="/cards/x/y/z"):
        contract.problems(trello.ask("GET", "/cards/x/y/z"))


@pytest.mark.slow
def test_every_deviation_is_needed(called, rehearsed):
    """Without it some exchange is not as specified; with all of them, the tests above say, all are."""
    answers = [answer for _, answer in called] + rehearsed[1]
    recorded = [(operation_of(answer.request), answer) for answer in answers]

    def needed(deviation: Deviation) -> bool:
        without = Contract([each for each in DEVIATIONS if each is not deviation])
        return any(without.problems(answer) for operation, answer in recorded if deviation.touches(operation))

    assert [each.pointer for each in DEVIATIONS if not needed(each)] == []


def test_every_deviation_names_the_fact_it_rests_on():
    known = re.compile(r"(#[a-z-]+ |not established.* )?\[[DORLCX]\].*|#[a-z-]+, without a tag there: .*")
    assert [each.fact for each in DEVIATIONS if not known.fullmatch(each.fact)] == []
