"""The sandbox's pages for people, over plain HTTP."""

import datetime as dt
import re
from importlib import resources
from zoneinfo import ZoneInfo

import pytest
import requests
from html_page import Page
from sandbox_shop import Visitor

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import running
from trello_sandbox.web.reader import Reader, preferred_language

NOW = dt.datetime(2026, 11, 20, 13, 20, tzinfo=dt.UTC)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{ 7*7 }}"


@pytest.fixture
def people(server):
    """A visitor who chose nobody yet."""
    return Visitor(server.url)


@pytest.fixture
def open_desk(trello):
    """A board that the whole Workspace sees, and may write to."""
    return trello.board(name="Quotidien", prefs_permissionLevel="org")


def link(thing):
    return thing["shortUrl"].rpartition("/")[2]


def board_path(desk):
    return f"/b/{link(desk.client.get(f'/boards/{desk.id}'))}"


def card_path(card):
    return f"/c/{link(card)}"


def page(visitor, path, status=200, **options):
    answer = visitor.get(path, **options)
    assert answer.status_code == status, answer.text
    return Page(answer.text)


def clock(trello, now):
    trello.control("POST", "clock", {"now": now})


# ---- home, and who I am


def test_home_shows_the_open_boards_that_i_may_see_with_their_cards_and_what_is_overdue(trello, people):
    clock(trello, "2026-11-20T13:00:00Z")
    desk = trello.board(name="Quotidien", prefs_permissionLevel="org")
    desk.card(due="2026-11-20T12:59:00Z")
    desk.card(due="2026-11-20T12:00:00Z", dueComplete=True)
    desk.card(due="2026-11-20T12:00:00Z", isTemplate=True)
    desk.card(due="2026-11-20T18:00:00Z")
    trello.board(name="Privé")
    closed = trello.board(name="Fermé", prefs_permissionLevel="org")
    trello.put(f"/boards/{closed.id}", closed=True)
    shown = page(people, "/")
    assert shown.texts("h1") == ["Zina ô Beldi"]
    tiles = [each.text for each in shown.all("a") if each.attributes["href"].startswith("/b/")]
    assert tiles == ["Quotidien3 cartes1 en retard"]


def test_an_empty_trello_says_what_to_do(trello, people):
    assert "trello-ops apply" in page(people, "/").texts("p", "empty")[0]


def chosen(shown):
    return next(each.text for each in shown.all("option") if "selected" in each.attributes)


def test_i_am_the_first_teammate_until_i_choose_and_stay_who_i_chose(trello, people):
    first = page(people, "/")
    assert chosen(first) == "Amal Benali"
    assert first.texts("option")[0] == "Trello Ops (robot)"
    people.be("Karim Tazi")
    assert chosen(page(people, "/")) == "Karim Tazi"


def test_the_choice_is_a_cookie_for_our_own_pages_only(trello, people):
    people.be("Karim Tazi")
    members = [each.attributes["value"] for each in page(people, "/").all("option")]
    said = people.send("/me", person=members[1]).headers["set-cookie"]
    assert "HttpOnly" in said
    assert "SameSite=lax" in said


def test_somebody_who_is_not_in_the_workspace_cannot_be_chosen(trello, people):
    assert people.send("/me", person="0" * 24).status_code == 404
    people.session.cookies.set("trello_sandbox_person", "0" * 24)
    assert chosen(page(people, "/")) == "Amal Benali"


@pytest.mark.parametrize(
    ("back", "goes_to"),
    [
        ("/", "/"),
        ("/b/aB3dE6gH", "/b/aB3dE6gH"),
        ("/b/aB3dE6gH?list=archive", "/b/aB3dE6gH?list=archive"),
        ("/b/aB3dE6gH#c-12345678", "/b/aB3dE6gH#c-12345678"),
        ("//evil.example", "/"),
        ("https://evil.example/b/aB3dE6gH", "/"),
        ("/\\evil.example", "/"),
        ("/b/aB3dE6gH\r\nset-cookie: a=b", "/"),
        ("/b/aB3dE6gH\n", "/"),
        ("/sandbox/state", "/"),
    ],
)
def test_a_choice_leads_back_to_one_of_our_pages_and_nowhere_else(trello, people, back, goes_to):
    member = page(people, "/").all("option")[2].attributes["value"]
    answer = people.send("/me", person=member, back=back)
    assert (answer.status_code, answer.headers["location"]) == (303, goes_to)


