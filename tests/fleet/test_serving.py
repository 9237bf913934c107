"""What each process of a fleet serves: each shop's pages for who has its secret, its own health, calls."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fleet_site_kit import FleetSite, fleet_site
from metrics_kit import metrics_in
from structlog.testing import capture_logs

from trello_ops.core.calendar.agenda import Choice
from trello_ops.errors import StoreError, WrongClock
from trello_ops.fleet import shop_pages
from trello_ops.jobs import Job
from trello_ops.messages import say
from trello_ops.testing.clock import FixedClock
from trello_ops.web.limits import REQUESTS
from trello_ops.web.site import PAGES

NOW = dt.datetime(2026, 11, 16, 7, 0, tzinfo=dt.UTC)
PATHS = [path.format(week="2026-W46", board="daily", task="news") for path in PAGES]
SEEN_BY_STRANGERS = [*PATHS, "/link/guess", "/calendar/guess.ics", "/site/none.css", "/nothing", ""]


@pytest.fixture
def fleet(tmp_path: Path) -> Iterator[FleetSite]:
    """Two shops."""
    with fleet_site(tmp_path, FixedClock(NOW)) as made:
        made.declare(made.shop("amal"), made.shop("zina"))
        yield made


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The boards' folders of the shops that were opened, each time that one is."""
    folders, real = [], shop_pages.open_app

    def open_app(settings: Any, *args: Any, **named: Any) -> Any:
        folders.append(settings.boards_dir.parent.name)
        return real(settings, *args, **named)

    monkeypatch.setattr(shop_pages, "open_app", open_app)
    return folders


# ---- pages


@pytest.mark.parametrize("path", ["/", "/calendar", "/preview/daily/news", "/reports", "/robot"])
def test_a_shops_pages_are_below_the_key_of_its_workspace(fleet: FleetSite, path: str) -> None:
    page = fleet.visitor("zina").get(f"/shops/zina{path}")
    assert page.status_code == 200
    assert "Boutique zina" in page.text
    assert "Boutique amal" not in page.text
    assert 'href="/shops/zina/calendar"' in page.text


def test_every_address_on_a_page_leads_somewhere_of_the_same_shop(fleet: FleetSite) -> None:
    browser = fleet.visitor("zina")
    for path in ("/", "/calendar", "/preview", "/preview/daily/news", "/robot"):
        text = browser.get(f"/shops/zina{path}").text
        ours = {part.split('"')[0] for part in text.replace('src="', 'href="').split('href="')[1:]}
        for address in {each for each in ours if each.startswith("/")}:
            assert address.startswith("/shops/zina/")
            assert browser.get(address).status_code == 200, address


@pytest.mark.parametrize("path", ["/", "/calendar", "/reports", "/robot", "/preview/daily/news/changes"])
def test_a_link_opens_no_other_shop(fleet: FleetSite, path: str) -> None:
    secret = fleet.link("zina")
    browser = fleet.visitor("zina")
    assert browser.get(f"/shops/amal{path}").status_code == 403
    assert browser.get(f"/shops/amal/link/{secret}").status_code == 403
    assert browser.get(f"/shops/amal{path}", cookie=f"trello-ops-8911={secret}").status_code == 403


def test_whoever_visits_two_shops_sees_each(fleet: FleetSite) -> None:
    browser = fleet.visitor("zina")
    browser.get(f"/shops/amal/link/{fleet.link('amal')}")
    for name in ("zina", "amal", "zina"):
        assert f"Boutique {name}" in browser.get(f"/shops/{name}/calendar").text


def test_a_shop_is_sent_its_own_secret_alone(fleet: FleetSite) -> None:
    cookie = fleet.stranger().get(f"/shops/zina/link/{fleet.link('zina')}").headers["set-cookie"]
    assert "Path=/shops/zina/" in cookie.split("; ")
    assert "HttpOnly" in cookie


