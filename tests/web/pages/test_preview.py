"""The page of the card that a task gives."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from hostile_titles import HOSTILE
from html_page import Page
from live_kit import DAILY
from site_kit import SmallSite, site

from trello_ops.core.calendar.agenda import Choice
from trello_ops.testing.clock import FixedClock

NOW = dt.datetime(2026, 11, 18, 7, 0, tzinfo=dt.UTC)


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallSite]:
    with site(tmp_path, FixedClock(NOW)) as made:
        made.app.take_up()  # as the daemon does before each job: broken files then leave something in force
        yield made


@pytest.fixture
def board(tmp_path: Path) -> Path:
    return tmp_path / "boards" / "daily.yaml"


@pytest.fixture
def cards(tmp_path: Path) -> Path:
    return tmp_path / "templates" / "cards"


def shown(shop: SmallSite, task: str = "emails", query: str = "") -> Page:
    answer = shop.visitor().get(f"/preview/daily/{task}{query}")
    assert answer.status_code == 200
    return Page(answer.text)


def facts(page: Page) -> dict[str, str]:
    return dict(zip(page.texts("dt"), page.texts("dd"), strict=True))


def test_every_task_leads_to_its_card(shop: SmallSite) -> None:
    browser = shop.visitor()
    page = Page(browser.get("/preview").text)
    assert page.texts("h2") == ["Quotidien"]
    links = {
        each.text: each.attributes["href"] for each in page.all("a") if "daily" in each.attributes["href"]
    }
    assert list(links) == ["Colis", "E-mails", "Actualité"]
    assert {browser.get(path).status_code for path in links.values()} == {200}


def test_the_next_card_is_shown_with_all_that_it_has(shop: SmallSite) -> None:
    page = shown(shop)
    assert page.texts("h2") == ["E-mails"]
    assert page.texts("p", "orange") == ["Opérationnel"]
    assert facts(page) == {
        "Jour": "mercredi 18 novembre 2026",
        "Liste": "À faire",
        "Assignée à": "Amal",
        "Parution": "mer. 18 nov. 06:00",
        "Échéance": "mer. 18 nov. 18:00",
    }
    assert page.texts("h3") == ["Courrier du 2026-11-18 0/2"]
    assert [each for each in page.texts("li") if each] == ["Lire", "Répondre"]
    assert "Répondre." in page.texts("p")


def test_other_days_are_a_link_away(shop: SmallSite) -> None:
    page = shown(shop, query="?date=2026-11-15")  # a Sunday, without any
    assert facts(page)["Jour"] == "lundi 16 novembre 2026"
    links = {each.text: each.attributes["href"] for each in page.all("a")}
    assert links["← sam. 14 nov."] == "/preview/daily/emails?date=2026-11-14"
    assert links["mar. 17 nov. →"] == "/preview/daily/emails?date=2026-11-17"


def test_a_task_that_is_over_says_so(shop: SmallSite, board: Path) -> None:
    board.write_text(DAILY.replace("cadence: daily", "cadence: daily\nuntil: 2026-11-17"), "utf-8")
    page = shown(shop)
    assert page.all("article") == []
    assert "Cette tâche ne revient pas après le 18 novembre 2026." in page.texts("p")
    assert "← mar. 17 nov." in page.texts("a")


def test_whose_turn_it_is_changes_from_day_to_day(shop: SmallSite, board: Path) -> None:
    turns = DAILY.replace("assign: karim", "assign: {rotate: {people: [amal, karim], since: 2026-11-02}}")
    board.write_text(turns, "utf-8")
    days = [f"?date=2026-11-{day}" for day in (18, 19)]
    assert {facts(shown(shop, "news", day))["Assignée à"] for day in days} == {"Amal", "Karim"}


def test_it_shows_the_files_also_while_they_wait_for_apply(shop: SmallSite, board: Path) -> None:
    board.write_text(DAILY.split("  emails:")[0] + "  fresh: {title: Neuf, theme: data, template: news.md}\n")
    assert shown(shop, "fresh").texts("h1") == ["Neuf"]


@pytest.mark.parametrize("path", ["daily/none", "none/emails", "daily/emails?date=x", "daily/emails?date=1"])
def test_what_is_no_task_or_day_is_not_there(shop: SmallSite, path: str) -> None:
    assert shop.visitor().get(f"/preview/{path}").status_code == 404


@pytest.mark.parametrize("choice", [Choice(board="daily"), Choice(person="amal")])
@pytest.mark.parametrize("path", ["/preview", "/preview/daily/emails", "/preview/daily/emails/changes"])
def test_it_is_for_those_who_may_see_everything(shop: SmallSite, choice: Choice, path: str) -> None:
    assert shop.visitor(choice).get(path).status_code == 404


# ---- broken files


def test_mistakes_are_shown_at_their_place_and_in_french(shop: SmallSite, board: Path) -> None:
    board.write_text(DAILY.replace("theme: data", "theme: dta"), "utf-8")
    page = shown(shop)
    (where,) = page.texts("code")
    assert where.endswith("daily.yaml:10:35")
    assert "vouliez-vous dire `data`" in page.texts("li")[0]


def test_a_template_without_end_is_named_and_holds_up_nothing(shop: SmallSite, cards: Path) -> None:
    (cards / "emails.md").write_text(
        "---\n---\n{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}\n", "utf-8"
    )
    page = shown(shop)
    assert any("emails.md:3:1" in each for each in page.texts("code"))
    assert shop.visitor().get("/calendar").status_code == 200


def test_a_mistake_that_quotes_markup_is_text(shop: SmallSite, board: Path) -> None:
    board.write_text(DAILY.replace("theme: data", 'theme: "<script>alert(1)</script>"'), "utf-8")
    page = shown(shop)
    assert "<script>alert(1)</script>" in page.texts("main")[0]
    assert [each.attributes.get("src") for each in page.all("script")] == ["/site/preview.js?0.1.0"]


# ---- hostile text


def known_tags(shop: SmallSite) -> set[str]:
    return {each.tag for each in shown(shop).elements}


@pytest.mark.parametrize("title", HOSTILE)
def test_a_title_stays_text(shop: SmallSite, board: Path, title: str) -> None:
    known, text = known_tags(shop), title.encode("utf-8", "replace").decode()[:400]
    quoted = yaml.safe_dump(text, default_style='"', width=10**6).strip()
    board.write_text(DAILY.replace("E-mails", quoted).replace("Quotidien", quoted), "utf-8")
    page = shown(shop)
    assert {each.tag for each in page.elements} <= known
    assert {each.tag for each in Page(shop.visitor().get("/preview").text).elements} <= known | {"section"}


def test_a_title_is_no_template(shop: SmallSite, board: Path) -> None:
    title = "{{ 7*7 }} {% for x in y %} ${7*7}"
    board.write_text(DAILY.replace("title: E-mails", f'title: "{title}"'), "utf-8")
    page = shown(shop)
    assert page.texts("h1") == [title]
    assert "49" not in page.texts("main")[0]


def test_markdown_passes_no_markup_no_picture_and_links_to_the_web_alone(
    shop: SmallSite, cards: Path
) -> None:
    (cards / "emails.md").write_text(
        '---\ntitle: "<b>x</b>"\nchecklists:\n  - title: "<i>y</i>"\n'
        '    items: ["<u>z</u> [a](javascript:b)"]\n'
        "---\n# Titre\n\n<script>alert(1)</script>\n\n![p](https://evil.example/p.png)"
        " [js](javascript:alert(1)) [data](data:text/html,x) [web](https://example.org/)\n",
        "utf-8",
    )
    page = shown(shop)
    assert page.all("img") == []
    assert [each for each in page.all() if each.tag in {"b", "i", "u"}] == []
    assert len(page.all("script")) == 1
    there = [each.attributes["href"] for each in page.all("a") if each.attributes["href"].startswith("http")]
    assert there == ["https://evil.example/p.png", "https://example.org/"]
    assert not [each for each in page.all("a") if each.attributes["href"].startswith(("javascript", "data"))]
    assert page.texts("p", "heading") == ["Titre"]


@pytest.mark.parametrize(
    "query",
    ["?date=2026-11-18&x={{7*7}}", '?x="><script>alert(1)</script>', "?seen=%0d%0a%0d%0adata:x&__class__=1"],
)
def test_a_query_is_not_repeated(shop: SmallSite, query: str) -> None:
    assert [each.attributes for each in shown(shop, query=query).elements] == [
        each.attributes for each in shown(shop, query="?date=2026-11-18" * ("date" in query)).elements
    ]


def test_a_path_is_quoted_while_files_are_broken(shop: SmallSite, board: Path) -> None:
    board.write_text("title: x\n", "utf-8")
    answer = shop.visitor().get('/preview/%22%3E%3Cscript%3E/a"b')
    assert answer.status_code == 200
    (part,) = (each for each in Page(answer.text).elements if each.attributes.get("id") == "part")
    assert part.attributes["data-changes"].startswith("/preview/%22%3E%3Cscript%3E/a%22b/changes?seen=")
