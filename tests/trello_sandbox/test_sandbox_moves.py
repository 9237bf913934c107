"""Whole lists and cards on the move: between lists and boards, archived, copied, deleted."""

import pytest

UNKNOWN = "5f" * 12


def refused(answer):
    return answer.status_code, answer.text


def names(rows):
    return [row["name"] for row in rows]


@pytest.fixture
def other(trello):
    return trello.board(name="Other")


def test_all_cards_of_a_list_move_to_the_bottom_of_another(trello, desk, other):
    desk.card(name="one"), desk.card(name="two")
    gone = desk.card(name="archived")
    trello.put(f"/cards/{gone['id']}", closed=True)
    there = trello.post("/cards", idList=other.lists[2], name="there")
    path = f"/lists/{desk.lists[0]}/moveAllCards"
    moved = trello.post(path, idBoard=other.id, idList=other.lists[2])
    assert [set(each) for each in moved] == [{"id", "idBoard", "idList", "pos"}] * 2
    assert [each["pos"] for each in moved] == [there["pos"] + 16384, there["pos"] + 32768]
    assert names(trello.get(f"/lists/{other.lists[2]}/cards")) == ["there", "one", "two"]
    assert trello.get(f"/lists/{desk.lists[0]}/cards", filter="all") == [
        trello.get(f"/boards/{desk.id}/cards/{gone['id']}")
    ]
    kinds = {each["type"] for each in other.actions()}
    assert "moveCardToBoard" in kinds
    assert "moveCardFromBoard" in {each["type"] for each in desk.actions()}


@pytest.mark.parametrize(
    ("sent", "status", "text"),
    [
        ({}, 400, "invalid value for idBoard"),
        ({"idBoard": "own"}, 400, "invalid value for idList"),
        ({"idBoard": "own", "idList": UNKNOWN}, 404, "model not found"),
        ({"idBoard": UNKNOWN, "idList": "second"}, 400, "invalid value for idList"),
    ],
)
def test_moving_all_cards_needs_a_list_and_its_board(trello, desk, sent, status, text):
    real = {"own": desk.id, "second": desk.lists[1]}
    body = {name: real.get(value, value) for name, value in sent.items()}
    assert refused(trello.ask("POST", f"/lists/{desk.lists[0]}/moveAllCards", json=body)) == (status, text)


def test_archiving_all_cards(trello, desk):
    desk.card(), desk.card()
    assert trello.post(f"/lists/{desk.lists[0]}/archiveAllCards") == {}
    assert len(trello.get(f"/boards/{desk.id}/cards/closed")) == 2
    assert len(desk.actions(filter="updateCard:closed")) == 2


def test_a_list_moves_to_another_board_with_its_cards(trello, desk, other):
    amal = desk.invite("amal_zina")
    label = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
    card = desk.card(idMembers=amal, idLabels=label)
    desk.checklist(card, "one")
    moved = trello.put(f"/lists/{desk.lists[0]}/idBoard", value=other.id)
    assert moved["idBoard"] == other.id
    order = trello.get(f"/boards/{other.id}/lists")
    assert order[-1]["id"] == desk.lists[0]
    card = trello.get(f"/cards/{card['id']}", checklists="all")
    assert (card["idBoard"], card["idLabels"], card["idMembers"]) == (other.id, [], [])
    assert card["checklists"][0]["idBoard"] == other.id
    assert desk.actions(filter="moveListFromBoard")[0]["data"]["boardTarget"]["id"] == other.id
    assert other.actions(filter="moveListToBoard")[0]["data"]["list"]["name"] == "To Do"
    assert trello.put(f"/lists/{desk.lists[1]}", idBoard=other.id, pos="top")["pos"] < order[0]["pos"]


def test_only_archived_lists_are_deleted(trello, desk):
    card = desk.card()
    path = f"/lists/{desk.lists[0]}"
    assert trello.ask("DELETE", path).status_code == 400
    trello.put(f"{path}/closed", value=True)
    assert trello.delete(path) == {"_value": None}
    assert refused(trello.ask("GET", path)) == (404, "model not found")
    assert trello.ask("GET", f"/cards/{card['id']}").status_code == 404


def test_a_list_is_copied_with_its_cards(trello, desk):
    card = desk.card(name="one", due="2026-11-20T10:00:00Z")
    desk.checklist(card, "step")
    trello.post(f"/cards/{card['id']}/actions/comments", text="not copied")
    copy = trello.post("/lists", name="Copy", idBoard=desk.id, idListSource=desk.lists[0])
    cards = trello.get(f"/lists/{copy['id']}/cards", checklists="all")
    assert [(each["name"], each["due"]) for each in cards] == [("one", "2026-11-20T10:00:00.000Z")]
    assert names(cards[0]["checklists"][0]["checkItems"]) == ["step"]
    assert cards[0]["badges"]["comments"] == 0
    answer = trello.ask("POST", "/lists", json={"name": "x", "idBoard": desk.id, "idListSource": UNKNOWN})
    assert refused(answer) == (404, "model not found")


def test_a_card_moves_to_a_list_of_another_board(trello, desk, other):
    card = desk.card(name="moved")
    moved = trello.put(f"/cards/{card['id']}", idBoard=other.id, idList=other.lists[1])
    assert (moved["idBoard"], moved["idList"]) == (other.id, other.lists[1])
    away, here = desk.actions(limit=1)[0], other.actions(filter="moveCardToBoard")[0]
    assert (away["type"], away["data"]["boardTarget"]) == ("moveCardFromBoard", {"id": other.id})
    assert here["data"]["boardSource"]["id"] == desk.id
    log = trello.get(f"/cards/{card['id']}/actions", filter="all")
    assert {"moveCardFromBoard", "moveCardToBoard", "createCard"} <= {each["type"] for each in log}
    answer = trello.ask("PUT", f"/cards/{card['id']}", json={"idBoard": desk.id, "idList": other.lists[0]})
    assert refused(answer) == (400, "invalid value for idList")
    answer = trello.ask("PUT", f"/cards/{card['id']}/idBoard", json={"value": desk.id})
    assert answer.json()["idList"] == desk.lists[0]


def test_an_item_becomes_a_card(trello, desk):
    card = desk.card(name="parent")
    checklist = desk.checklist(card, "child", "stays")
    item = checklist["checkItems"][0]["id"]
    made = trello.post(f"/cards/{card['id']}/checklist/{checklist['id']}/checkItem/{item}/convertToCard")
    assert (made["name"], made["idList"]) == ("child", desk.lists[0])
    assert names(trello.get(f"/checklists/{checklist['id']}/checkItems")) == ["stays"]
    action = desk.actions(limit=1)[0]
    assert (action["type"], action["data"]["cardSource"]["id"]) == ("convertToCardFromCheckItem", card["id"])