def test_behind_tls_the_cookie_is_for_tls_alone(tmp_path: Path) -> None:
    with fleet_site(
        tmp_path, FixedClock(NOW), public_url="https://ops.example/fr", trello_secret="s"
    ) as made:
        tenant = made.shop("zina")
        settings = tenant.settings.model_copy(update={"public_url": "https://ops.example/fr"})
        made.declare(replace(tenant, settings=settings))
        browser = made.stranger("https://ops.example")
        answer = browser.get(f"/shops/zina/link/{made.link('zina')}")  # the proxy takes /fr away
    assert answer.headers["location"] == "/fr/shops/zina/"
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Secure-trello-ops-fr-shops-zina=")
    assert {"Path=/fr/shops/zina/", "Secure", "HttpOnly"} <= set(cookie.split("; "))


@pytest.mark.parametrize("path", SEEN_BY_STRANGERS)
def test_strangers_are_not_told_which_shops_there_are(fleet: FleetSite, path: str) -> None:
    browser = fleet.stranger()
    there, nowhere = (browser.get(f"/shops/{name}{path}") for name in ("zina", "nobodys"))
    assert there.status_code in {403, 404}
    assert (there.status_code, there.content) == (nowhere.status_code, nowhere.content)
    assert dict(there.headers) == dict(nowhere.headers)
    assert "zina" not in there.text


def test_the_page_for_strangers_is_styled(fleet: FleetSite) -> None:
    browser = fleet.stranger()
    page = browser.get("/shops/zina/").text
    style = page.split('rel="stylesheet" href="')[1].split('"')[0]
    assert browser.get(style).status_code == 200


@pytest.mark.parametrize("name", ["zina", "nobodys", "-", "..", "%2e%2e", "zina%2f..%2famal", "' OR 1=1 --"])
def test_strangers_have_no_shop_opened(fleet: FleetSite, opened: list[str], name: str) -> None:
    browser = fleet.stranger()
    for path in ("/", "/link/guess", "/calendar/guess.ics"):
        assert browser.get(f"/shops/{name}{path}").status_code in {403, 404}
    assert opened == []


def test_a_board_s_link_shows_that_board_alone(fleet: FleetSite) -> None:
    browser = fleet.visitor("zina", Choice(board="daily"))
    assert browser.get("/shops/zina/").status_code == 200
    assert browser.get("/shops/zina/robot").status_code == 404


def test_a_calendar_is_read_by_its_secret_address(fleet: FleetSite) -> None:
    path = fleet.feed("zina")
    calendar = fleet.stranger().get(path)
    assert calendar.status_code == 200
    assert calendar.text.startswith("BEGIN:VCALENDAR")
    assert fleet.stranger().get(path.replace("zina", "amal")).status_code == 404


def test_nothing_can_be_changed_and_answers_say_what_browsers_may_do(fleet: FleetSite) -> None:
    answer = fleet.visitor("zina").request("POST", "/shops/zina/")
    assert answer.status_code == 405
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_guesses_at_many_shops_count_together(fleet: FleetSite) -> None:
    browser = fleet.stranger()
    names = ["zina", "amal", "nobodys"]
    found = [browser.get(f"/shops/{names[n % 3]}/link/{n}").status_code for n in range(REQUESTS + 3)]
    assert found == [403] * REQUESTS + [429] * 3


# ---- shops come, change and go


def test_a_link_opens_the_shop_also_when_its_folder_has_another_name(fleet: FleetSite) -> None:
    browser, zina = fleet.visitor("zina"), fleet.fleet.tenants["zina"]
    fleet.fleet = replace(
        fleet.fleet,
        tenants={"zina-beldi": replace(zina, name="zina-beldi")},
        workspaces={"zina-beldi": "zina"},
    )
    fleet.reading.read(-1)
    assert "Boutique zina" in browser.get("/shops/zina/calendar").text


