"""Every route: what the neighbours of the main ones do, and that nothing sent to any of them breaks it."""

import dataclasses
import itertools
import json
from urllib.parse import urlencode

import pytest

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.api.app import Api
from trello_sandbox.api.routes import ROUTES
from trello_sandbox.api.wire import Request
from trello_sandbox.instance import Sandbox


def test_checklists_and_items_are_read_renamed_moved_and_deleted(trello, desk):
    card = desk.card()
    checklist = desk.checklist(card, "one", "two")
    path = f"/checklists/{checklist['id']}"
    first, second = (item["id"] for item in checklist["checkItems"])
    assert trello.put(f"{path}/name", value="Other")["name"] == "Other"
    assert trello.put(path, pos="top")["pos"] == 16384
    trello.put(f"/cards/{card['id']}/checkItem/{second}", pos="top", name="zero")
    assert [item["name"] for item in trello.get(f"{path}/checkItems")] == ["zero", "one"]
    assert trello.get(f"{path}/checkItems/{first}", fields="state") == {"id": first, "state": "incomplete"}
    assert trello.get(f"/cards/{card['id']}/checkItem/{first}")["name"] == "one"
    assert trello.delete(f"{path}/checkItems/{first}") == {"_value": None}
    assert trello.delete(f"/cards/{card['id']}/checkItem/{second}") == {"_value": None}
    assert trello.get(f"{path}/checkItems") == []
    assert trello.get(f"{path}/name") == {"_value": "Other"}
    assert trello.get(f"{path}/board", fields="name") == {"id": desk.id, "name": "Board"}
    assert trello.delete(f"/cards/{card['id']}/checklists/{checklist['id']}") == {"limits": {}}
    assert trello.get(f"/boards/{desk.id}/checklists") == []


def test_an_item_is_ticked_by_word_or_by_truth(trello, desk):
    card = desk.card()
    item = desk.checklist(card, "one")["checkItems"][0]["id"]
    path = f"/cards/{card['id']}/checkItem/{item}"
    assert [trello.put(path, state=state)["state"] for state in ("true", False, "complete")] == [
        "complete",
        "incomplete",
        "complete",
    ]
    assert trello.ask("PUT", path, json={"state": "done"}).text == "invalid value for state"
    other = desk.checklist(desk.card(), "two")
    wrong = f"/cards/{card['id']}/checklist/{other['id']}/checkItem/{item}"
    assert trello.ask("PUT", wrong, json={"state": "complete"}).status_code == 404


def test_a_checklist_can_be_made_with_an_item_that_is_done(trello, desk):
    checklist = trello.post("/checklists", idCard=desk.card()["id"], name="Steps")
    item = trello.post(f"/checklists/{checklist['id']}/checkItems", name="one", checked="true")
    assert (item["state"], item["pos"], item["idChecklist"]) == ("complete", 16384, checklist["id"])
    answer = trello.ask("POST", f"/checklists/{checklist['id']}/checkItems", json=["one", "two"])
    assert answer.status_code == 400, "there is no bulk form"


def test_checklists_are_narrowed_in_nested_reads(trello, desk):
    card = desk.card()
    desk.checklist(card, "one")
    nested = trello.get(f"/cards/{card['id']}", checklists="all", checklist_fields="name", fields="name")
    assert set(nested["checklists"][0]) == {"id", "name", "checkItems"}
    bare = trello.get(f"/cards/{card['id']}/checklists", checkItems="none")
    assert "checkItems" not in bare[0]
    items = trello.get(f"/cards/{card['id']}/checklists", checkItem_fields="name,state")[0]["checkItems"]
    assert set(items[0]) == {"id", "name", "state"}


def test_a_card_is_read_with_all_around_it(trello, desk):
    amal = desk.invite("amal_zina")
    card = desk.card(idMembers=amal)
    whole = trello.get(
        f"/cards/{card['id']}",
        fields="name",
        members="true",
        member_fields="username",
        board="true",
        board_fields="name",
        list="true",
        list_fields="name",
        actions="all",
        attachments="true",
        checkItemStates="true",
        stickers="true",
    )
    assert whole["members"] == [{"id": amal, "username": "amal_zina"}]
    assert whole["board"] == {"id": desk.id, "name": "Board"}
    assert whole["list"] == {"id": desk.lists[0], "name": "To Do"}
    assert [each["type"] for each in whole["actions"]] == ["addMemberToCard", "createCard"]
    assert (whole["attachments"], whole["checkItemStates"], whole["stickers"]) == ([], [], [])
    assert trello.get(f"/cards/{card['id']}/list", fields="name") == whole["list"]
    assert trello.get(f"/cards/{card['id']}/board", fields="name") == whole["board"]
    assert [each["id"] for each in trello.get(f"/cards/{card['id']}/members")] == [amal]
    assert trello.get(f"/cards/{card['id']}/pluginData") == []
    assert [each["id"] for each in trello.get("/members/amal_zina/cards")] == [card["id"]]


