"""Members, Workspaces, memberships, board stars and tokens."""

import pytest

UNKNOWN = "5f" * 12


def ids(rows):
    return [row["id"] for row in rows]


def refused(answer):
    return answer.status_code, answer.text


# ---- members


def test_members_by_id_username_and_me(trello):
    robot = trello.get("/members/me")
    assert robot["username"] == "robot"
    for named in (robot["id"], "robot", "me"):
        assert trello.get(f"/members/{named}", fields="username") == {"id": robot["id"], "username": "robot"}
    amal = trello.get("/members/amal_zina", fields="fullName,initials,url")
    assert (amal["fullName"], amal["initials"]) == ("Amal Benali", "AB")
    assert refused(trello.ask("GET", "/members/nobody")) == (404, "The requested resource was not found.")


def test_a_member_with_everything_nested(trello, desk):
    desk.card(idMembers=trello.get("/members/me")["id"])
    trello.post("/members/me/boardStars", idBoard=desk.id, pos="top")
    me = trello.get(
        "/members/me",
        fields="username",
        boards="open",
        board_fields="name",
        organizations="all",
        organization_fields="name",
        cards="visible",
        card_fields="name",
        boardStars="true",
        actions="createCard",
        actions_limit="1",
        tokens="all",
        notifications="all",
    )
    assert me["boards"] == [{"id": desk.id, "name": "Board"}]
    assert [each["name"] for each in me["organizations"]] == ["zinaobeldi"]
    assert [each["name"] for each in me["cards"]] == ["Card"]
    assert [each["idBoard"] for each in me["boardStars"]] == [desk.id]
    assert [each["type"] for each in me["actions"]] == ["createCard"]
    assert "trello-ops" in {each["identifier"] for each in me["tokens"]}
    assert me["notifications"] == []


def test_members_change_themselves_only(trello):
    sara = trello.person("sara")
    changed = sara.put("/members/me", fullName="Sara Alami", initials="SA", bio="Cook")
    assert (changed["fullName"], changed["initials"], changed["bio"]) == ("Sara Alami", "SA", "Cook")
    assert sara.put("/members/sara/username", value="sara_a")["username"] == "sara_a"
    assert sara.get("/members/sara_a/fullName") == {"_value": "Sara Alami"}
    assert refused(sara.ask("GET", "/members/sara"))[0] == 404
    assert refused(sara.ask("PUT", "/members/me", json={"username": "robot"})) == (
        400,
        "invalid value for username",
    )
    assert refused(sara.ask("PUT", "/members/robot", json={"fullName": "X"}))[0] == 401


def test_boards_of_a_member_by_filter(trello, desk):
    closed = trello.board(name="Closed")
    trello.put(f"/boards/{closed.id}", closed=True)
    org = trello.board(name="Shared", prefs_permissionLevel="org")
    trello.post("/members/me/boardStars", idBoard=org.id, pos=1)
    assert ids(trello.get("/members/me/boards", filter="open", fields="")) == [desk.id, org.id]
    assert ids(trello.get("/members/me/boards/closed", fields="")) == [closed.id]
    assert ids(trello.get("/members/me/boards", filter="organization", fields="")) == [org.id]
    assert ids(trello.get("/members/me/boards", filter="starred", fields="")) == [org.id]
    amal = trello.person("amal_zina")
    assert ids(amal.get("/members/robot/boards")) == [org.id], "the others are not for Amal"
    assert amal.get("/members/me/boards", filter="starred") == []


def test_only_the_scope_account_shows_ones_own_address(trello):
    sent = {"username": "amal_zina", "scopes": ["read", "account"]}
    token = trello.control("POST", "tokens", sent)["token"]
    amal = type(trello)(trello.handle, trello.session, token)
    assert amal.get("/members/me", fields="email")["email"] == "amal_zina@example.org"
    assert amal.get("/members/robot", fields="email")["email"] is None
    assert amal.get("/members/me/email") == {"_value": "amal_zina@example.org"}
    assert amal.get("/members/robot/email") == {"_value": None}
    assert trello.get("/members/me", fields="email")["email"] is None
    assert trello.get("/members/me/email") == {"_value": None}


# ---- board stars


