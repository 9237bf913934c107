"""What hangs on cards and boards, read and changed field by field, however the request is written."""

import pytest

UNKNOWN = "5f" * 12
PAID = (403, "custom fields are not enabled")


def refused(answer):
    return answer.status_code, answer.text


# ---- attachments by URL


def test_a_link_is_attached_read_and_taken_off(trello, desk):
    card = desk.card()
    path = f"/cards/{card['id']}/attachments"
    made = trello.post(path, url="https://example.org/a", name="Guide", mimeType="text/html")
    assert (made["url"], made["name"], made["mimeType"], made["isUpload"]) == (
        "https://example.org/a",
        "Guide",
        "text/html",
        False,
    )
    unnamed = trello.post(path, url="https://example.org/b")
    assert (unnamed["name"], unnamed["pos"]) == ("https://example.org/b", 32768)
    assert [each["id"] for each in trello.get(path)] == [made["id"], unnamed["id"]]
    assert trello.get(f"{path}/{made['id']}", fields="name") == {"id": made["id"], "name": "Guide"}
    assert trello.get(path, filter="cover") == []
    shown = trello.get(f"/cards/{card['id']}", attachments="true", attachment_fields="url")
    assert shown["attachments"][0] == {"id": made["id"], "url": "https://example.org/a"}
    assert (shown["badges"]["attachments"], shown["cover"]["idAttachment"]) == (2, None)
    assert (shown["idAttachmentCover"], shown["manualCoverAttachment"]) == (None, False)
    assert trello.delete(f"{path}/{made['id']}") == {"limits": {}}
    assert trello.ask("GET", f"{path}/{made['id']}").status_code == 404
    kinds = [each["type"] for each in desk.actions(filter="addAttachmentToCard,deleteAttachmentFromCard")]
    assert kinds == ["deleteAttachmentFromCard", "addAttachmentToCard", "addAttachmentToCard"]


@pytest.mark.parametrize("way", ["params", "data", "json", "files"])
def test_a_link_comes_in_query_form_json_or_multipart(trello, desk, way):
    path = f"/cards/{desk.card()['id']}/attachments"
    sent = {"url": "https://example.org/é", "name": "Fès"}
    if way == "files":
        sent = {name: (None, value) for name, value in sent.items()}
    answer = trello.ask("POST", path, **{way: sent})
    assert (answer.json()["url"], answer.json()["name"]) == ("https://example.org/é", "Fès")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"json": {}}, "invalid value for url"),
        ({"json": {"url": "file:///etc/passwd"}}, "invalid value for url"),
        ({"json": {"url": "https://a.example", "name": "x" * 257}}, "invalid value for name"),
        ({"json": {"url": "https://a.example", "mimeType": "x" * 257}}, "invalid value for mimeType"),
        ({"files": {"file": ("a.txt", b"text")}}, "the sandbox attaches links, not files"),
    ],
)
def test_what_cannot_be_attached(trello, desk, options, text):
    answer = trello.ask("POST", f"/cards/{desk.card()['id']}/attachments", **options)
    assert refused(answer) == (400, text)


def test_a_card_is_not_made_of_a_file_either(trello, desk):
    sent = {"data": {"idList": desk.lists[0]}, "files": {"fileSource": ("a.txt", b"text")}}
    assert refused(trello.ask("POST", "/cards", **sent)) == (400, "the sandbox attaches links, not files")
    assert trello.control("GET", "state")["cards"] == []


# ---- comments and votes


def test_comments_are_edited_by_their_author_and_deleted_by_admins_too(trello, desk):
    card = desk.card()
    desk.invite("amal_zina")
    amal = trello.person("amal_zina")
    made = amal.post(f"/cards/{card['id']}/actions/comments", text="first")
    path = f"/cards/{card['id']}/actions/{made['id']}/comments"
    edited = amal.put(path, text="second")
    assert (edited["data"]["text"], "dateLastEdited" in edited["data"]) == ("second", True)
    assert amal.put(f"/actions/{made['id']}", text="third")["data"]["text"] == "third"
    assert amal.put(f"/actions/{made['id']}/text", value="fourth")["data"]["text"] == "fourth"
    assert trello.ask("PUT", path, json={"text": "mine"}).status_code == 401
    assert refused(amal.ask("PUT", path, json={})) == (400, "invalid value for text")
    assert trello.delete(path) == {"_value": None}
    assert trello.get(f"/cards/{card['id']}")["badges"]["comments"] == 0
    mine = trello.post(f"/cards/{card['id']}/actions/comments", text="mine")
    assert amal.ask("DELETE", f"/actions/{mine['id']}").status_code == 401
    created = desk.actions(filter="createCard")[0]["id"]
    assert trello.ask("DELETE", f"/actions/{created}").status_code == 400
    other = desk.card()
    answer = trello.ask("DELETE", f"/cards/{other['id']}/actions/{mine['id']}/comments")
    assert answer.status_code == 404, "a comment of another card"