# ---- a board


def test_a_board_shows_its_open_lists_and_their_cards_in_order(open_desk, people):
    open_desk.card(name="Deuxième")
    open_desk.card(name="Première", pos="top")
    open_desk.card(name="Archivée", closed=True)
    archived = open_desk.card(name="Rangée")
    open_desk.client.put(f"/cards/{archived['id']}", closed=True)
    shown = page(people, board_path(open_desk))
    assert shown.texts("h1") == ["Quotidien"]
    assert shown.texts("h2") == ["To Do 3", "Doing 0", "Done 0"]
    assert shown.texts("a", "title") == ["Première", "Deuxième", "Archivée"]
    assert shown.texts("p", "empty") == ["Aucune carte", "Aucune carte"]


def test_a_card_shows_labels_members_progress_and_comments_in_words_too(open_desk, people):
    trello = open_desk.client
    label = trello.post("/labels", name="Opérationnel", color="orange", idBoard=open_desk.id)
    unnamed = trello.post("/labels", name="", color="sky_dark", idBoard=open_desk.id)
    member = open_desk.invite("youssef_zina")
    card = open_desk.card(idLabels=[label["id"], unnamed["id"]], idMembers=[member])
    items = open_desk.checklist(card, "un", "deux", "trois")["checkItems"]
    trello.put(f"/cards/{card['id']}/checkItem/{items[0]['id']}", state="complete")
    trello.post(f"/cards/{card['id']}/actions/comments", text="Bonjour")
    tile = next(each for each in page(people, board_path(open_desk)).all("li", "card"))
    assert tile.text.startswith("Opérationnelbleu ciel Card")
    for words in ("1/3", "Éléments cochés : 1 sur 3", "1 commentaire", "YE", "Youssef El Idrissi"):
        assert words in tile.text


@pytest.mark.parametrize(
    ("values", "state", "words"),
    [
        ({"due": "2026-11-20T13:00:00Z"}, "late", "En retard"),
        ({"due": "2026-11-21T12:59:00Z"}, "soon", "Bientôt"),
        ({"due": "2026-11-21T13:01:00Z"}, "later", "Échéance"),
        ({"due": "2026-11-19T13:00:00Z", "dueComplete": True}, "done", "Fait"),
    ],
)
def test_a_due_date_says_how_the_card_stands(trello, people, values, state, words):
    clock(trello, "2026-11-20T13:00:01Z")
    desk = trello.board(prefs_permissionLevel="org")
    desk.card(**values)
    badge = page(people, board_path(desk)).all("span", "due")[0]
    assert badge.classes == ["due", state]
    assert badge.text.startswith(words)


def test_template_cards_are_marked_counted_apart_and_cannot_be_ticked(open_desk, people):
    template = open_desk.card(name="Modèle de colis", isTemplate=True)
    open_desk.card(name="Colis")
    shown = page(people, board_path(open_desk))
    assert shown.texts("h2")[0] == "To Do 1"
    assert shown.texts("summary") == ["1 carte modèle"]
    assert shown.texts("a", "title") == ["Colis", "Modèle de colis"]
    assert len(shown.all("button", "tick")) == 1
    assert not page(people, card_path(template)).all("form", "finish")


def test_a_long_list_is_cut_and_shown_whole_on_its_own_page(open_desk, people):
    for number in range(31):
        open_desk.card(name=f"Carte {number}")
    path = board_path(open_desk)
    shown = page(people, path)
    assert len(shown.texts("a", "title")) == 30
    assert shown.texts("a", "all") == ["Voir tout (31)"]
    whole = page(people, shown.all("a", "all")[0].attributes["href"])
    assert whole.texts("a", "title") == [f"Carte {number}" for number in range(31)]
    assert page(people, f"{path}?list={open_desk.lists[1]}").texts("p", "empty") == ["Aucune carte"]
    page(people, f"{path}?list={'0' * 24}", status=404)


