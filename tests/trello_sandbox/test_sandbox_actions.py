"""The action log: what each deed writes, who did it, and how it is filtered and paged."""

import dataclasses

import pytest


def kinds(actions):
    return [each["type"] for each in actions]


def last(desk, **params):
    return desk.actions(limit=1, **params)[0]


def test_creating_a_card_writes_the_due_date_first(desk):
    amal = desk.invite("amal_zina")
    card = desk.card(due="2026-11-20T16:00:00Z", idMembers=[amal])
    joined, created, due = desk.actions(limit=3)
    assert kinds([joined, created, due]) == ["addMemberToCard", "createCard", "updateCard"]
    assert due["data"]["old"] == {"due": None}
    assert (joined["data"]["idMember"], joined["member"]["username"]) == (amal, "amal_zina")
    ref = {"id": card["id"], "name": "Card", "idShort": 1, "shortLink": card["shortLink"]}
    assert created["data"]["card"] == ref
    assert created["data"]["list"] == {"id": desk.lists[0], "name": "To Do"}
    assert set(created["data"]["board"]) == {"id", "name", "shortLink"}
    ids = [int(each, 16) for each in (card["id"], due["id"], created["id"], joined["id"])]
    assert ids == list(range(ids[0], ids[0] + 4)), "ids of one request are consecutive"


@pytest.mark.parametrize(
    ("field", "new", "old"),
    [
        ("name", "Other", "Card"),
        ("desc", "text", ""),
        ("due", "2026-11-20T16:00:00.000Z", None),
        ("dueComplete", True, False),
        ("closed", True, False),
        ("pos", 7, 16384),
    ],
)
def test_each_changed_field_is_an_update_with_its_old_value(trello, desk, field, new, old):
    card = desk.card()
    trello.put(f"/cards/{card['id']}", **{field: new})
    action = last(desk, filter=f"updateCard:{field}")
    assert (action["data"]["card"][field], action["data"]["old"]) == (new, {field: old})
    trello.put(f"/cards/{card['id']}", **{field: new})
    assert last(desk)["id"] == action["id"], "nothing changed, nothing written"


def test_a_move_names_both_lists_and_several_fields_are_several_actions(trello, desk):
    card = desk.card()
    trello.put(f"/cards/{card['id']}", idList=desk.lists[2], pos=5, dueComplete=True)
    done, placed, moved = desk.actions(limit=3)
    assert kinds([done, placed, moved]) == ["updateCard"] * 3
    assert moved["data"]["old"] == {"idList": desk.lists[0]}
    assert (moved["data"]["listBefore"]["name"], moved["data"]["listAfter"]["name"]) == ("To Do", "Done")
    assert "list" not in moved["data"]
    assert (set(placed["data"]["old"]), set(done["data"]["old"])) == ({"pos"}, {"dueComplete"})


def test_ticking_an_item_is_written_once_in_the_name_of_who_ticked(trello, desk):
    amal = trello.person("amal_zina")
    desk.invite("amal_zina")
    card = desk.card()
    checklist = desk.checklist(card, "one")
    item = checklist["checkItems"][0]["id"]
    path = f"/cards/{card['id']}/checklist/{checklist['id']}/checkItem/{item}"
    answer = amal.put(path, state="complete")
    assert (answer["state"], answer["type"], answer["creationMethod"]) == ("complete", None, None)
    amal.put(path, state="complete")
    ticks = desk.actions(filter="updateCheckItemStateOnCard")
    assert len(ticks) == 1
    assert ticks[0]["memberCreator"]["username"] == "amal_zina"
    assert ticks[0]["appCreator"] is None, "people work in Trello itself"
    assert ticks[0]["data"]["checklist"] == {"id": checklist["id"], "name": "Steps"}
    assert ticks[0]["data"]["checkItem"]["state"] == "complete"
    assert not {"list", "old"} & set(ticks[0]["data"])


def test_the_robots_own_actions_tell_its_app(desk):
    desk.card()
    assert last(desk)["appCreator"]["id"]