def test_deleting_an_action_has_headers_of_its_own(trello, desk):
    made = trello.post(f"/cards/{desk.card()['id']}/actions/comments", text="x")
    headers = trello.ask("DELETE", f"/actions/{made['id']}").headers
    assert headers["x-rate-limit-action-interval-ms"] == "3600000"
    assert headers["x-rate-limit-action-max"] == "15000"


def test_votes(trello, desk):
    card, me = desk.card(), trello.get("/members/me")["id"]
    path = f"/cards/{card['id']}/membersVoted"
    assert [each["id"] for each in trello.post(path, value=me)] == [me]
    answer = trello.ask("POST", path, json={"value": me})
    assert refused(answer) == (400, "member has already voted on the card")
    shown = trello.get(f"/cards/{card['id']}", membersVoted="true")
    assert (shown["badges"]["votes"], shown["idMembersVoted"]) == (1, [me])
    assert shown["membersVoted"][0]["username"] == "robot"
    assert trello.delete(f"{path}/{me}") == {"_value": None}
    assert trello.ask("DELETE", f"{path}/{me}").status_code == 400


def test_a_label_made_on_a_card(trello, desk):
    card = desk.card()
    made = trello.post(f"/cards/{card['id']}/labels", name="New", color="sky_dark")
    assert trello.get(f"/cards/{card['id']}/idLabels") == [made["id"]]
    assert trello.get(f"/boards/{desk.id}/labels/{made['id']}") == made
    assert (made["name"], made["color"]) == ("New", "sky_dark")
    other = trello.board(name="Other")
    assert trello.ask("GET", f"/boards/{other.id}/labels/{made['id']}").status_code == 404


# ---- fields


def test_one_field_of_every_kind_of_object(trello, desk):
    card = desk.card(name="Card")
    checklist = desk.checklist(card)
    label = trello.get(f"/boards/{desk.id}/labels")[0]["id"]
    action = desk.actions(limit=1)[0]["id"]
    short_link = trello.get(f"/boards/{desk.id}/shortLink")["_value"]
    values = {
        f"/boards/{desk.id}/name": "Board",
        f"/boards/{desk.id}/shortUrl": f"{trello.handle.url}/b/{short_link}",
        f"/cards/{card['id']}/idList": desk.lists[0],
        f"/lists/{desk.lists[0]}/closed": False,
        f"/labels/{label}/color": "green",
        f"/checklists/{checklist['id']}/name": "Steps",
        f"/actions/{action}/type": "addChecklistToCard",
        "/members/me/username": "robot",
        "/organizations/zinaobeldi/name": "zinaobeldi",
    }
    for path, value in values.items():
        assert trello.get(path) == {"_value": value}, path
        assert trello.ask("GET", f"{path.rpartition('/')[0]}/nonsense").status_code == 400, path


@pytest.mark.parametrize("alias", ["/board/{b}", "/boards/{b}/", "/board/{b}/?fields=name"])
def test_singular_aliases_and_slashes_at_the_end(trello, desk, alias):
    assert trello.get(alias.format(b=desk.id))["id"] == desk.id
    assert trello.ask("GET", "/cards/").text.startswith("Cannot GET /1/cards/")
    card = desk.card()
    assert trello.get(f"/card/{card['shortLink']}/name/") == {"_value": "Card"}
    assert trello.get("/member/me/")["username"] == "robot"


def test_fields_are_set_one_by_one(trello, desk):
    card = desk.card()
    assert trello.put(f"/cards/{card['id']}/due", value="2026-11-20")["due"] == "2026-11-20T00:00:00.000Z"
    assert trello.put(f"/boards/{desk.id}/prefs/background", value="lime")["prefs"]["background"] == "lime"
    assert trello.put(f"/lists/{desk.lists[0]}/subscribed", value=True)["id"] == desk.lists[0]
    assert trello.get(f"/lists/{desk.lists[0]}/subscribed") == {"_value": True}
    answer = trello.ask("PUT", f"/boards/{desk.id}/prefs/permissionLevel", json={"value": "secret"})
    assert refused(answer) == (400, "invalid value for value")
    assert refused(trello.ask("PUT", f"/boards/{desk.id}/prefs/voting")) == (400, "invalid value for value")


def test_repeated_parameters_are_lists(trello, desk):
    label, other = (each["id"] for each in trello.get(f"/boards/{desk.id}/labels")[:2])
    query = [("idList", desk.lists[0]), ("idLabels", label), ("idLabels", other)]
    assert trello.ask("POST", "/cards", params=query).json()["idLabels"] == [label, other]
    form = [("idList", desk.lists[0]), ("idLabels[]", other), ("idLabels[]", label)]
    assert trello.ask("POST", "/cards", data=form).json()["idLabels"] == [other, label]
    shown = trello.get(f"/boards/{desk.id}", fields=["name,closed", "desc"])
    assert set(shown) == {"id", "name", "closed", "desc"}