def test_archived_cards_have_a_page_the_latest_first(open_desk, people):
    path = board_path(open_desk)
    assert not page(people, path).all("a", "to-archive")
    for name in ("première", "seconde"):
        open_desk.client.put(f"/cards/{open_desk.card(name=name)['id']}", closed=True)
    towards = page(people, path).all("a", "to-archive")[0]
    assert towards.text == "2 cartes archivées"
    assert page(people, towards.attributes["href"]).texts("a", "title") == ["seconde", "première"]


def test_a_board_without_lists_says_so(trello, people):
    desk = trello.board(prefs_permissionLevel="org", defaultLists=False)
    assert page(people, board_path(desk)).texts("p", "empty") == ["Ce tableau n’a pas de liste."]


def test_the_links_of_objects_lead_to_pages(open_desk, people):
    client = open_desk.client
    card = open_desk.card(name="Préparer les colis")
    things = {
        "Préparer les colis": (card["url"], card["shortUrl"]),
        "Quotidien": (client.get(f"/boards/{open_desk.id}")[each] for each in ("url", "shortUrl")),
        "Zina ô Beldi": (client.get("/organizations/zinaobeldi")["url"], client.get("/members/me")["url"]),
    }
    for title, urls in things.items():
        for url in urls:
            assert url.startswith(f"{client.handle.url}/")
            assert page(people, url.removeprefix(client.handle.url)).texts("h1") == [title]
    for path in ("/w/nowhere", "/nobody"):
        assert people.get(path).status_code == 404


def test_links_as_trello_writes_them(client_for):
    with running(shop_sandbox(port=0, rate_limit=False, links="trello")) as handle:
        desk = client_for(handle).board()
        card = desk.card()
        assert card["shortUrl"] == f"https://trello.com/c/{card['shortLink']}"
        assert desk.client.get("/members/me")["url"] == "https://trello.com/robot"
    with pytest.raises(ValueError, match="links are own or trello, not 'elsewhere'"):
        shop_sandbox(links="elsewhere")


# ---- a card


def test_a_card_shows_its_description_links_checklists_and_dates(trello, people):
    clock(trello, "2026-11-20T13:00:00Z")
    desk = trello.board(prefs_permissionLevel="org")
    card = desk.card(
        desc="**Pourquoi**\n\n[la boutique](https://example.org/a?b=1&c=2)",
        start="2026-11-19T05:00:00Z",
        due="2026-11-20T15:00:00Z",
    )
    desk.checklist(card, "Étiqueter", "Emballer")
    trello.post(f"/cards/{card['id']}/attachments", url="https://example.org/bon", name="Bon")
    shown = page(people, card_path(card))
    assert shown.texts("div", "prose") == ["Pourquoi la boutique"]
    links = {each.text: each.attributes for each in shown.all("a") if "rel" in each.attributes}
    assert links["la boutique"]["href"] == "https://example.org/a?b=1&c=2"
    assert links["Bon"]["href"] == "https://example.org/bon"
    assert all("noopener" in each["rel"] for each in links.values())
    assert [each.text for each in shown.all("button", "item")] == ["Étiqueter", "Emballer"]
    assert [each.classes[1] for each in shown.all("span", "due")] == ["start", "soon"]


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](data:text/html,hello)",
        "<javascript:alert(1)>",
        "[x](//evil.example)",
        "![x](https://evil.example/x.png)",
        "[x]: javascript:alert(1)\n\n[x]",
    ],
)
def test_no_text_makes_a_link_that_is_not_to_the_web_nor_loads_a_picture(open_desk, people, text):
    shown = page(people, card_path(open_desk.card(desc=text)))
    assert not shown.all("img")
    inside = [each.attributes["href"] for each in shown.all("a")]
    assert all(re.match(r"/|#|https://evil\.example/x\.png$", each) for each in inside)
    assert not any(each.startswith("//") for each in inside)


