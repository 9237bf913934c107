"""A call of every operation that the document knows and the sandbox serves, with values that are good for it.

The tables below name what `Things` makes in braces.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import requests
from openapi_overlay import DOCUMENT, OPERATIONS, Operation, queried

_NONE = "a free Workspace has no custom fields, so there is none to be read"
_PAID = "custom fields are of paid plans (trello-behaviour.md#refusals [D])"
REFUSED: Mapping[Operation, tuple[int, str]] = {
    ("GET", "/customFields/{id}"): (404, _NONE),
    ("GET", "/customFields/{id}/options"): (404, _NONE),
    ("GET", "/customFields/{id}/options/{idCustomFieldOption}"): (404, _NONE),
    ("POST", "/customFields"): (403, _PAID),
    ("POST", "/customFields/{id}/options"): (403, _PAID),
    ("PUT", "/customFields/{id}"): (403, _PAID),
    ("PUT", "/cards/{idCard}/customField/{idCustomField}/item"): (403, _PAID),
    ("PUT", "/cards/{idCard}/customFields"): (403, _PAID),
    ("DELETE", "/customFields/{id}"): (403, _PAID),
    ("DELETE", "/customFields/{id}/options/{idCustomFieldOption}"): (403, _PAID),
}
"""The operations that cannot answer 200: what they answer, and why."""

_OBJECTS = {
    "actions": "{comment}",
    "boards": "{board}",
    "cards": "{card}",
    "checklists": "{checklist}",
    "customFields": "{nothing}",
    "labels": "{label}",
    "lists": "{list}",
    "members": "{me}",
    "organizations": "{organization}",
    "tokens": "{token}",
    "webhooks": "{webhook}",
}
"""What a path's first parameter means, by the path's first word."""
_PARTS = {
    "field": "name",
    "filter": "all",
    "idAction": "{comment}",
    "idAttachment": "{attachment}",
    "idCheckItem": "{check_item}",
    "idChecklist": "{checklist}",
    "idCustomField": "{nothing}",
    "idCustomFieldOption": "{nothing}",
    "idLabel": "{label}",
    "idMember": "{mate}",
    "idStar": "{star}",
    "idWebhook": "{tokens_webhook}",
}
"""What a path's other parameters mean."""
_OWN_PARTS: Mapping[Operation, Mapping[str, str]] = {
    ("GET", "/actions/{id}/member"): {"id": "{joining_board}"},
    ("GET", "/actions/{id}/organization"): {"id": "{joining_organization}"},
    ("GET", "/actions/{id}/{field}"): {"field": "type"},
    ("GET", "/members/{id}/{field}"): {"field": "username"},
    ("GET", "/organizations/{id}/memberships/{idMembership}"): {"idMembership": "{in_organization}"},
    ("GET", "/webhooks/{id}/{field}"): {"field": "active"},
    ("PUT", "/boards/{id}/memberships/{idMembership}"): {"idMembership": "{on_board}"},
}
_DUE = "2026-11-20T17:00:00.000Z"
_VALUES = {
    "boards": "all",
    "callbackURL": "{callback}&again",
    "cards": "all",
    "checklists": "all",
    "closed": "false",
    "color": "lime_dark",
    "desc": "More",
    "description": "Told",
    "displayName": "Another",
    "due": _DUE,
    "dueReminder": "60",
    "email": "new@example.org",
    "filter": "all",
    "fullName": "Somebody New",
    "idAttachmentCover": "{attachment}",
    "idBoard": "{board}",
    "idCard": "{card}",
    "idChecklist": "{checklist}",
    "idChecklistSource": "{checklist}",
    "idLabels": "{label},{spare_label}",
    "idList": "{next_list}",
    "idListSource": "{list}",
    "idMember": "{mate}",
    "idMembers": "{mate},{newcomer}",
    "idModel": "{other_board}",
    "idModels": "{card},{list}",
    "idOrganization": "{organization}",
    "initials": "SN",
    "keepFromSource": "checklists,labels",
    "memberships": "all",
    "name": "Renamed",
    "organizations": "all",
    "pos": "1234.5",
    "prefs/background": "lime",
    "prefs/permissionLevel": "org",
    "query": "card",
    "since": "2020-01-01T00:00:00.000Z",
    "start": _DUE,
    "text": "Text",
    "tokens": "all",
    "type": "admin",
    "url": "https://example.org/b",
    "urlSource": "https://example.org/c",
    "urls": "/boards/{board},/cards/{card}",
    "value": "Renamed",
    "website": "https://example.org/",
}
"""What the parameters of queries mean. Others are true, or what the document says is usual."""
_OWN_VALUES: Mapping[Operation, Mapping[str, str]] = {
    ("GET", "/boards/{id}/plugins"): {"filter": "enabled"},
    ("GET", "/cards/{id}"): {"attachments": "true"},
    ("POST", "/boards/"): {"keepFromSource": "cards"},
    ("POST", "/cards"): {"idCardSource": "{card}"},
    ("POST", "/cards/{id}/idLabels"): {"value": "{spare_label}"},
    ("POST", "/cards/{id}/idMembers"): {"value": "{newcomer}"},
    ("POST", "/cards/{id}/membersVoted"): {"value": "{me}"},
    ("POST", "/members/{id}/boardStars"): {"idBoard": "{other_board}"},
    ("POST", "/organizations"): {"name": "another"},
    ("PUT", "/labels/{id}/{field}"): {"value": "Renamed"},
    ("PUT", "/lists/{id}/closed"): {"value": "true"},
    ("PUT", "/lists/{id}/idBoard"): {"value": "{other_board}"},
    ("PUT", "/organizations/{id}"): {"name": "renamed"},
    ("PUT", "/tokens/{token}/webhooks/{idWebhook}"): {"callbackURL": "{callback}&changed"},
    ("PUT", "/webhooks/{id}"): {"callbackURL": "{callback}&changed"},
}
_BODIES: Mapping[Operation, Any] = {
    ("POST", "/customFields"): {
        "idModel": "5f" * 12, "modelType": "board", "name": "Money", "type": "number", "pos": "top",
    },
    ("PUT", "/customFields/{id}"): {"name": "Money", "pos": "bottom"},
    ("PUT", "/cards/{idCard}/customField/{idCustomField}/item"): {"value": {"text": "12"}},
    ("PUT", "/cards/{idCard}/customFields"): {
        "customFieldItems": [{"idCustomField": "5f" * 16, "value": {"text": "12"}}]
    },
    ("PUT", "/boards/{id}/members"): {"fullName": "Somebody New"},
}  # fmt: skip
"""What goes into a body, of the few operations that have one."""