def test_a_program_that_acts_for_somebody_is_told_by_name_and_an_agent_as_one(trello, desk):
    card = desk.card()
    desk.invite("amal_zina")

    def told(**token):
        granted = trello.control("POST", "tokens", {"username": "amal_zina", **token})
        dataclasses.replace(trello, token=granted["token"]).put(f"/cards/{card['id']}", dueComplete=True)
        action = last(desk)
        trello.put(f"/cards/{card['id']}", dueComplete=False)
        assert action["memberCreator"]["username"] == "amal_zina"
        assert trello.get(f"/tokens/{granted['token']}")["identifier"] == token.get("app", "Trello")
        return action

    by_butler, by_agent, by_hand = told(app="Butler"), told(app="Rovo", agent=True), told()
    assert (by_butler["appCreator"]["name"], "agenticIdentity" in by_butler) == ("Butler", False)
    assert (by_agent["appCreator"]["name"], by_agent["agenticIdentity"]["name"]) == ("Rovo", "Rovo")
    assert (by_hand["appCreator"], "agenticIdentity" in by_hand) == (None, False)
    own = {each["appCreator"]["id"] for each in desk.actions(filter="createCard")}
    assert {by_butler["appCreator"]["id"], by_agent["appCreator"]["id"]}.isdisjoint(own)


def test_deleting_a_card_leaves_a_nameless_trace(trello, desk):
    card = desk.card()
    trello.delete(f"/cards/{card['id']}")
    assert set(last(desk)["data"]["card"]) == {"id", "idShort", "shortLink"}
    assert trello.ask("GET", f"/cards/{card['id']}").status_code == 404
    assert desk.card()["idShort"] == 2, "numbers are not used again"


def test_comments_are_actions_of_their_card(trello, desk):
    card = desk.card()
    action = trello.post(f"/cards/{card['id']}/actions/comments", text="Fini à 17 h")
    assert action["type"] == "commentCard"
    assert action["display"]["translationKey"]
    assert trello.get(f"/cards/{card['id']}/actions")[0]["data"]["text"] == "Fini à 17 h"
    assert trello.get(f"/cards/{card['id']}")["badges"]["comments"] == 1
    assert "display" not in last(desk)
    assert trello.get(f"/actions/{action['id']}")["display"]
    assert trello.delete(f"/actions/{action['id']}") == {"_value": None}
    assert trello.get(f"/cards/{card['id']}")["badges"]["comments"] == 0


def test_a_new_comment_says_twice_how_it_is_worded(trello, desk):
    card = desk.card()
    action = trello.post(f"/cards/{card['id']}/actions/comments", text="Hello, world!")
    on = {"hideIfContext": True, "idContext": card["id"]}
    shown = {"type": "card", "id": card["id"], "shortLink": card["shortLink"], "text": "Card"}
    shown["hideIfContext"] = True
    said = {"type": "comment", "text": "Hello, world!"}
    author = {name: action["memberCreator"][name] for name in ("id", "username")}
    author |= {"type": "member", "text": action["memberCreator"]["fullName"]}
    assert action["entities"] == [author, {"type": "text", "text": "on", **on}, shown, said]
    assert action["display"]["entities"] == {
        "contextOn": {"type": "translatable", "translationKey": "action_on", **on},
        "card": shown,
        "comment": said,
        "memberCreator": author,
    }
    assert "entities" not in trello.get(f"/actions/{action['id']}"), (
        "only the answer to a new comment has them"
    )


def test_some_types_reach_webhooks_only(trello, desk):
    card = desk.card()
    desk.checklist(card, "one")
    label = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
    trello.post(f"/cards/{card['id']}/idLabels", value=label)
    listed = set(kinds(desk.actions(filter="all", limit=1000)))
    assert "addChecklistToCard" in listed
    assert not listed & {"addLabelToCard", "createCheckItem"}
    assert {"addLabelToCard", "createCheckItem"} <= set(kinds(trello.control("GET", "state")["actions"]))


def test_a_card_lists_comments_and_moves_unless_asked_for_all(trello, desk):
    card = desk.card()
    trello.put(f"/cards/{card['id']}", name="Other", idList=desk.lists[1])
    assert [set(each["data"]["old"]) for each in trello.get(f"/cards/{card['id']}/actions")] == [{"idList"}]
    assert len(trello.get(f"/cards/{card['id']}/actions", filter="all")) == 3