def test_the_log_is_told_as_sentences_with_who_and_when(trello, people):
    clock(trello, "2026-11-20T13:00:00Z")
    desk = trello.board(prefs_permissionLevel="org")
    card = desk.card(name="Colis", idMembers=[desk.invite("karim_zina")])
    items = desk.checklist(card, "Étiqueter")["checkItems"]
    karim = trello.person("karim_zina")
    karim.put(f"/cards/{card['id']}/checkItem/{items[0]['id']}", state="complete")
    karim.put(f"/cards/{card['id']}", idList=desk.lists[2])
    karim.put(f"/cards/{card['id']}", dueComplete=True)
    karim.put(f"/cards/{card['id']}", name="Les colis", pos="top")
    karim.put(f"/cards/{card['id']}", due="2026-11-20T15:00:00Z")
    karim.put(f"/cards/{card['id']}", due=None)
    karim.put(f"/cards/{card['id']}", isTemplate=True)
    told = [each.text for each in page(people, card_path(card)).all("li")]
    matches = [re.fullmatch(r"(?:KT|TO)(.+)\1 (.*) aujourd’hui \d\d:\d\d", each) for each in told]
    sentences = [match[2] for match in matches if match]
    assert [re.sub(r"\d\d:\d\d$", "15:00", each) for each in sentences] == [
        "a modifié la carte",
        "a retiré l’échéance",
        "a fixé l’échéance : aujourd’hui 15:00",
        "a renommé la carte, avant « Colis »",
        "a marqué la carte comme terminée",
        "a déplacé la carte de « To Do » à « Done »",
        "a coché « Étiqueter »",
        "a ajouté la liste de contrôle « Steps »",
        "a ajouté Karim Tazi",
        "a créé la carte dans « To Do »",
    ]
    assert [match[1] for match in matches if match] == 7 * ["Karim Tazi"] + 3 * ["Trello Ops"]


def test_old_activity_is_cut_and_shown_on_request(open_desk, people):
    card = open_desk.card()
    for number in range(31):
        open_desk.client.post(f"/cards/{card['id']}/actions/comments", text=f"mot {number}")
    shown = page(people, card_path(card))
    assert shown.texts("div", "said") == [f"mot {number}" for number in range(30, 0, -1)]
    more = next(each for each in shown.all("a") if "activity=all" in each.attributes["href"])
    assert more.text == "Voir toute l’activité (32)"
    assert len(page(people, more.attributes["href"]).texts("div", "said")) == 31


def test_two_hundred_items_are_all_there(open_desk, people):
    card = open_desk.card()
    open_desk.checklist(card, *(f"Pas {number}" for number in range(200)))
    assert len(page(people, card_path(card)).all("button", "item")) == 200


# ---- pages that are kept as files


def test_a_still_page_shows_the_same_without_anything_to_do(open_desk, people):
    card = open_desk.card(name="Ouvert", desc="Pourquoi", idMembers=[open_desk.invite("amal_zina")])
    done = open_desk.card(name="Fini", dueComplete=True)
    first, _ = open_desk.checklist(card, "un", "deux")["checkItems"]
    open_desk.client.put(f"/cards/{card['id']}/checkItem/{first['id']}", state="complete")
    open_desk.client.post(f"/cards/{card['id']}/idLabels", value=label_of(open_desk))
    for path in ("/", board_path(open_desk), f"{board_path(open_desk)}?list=archive", card_path(card)):
        shown = page(people, path, params={"still": "1"})
        assert {each.tag for each in shown.elements}.isdisjoint({"form", "button", "select", "textarea"})
    board = page(people, board_path(open_desk), params={"still": "1"})
    marks = [each.attributes["aria-label"] for each in board.all("span", "tick")]
    assert (board.texts("a", "title"), marks) == (["Ouvert", "Fini"], ["À faire", "Terminée"])
    shown = page(people, card_path(card), params={"still": "1"})
    ticks = [each.attributes["aria-checked"] for each in shown.all("div", "item")]
    assert (shown.texts("div", "item"), ticks) == (["un", "deux"], ["true", "false"])
    assert (shown.texts("li", "label"), shown.texts("div", "prose")) == (["vert"], ["Pourquoi"])
    assert page(people, card_path(done), params={"still": "1"}).texts("span", "is-complete") == ["Terminée"]