def test_lists_come_with_their_cards_and_are_cleared(trello, desk):
    card = desk.card()
    nested = trello.get(f"/boards/{desk.id}/lists", cards="open", card_fields="name", fields="name")
    assert nested[0] == {"id": desk.lists[0], "name": "To Do", "cards": [{"id": card["id"], "name": "Card"}]}
    assert trello.get(f"/lists/{desk.lists[0]}/actions")[0]["type"] == "createCard"
    assert trello.get(f"/lists/{desk.lists[0]}/board", fields="name")["id"] == desk.id
    assert trello.post(f"/lists/{desk.lists[0]}/archiveAllCards") == {}
    assert trello.get(f"/lists/{desk.lists[0]}/cards") == []
    assert trello.get(f"/lists/{desk.lists[0]}/cards", filter="closed")[0]["id"] == card["id"]
    assert [each["pos"] for each in (trello.put(f"/lists/{desk.lists[2]}", pos="top"),)] == [8192]
    assert trello.get(f"/boards/{desk.id}/lists/closed") == []


def test_labels_are_renamed_recoloured_and_deleted_from_their_cards(trello, desk):
    label = trello.post(f"/boards/{desk.id}/labels", name="a", color="red")["id"]
    card = desk.card(idLabels=label)
    assert trello.put(f"/labels/{label}", name="b")["color"] == "red"
    assert trello.put(f"/labels/{label}/color", value="lime_dark")["name"] == "b"
    assert trello.get(f"/labels/{label}", fields="uses")["uses"] == 1
    assert trello.get(f"/boards/{desk.id}")["labelNames"]["lime_dark"] == "b"
    trello.delete(f"/labels/{label}")
    assert trello.get(f"/cards/{card['id']}")["idLabels"] == []


def test_putting_labels_and_members_replaces_the_set(trello, desk):
    amal, youssef = desk.invite("amal_zina"), desk.invite("youssef_zina")
    red, blue = (each["id"] for each in trello.get(f"/boards/{desk.id}/labels")[:2])
    card = desk.card(idMembers=[amal], idLabels=[red])
    changed = trello.put(f"/cards/{card['id']}", idMembers=[youssef], idLabels=f"{blue}")
    assert (changed["idMembers"], changed["idLabels"]) == ([youssef], [blue])
    kinds = [each["type"] for each in desk.actions(limit=3)]
    assert kinds == ["updateCard", "removeMemberFromCard", "addMemberToCard"]
    assert trello.put(f"/cards/{card['id']}", idMembers="", idLabels="")["idMembers"] == []


@pytest.mark.parametrize("kind", ["idLabels", "idMembers"])
def test_what_is_on_a_card_already_is_refused(trello, desk, kind):
    value = desk.invite("amal_zina")
    if kind == "idLabels":
        value = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
    path = f"/cards/{desk.card()['id']}/{kind}"
    trello.post(path, value=value)
    assert trello.ask("POST", path, json={"value": value}).status_code == 400
    trello.delete(f"{path}/{value}")
    assert trello.ask("DELETE", f"{path}/{value}").status_code == 400
    assert trello.ask("POST", path, json={}).text == "invalid value for value"
    assert trello.ask("POST", path, json={"value": "5f" * 12}).status_code == 400


def test_links_are_attached_and_taken_off(trello, desk):
    path = f"/cards/{desk.card()['id']}/attachments"
    made = trello.post(path, url="https://example.org/a", name="A")
    assert (made["name"], made["isUpload"], made["limits"]) == ("A", False, {})
    assert trello.get(f"{path}/{made['id']}")["url"] == "https://example.org/a"
    assert trello.get(path)[0]["id"] == made["id"]
    assert trello.delete(f"{path}/{made['id']}") == {"limits": {}}
    assert trello.ask("GET", f"{path}/{made['id']}").status_code == 404
    assert trello.ask("POST", path, json={"url": "file:///etc/passwd"}).status_code == 400