def calls(trello: Any, callback: str) -> Iterator[tuple[Operation, requests.Response]]:
    """Every operation with all the values that it can be given, and reading also with none that it need not.

    Whatever deletes has things of its own, so that nothing is missed.
    """
    things = Things(trello, callback)
    for operation in (each for each in OPERATIONS if each[0] != "DELETE"):
        if operation[0] == "GET":
            yield operation, things.call(operation, bare=True)
        yield operation, things.call(operation)
    for number, operation in enumerate(each for each in OPERATIONS if each[0] == "DELETE"):
        yield operation, Things(trello, f"{callback}&deleting={number}").call(operation)


class Things:
    """One of everything, to call operations on."""

    def __init__(self, trello: Any, callback: str) -> None:
        self._trello = trello
        me = trello.get("/members/me")
        mates = {
            name: trello.get(f"/members/{username}")["id"]
            for name, username in (("mate", "amal_zina"), ("newcomer", "youssef_zina"))
        }
        self._ids = {"callback": callback, "nothing": "5f" * 12, "me": me["id"], **mates}
        self._make_organization()
        self._make_boards()
        self._make_card()
        self._make_webhooks(me["username"])

    def call(self, operation: Operation, *, bare: bool = False) -> requests.Response:
        """Whatever an operation answers; `bare`: to a request with nothing that it does not need."""
        values = self._arguments(operation, bare=bare)
        body = _BODIES.get(operation)
        answer: requests.Response = self._trello.ask(
            operation[0], self._path(operation), params=values, json=body
        )
        return answer

    def _path(self, operation: Operation) -> str:
        template = operation[1]
        first, *_ = re.findall(r"{(\w+)}", template) or [""]
        meant = {**_PARTS, first: _OBJECTS.get(template.split("/")[1], ""), **_OWN_PARTS.get(operation, {})}
        return re.sub(r"{(\w+)}", lambda match: self._filled(meant[match[1]]), template)

    def _filled(self, text: str) -> str:
        return text.format_map(self._ids)

    def _arguments(self, operation: Operation, *, bare: bool) -> dict[str, str]:
        method, template = operation
        known = queried(DOCUMENT["paths"][template][method.lower()])
        given = {**_VALUES, **_OWN_VALUES.get(operation, {})}
        found = {
            name: given.get(name) or _usual(parameter["schema"])
            for name, parameter in known.items()
            if parameter.get("required") or not (bare or parameter.get("deprecated"))
        }
        return {name: self._filled(value) for name, value in found.items() if value is not None}

    # ---- making

    def _make_organization(self) -> None:
        trello, mate = self._trello, self._ids["mate"]
        made = trello.post("/organizations", displayName="Everything")["id"]
        trello.put(f"/organizations/{made}/members/{mate}", type="normal")
        self._ids |= {
            "organization": made,
            "in_organization": self._membership("organizations", made),
            "joining_organization": trello.get(f"/organizations/{made}/actions")[0]["id"],
        }

    def _membership(self, kind: str, whole: str) -> str:
        found = self._trello.get(f"/{kind}/{whole}/memberships")
        return next(str(each["id"]) for each in found if each["idMember"] == self._ids["mate"])

    def _make_boards(self) -> None:
        trello = self._trello
        desk = trello.board(name="All", idOrganization=self._ids["organization"])
        for username in ("amal_zina", "youssef_zina"):
            desk.invite(username)
        label, spare_label, *_ = (each["id"] for each in trello.get(f"/boards/{desk.id}/labels"))
        self._ids |= {
            "board": desk.id,
            "list": desk.lists[0],
            "next_list": desk.lists[1],
            "label": label,
            "spare_label": spare_label,
            "other_board": trello.board(name="Other").id,
            "on_board": self._membership("boards", desk.id),
            "joining_board": desk.actions(filter="addMemberToBoard")[0]["id"],
            "star": trello.post("/members/me/boardStars", idBoard=desk.id, pos="top")["id"],
        }

    def _make_card(self) -> None:
        trello, ids = self._trello, self._ids
        chosen = {"idMembers": [ids["mate"]], "idLabels": [ids["label"]], "due": _DUE, "start": _DUE}
        card = trello.post("/cards", idList=ids["list"], name="Card", **chosen)["id"]
        checklist = trello.post(f"/cards/{card}/checklists", name="Steps")["id"]
        _done, undone = (
            trello.post(f"/checklists/{checklist}/checkItems", name=name, checked=name == "Done")["id"]
            for name in ("Done", "Not yet")
        )
        trello.post(f"/cards/{card}/membersVoted", value=ids["mate"])
        attachment = trello.post(f"/cards/{card}/attachments", url="https://example.org/a")["id"]
        trello.put(f"/cards/{card}", idAttachmentCover=attachment)
        comment = trello.post(f"/cards/{card}/actions/comments", text="Hello")["id"]
        ids |= {
            "card": card,
            "checklist": checklist,
            "check_item": undone,
            "attachment": attachment,
            "comment": comment,
        }

    def _make_webhooks(self, username: str) -> None:
        trello, board = self._trello, self._ids["board"]
        token = trello.person(username).token
        webhook, tokens_webhook = (
            trello.post(path, callbackURL=self._ids["callback"], idModel=board)["id"]
            for path in ("/webhooks", f"/tokens/{token}/webhooks")
        )
        self._ids |= {"token": token, "webhook": webhook, "tokens_webhook": tokens_webhook}


def _usual(schema: Mapping[str, Any]) -> str | None:
    """A value that the document itself gives."""
    if schema.get("type") == "boolean":
        return "true"
    usual = schema.get("default", schema.get("enum", [None])[0])
    return None if usual is None else ",".join(usual) if isinstance(usual, list) else str(usual)