def label_of(desk):
    return desk.client.get(f"/boards/{desk.id}/labels")[0]["id"]


# ---- acts: each is what the API does, in the name of who I am


def read(desk, card):
    return desk.client.get(f"/cards/{card['id']}", checklists="all", fields="all")


def last_action(desk):
    return desk.actions(limit=1)[0]


def test_ticking_and_unticking_is_in_my_name_and_not_the_apps(open_desk, people):
    card = open_desk.card()
    people.be("Karim Tazi")
    for done, complete in (("true", True), ("true", True), ("false", False)):
        answer = people.send(f"{card_path(card)}/tick", done=done)
        assert (answer.status_code, answer.headers["location"]) == (303, card_path(card))
        assert read(open_desk, card)["dueComplete"] is complete
    actions = open_desk.actions(filter="updateCard:dueComplete")
    assert [each["data"]["card"]["dueComplete"] for each in actions] == [False, True]
    assert {each["memberCreator"]["username"] for each in actions} == {"karim_zina"}
    assert {each["appCreator"] for each in actions} == {None}


def test_a_card_is_ticked_from_its_board_too(open_desk, people):
    card, path = open_desk.card(), board_path(open_desk)
    form = next(each for each in page(people, path).all("input") if "#c-" in each.attributes["value"])
    answer = people.send(f"{card_path(card)}/tick", done="true", back=form.attributes["value"])
    assert answer.headers["location"] == f"{path}#c-{link(card)}"
    assert "complete" in page(people, path).all("li", "card")[0].classes


def test_items_are_ticked_and_unticked(open_desk, people):
    card = open_desk.card()
    open_desk.checklist(card, "un", "deux")
    for state in ("complete", "incomplete"):
        button = page(people, card_path(card)).all("button", "item")[1]
        answer = people.send(f"{card_path(card)}/item", item=button.attributes["value"])
        item = read(open_desk, card)["checklists"][0]["checkItems"][1]
        assert item["state"] == state
        assert answer.headers["location"] == f"{card_path(card)}#i-{item['id']}"
    assert last_action(open_desk)["type"] == "updateCheckItemStateOnCard"
    assert last_action(open_desk)["memberCreator"]["username"] == "amal_zina"


def test_a_card_is_moved_to_the_top_of_another_list(open_desk, people):
    card = open_desk.card()
    above = open_desk.card(idList=open_desk.lists[2])
    options = [each for each in page(people, card_path(card)).all("option") if each.text == "Done"]
    people.send(f"{card_path(card)}/move", list=options[0].attributes["value"])
    moved = read(open_desk, card)
    assert moved["idList"] == open_desk.lists[2]
    assert moved["pos"] < read(open_desk, above)["pos"]
    assert open_desk.actions(filter="updateCard:idList")[0]["memberCreator"]["username"] == "amal_zina"


def test_a_comment_is_posted_in_my_name_as_typed(open_desk, people):
    card = open_desk.card()
    people.be("Nadia Chraïbi")
    answer = people.send(f"{card_path(card)}/comment", text="Deux cartons\r\nà commander + 100 %")
    assert answer.headers["location"] == f"{card_path(card)}#activity"
    action = last_action(open_desk)
    assert (action["type"], action["memberCreator"]["username"]) == ("commentCard", "nadia_zina")
    assert action["data"]["text"] == "Deux cartons\nà commander + 100 %"
    assert page(people, card_path(card)).texts("div", "said") == ["Deux cartons à commander + 100 %"]


def test_a_card_is_archived_and_brought_back(open_desk, people):
    card = open_desk.card()
    people.send(f"{card_path(card)}/archive", closed="true")
    assert read(open_desk, card)["closed"] is True
    assert page(people, card_path(card)).texts("p", "notice") == ["Cette carte est archivée."]
    people.send(f"{card_path(card)}/archive", closed="false")
    assert read(open_desk, card)["closed"] is False