def test_covers_are_merged(trello, desk):
    card = desk.card()
    assert card["cover"]["size"] == "normal"
    assert trello.put(f"/cards/{card['id']}", cover={"color": "red"})["cover"]["color"] == "red"
    changed = trello.put(f"/cards/{card['id']}", cover={"size": "full"})["cover"]
    assert (changed["color"], changed["size"]) == ("red", "full")


def test_boards_are_filtered_closed_and_deleted(trello, desk):
    trello.board(name="Other", prefs_permissionLevel="org", prefs_background="green")
    assert [each["name"] for each in trello.get("/members/me/boards", filter="organization")] == ["Other"]
    assert trello.put(f"/boards/{desk.id}/closed", value="true")["closed"] is True
    assert [each["id"] for each in trello.get("/members/me/boards/closed", fields="name")] == [desk.id]
    whole = trello.get(
        "/members/me", boards="open", board_fields="name", organizations="all", fields="username"
    )
    assert [each["name"] for each in whole["boards"]] == ["Other"]
    assert whole["organizations"][0]["name"] == "zinaobeldi"
    desk.checklist(desk.card(), "one")
    assert trello.delete(f"/boards/{desk.id}") == {"_value": None}
    left = trello.control("GET", "state")
    assert [len(left[kind]) for kind in ("boards", "cards", "checklists")] == [1, 0, 0]
    assert trello.ask("GET", f"/boards/{desk.id}").status_code == 404


def test_people_and_their_token(trello, desk):
    assert trello.get("/members/me/username") == {"_value": "robot"}
    assert trello.get("/organizations/zinaobeldi/displayName") == {"_value": "Zina ô Beldi"}
    memberships = trello.get("/organizations/zinaobeldi/memberships")
    assert [each["memberType"] for each in memberships[:2]] == ["admin", "normal"]
    assert trello.get(f"/tokens/{trello.token}/member", fields="username")["username"] == "robot"
    assert trello.get("/members/me/actions")[0]["type"] == "createBoard"
    assert trello.get("/members/me/boardStars") == []
    assert trello.get(f"/boards/{desk.id}", organization="true")["organization"]["name"] == "zinaobeldi"
    assert len(trello.get(f"/boards/{desk.id}/memberships")) == 1
    assert trello.ask("GET", "/members/nobody").status_code == 404
    assert trello.ask("GET", "/organizations/nobody").status_code == 404


def test_cards_changed_since_an_instant(trello, desk):
    trello.control("POST", "clock", {"now": "2097-01-01T08:00:00Z"})
    desk.card(name="old")
    trello.control("POST", "clock", {"now": "2097-01-02T08:00:00Z"})
    desk.card(name="new")
    since = "2097-01-02T00:00:00Z"
    board = trello.get(f"/boards/{desk.id}", cards="all", card_fields="name", cards_modifiedSince=since)
    assert [each["name"] for each in board["cards"]] == ["new"]
    path = f"/boards/{desk.id}/cards/all"
    assert [each["name"] for each in trello.get(path, since=since)] == ["new"]
    assert [each["name"] for each in trello.get(path, before=since)] == ["old"]


def test_fields_that_do_not_exist_are_refused(trello, desk):
    paths = (f"/boards/{desk.id}", f"/lists/{desk.lists[0]}", f"/cards/{desk.card()['id']}", "/members/me")
    for path in paths:
        assert trello.ask("GET", f"{path}/nonsense").text == "invalid value for field"
        if path != "/members/me":
            assert trello.ask("PUT", f"{path}/nonsense", json={"value": 1}).text == "invalid value for field"


def test_only_comments_can_be_deleted_from_the_log(trello, desk):
    desk.card()
    action = desk.actions(limit=1)[0]
    assert trello.get(f"/actions/{action['id']}/type") == {"_value": "createCard"}
    assert trello.ask("DELETE", f"/actions/{action['id']}").status_code == 400


def test_a_moved_card_may_leave_no_list_to_go_to(trello, desk):
    bare = trello.board(defaultLists=False)
    answer = trello.ask("PUT", f"/cards/{desk.card()['id']}", json={"idBoard": bare.id})
    assert (answer.status_code, answer.text) == (400, "invalid value for idBoard")


# ---- nothing breaks it