def test_boards_are_starred_moved_and_unstarred(trello, desk):
    other = trello.board(name="Other")
    first = trello.post("/members/me/boardStars", idBoard=desk.id, pos="bottom")
    assert first == {"id": first["id"], "idBoard": desk.id, "pos": 16384}
    second = trello.post("/members/me/boardStars", idBoard=other.id, pos="top")
    assert ids(trello.get("/members/me/boardStars")) == [second["id"], first["id"]]
    path = f"/members/me/boardStars/{second['id']}"
    assert trello.put(path, pos="bottom")["pos"] == 32768
    assert trello.get(path)["pos"] == 32768
    assert trello.get(f"/boards/{desk.id}", fields="starred")["starred"] is True
    assert trello.get(f"/boards/{desk.id}/boardStars") == [first]
    amal = trello.person("amal_zina")
    desk.invite("amal_zina")
    assert amal.get(f"/boards/{desk.id}", fields="starred", boardStars="mine")["boardStars"] == []
    assert trello.delete(path) == {"_value": None}
    assert refused(trello.ask("GET", path))[0] == 404
    assert trello.ask("POST", "/members/me/boardStars", json={"idBoard": desk.id}).status_code == 400
    assert refused(amal.ask("GET", "/members/robot/boardStars"))[0] == 401


# ---- Workspaces


def test_a_workspace_is_made_changed_and_deleted(trello):
    made = trello.post("/organizations", displayName="Zina Café", desc="d", website="https://example.org")
    assert (made["displayName"], made["name"], made["desc"]) == ("Zina Café", "zinacafe1", "d")
    assert trello.post("/organizations", displayName="Zina Café")["name"] == "zinacafe2"
    path = f"/organizations/{made['id']}"
    changed = trello.put(path, displayName="Café", name="cafe")
    assert (changed["displayName"], changed["name"]) == ("Café", "cafe")
    assert trello.get("/organizations/cafe")["id"] == made["id"]
    assert trello.put(f"{path}/desc", value="new")["desc"] == "new"
    assert trello.get(f"{path}/website") == {"_value": "https://example.org"}
    kinds = [each["type"] for each in trello.get(f"{path}/actions")]
    assert kinds == ["updateOrganization", "updateOrganization", "createOrganization"]
    board = trello.post("/boards", name="B", idOrganization=made["id"], prefs_permissionLevel="org")
    assert ids(trello.get(f"{path}/boards", fields="")) == [board["id"]]
    assert trello.delete(path) == {"_value": None}
    board = trello.get(f"/boards/{board['id']}")
    assert (board["idOrganization"], board["prefs"]["permissionLevel"]) == (None, "private")


@pytest.mark.parametrize(
    ("sent", "text"),
    [
        ({}, "invalid value for displayName"),
        ({"displayName": " "}, "invalid value for displayName"),
        ({"displayName": "x", "name": "ab"}, "invalid value for name"),
        ({"displayName": "x", "name": "Shop"}, "invalid value for name"),
        ({"displayName": "x", "name": "zinaobeldi"}, "invalid value for name"),
    ],
)
def test_a_workspace_needs_names(trello, sent, text):
    assert refused(trello.ask("POST", "/organizations", json=sent)) == (400, text)


def test_a_workspace_is_for_its_members_and_changed_by_its_admins(trello):
    made = trello.post("/organizations", displayName="Own")
    path, amal = f"/organizations/{made['id']}", trello.person("amal_zina")
    assert refused(amal.ask("GET", path)) == (401, "unauthorized permission requested")
    assert amal.ask("POST", "/boards", json={"name": "x", "idOrganization": made["id"]}).status_code == 401
    member = trello.get("/members/amal_zina")["id"]
    joined = trello.put(f"{path}/members/amal_zina", type="normal")
    assert [each["idMember"] for each in joined["memberships"]][1:] == [member]
    assert amal.get(path)["id"] == made["id"]
    assert amal.ask("PUT", path, json={"displayName": "x"}).status_code == 401
    trello.put(f"{path}/members/{member}", type="admin")
    assert amal.put(path, displayName="Ours")["displayName"] == "Ours"
    assert ids(trello.get(f"{path}/members/admins")) == [trello.get("/members/me")["id"], member]


def test_memberships_of_a_workspace(trello):
    path = "/organizations/zinaobeldi"
    rows = trello.get(f"{path}/memberships", member="true", member_fields="username")
    assert rows[0]["memberType"] == "admin"
    assert rows[0]["member"]["username"] == "robot"
    assert trello.get(f"{path}/memberships", filter="admins") == [trello.get(f"{path}/memberships")[0]]
    assert trello.get(f"{path}/memberships/{rows[1]['id']}")["idMember"] == rows[1]["idMember"]
    assert refused(trello.ask("GET", f"{path}/memberships/{UNKNOWN}"))[0] == 404
    nested = trello.get(path, members="admins", member_fields="username", memberships="normal", boards="all")
    assert [each["username"] for each in nested["members"]] == ["robot"]
    assert {each["memberType"] for each in nested["memberships"]} == {"normal"}
    assert nested["boards"] == []


