"""The shapes of objects, field selection, and one nested read of a whole board."""

import re

import pytest

CARD_FIELDS = {
    "id", "badges", "checkItemStates", "closed", "dueComplete", "dateLastActivity", "desc", "descData", "due",
    "dueReminder", "email", "idBoard", "idChecklists", "idList", "idMembers", "idMembersVoted", "idShort",
    "idAttachmentCover", "labels", "idLabels", "manualCoverAttachment", "name", "pos", "shortLink", "start",
    "shortUrl", "subscribed", "url", "cover", "isTemplate", "cardRole",
}  # fmt: skip


def test_a_board_is_answered_in_its_default_shape(trello, desk):
    board = trello.get(f"/boards/{desk.id}")
    assert list(board) == [
        "id", "name", "desc", "descData", "closed", "idOrganization", "idEnterprise", "pinned", "url",
        "shortUrl", "prefs", "labelNames",
    ]  # fmt: skip
    assert len(board["labelNames"]) == 30
    assert board["prefs"]["permissionLevel"] == "private"


def test_a_new_board_has_three_lists_and_six_unnamed_labels(trello, desk):
    lists = trello.get(f"/boards/{desk.id}/lists")
    assert [(each["name"], each["pos"]) for each in lists] == [
        ("To Do", 16384),
        ("Doing", 32768),
        ("Done", 49152),
    ]
    labels = trello.get(f"/boards/{desk.id}/labels")
    assert [each["color"] for each in labels] == ["green", "yellow", "orange", "red", "purple", "blue"]
    assert {each["name"] for each in labels} == {""}


def test_default_lists_and_labels_can_be_left_out(trello):
    bare = trello.board(defaultLists=False, defaultLabels=False)
    assert bare.lists == []
    assert trello.get(f"/boards/{bare.id}/labels") == []


def test_a_new_card_has_every_field_and_the_extras_of_creation(desk):
    card = desk.card(name="Été: Préparer les colis!", desc="why", start="2026-11-16T08:00:00Z")
    assert set(card) >= CARD_FIELDS | {"attachments", "stickers", "limits"}
    assert (card["attachments"], card["stickers"], card["limits"], card["checkItemStates"]) == (
        [],
        [],
        {},
        [],
    )
    assert re.fullmatch(r"http://127.0.0.1:\d+/c/[0-9A-Za-z]{8}/1-ete-preparer-les-colis", card["url"])
    assert card["start"] == "2026-11-16T08:00:00.000Z"
    assert card["badges"]["description"] is True


def test_check_item_states_may_be_null_in_collections_and_are_listed_on_a_single_card(trello, desk):
    trello.turn(check_item_states_null=True)
    card = desk.card()
    checklist = desk.checklist(card, "one", "two")
    item = checklist["checkItems"][1]["id"]
    trello.put(f"/cards/{card['id']}/checkItem/{item}", state="complete")
    assert trello.get(f"/boards/{desk.id}/cards")[0]["checkItemStates"] is None
    single = trello.get(f"/cards/{card['id']}")
    assert single["checkItemStates"] == [{"idCheckItem": item, "state": "complete"}]
    assert (single["badges"]["checkItems"], single["badges"]["checkItemsChecked"]) == (2, 1)


def test_fields_selects_exactly_those_and_the_id(trello, desk):
    card = desk.card()
    assert set(trello.get(f"/cards/{card['id']}", fields="name,pos")) == {"id", "name", "pos"}
    assert set(trello.get(f"/boards/{desk.id}", fields="name")) == {"id", "name"}
    assert set(trello.get(f"/lists/{desk.lists[0]}/cards", fields="")[0]) == {"id"}


def test_one_field_of_an_object_is_a_value(trello, desk):
    card = desk.card(name="Count parcels")
    assert trello.get(f"/cards/{card['id']}/name") == {"_value": "Count parcels"}
    assert trello.get(f"/boards/{desk.id}/closed") == {"_value": False}
    assert trello.get(f"/lists/{desk.lists[0]}/name") == {"_value": "To Do"}