HOSTILE = (
    None, "", "null", "\ud800 <b>", "x" * 20_000, "9" * 5_000, -1, 0.5, "nan", "1e999", True, [], ["a"],
    {}, {"a": [1]}, "top", "5f" * 12, "me", ",,,", "all",
    "0001-01-01T00:00:00+14:00", "2026-02-30",
)  # fmt: skip
NAMES = (
    "name", "value", "desc", "due", "pos", "closed", "idList", "idBoard", "idCard", "idMembers",
    "idLabels", "type", "idCardSource", "keepFromSource", "limit", "before", "since", "filter", "fields",
    "cards", "lists", "actions", "members", "checklists", "labels", "color", "state", "text", "url",
    "urls", "cover", "page", "dueReminder", "idOrganization", "prefs", "prefs/permissionLevel",
    "prefs_background", "checked", "idChecklistSource", "idBoardSource", "actions_limit", "card_fields",
    "isTemplate", "key", "token", "query", "modelTypes", "idBoards", "cards_limit", "cards_page", "email",
    "fullName", "displayName", "format", "display", "idListSource", "mimeType", "idModels", "partial",
    "members", "memberships", "username", "initials", "website", "cards_modifiedSince",
)  # fmt: skip
CONFIG = shop_sandbox(rate_limit=False)
HEADERS = {
    "authorization": f'OAuth oauth_consumer_key="{CONFIG.key}", oauth_token="{CONFIG.token}"',
    "content-type": "application/json",
}


def served(api, request):
    """The answer to a request that waits for nothing, as all but those of webhooks."""
    try:
        api.answer(request).send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError(f"{request.path} waits")


def ask(api, method, path, sent):
    """One request without the network, so that an exception is not hidden behind a 500."""
    query = urlencode(sent, errors="replace") if method == "GET" else ""
    body = b"" if method == "GET" else json.dumps(sent).encode()
    return served(api, Request(method, path, query, HEADERS, body)).body


def test_a_board_takes_5000_open_cards():
    sandbox = Sandbox(CONFIG)
    api, world = Api(sandbox), sandbox.world
    board = ask(api, "POST", "/boards", {"name": "Board"})
    to_do = ask(api, "GET", f"/boards/{board['id']}/lists", {})[0]
    first = world.cards[ask(api, "POST", "/cards", {"idList": to_do["id"]})["id"]]
    for _ in range(4_999):
        world.cards.add(dataclasses.replace(first, id=world.new_id(), short_link=world.new_short_link()))
    new = Request("POST", "/cards", "", HEADERS, json.dumps({"idList": to_do["id"]}).encode())
    assert served(api, new).status == 403
    ask(api, "PUT", f"/cards/{first.id}", {"closed": True})
    assert served(api, new).status == 200, "archived cards do not count"


@pytest.mark.parametrize("number", range(len(ROUTES)), ids=lambda each: f"{ROUTES[each].pattern}-{each}")
def test_no_value_breaks_a_route(number):
    """Every parameter of every route takes hostile values; all answers can be sent."""
    route, api = ROUTES[number], Api(Sandbox(CONFIG))
    board = ask(api, "POST", "/boards", {"name": "Board", "idOrganization": None})
    to_do = ask(api, "GET", f"/boards/{board['id']}/lists", {})[0]
    card = ask(api, "POST", "/cards", {"idList": to_do["id"], "due": "2026-11-20"})
    checklist = ask(api, "POST", "/checklists", {"idCard": card["id"]})
    item = ask(api, "POST", f"/checklists/{checklist['id']}/checkItems", {"name": "one"})
    real = {
        "board": board["id"],
        "list": to_do["id"],
        "card": card["id"],
        "checklist": checklist["id"],
        "checkItem": item["id"],
        "label": ask(api, "GET", f"/boards/{board['id']}/labels", {})[0]["id"],
        "action": ask(api, "GET", f"/boards/{board['id']}/actions", {})[0]["id"],
        "member": "me",
        "organization": "zinaobeldi",
        "token": CONFIG.token,
        "field": ("name", "closed", "pos")[number % 3],
        "filter": "open",
        "membership": board["id"],
        "pref": "background",
        "attachment": "5f" * 12,
        "webhook": "5f" * 12,
        "boardStar": "5f" * 12,
        "customField": "5f" * 12,
        "option": "5f" * 12,
    }
    usual = {"idList": to_do["id"], "idBoard": board["id"], "idCard": card["id"], "name": "Name"}
    for name, value in list(itertools.product(NAMES, HOSTILE))[number % 13 :: 13]:
        if route.method != "DELETE":
            json.dumps(ask(api, route.method, route.pattern.format(**real), {**usual, name: value}))
    assert json.dumps(ask(api, "GET", f"/boards/{board['id']}", {"cards": "all", "lists": "all"}))