def test_labels_are_put_on_and_taken_off(open_desk, people):
    card = open_desk.card()
    label = open_desk.client.post("/labels", name="Excusé", color="black_light", idBoard=open_desk.id)
    on = next(each for each in page(people, card_path(card)).all("button", "label") if each.text == "Excusé")
    people.send(f"{card_path(card)}/label", on=on.attributes["value"])
    assert read(open_desk, card)["idLabels"] == [label["id"]]
    off = next(
        each for each in page(people, card_path(card)).all("button") if each.attributes.get("name") == "off"
    )
    people.send(f"{card_path(card)}/label", off=off.attributes["value"])
    assert read(open_desk, card)["idLabels"] == []


def test_what_people_do_outlives_a_restart(tmp_path, session, client_for):
    config = shop_sandbox(port=0, data=tmp_path / "trello.json")
    with running(config) as handle:
        desk = client_for(handle).board(prefs_permissionLevel="org")
        card = desk.card()
    with running(config) as handle:
        Visitor(handle.url).send(f"{card_path(card)}/tick", done="true")
    with running(config) as handle:
        assert client_for(handle).get(f"/cards/{card['id']}")["dueComplete"] is True


def test_people_meet_neither_rate_limits_nor_faults_meant_for_the_api(session, client_for):
    with running(shop_sandbox(port=0)) as handle:
        robot = client_for(handle)
        card = robot.board(prefs_permissionLevel="org").card()
        robot.control("POST", "faults", [{"status": 500}])
        robot.control("DELETE", "requests")
        visitor = Visitor(handle.url)
        codes = {visitor.send(f"{card_path(card)}/tick", done="true").status_code for _ in range(110)}
        assert codes == {303}
        assert robot.control("GET", "requests")["total"] == 0
        assert len(robot.control("GET", "faults")) == 1


# ---- what is refused, and how it is said


@pytest.mark.parametrize("path", ["/b/00000000", "/c/00000000", "/c/..%2f..", "/b/" + "0" * 24, "/c/é"])
@pytest.mark.parametrize(
    ("language", "words"), [("fr", "Cela n’existe pas ici."), ("en", "There is no such thing here.")]
)
def test_what_does_not_exist_is_said_in_words(server, trello, path, language, words):
    answer = Visitor(server.url, language).get(path)
    assert answer.status_code == 404
    if "%2f" not in path:
        assert Page(answer.text).texts("h1") == [words]


def test_a_private_board_is_shown_to_its_members_only(desk, people):
    card = desk.card()
    for path in (board_path(desk), card_path(card)):
        shown = page(people, path, status=401)
        assert shown.texts("h1") == ["Amal Benali n’a pas accès à cela."]
        assert next(e for e in shown.all("input")).attributes["value"] == path
    assert people.send(f"{card_path(card)}/tick", done="true").status_code == 401
    desk.invite("amal_zina")
    assert page(people, card_path(card)).texts("h1") == ["Card"]


def test_an_observer_reads_but_does_not_write(desk, people):
    card, member = desk.card(), desk.client.get("/members/amal_zina")["id"]
    desk.client.put(f"/boards/{desk.id}/members/{member}", type="observer")
    page(people, card_path(card))
    assert people.send(f"{card_path(card)}/tick", done="true").status_code == 401
    assert read(desk, card)["dueComplete"] is False


@pytest.mark.parametrize(
    ("act", "form", "status"),
    [
        ("tick", {}, 400),
        ("tick", {"done": "peut-être"}, 400),
        ("item", {"item": "0" * 24 + " complete"}, 404),
        ("item", {"item": "../idLabels complete"}, 400),
        ("move", {"list": "nowhere"}, 400),
        ("comment", {"text": " \r\n "}, 400),
        ("comment", {"text": "x" * 16_385}, 400),
        ("label", {"off": "0" * 24}, 400),
        ("delete", {}, 404),
    ],
)
def test_a_form_that_the_api_would_refuse_is_refused_in_words(open_desk, people, act, form, status):
    card = open_desk.card()
    before = open_desk.client.control("GET", "state")
    answer = people.send(f"{card_path(card)}/{act}", **form)
    assert answer.status_code == status
    assert Page(answer.text).texts("h1")[0].endswith(("refuserait cela.", "n’existe pas ici."))
    after = open_desk.client.control("GET", "state")
    assert {**before, "now": ""} == {**after, "now": ""}


