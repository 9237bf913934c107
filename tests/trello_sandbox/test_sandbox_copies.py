"""Copies of cards, checklists and boards: what they keep, and what the log says of it."""

import pytest


@pytest.fixture
def template(trello, desk):
    amal = desk.invite("amal_zina")
    labels = trello.get(f"/boards/{desk.id}/labels")
    card = desk.card(
        name="Model",
        desc="how",
        due="2026-11-20T16:00:00Z",
        start="2026-11-16T08:00:00Z",
        dueComplete=True,
        isTemplate=True,
        idMembers=[amal],
        idLabels=labels[0]["id"],
        urlSource="https://example.org/guide",
    )
    checklist = desk.checklist(card, "one", "two")
    trello.put(f"/cards/{card['id']}/checkItem/{checklist['checkItems'][0]['id']}", state="complete")
    trello.post(f"/cards/{card['id']}/actions/comments", text="Mind the seal")
    return card


def copy(desk, source, keep, **values):
    return desk.client.post(
        "/cards", idList=desk.lists[1], idCardSource=source["id"], keepFromSource=keep, **values
    )


def items(trello, card):
    return [
        (item["name"], item["state"])
        for checklist in trello.get(f"/cards/{card['id']}/checklists")
        for item in checklist["checkItems"]
    ]


def test_checklists_only_is_one_request_with_everything_else_given(trello, desk, template):
    trello.control("DELETE", "requests")
    card = copy(desk, template, "checklists", name="Mine", desc="what", due=None, isTemplate=False)
    assert trello.control("GET", "requests")["counts"] == {"POST /cards": 1}
    assert items(trello, card) == [("one", "incomplete"), ("two", "incomplete")]
    assert (card["name"], card["desc"], card["due"], card["start"]) == ("Mine", "what", None, None)
    assert (card["idMembers"], card["idLabels"], card["attachments"]) == ([], [], [])
    assert (card["isTemplate"], card["dueComplete"]) == (False, False)
    assert card["badges"]["checkItems"] == 2, "the answer already counts what was copied"


def test_everything_is_kept_by_default(trello, desk, template):
    card = copy(desk, template, "all")
    assert (card["name"], card["desc"], card["due"]) == ("Model", "how", template["due"])
    assert (card["start"], card["idMembers"], card["idLabels"]) == (
        template["start"],
        template["idMembers"],
        template["idLabels"],
    )
    assert [each["url"] for each in card["attachments"]] == ["https://example.org/guide"]
    assert card["badges"]["comments"] == 1


def test_what_is_given_is_joined_to_what_is_kept(trello, desk, template):
    youssef = desk.invite("youssef_zina")
    card = copy(desk, template, "members,due", idMembers=[youssef], due="2026-12-04T16:00:00Z")
    assert card["idMembers"] == [youssef, *template["idMembers"]]
    assert card["due"] == "2026-12-04T16:00:00.000Z"


def test_the_log_says_copied_instead_of_created(trello, desk, template):
    youssef = desk.invite("youssef_zina")
    card = copy(desk, template, "members,comments", idMembers=[youssef])
    comment, kept, given, copied = trello.get(f"/cards/{card['id']}/actions", filter="all")
    assert copied["type"] == "copyCard"
    assert copied["data"]["cardSource"] == {
        "id": template["id"],
        "name": "Model",
        "idShort": template["idShort"],
        "shortLink": template["shortLink"],
    }
    assert (given["data"]["idMember"], "fromCopy" in given["data"]) == (youssef, False)
    assert kept["data"]["fromCopy"] is True
    original = trello.get(f"/cards/{template['id']}/actions", filter="commentCard")[0]
    assert (comment["type"], comment["date"]) == ("copyCommentCard", original["date"])


def test_a_copied_checklist_starts_anew(trello, desk, template):
    source = trello.get(f"/cards/{template['id']}/checklists")[0]
    card = desk.card()
    made = trello.post(f"/cards/{card['id']}/checklists", idChecklistSource=source["id"])
    assert made["name"] == source["name"]
    assert items(trello, card) == [("one", "incomplete"), ("two", "incomplete")]
    assert not {i["id"] for i in made["checkItems"]} & {i["id"] for i in source["checkItems"]}


def test_switches_decide_what_nobody_knows_about_copies(trello, desk, template):
    trello.turn(copy_item_state=True, copy_due_complete=True, copy_is_template=True)
    card = copy(desk, template, "checklists,due")
    assert items(trello, card) == [("one", "complete"), ("two", "incomplete")]
    assert (card["dueComplete"], card["isTemplate"]) == (True, True)
    card = copy(desk, template, "checklists,due", dueComplete=False, isTemplate=False)
    assert (card["dueComplete"], card["isTemplate"]) == (False, False)
    trello.turn(copy_due_complete=False, copy_is_template=False)
    card = copy(desk, template, "due")
    assert (card["dueComplete"], card["isTemplate"]) == (False, False)


def test_whether_items_have_due_dates_depends_on_the_plan(trello, desk):
    card = desk.card()
    checklist = trello.post("/checklists", idCard=card["id"])
    path, sent = f"/checklists/{checklist['id']}/checkItems", {"name": "x", "due": "2026-11-20T16:00:00Z"}
    assert trello.post(path, **sent)["due"] is None
    trello.turn(free_item_due=True)
    assert trello.post(path, **sent)["due"] == "2026-11-20T16:00:00.000Z"

    def dues(kept):
        trello.turn(copy_item_due=kept)
        made = trello.get(f"/cards/{copy(desk, card, 'checklists')['id']}/checklists")[0]
        return [item["due"] for item in made["checkItems"]]

    assert dues(kept=True) == [None, "2026-11-20T16:00:00.000Z"]
    assert dues(kept=False) == [None, None]


@pytest.mark.parametrize("archive", ["card", "list"])
def test_whether_archived_cards_can_be_copied_is_a_switch(trello, desk, template, archive):
    if archive == "card":
        trello.put(f"/cards/{template['id']}", closed=True)
    else:
        trello.put(f"/lists/{desk.lists[0]}/closed", value="true")
    assert copy(desk, template, "checklists")["id"]
    trello.turn(archived_source=False)
    answer = trello.ask("POST", "/cards", json={"idList": desk.lists[1], "idCardSource": template["id"]})
    assert answer.status_code == 404


@pytest.mark.parametrize("case", [("cards", False, 1), (None, True, 1), (None, False, 0)])
@pytest.mark.usefixtures("template")
def test_a_board_copy_keeps_lists_and_labels_and_maybe_cards(trello, desk, case):
    keep, switch, cards = case
    trello.turn(board_copy_keeps_cards=switch)
    trello.put(f"/boards/{desk.id}", desc="about")
    values = {"keepFromSource": keep} if keep else {}
    made = trello.board(name="Copy", desc="ignored", idBoardSource=desk.id, **values)
    board = trello.get(f"/boards/{made.id}", lists="open", labels="all", cards="all", checklists="all")
    assert board["desc"] == "about"
    assert [each["name"] for each in board["lists"]] == ["To Do", "Doing", "Done"]
    assert len(board["labels"]) == 6
    assert len(board["cards"]) == len(board["checklists"]) == cards
    assert desk.client.get(f"/boards/{made.id}/actions", filter="copyBoard")[0]["data"]["boardSource"] == {
        "id": desk.id
    }
