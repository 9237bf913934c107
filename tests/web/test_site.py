"""Who gets in at the pages, and what browsers may do with an answer."""

import datetime as dt
import re
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from site_kit import REQUESTS, SmallSite, site
from structlog.testing import capture_logs

from trello_ops.core.calendar.agenda import Choice
from trello_ops.core.links import Opens
from trello_ops.errors import StoreError
from trello_ops.render import site as render_site
from trello_ops.testing.clock import FixedClock
from trello_ops.web.site import PAGES

NOW = dt.datetime(2026, 11, 16, 7, 0, tzinfo=dt.UTC)
PATHS = [path.format(week="2026-W46", board="daily", task="news") for path in PAGES]


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[SmallSite]:
    with site(tmp_path, FixedClock(NOW)) as made:
        yield made


# ---- the secret


def test_a_secret_address_becomes_a_cookie_and_is_gone_from_the_address(shop: SmallSite) -> None:
    browser, (_, secret) = shop.stranger(), shop.link()
    answer = browser.get(f"/link/{secret}")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith(f"trello-ops-8911={secret};")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert answer.headers["referrer-policy"] == "no-referrer"
    page = browser.get("/reports")
    assert page.status_code == 200
    assert secret not in page.text


@pytest.mark.parametrize("path", PATHS)
def test_without_a_secret_nothing_is_shown(shop: SmallSite, path: str) -> None:
    answer = shop.stranger().get(path)
    assert answer.status_code == 403
    assert "Petite boutique" not in answer.text
    assert "adresse secrète" in answer.text


@pytest.mark.parametrize("secret", ["", "x", "0" * 43, "é" * 20, "%00", "../reports", "' OR 1=1 --"])
def test_a_guess_opens_nothing(shop: SmallSite, secret: str) -> None:
    shop.link()
    browser = shop.stranger()
    assert browser.get(f"/link/{secret}").status_code in {403, 404}
    assert "set-cookie" not in browser.get(f"/link/{secret}").headers
    cookie = f"trello-ops-8911={secret.encode('ascii', 'ignore').decode()}"
    assert browser.get("/reports", cookie=cookie).status_code == 403


def test_a_revoked_link_opens_nothing_from_then_on(shop: SmallSite) -> None:
    link, secret = shop.link()
    browser = shop.stranger()
    browser.get(f"/link/{secret}")
    assert browser.get("/reports").status_code == 200
    shop.app.services.store.revoke_link(link.name, NOW)
    assert browser.get("/reports").status_code == 403
    assert shop.stranger().get(f"/link/{secret}").status_code == 403


def test_the_secret_of_a_feed_opens_no_page(shop: SmallSite) -> None:
    _, secret = shop.link(opens=Opens.FEED)
    assert shop.stranger().get(f"/link/{secret}").status_code == 403


def test_a_person_sees_no_page_but_the_own_calendar(shop: SmallSite) -> None:
    browser = shop.visitor(Choice(person="amal"))
    others = [path for path in PATHS if path not in {"/", "/calendar"}]
    assert {path: browser.get(path).status_code for path in others} == dict.fromkeys(others, 404)


def test_whoever_left_sees_nothing_any_more(shop: SmallSite) -> None:
    browser = shop.visitor(Choice(person="karim"))
    files = shop.app.settings.boards_dir
    for name in ("workspace.yaml", "daily.yaml"):
        text = (
            (files / name)
            .read_text("utf-8")
            .replace("[amal, karim]", "amal")
            .replace("assign: karim", "assign: amal")
        )
        lines = [line for line in text.splitlines() if not line.startswith("  karim:")]
        (files / name).write_text("\n".join(lines) + "\n", "utf-8")
    assert browser.get("/reports").status_code == 403


def _exchange_keys(shop: SmallSite) -> None:
    """The two boards, and the two people, get each other's key."""
    files, keys = shop.app.settings.boards_dir, {"amal": "karim", "karim": "amal"}
    text = {name: (files / f"{name}.yaml").read_text("utf-8") for name in ("daily", "direction")}
    for name, other in (("daily", "direction"), ("direction", "daily")):
        exchanged = re.sub("amal|karim", lambda key: keys[key[0]], f"was: {other}\n{text[other]}")
        (files / f"{name}.yaml").write_text(exchanged, "utf-8")
    people = (files / "workspace.yaml").read_text("utf-8")
    for key, other in keys.items():
        people = people.replace(
            f"  {key}: {{trello: {key}_zina,", f"  {other}: {{was: {key}, trello: {key}_zina,"
        )
    (files / "workspace.yaml").write_text(people, "utf-8")