def test_a_form_of_any_length_is_not_read(open_desk, people):
    card = open_desk.card()
    assert people.send(f"{card_path(card)}/comment", text="x" * 500_000).status_code == 413


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8910", "127.0.0.1.evil.example", "10.0.0.1", ""]
)
def test_a_name_that_is_not_this_machines_gets_nothing(open_desk, people, host):
    card = open_desk.card(name="Secret")
    shown = page(people, card_path(card), status=403, headers={"Host": host})
    assert "Secret" not in "".join(shown.texts())
    headers = {"Host": host, "Origin": f"http://{host}"}
    url = f"{people.url}{card_path(card)}/tick"
    assert requests.post(url, data={"done": "true"}, headers=headers, timeout=9).status_code == 403
    assert read(open_desk, card)["dueComplete"] is False


@pytest.mark.parametrize("name", ["localhost", "LOCALHOST", "[::1]", "127.0.0.9"])
def test_every_name_of_this_machine_will_do(trello, people, name):
    page(people, "/", headers={"Host": f"{name}:8910"})


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", None, "http://127.0.0.1:1", "https://{host}"]
)
def test_a_form_from_elsewhere_does_nothing(open_desk, people, origin):
    card = open_desk.card()
    people.session.headers["Origin"] = origin and origin.format(host=people.url.removeprefix("http://"))
    for path in (f"{card_path(card)}/tick", "/me"):
        answer = people.send(path, done="true")
        assert answer.status_code == 403
        assert "set-cookie" not in answer.headers
    assert read(open_desk, card)["dueComplete"] is False


# ---- hostile text


def hostile_card(desk):
    trello = desk.client
    trello.put(f"/boards/{desk.id}", name=HOSTILE, desc=HOSTILE)
    trello.put(f"/lists/{desk.lists[0]}", name=HOSTILE)
    trello.control("POST", "tokens", {"username": "mallory", "name": HOSTILE})
    label = trello.post("/labels", name=HOSTILE, color="red", idBoard=desk.id)
    trello.post("/labels", name=HOSTILE + "2", color="red", idBoard=desk.id)
    card = desk.card(name=HOSTILE, desc=HOSTILE, idLabels=[label["id"]], idMembers=[desk.invite("mallory")])
    checklist = trello.post(f"/cards/{card['id']}/checklists", name=HOSTILE)
    item = trello.post(f"/checklists/{checklist['id']}/checkItems", name=HOSTILE)
    mallory = trello.person("mallory")
    mallory.put(f"/cards/{card['id']}/checkItem/{item['id']}", state="complete")
    mallory.post(f"/cards/{card['id']}/actions/comments", text=HOSTILE)
    mallory.post(f"/cards/{card['id']}/attachments", url='https://example.org/"><script>', name=HOSTILE)
    mallory.put(f"/cards/{card['id']}", idList=desk.lists[1])
    mallory.put(f"/cards/{card['id']}", name=HOSTILE + "!")
    return card


def test_whatever_people_write_is_shown_as_text(server, open_desk):
    card, path = hostile_card(open_desk), board_path(open_desk)
    open_desk.client.put(f"/cards/{card['id']}", closed=True)
    other = open_desk.card(name=HOSTILE)
    visitor = Visitor(server.url).be("&lt;script&gt;")
    for each in ("/", path, f"{path}?list=archive", f"{path}?list={open_desk.lists[0]}",
                 card_path(card), card_path(other)):  # fmt: skip
        shown = page(visitor, each)
        assert not shown.all("script") + shown.all("img")
        assert not any(
            name.startswith("on") or name == "style" for e in shown.elements for name in e.attributes
        )
        assert "49" not in "".join(shown.texts("h1"))
    assert "{{ 7*7 }}" in page(visitor, card_path(other)).texts("h1")[0]


def test_half_a_surrogate_pair_does_not_break_a_page(open_desk, people):
    card = open_desk.card(name="demi \ud83d", desc="\ud83d")
    assert page(people, card_path(card)).texts("h1") == ["demi ?"]
    page(people, board_path(open_desk))


