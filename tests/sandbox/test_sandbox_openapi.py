"""The sandbox's answers and our gateway's requests, held against Atlassian's own specification."""

import json
import re
from typing import Any

import pytest
import requests
from openapi_overlay import DEVIATIONS, DOCUMENT, OPERATIONS, WITH_SPEC, amended, problems
from sandbox_shop import FRIDAY, open_shop

pytestmark = WITH_SPEC
FIELDS = {"actions": "type", "labels": "name", "webhooks": "active", "members": "id", "lists": "subscribed"}


class Filler:
    """One of everything, and the values that an operation's parameters ask for."""

    def __init__(self, trello: Any, callback: str) -> None:
        organization = trello.post("/organizations", displayName="Everything")["id"]
        amal = trello.get("/members/amal_zina")["id"]
        trello.put(f"/organizations/{organization}/members/{amal}", type="normal")
        desk = trello.board(name="All", idOrganization=organization)
        star = trello.post("/members/me/boardStars", idBoard=desk.id, pos="top")
        other = trello.board(name="Other")
        mate = desk.invite("amal_zina")
        card = desk.card(due="2026-11-20T17:00:00.000Z", idMembers=[mate])
        checklist = desk.checklist(card, "one", "two")
        label = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
        trello.post(f"/cards/{card['id']}/idLabels", value=label)
        me = trello.get("/members/me")["id"]
        trello.post(f"/cards/{card['id']}/membersVoted", value=me)
        attachment = trello.post(f"/cards/{card['id']}/attachments", url="https://example.org/a")
        comment = trello.post(f"/cards/{card['id']}/actions/comments", text="Hello")
        hook = trello.post("/webhooks", callbackURL=callback, idModel=desk.id)
        unknown = "5f" * 12
        token = trello.person(trello.get("/members/me")["username"]).token
        self.objects = {
            "actions": comment["id"],
            "boards": desk.id,
            "cards": card["id"],
            "checklists": checklist["id"],
            "labels": label,
            "lists": desk.lists[0],
            "members": me,
            "organizations": organization,
            "webhooks": hook["id"],
            "tokens": token,
            "customFields": unknown,
        }
        self.memberships = {
            kind: next(
                each["id"]
                for each in trello.get(f"/{kind}/{self.objects[kind]}/memberships")
                if each["idMember"] == mate
            )
            for kind in ("boards", "organizations")
        }
        self.values = {
            "idCheckItem": checklist["checkItems"][0]["id"],
            "idChecklist": checklist["id"],
            "idLabel": label,
            "idMember": mate,
            "idAction": comment["id"],
            "idAttachment": attachment["id"],
            "idStar": star[0]["id"] if isinstance(star, list) else star["id"],
            "idWebhook": hook["id"],
            "idCustomField": unknown,
            "idCustomFieldOption": unknown,
            "filter": "all",
            "text": "Text",
            "name": "Name",
            "color": "lime",
            "idBoard": other.id,
            "idList": other.lists[0],
            "idCard": card["id"],
            "email": "new@example.org",
            "fullName": "Somebody New",
            "type": "admin",
            "displayName": "Another",
            "callbackURL": callback + "&again",
            "idModel": other.id,
            "pos": "top",
            "query": "card",
            "urls": f"/boards/{desk.id}",
            "value": "true",
        }

    def path(self, template: str) -> str:
        kind = template.split("/")[1]
        first, *rest = re.findall(r"{(\w+)}", template) or [""]
        given = {first: self.objects.get(kind), **{name: self.values.get(name) for name in rest}}
        given |= {"field": FIELDS.get(kind, "name"), "idMembership": self.memberships.get(kind)}
        return re.sub(r"{(\w+)}", lambda match: str(given[match[1]]), template)

    def required(self, method: str, template: str) -> dict[str, str]:
        known = DOCUMENT["paths"][template][method.lower()].get("parameters", [])
        names = [each["name"] for each in known if each["in"] == "query" and each.get("required")]
        return {name: self.values[name] for name in names}


@pytest.fixture(scope="module")
def api():
    return amended(DOCUMENT, DEVIATIONS)


@pytest.fixture
def recorded(monkeypatch) -> list[requests.Response]:
    """Every answer to whatever the process asks over HTTP."""
    answers: list[requests.Response] = []
    send = requests.adapters.HTTPAdapter.send

    def recording(self, *arguments, **options):
        answers.append(send(self, *arguments, **options))
        return answers[-1]

    monkeypatch.setattr(requests.adapters.HTTPAdapter, "send", recording)
    return answers


def test_what_the_sandbox_answers_is_as_specified(trello, receiver, api):
    found, good = [], 0
    filler = Filler(trello, receiver.url)
    for method, template in OPERATIONS:
        if method != "GET":
            continue
        answer = trello.ask(method, filler.path(template), params=filler.required(method, template))
        assert answer.status_code < 500
        if answer.status_code == 200:
            good += 1
            found += problems(api, answer)
    assert found == []
    assert good > 80


def test_what_our_gateway_asks_and_is_answered_is_as_specified(server, trello, recorded, tmp_path, api):
    with open_shop(server, tmp_path) as shop:
        shop.go_to(FRIDAY)
        shop.issue()
        shop.observe()
    answers = [each for each in recorded if "/1/" in each.url and each.ok]
    assert len(answers) > 200
    assert sorted({line for answer in answers for line in problems(api, answer)}) == []


def test_a_wrong_answer_and_a_wrong_request_are_caught(trello, desk, api):
    answer = trello.ask("GET", f"/cards/{desk.card()['id']}")
    assert problems(api, answer) == []
    answer._content = json.dumps({**answer.json(), "closed": "no"}).encode()
    assert any("closed" in line for line in problems(api, answer))
    refused = trello.ask("POST", "/cards", json={"name": "No list"})
    assert any("idList" in line for line in problems(api, refused))


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda deviation: deviation.pointer)
def test_a_deviation_is_one(deviation):
    before = json.dumps(DOCUMENT)
    mended = json.loads(before)
    deviation.amend(mended)
    assert json.dumps(mended) != before, "the document says so by now"