def test_a_link_never_opens_the_board_or_person_that_has_its_key_by_now(shop: SmallSite) -> None:
    daily = (shop.app.settings.boards_dir / "daily.yaml").read_text("utf-8")
    direction = daily.replace("Quotidien", "Direction").replace("Actualité", "Paie")
    (shop.app.settings.boards_dir / "direction.yaml").write_text(direction, "utf-8")
    shop.app.take_up(alarming=True)
    board, karim = shop.visitor(Choice(board="daily")), shop.visitor(Choice(person="karim"))
    feed = shop.link(Choice(board="daily"), Opens.FEED)[1]
    others = shop.visitor(Choice(board="direction")), shop.visitor(Choice(person="amal"))
    others_feed = shop.link(Choice(board="direction"), Opens.FEED)[1]

    def look() -> None:
        seen = board.get("/calendar")
        assert (seen.status_code, "Paie" in seen.text, "Actualité" in seen.text) == (200, False, True)
        own = karim.get("/calendar")
        assert (own.status_code, "Actualité" in own.text, "E-mails" in own.text) == (200, True, False)
        told = shop.stranger().get(f"/calendar/{feed}.ics")
        assert (told.status_code, "Paie" in told.text, "Actualité" in told.text) == (200, False, True)

    def others_look() -> None:
        assert {each.get("/calendar").status_code for each in others} == {200}
        assert "Paie" in shop.stranger().get(f"/calendar/{others_feed}.ics").text

    look()
    others_look()
    _exchange_keys(shop)
    # At once, from what was kept; then by the files of now, before any pass has put them in force.
    look()
    shop.clock.advance(dt.timedelta(seconds=10))
    look()
    others_look()
    shop.app.take_up(alarming=True)
    look()
    shop.clock.advance(dt.timedelta(seconds=10))
    look()


def test_who_left_sees_nothing_of_who_has_that_key_one_day(shop: SmallSite) -> None:
    shop.app.take_up(alarming=True)
    karim, files = shop.visitor(Choice(person="karim")), shop.app.settings.boards_dir
    before = {each.name: each.read_text("utf-8") for each in files.iterdir()}
    for name, text in before.items():
        gone = text.replace("[amal, karim]", "amal").replace("assign: karim", "assign: amal")
        lines = [line for line in gone.splitlines(keepends=True) if not line.startswith("  karim:")]
        (files / name).write_text("".join(lines), "utf-8")
    shop.app.take_up(alarming=True)
    for name, text in before.items():
        (files / name).write_text(text.replace("karim_zina, name: Karim", "k_other, name: Kamel"), "utf-8")
    shop.app.take_up(alarming=True)
    shop.clock.advance(dt.timedelta(seconds=10))
    assert karim.get("/calendar").status_code == 403


# ---- how often


def test_whoever_asks_too_often_is_answered_no_more_for_a_minute_and_others_are(shop: SmallSite) -> None:
    guesser, visitor = shop.stranger("203.0.113.5"), shop.visitor()
    answers = [guesser.get(f"/link/{number}").status_code for number in range(REQUESTS + 5)]
    assert answers == [403] * REQUESTS + [429] * 5
    assert guesser.get(f"/link/{shop.link()[1]}").status_code == 429
    assert visitor.get("/reports").status_code == 200
    shop.clock.advance(dt.timedelta(seconds=61))
    assert guesser.get(f"/link/{shop.link()[1]}").status_code == 303


def test_an_address_in_a_header_is_believed_of_a_declared_proxy_alone(tmp_path: Path) -> None:
    with site(tmp_path, FixedClock(NOW), trusted_proxies="10.0.0.0/8, 192.0.2.7") as shop:
        proxy, other = shop.stranger("10.1.2.3"), shop.stranger("198.51.100.1")
        for browser in (proxy, other):
            for number in range(REQUESTS + 1):
                browser.get(f"/link/{number}", x_forwarded_for=f"203.0.113.{number}")
        assert proxy.get("/link/again", x_forwarded_for="203.0.113.3").status_code == 403
        assert other.get("/link/again", x_forwarded_for="203.0.113.99").status_code == 429