def test_one_nested_read_shows_the_whole_board(trello, desk):
    amal = desk.invite("amal_zina")
    card = desk.card(idMembers=[amal], due="2026-11-20T16:00:00Z")
    desk.checklist(card, "one")
    trello.put(f"/lists/{desk.lists[2]}/closed", value="true")
    board = trello.get(
        f"/boards/{desk.id}",
        fields="name,closed,dateLastActivity",
        lists="all",
        list_fields="name,closed,pos",
        labels="all",
        labels_limit=1000,
        members="all",
        member_fields="fullName,username",
        memberships="all",
        cards="all",
        card_fields="name,due,idList,idMembers,badges",
        card_attachments="true",
        checklists="all",
        actions="createCard",
        customFields="true",
        card_customFieldItems="true",
    )
    assert set(board) == {
        "id", "name", "closed", "dateLastActivity", "lists", "labels", "members", "memberships", "cards",
        "checklists", "actions", "customFields",
    }  # fmt: skip
    assert set(board["lists"][0]) == {"id", "name", "closed", "pos"}
    assert [each["closed"] for each in board["lists"]] == [False, False, True]
    assert board["members"][1] == {"id": amal, "fullName": "Amal Benali", "username": "amal_zina"}
    assert set(board["cards"][0]) == {
        "id", "name", "due", "idList", "idMembers", "badges", "attachments", "customFieldItems",
    }  # fmt: skip
    assert board["checklists"][0]["idCard"] == card["id"]
    assert [each["name"] for each in board["checklists"][0]["checkItems"]] == ["one"]
    assert [each["type"] for each in board["actions"]] == ["createCard"]


def test_plain_reads_nest_nothing(trello, desk):
    assert not {"lists", "actions", "cards"} & set(trello.get(f"/boards/{desk.id}"))


def test_board_card_filters(trello, desk):
    shown, archived, hidden = desk.card(), desk.card(), desk.card(idList=desk.lists[1])
    trello.put(f"/cards/{archived['id']}", closed=True)
    trello.put(f"/cards/{shown['id']}", dueComplete=True)
    trello.put(f"/lists/{desk.lists[1]}/closed", value="true")

    def ids(kind):
        return {each["id"] for each in trello.get(f"/boards/{desk.id}/cards/{kind}")}

    assert ids("all") == {shown["id"], archived["id"], hidden["id"]}
    assert ids("closed") == {archived["id"]}
    assert ids("open") == {shown["id"], hidden["id"]}
    assert ids("visible") == ids("complete") == {shown["id"]}
    assert ids("incomplete") == {hidden["id"]}
    assert ids("none") == set()


def test_short_links_name_boards_and_cards_in_paths(trello, desk):
    card = desk.card()
    link = trello.get(f"/boards/{desk.id}", fields="shortLink")["shortLink"]
    assert trello.get(f"/board/{link}/")["id"] == desk.id
    assert trello.get(f"/card/{card['shortLink']}/")["id"] == card["id"]


def test_members_and_workspace(trello, desk):
    me = trello.get("/member/me")
    assert (me["username"], me["fullName"]) == ("robot", "Trello Ops")
    assert trello.get(f"/members/{me['id']}")["username"] == "robot"
    assert trello.get("/members/nadia_zina")["fullName"] == "Nadia Chraïbi"
    assert trello.get("/members/amal_zina")["initials"] == "AB"
    workspace = trello.get("/organizations/zinaobeldi")
    assert trello.get(f"/organizations/{workspace['id']}")["name"] == "zinaobeldi"
    usernames = {each["username"] for each in trello.get("/organizations/zinaobeldi/members")}
    assert usernames >= {"robot", "amal_zina", "youssef_zina", "salma_zina", "karim_zina", "nadia_zina"}
    assert [each["id"] for each in trello.get("/organizations/zinaobeldi/boards", filter="open")] == [desk.id]
    assert trello.get("/organizations/zinaobeldi/boards", filter="closed") == []
    assert [each["id"] for each in trello.get("/members/me/boards", fields="name")] == [desk.id]


def test_a_token_tells_whose_it_is_and_what_it_may_do(trello):
    token = trello.get(f"/tokens/{trello.token}")
    assert token["idMember"] == trello.get("/members/me")["id"]
    assert token["dateExpires"] is None
    assert {each["modelType"] for each in token["permissions"]} == {"Board", "Organization", "Member"}
    assert all(each["read"] and each["write"] for each in token["permissions"])


def test_writing_answers_carry_empty_limits(trello, desk):
    card = desk.card()
    checklist = trello.post("/checklists", idCard=card["id"])
    assert (checklist["name"], checklist["checkItems"], checklist["limits"]) == ("Checklist", [], {})
    created = trello.post("/lists", name="New", idBoard=desk.id)
    assert set(created) == {"id", "name", "closed", "idBoard", "pos", "limits"}
    label = trello.post("/labels", name="x", color="sky_dark", idBoard=desk.id)
    assert label["limits"] == {}
    assert trello.delete(f"/labels/{label['id']}") == {"limits": {}}
    assert trello.delete(f"/checklists/{checklist['id']}") == {"limits": {}}
    assert trello.delete(f"/cards/{card['id']}") == {"limits": {}}