def test_what_a_card_is_part_of(trello, desk):
    card = desk.card(idMembers=trello.get("/members/me")["id"])
    made = desk.actions(filter="addMemberToCard")[0]["id"]
    assert trello.get(f"/actions/{made}/board")["id"] == desk.id
    assert trello.get(f"/actions/{made}/card")["id"] == card["id"]
    assert trello.get(f"/actions/{made}/member", fields="username")["username"] == "robot"
    assert trello.get(f"/actions/{made}/memberCreator")["username"] == "robot"
    assert trello.ask("GET", f"/actions/{made}/list").status_code == 404
    assert trello.ask("GET", f"/actions/{made}/organization").status_code == 404
    assert trello.get(f"/actions/{made}/reactions") == []
    checklist = desk.checklist(card)
    assert [each["id"] for each in trello.get(f"/checklists/{checklist['id']}/cards")] == [card["id"]]
    assert trello.get(f"/boards/{desk.id}/cards/{card['shortLink']}")["id"] == card["id"]
    assert trello.ask("GET", f"/boards/{trello.board().id}/cards/{card['id']}").status_code == 400


def test_words_of_a_path_are_found_in_any_case_and_objects_come_bare(trello, desk):
    names = trello.get(f"/boards/{desk.id}")["labelNames"]
    assert trello.get(f"/boards/{desk.id}/labelnames") == names  # recorded, with the `n` small
    card = desk.card(name="Card")
    made = desk.checklist(card, "one")
    for path in (f"/cards/{card['id']}/IDLIST", f"/cards/{card['id']}/idlist"):
        assert trello.get(path) == {"_value": desk.lists[0]}, path
    assert trello.get(f"/cards/{card['id']}/checkitemstates") == []
    assert trello.get(f"/CHECKLISTS/{made['id']}/checkitems")[0]["name"] == "one"
    assert trello.get("/members/me/fullname") == {"_value": trello.get("/members/me")["fullName"]}
    assert trello.put(f"/cards/{card['id']}/duecomplete", value="true")["dueComplete"] is True


def test_actions_in_three_formats(trello, desk):
    desk.card()
    assert desk.actions(format="count") == {"_value": 2}
    minimal = desk.actions(format="minimal")
    assert [each["type"] for each in minimal] == ["createCard", "createBoard"]
    assert "memberCreator" not in minimal[0]
    shown = desk.actions(display="true")[0]["display"]
    assert (shown["translationKey"], shown["entities"]["card"]["text"]) == ("action_create_card", "Card")
    assert trello.ask("GET", f"/boards/{desk.id}/actions", params={"format": "x"}).status_code == 400


# ---- limits, custom fields, batch


def test_limits_warn_before_they_are_reached(trello, desk):
    for number in range(70):
        trello.post(f"/boards/{desk.id}/lists", name=str(number))
    limits = trello.get(f"/boards/{desk.id}/limits")
    assert limits["lists"]["openPerBoard"] == {"status": "ok", "disableAt": 500, "warnAt": 400}
    card = desk.card()
    for number in range(400):
        trello.post(f"/cards/{card['id']}/checklists", name=str(number))
    checklists = trello.get(f"/cards/{card['id']}", fields="limits")["limits"]["checklists"]
    assert checklists == {"perCard": {"status": "warning", "disableAt": 500, "warnAt": 400, "count": 400}}


def test_custom_fields_are_a_paid_refusal(trello, desk):
    card = desk.card()
    assert trello.get(f"/boards/{desk.id}/customFields") == []
    assert trello.get(f"/cards/{card['id']}/customFieldItems") == []
    shown = trello.get(f"/cards/{card['id']}", customFieldItems="true")
    assert shown["customFieldItems"] == []
    sent = {"idModel": desk.id, "modelType": "board", "name": "Price", "type": "number", "pos": "top"}
    assert refused(trello.ask("POST", "/customFields", json=sent)) == PAID
    assert refused(trello.ask("PUT", f"/cards/{card['id']}/customFields", json={})) == PAID
    assert refused(trello.ask("DELETE", f"/customFields/{UNKNOWN}")) == PAID
    assert trello.ask("GET", f"/customFields/{UNKNOWN}").status_code == 404
    assert trello.ask("GET", "/customFields/x").status_code == 400


@pytest.mark.parametrize("urls", [",".join(["/members/me"] * 11), "", "members/me", "/members/me,", "/a,b"])
def test_a_batch_that_makes_no_sense(trello, urls):
    assert refused(trello.ask("GET", "/batch", params={"urls": urls})) == (400, "invalid value for urls")


def test_ten_routes_in_a_batch(trello, desk):
    route = f"/boards/{desk.id}?fields=name%2Cclosed"
    answers = trello.get("/batch", urls=",".join([route] * 10))
    assert answers == [{"200": {"id": desk.id, "name": "Board", "closed": False}}] * 10