def test_filters_combine_types_and_sub_filters(trello, desk):
    card = desk.card(due="2026-11-20T16:00:00Z")
    trello.put(f"/cards/{card['id']}", dueComplete=True, name="Other")
    trello.put(f"/lists/{desk.lists[1]}", name="Later", closed=True)
    assert kinds(desk.actions(filter="createCard,copyCard,updateList:closed")) == ["updateList", "createCard"]
    both = desk.actions(filter="updateCard:due,updateCard:dueComplete")
    assert [set(each["data"]["old"]) for each in both] == [{"dueComplete"}, {"due"}]
    trello.turn(due_subfilters=False)
    assert desk.actions(filter="updateCard:due,updateCard:dueComplete") == []


def test_actions_are_paged_by_id_and_by_page(desk):
    for number in range(7):
        desk.card(name=str(number))

    def names(**params):
        return [each["data"]["card"]["name"] for each in desk.actions(filter="createCard", **params)]

    newest = desk.actions(filter="createCard", limit=3)
    assert names(limit=3) == ["6", "5", "4"]
    assert names(limit=3, before=newest[-1]["id"]) == ["3", "2", "1"]
    assert names(limit=3, page=2) == ["0"]
    assert names(since=newest[1]["id"]) == ["6"]
    assert names(since=newest[0]["date"], before="2100-01-01T00:00:00Z")[0] == "6"
    assert names(since="2100-01-01T00:00:00Z") == []


def test_what_is_shown_of_an_action_can_be_narrowed(desk):
    desk.card()
    action = last(desk, fields="type,date", memberCreator="false")
    assert set(action) == {"id", "type", "date"}
    action = last(desk, memberCreator_fields="username")
    assert set(action["memberCreator"]) == {"id", "username"}
    assert desk.actions(format="count") == {"_value": 2}


def test_activity_of_card_and_board_moves(trello, desk):
    trello.control("POST", "clock", {"now": "2026-12-01T08:00:00Z"})
    card = desk.card()
    checklist = desk.checklist(card, "one")
    trello.control("POST", "clock", {"now": "2026-12-02T08:00:00Z"})
    trello.turn(ticks_move_board=False)
    item = checklist["checkItems"][0]["id"]
    trello.put(f"/cards/{card['id']}/checkItem/{item}", state="complete")
    assert trello.get(f"/cards/{card['id']}")["dateLastActivity"].startswith("2026-12-02T08:00")
    assert trello.get(f"/boards/{desk.id}/dateLastActivity")["_value"].startswith("2026-12-01T08:00")
    trello.turn(ticks_move_board=True)
    trello.put(f"/cards/{card['id']}/checkItem/{item}", state="incomplete")
    assert trello.get(f"/boards/{desk.id}/dateLastActivity")["_value"].startswith("2026-12-02T08:00")


def test_completion_is_dated(trello, desk):
    card = desk.card()
    assert card["dateCompleted"] is None
    assert trello.put(f"/cards/{card['id']}/dueComplete", value="true")["dateCompleted"]
    assert trello.put(f"/cards/{card['id']}", dueComplete=False)["dateCompleted"] is None
    trello.turn(date_completed_clears=False)
    stamped = trello.put(f"/cards/{card['id']}", dueComplete=True)["dateCompleted"]
    assert trello.put(f"/cards/{card['id']}", dueComplete=False)["dateCompleted"] == stamped
    trello.turn(date_completed=False)
    assert "dateCompleted" not in trello.get(f"/cards/{card['id']}")


def test_moving_to_another_board_takes_its_first_list(trello, desk):
    other = trello.board(name="Other")
    label = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
    card = desk.card(idLabels=label)
    desk.checklist(card, "one")
    moved = trello.put(f"/cards/{card['id']}", idBoard=other.id)
    assert (moved["idBoard"], moved["idList"], moved["idLabels"]) == (other.id, other.lists[0], [])
    assert trello.get(f"/boards/{other.id}/checklists")[0]["idCard"] == card["id"]
    assert last(other)["type"] == "moveCardToBoard"
    assert trello.get(f"/boards/{desk.id}/cards/all") == []