def test_labels_and_members_of_a_card_change_one_by_one(trello, desk):
    amal, card = desk.invite("amal_zina"), desk.card()
    label = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
    assert trello.post(f"/cards/{card['id']}/idLabels", value=label) == [label]
    assert trello.delete(f"/cards/{card['id']}/idLabels/{label}") == {"_value": None}
    assert [each["id"] for each in trello.post(f"/cards/{card['id']}/idMembers", value=amal)] == [amal]
    assert trello.delete(f"/cards/{card['id']}/idMembers/{amal}") == []


def test_board_members_come_and_go(trello, desk):
    answer = trello.put(f"/boards/{desk.id}/members/karim_zina", type="normal")
    assert [each["username"] for each in answer["members"]] == ["robot", "karim_zina"]
    assert answer["memberships"][1]["memberType"] == "normal"
    karim = answer["members"][1]["id"]
    card = desk.card(idMembers=[karim])
    trello.delete(f"/boards/{desk.id}/members/{karim}")
    assert [each["username"] for each in trello.get(f"/boards/{desk.id}/members")] == ["robot"]
    assert trello.get(f"/cards/{card['id']}")["idMembers"] == []


def test_renaming_a_board_changes_its_url_but_not_its_short_url(trello, desk):
    before = trello.get(f"/boards/{desk.id}")
    after = trello.put(f"/boards/{desk.id}", name="Tâches du jour", **{"prefs/permissionLevel": "org"})
    assert after["url"].endswith("/taches-du-jour")
    assert after["shortUrl"] == before["shortUrl"]
    assert after["prefs"]["permissionLevel"] == "org"


def test_parameters_come_by_query_form_or_json(trello, desk):
    values = {"idList": desk.lists[0], "name": "Même nom"}
    ways = [{"params": values}, {"data": values}, {"json": values}]
    names = [trello.ask("POST", "/cards", **way).json()["name"] for way in ways]
    assert names == ["Même nom"] * 3


def test_positions_follow_the_recorded_arithmetic(trello, desk):
    assert [desk.card()["pos"] for _ in range(2)] == [16384, 32768]
    assert [desk.card(pos="top")["pos"] for _ in range(2)] == [8192, 4096]
    assert desk.card(pos="")["pos"] == 2048
    assert desk.card(pos=5)["pos"] == 5
    new = trello.post("/lists", name="New", idBoard=desk.id)
    assert new["pos"] == 8192, "a list goes to the top"
    order = [each["name"] for each in trello.get(f"/boards/{desk.id}/lists")]
    assert order == ["New", "To Do", "Doing", "Done"]


def test_a_batch_answers_in_order_and_each_on_its_own(trello, desk):
    unknown = "0" * 24
    urls = f"/boards/{desk.id}?fields=name%2Cclosed,/cards/{unknown},/nothing"
    first, second, third = trello.get("/batch", urls=urls)
    assert first == {"200": {"id": desk.id, "name": "Board", "closed": False}}
    assert second["statusCode"] == 404
    assert second["message"] == "The requested resource was not found."
    assert (third["statusCode"], "200" in third) == (404, False)


@pytest.mark.parametrize(
    "sent",
    [
        "2020-12-22 01:59:00 UTC",
        "2020-12-22 01:59:00 +0000",
        "2020-12-22T01:59:00+00:00",
        "2020-12-22T02:59:00+0100",
    ],
)
def test_dates_are_taken_in_several_forms(desk, sent):
    assert desk.card(due=sent)["due"] == "2020-12-22T01:59:00.000Z"


@pytest.mark.parametrize("sent", ["null", "", None])
def test_no_date_is_told_in_several_ways(trello, desk, sent):
    card = desk.card(due="2026-01-01T00:00:00Z")
    assert trello.put(f"/cards/{card['id']}", due=sent)["due"] is None


def test_strict_clients_find_lists_strings_and_a_workspace_where_others_find_null(trello):
    board = trello.post("/boards", name="Own")
    assert board["idOrganization"] == trello.get("/organizations/zinaobeldi")["id"]
    desk = trello.board()
    desk.card()
    assert trello.get(f"/boards/{desk.id}/cards")[0]["checkItemStates"] == []
    amal = trello.get("/members/amal_zina")
    assert (len(amal["avatarHash"]), amal["avatarUrl"].startswith("https://")) == (32, True)
    trello.turn(default_workspace=False)
    assert trello.post("/boards", name="Personal")["idOrganization"] is None