def test_leaving_a_workspace(trello):
    made = trello.post("/organizations", displayName="Own")
    path, me = f"/organizations/{made['id']}", trello.get("/members/me")["id"]
    guest = trello.put(f"{path}/members", email="leila@example.org", fullName="Leila")["memberships"][1]
    assert guest["unconfirmed"] is True
    leila = trello.get(f"/members/{guest['idMember']}")
    assert (leila["fullName"], leila["confirmed"]) == ("Leila", False)
    desk = trello.board(idOrganization=made["id"])
    trello.put(f"/boards/{desk.id}/members/{leila['id']}", type="normal")
    assert len(trello.delete(f"{path}/members/{leila['id']}/all")["memberships"]) == 1
    assert len(trello.get(f"/boards/{desk.id}/memberships")) == 1
    assert refused(trello.ask("DELETE", f"{path}/members/{me}")) == (400, "a Workspace must have an admin")


# ---- memberships of boards


def test_memberships_of_a_board(trello, desk):
    amal = desk.invite("amal_zina")
    path = f"/boards/{desk.id}/memberships"
    rows = trello.get(path, member="true")
    assert [row["member"]["username"] for row in rows] == ["robot", "amal_zina"]
    one = f"{path}/{rows[1]['id']}"
    assert trello.get(one)["memberType"] == "normal"
    assert trello.put(one, type="admin")["memberType"] == "admin"
    assert [each["type"] for each in desk.actions(limit=2)] == ["makeAdminOfBoard", "addMemberToBoard"]
    assert ids(trello.get(f"/boards/{desk.id}/members/admins", fields=""))[1:] == [amal]
    assert refused(trello.ask("PUT", one, json={})) == (400, "invalid value for type")
    people = trello.delete(one)
    assert [each["username"] for each in people["members"]] == ["robot"]
    assert refused(trello.ask("PUT", one, json={"type": "normal"}))[0] == 404
    desk.invite("amal_zina")
    mine = trello.person("amal_zina").get(path, filter="me")
    assert [each["idMember"] for each in mine] == [amal]
    assert trello.get(path, filter="none") == []
    nested = trello.get(f"/boards/{desk.id}", memberships="admins", memberships_member="true")
    assert nested["memberships"][0]["member"]["username"] == "robot"


def test_inviting_by_mail(trello, desk):
    people = trello.put(f"/boards/{desk.id}/members", email="hind@example.org", fullName="Leila B")
    assert [each["fullName"] for each in people["members"]][1] == "Leila B"
    assert people["memberships"][1]["unconfirmed"] is True
    again = trello.put(f"/boards/{desk.id}/members", email="hind@example.org", type="observer")
    assert len(again["members"]) == 2
    answer = trello.ask("PUT", f"/boards/{desk.id}/members", json={"email": "nobody"})
    assert refused(answer) == (400, "invalid value for email")


# ---- tokens


@pytest.mark.parametrize("scopes", [["read"], ["write"], ["account"], ["read", "write"]])
def test_a_token_does_what_its_scopes_allow(trello, desk, scopes):
    token = trello.control("POST", "tokens", {"scopes": scopes})["token"]
    scoped = type(trello)(trello.handle, trello.session, token)
    asked = {
        "read": ("GET", f"/boards/{desk.id}"),
        "write": ("POST", f"/lists/{desk.lists[0]}/archiveAllCards"),
    }
    for scope, (method, path) in asked.items():
        answer = scoped.ask(method, path)
        if scope in scopes:
            assert answer.status_code == 200
        else:
            assert (answer.status_code, answer.json()) == (401, {"message": "missing scopes"})
    for each in trello.get(f"/tokens/{token}")["permissions"]:
        assert (each["read"], each["write"]) == ("read" in scopes, "write" in scopes)


def test_tokens_are_listed_for_their_member_without_their_text(trello):
    rows = trello.get("/members/me/tokens", webhooks="true")
    assert rows[0]["webhooks"] == []
    assert trello.token not in str(rows)
    amal = trello.person("amal_zina")
    assert refused(amal.ask("GET", "/members/robot/tokens"))[0] == 401
    assert refused(amal.ask("DELETE", f"/tokens/{trello.token}"))[0] == 401
    assert refused(trello.ask("GET", "/tokens/unknown"))[0] == 404


def test_a_token_ends_when_it_expires(trello):
    sent = {"username": "amal_zina", "expires": "2100-01-01T00:00:00Z"}
    amal = type(trello)(trello.handle, trello.session, trello.control("POST", "tokens", sent)["token"])
    assert amal.get(f"/tokens/{amal.token}")["dateExpires"] == "2100-01-01T00:00:00.000Z"
    trello.control("POST", "clock", {"now": "2100-01-01T00:00:00Z"})
    assert refused(amal.ask("GET", "/members/me")) == (401, "invalid token")