def test_who_asks_too_often_costs_less_than_who_is_answered(
    shop: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = []
    monkeypatch.setattr(render_site, "document", lambda *args, **_: made.append(args) or "page")
    guesser = shop.stranger()
    for _ in range(3 * REQUESTS):
        guesser.get("/link/guess")
    assert len(made) == 2  # one that refuses a stranger, one that refuses too many


# ---- a store in trouble


def test_where_the_store_does_not_say_whom_it_knows_nobody_is_told_to_ask_for_another_link(
    shop: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_digest: str) -> None:
        raise StoreError("the database is locked")

    _, secret = shop.link()
    monkeypatch.setattr(shop.app.services.store, "link_of", fail)
    answer = shop.stranger().get(f"/link/{secret}")
    assert answer.status_code == 503
    assert "adresse secrète" not in answer.text


def test_why_there_is_no_page_is_logged_once_a_minute_however_often_somebody_asks(
    shop: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_digest: str) -> None:
        raise StoreError("the database is locked")

    browser = shop.visitor()
    monkeypatch.setattr(shop.app.services.store, "link_of", fail)
    with capture_logs() as logs:
        for minute in (1, 2):
            for path in ("/", "/reports", "/", "/reports"):
                assert browser.get(path).status_code == 503
            told = [(line["page"], line["error"]) for line in logs]
            assert (
                told == [("week", "the database is locked"), ("reports", "the database is locked")] * minute
            )
            shop.clock.advance(dt.timedelta(seconds=61))


def test_while_all_threads_hang_whoever_asks_is_told_so_in_time(
    shop: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on, begun = threading.Event(), []

    def hang(_digest: str) -> None:
        begun.append(threading.current_thread())
        go_on.wait(60)

    monkeypatch.setattr("trello_ops.web.limits._PATIENCE", 0.2)
    monkeypatch.setattr(shop.app.services.store, "link_of", hang)
    browser = shop.stranger()
    try:
        told = [browser.get("/link/x") for _ in range(8)]
        assert {answer.status_code for answer in told} == {503}
        assert all("trello-ops status" in answer.text for answer in told)
        assert len(begun) == 3
    finally:
        go_on.set()
        for thread in begun:
            thread.join(10)


# ---- what browsers may do


@pytest.mark.parametrize(
    "path", ["/reports", "/link/x", "/site/site.css", "/site/none", "/none", "/health/live", "/metrics"]
)
def test_every_answer_says_what_browsers_may_do(shop: SmallSite, path: str) -> None:
    headers = shop.visitor().get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"


def test_so_does_what_no_route_takes(shop: SmallSite) -> None:
    refused = shop.stranger().request("POST", "/reports")
    assert refused.status_code == 405
    assert refused.headers["content-security-policy"].startswith("default-src 'none';")


def test_a_page_is_loaded_again_only_when_it_changed(shop: SmallSite) -> None:
    browser = shop.visitor()
    first = browser.get("/reports")
    assert first.headers["cache-control"] == "private, no-cache"
    again = browser.get("/reports", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "[::1", "a b"])
def test_a_server_of_another_name_is_not_ours(shop: SmallSite, host: str) -> None:
    browser = shop.visitor()
    assert browser.get("/reports", host=host).status_code == 421


@pytest.mark.parametrize("host", ["127.0.0.1:8911", "localhost:8911", "[::1]:8911", "192.168.1.20"])
def test_addresses_and_this_machine_are_ours(shop: SmallSite, host: str) -> None:
    assert shop.visitor().get("/reports", host=host).status_code == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_nothing_can_be_changed(shop: SmallSite, method: str) -> None:
    assert shop.visitor().request(method, "/reports").status_code == 405


def test_behind_tls_the_cookie_travels_by_tls_alone(tmp_path: Path) -> None:
    public = {"public_url": "https://ops.example.org/robot", "trello_secret": "s" * 32}
    with site(tmp_path, FixedClock(NOW), **public) as shop:
        browser = shop.stranger(base="https://ops.example.org")
        answer = browser.get(f"/link/{shop.link()[1]}")
        assert answer.headers["location"] == "/robot/"
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-trello-ops-robot=")
        assert "Secure" in cookie
        page = browser.get("/reports")
        assert page.status_code == 200
        assert 'href="/robot/site/site.css' in page.text


@pytest.mark.parametrize(
    ("public", "host"),
    [
        ("https://ops.example.org", "ops.example.org:443"),
        ("https://ops.example.org:443", "ops.example.org"),
        ("https://OPS.example.org", "ops.example.org"),
        ("https://ops.example.org", "Ops.Example.org"),
        ("https://ops.example.org:8443/robot", "ops.example.org"),
        ("https://ops.example.org/~ops/a(b);c=d,e", "ops.example.org"),
    ],
)
def test_however_the_public_address_is_written_its_cookie_travels_by_tls_alone(
    tmp_path: Path, public: str, host: str
) -> None:
    with site(tmp_path, FixedClock(NOW), public_url=public, trello_secret="s" * 32) as shop:
        browser = shop.stranger(base="https://ops.example.org")
        cookie = browser.get(f"/link/{shop.link()[1]}", host=host).headers["set-cookie"]
        assert cookie.startswith("__Host-trello-ops")
        assert "Secure" in cookie
        assert browser.get("/reports", host=host).status_code == 200


@pytest.mark.parametrize(
    "name",
    [
        "../frame.html.j2",
        "..%2fframe.html.j2",
        "%2e%2e/site.py",
        "frame.html.j2",
        "site.css%00",
        "/etc/passwd",
    ],
)
def test_no_path_leads_to_other_files(shop: SmallSite, name: str) -> None:
    assert shop.visitor().get(f"/site/{name}").status_code == 404


def test_a_page_that_fails_tells_strangers_nothing_and_is_logged(
    shop: SmallSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from trello_ops.web.pages import reports

    def broken(_visit: object) -> None:
        raise ValueError("the token is secret")

    monkeypatch.setattr(reports, "view", broken)
    answer = shop.visitor().get("/reports")
    assert answer.status_code == 500
    assert "secret" not in answer.text