def test_a_shop_is_opened_once_and_again_when_its_settings_change(
    fleet: FleetSite, opened: list[str]
) -> None:
    browser, zina = fleet.visitor("zina"), fleet.fleet.tenants["zina"]
    for path in ("/", "/calendar", "/robot"):
        browser.get(f"/shops/zina{path}")
    assert opened == ["zina"]
    changed = zina.settings.model_copy(update={"sweep_hours": 7})
    fleet.declare(replace(zina, settings=changed), fleet.fleet.tenants["amal"])
    assert browser.get("/shops/zina/reports").status_code == 200
    assert opened == ["zina", "zina"]


def test_of_many_shops_those_visited_last_are_at_hand(
    fleet: FleetSite, opened: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shop_pages, "_MOST", 2)
    fleet.declare(*(fleet.shop(name) for name in ("amal", "fes", "zina")))
    browsers = {name: fleet.visitor(name) for name in ("amal", "fes", "zina")}
    for name in ("amal", "fes", "amal", "zina", "amal", "fes"):
        assert f"Boutique {name}" in browsers[name].get(f"/shops/{name}/calendar").text
    assert opened == ["amal", "fes", "zina", "fes"]


def test_a_shop_that_cannot_be_tended_says_that_its_pages_cannot_be_made(fleet: FleetSite) -> None:
    browser = fleet.visitor("zina")
    fleet.declare(fleet.fleet.tenants["amal"], zina=say("there is no token"))
    with capture_logs() as logs:
        assert browser.get("/shops/zina/").status_code == 503
    assert [(line["event"], line["error"]) for line in logs] == [("page.not_made", "there is no token")]
    assert fleet.stranger().get("/shops/zina/").status_code == 403


def test_a_shop_that_left_the_fleet_is_shown_no_more(fleet: FleetSite) -> None:
    browser = fleet.visitor("zina")
    fleet.declare(fleet.fleet.tenants["amal"])
    assert browser.get("/shops/zina/").status_code == 403


# ---- health and metrics


def test_a_process_lives_while_its_loop_turns(fleet: FleetSite) -> None:
    browser = fleet.stranger()
    assert browser.get("/health/live").json() == {"live": True}
    fleet.alive = False
    assert browser.get("/health/live").status_code == 503


def test_a_process_is_ready_unless_its_clock_or_its_store_fails(
    fleet: FleetSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def checks() -> dict[str, bool]:
        fleet.web = fleet.serving().create_app(None, fleet.tally)  # what was found last is kept for seconds
        answer = fleet.stranger().get("/health/ready")
        found = {check["check"]: check["ok"] for check in answer.json()["checks"]}
        assert (answer.status_code == 200) is all(found.values()) is answer.json()["ready"]
        return found

    assert checks() == {"store": True, "clock": True}
    fleet.tending.heard(Job("report", 15, lambda _: None), WrongClock("apart"))
    assert checks() == {"store": True, "clock": False}
    monkeypatch.setattr(fleet.database, "reading", broken)
    monkeypatch.setattr(fleet.database, "looking", broken)
    assert checks() == {"store": False}
    assert fleet.stranger().get("/metrics").status_code == 503


def broken() -> None:
    raise StoreError("the disk of /srv/secret is full")


def test_metrics_are_those_of_the_fleet(fleet: FleetSite) -> None:
    found = metrics_in(fleet.stranger().get("/metrics").text)
    assert found["trello_ops_shops", "not_read"] == 2


# ---- Trello's calls


def test_calls_are_taken_where_there_is_a_public_address(tmp_path: Path) -> None:
    with fleet_site(tmp_path, FixedClock(NOW), public_url="https://ops.example", trello_secret="s") as made:
        assert made.stranger("https://ops.example").request("HEAD", "/trello/webhook").status_code == 200
        assert made.stranger("https://ops.example").request("POST", "/trello/webhook").status_code == 403
    assert made.tally.counts() == {"forged": 1}


def test_without_a_public_address_there_are_no_calls(fleet: FleetSite) -> None:
    assert fleet.stranger().request("HEAD", "/trello/webhook").status_code == 404
