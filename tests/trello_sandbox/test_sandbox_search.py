"""Search: what it finds, how it pages, and how its index lags."""

import itertools

import pytest

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import running


@pytest.fixture
def shop(trello, desk):
    """Some cards to be found."""
    amal = desk.invite("amal_zina")
    label = trello.post("/labels", name="Urgent", color="red", idBoard=desk.id)["id"]
    parcels = desk.card(
        name="Send parcels", desc="To Fès", idLabels=label, due="2020-01-01", urlSource="https://a.example"
    )
    bread = desk.card(name="Bake bread", idMembers=amal, idList=desk.lists[1])
    trello.post(f"/cards/{bread['id']}/actions/comments", text="With olives")
    desk.checklist(parcels, "tape the boxes")
    gone = desk.card(name="Old parcels", due="2020-01-01", dueComplete=True)
    trello.put(f"/cards/{gone['id']}", closed=True)
    return {"parcels": parcels["id"], "bread": bread["id"], "gone": gone["id"]}


def found(trello, shop, query, **params):
    cards = trello.get("/search", query=query, modelTypes="cards", **params).get("cards", [])
    names = {value: name for name, value in shop.items()}
    return sorted(names[card["id"]] for card in cards)


QUERIES = [
    ("parcels", ["gone", "parcels"]),
    ("PARCELS send", ["parcels"]),
    ('"send parcels"', ["parcels"]),
    ('"parcels send"', []),
    ("parcels -old", ["parcels"]),
    ("fès", ["parcels"]),
    ("olives", ["bread"]),
    ("boxes", ["parcels"]),
    ("name:fès", []),
    ("description:fès", ["parcels"]),
    ("comment:olives", ["bread"]),
    ("checklist:boxes", ["parcels"]),
    ("list:doing", ["bread"]),
    ("board:board bread", ["bread"]),
    ("label:urgent", ["parcels"]),
    ("#red", ["parcels"]),
    ("@amal_zina", ["bread"]),
    ("member:me", []),
    ("is:archived", ["gone"]),
    ("is:open parcels", ["parcels"]),
    ("-is:open", ["gone"]),
    ("has:attachments", ["parcels"]),
    ("has:checklists", ["parcels"]),
    ("has:members", ["bread"]),
    ("has:comments", ["bread"]),
    ("has:description", ["parcels"]),
    ("due:overdue", ["parcels"]),
    ("due:complete", ["gone"]),
    ("nonsense:parcels", []),
]


@pytest.mark.parametrize(("query", "names"), QUERIES)
def test_what_a_query_finds(trello, shop, query, names):
    assert found(trello, shop, query) == names


def test_the_shape_of_a_result(trello, desk, shop):
    result = trello.get(
        "/search",
        query="bread -x is:open",
        cards_limit=5,
        card_fields="name",
        card_board="true",
        card_list="true",
        card_members="true",
        card_member_fields="username",
    )
    assert set(result) == {"options", "cards"}
    assert result["options"] == {
        "terms": [{"text": "bread", "negated": False}, {"text": "x", "negated": True}],
        "modifiers": [{"text": "is:open"}],
        "modelTypes": ["actions", "boards", "cards", "members", "organizations"],
        "partial": False,
    }
    card = result["cards"][0]
    assert (card["name"], card["board"]["name"], card["list"]["name"]) == ("Bake bread", "Board", "Doing")
    assert card["members"][0]["username"] == "amal_zina"


def test_boards_people_workspaces_and_comments_are_found_too(trello, desk, shop):
    everything = trello.get("/search", query="zina")
    assert [each["name"] for each in everything["organizations"]] == ["zinaobeldi"]
    assert "amal_zina" in {each["username"] for each in everything["members"]}
    boards = trello.get("/search", query="board", modelTypes="boards", board_organization="true")["boards"]
    assert [(each["id"], each["organization"]["name"]) for each in boards] == [(desk.id, "zinaobeldi")]
    actions = trello.get("/search", query="olives", modelTypes="actions")["actions"]
    assert [each["data"]["text"] for each in actions] == ["With olives"]
    assert set(trello.get("/search", query="olives", modelTypes="boards,members")) == {"options"}


def test_results_are_narrowed_and_paged(trello, desk, shop):
    other = trello.board(name="Elsewhere")
    far = trello.post("/cards", idList=other.lists[0], name="Far parcels")["id"]
    names = {**shop, "far": far}
    assert found(trello, names, "parcels", idBoards=other.id) == ["far"]
    assert found(trello, names, "parcels", idBoards="mine") == ["far", "gone", "parcels"]
    assert found(trello, names, "parcels", idCards=f"{far},{shop['gone']}") == ["far", "gone"]
    pages = [found(trello, names, "parcels", cards_limit=2, cards_page=page) for page in range(3)]
    assert sorted(itertools.chain(*pages)) == ["far", "gone", "parcels"]
    assert pages[2] == []
    assert found(trello.person("amal_zina"), names, "parcels") == ["gone", "parcels"]
    assert trello.ask("GET", "/search", params={"query": "x", "cards_page": 101}).status_code == 400


@pytest.mark.parametrize("sent", [{}, {"query": " "}, {"query": "x", "modelTypes": "nonsense"}])
def test_a_search_needs_a_query(trello, sent):
    assert trello.ask("GET", "/search", params=sent).status_code == 400


def test_the_index_may_lag(trello, desk):
    trello.turn(search_lag=60)
    card = desk.card(name="fresh")
    assert "cards" not in trello.get("/search", query="fresh")
    assert trello.get(f"/cards/{card['id']}")["name"] == "fresh", "direct reads do not lag"
    trello.control("POST", "clock", {"now": "2100-01-01T00:00:00Z"})
    assert [each["id"] for each in trello.get("/search", query="fresh")["cards"]] == [card["id"]]


def test_searching_has_a_limit_of_its_own(client_for):
    with running(shop_sandbox(port=0)) as handle:
        client = client_for(handle)
        client.turn(search_limit=2)
        statuses = [client.ask("GET", "/search", params={"query": "x"}).status_code for _ in range(3)]
        assert statuses == [200, 200, 429]
        assert client.ask("GET", "/search/members", params={"query": "x"}).status_code == 429
        assert client.ask("GET", "/members/me").status_code == 200
        client.turn(search_limit=0)
        assert client.ask("GET", "/search", params={"query": "x"}).status_code == 200


def test_people_are_searched_by_part_of_their_name(trello, desk):
    assert [each["username"] for each in trello.get("/search/members/", query="BENALI")] == ["amal_zina"]
    assert len(trello.get("/search/members", query="zina", limit=2)) == 2
    assert trello.get("/search/members", query="zina", idBoard=desk.id) == []
    desk.invite("karim_zina")
    assert [each["username"] for each in trello.get("/search/members", query="zina", idBoard=desk.id)] == [
        "karim_zina"
    ]
    assert trello.ask("GET", "/search/members").status_code == 400