@pytest.mark.parametrize("path", ["/", "/b/00000000", "/pages/style.css"])
def test_every_answer_forbids_scripts_frames_and_anything_from_elsewhere(trello, people, path):
    headers = people.get(path).headers
    policy = dict(each.strip().partition(" ")[::2] for each in headers["content-security-policy"].split(";"))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert headers["x-content-type-options"] == "nosniff"


# ---- language, dates, colours


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        ("", "fr"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-US,en;q=0.9", "en"),
        ("en;q=0.5, fr;q=0.7", "fr"),
        ("de, en;q=0.3", "en"),
        ("de", "fr"),
        ("*", "fr"),
        ("en;q=0", "fr"),
        ("en;q=lots", "fr"),
        (";;,,q=1;=", "fr"),
    ],
)
def test_pages_are_in_french_unless_english_is_preferred(accept, language):
    assert preferred_language(accept) == language


@pytest.mark.parametrize(
    ("instant", "french", "english"),
    [
        ("2026-11-20T15:00:00Z", "aujourd’hui 16:00", "today 16:00"),
        ("2026-11-19T23:30:00Z", "aujourd’hui 00:30", "today 00:30"),
        ("2026-11-19T17:00:00Z", "hier 18:00", "yesterday 18:00"),
        ("2026-11-21T10:00:00Z", "demain 11:00", "tomorrow 11:00"),
        ("2026-08-03T10:00:00Z", "lun. 3 août 12:00", "Mon 3 Aug 12:00"),
        ("2027-01-01T10:00:00Z", "ven. 1 janv. 2027 11:00", "Fri 1 Jan 2027 11:00"),
    ],
)
def test_moments_are_as_short_as_is_clear(instant, french, english):
    for language, words in (("fr", french), ("en", english)):
        reader = Reader(language, ZoneInfo("Europe/Paris"), NOW)
        assert reader.moment_of(instant).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("number", "french", "english"),
    [(0, "0 carte", "0 cards"), (1, "1 carte", "1 card"), (1000, "1\u202f000 cartes", "1,000 cards")],
)
def test_things_are_counted_as_each_language_does(number, french, english):
    assert Reader("fr", None, NOW).count("cards", number) == french
    assert Reader("en", None, NOW).count("cards", number) == english


def test_times_are_in_the_zone_that_the_sandbox_was_given(client_for, session):
    config = shop_sandbox(port=0, zone=ZoneInfo("Asia/Tokyo"))
    with running(config) as handle:
        robot = client_for(handle)
        clock(robot, "2026-11-20T03:00:00Z")
        card = robot.board(prefs_permissionLevel="org").card(due="2026-11-20T06:00:00Z")
        shown = page(Visitor(handle.url, "en"), card_path(card))
        assert shown.all("span", "due")[0].text == "Due soon today 15:00"
        assert "Fri 20 Nov 2026 12:00 (UTC+09:00)" in shown.texts("footer")[0]


def luminance(colour):
    full = colour if len(colour) == 7 else "#" + "".join(2 * digit for digit in colour[1:])
    parts = (int(full[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


STYLE = resources.files("trello_sandbox.web").joinpath("style.css").read_text("utf-8")


def test_every_label_colour_can_be_read():
    pairs = re.findall(r"\.label\.(\w+) \{ background: (#\w+); color: (#\w+); \}", STYLE)
    assert len(pairs) == 30
    assert [name for name, back, ink in pairs if contrast(back, ink) < 4.5] == []


@pytest.mark.parametrize("scheme", [0, 1], ids=["light", "dark"])
def test_every_text_can_be_read_on_what_it_stands_on(scheme):
    colours = dict(re.findall(r"--([\w-]+): (#\w+)", STYLE.split(":root {")[scheme + 1]))
    pairs = [
        *((ink, back) for ink in ("ink", "soft", "accent") for back in ("back", "sheet", "sunken", "column")),
        *((name, f"{name}-back") for name in ("done", "late", "soon")),
        ("bar-ink", "bar"), ("accent-ink", "accent"), ("notice-ink", "notice"),
    ]  # fmt: skip
    assert [pair for pair in pairs if contrast(colours[pair[0]], colours[pair[1]]) < 4.5] == []
