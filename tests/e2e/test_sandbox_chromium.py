"""The sandbox's pages in a real browser, with the product beside it. Skipped where no Chromium is."""

import datetime as dt
import re

import chromium
import pytest
from sandbox_shop import CASABLANCA, THURSDAY, open_shop

from trello_ops.core.ledger import EventKind, OccurrenceKey
from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import running

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not chromium.find(), reason=f"no Chromium here: none of {', '.join(chromium.NAMES)} is on the PATH"
    ),
]
PARCELS = OccurrenceKey("daily", "parcels", THURSDAY.date())
TITLE = "Préparer et envoyer les colis"


@pytest.fixture
def shop(tmp_path):
    config = shop_sandbox(port=0, rate_limit=False, zone=CASABLANCA)
    with running(config) as handle, open_shop(handle, tmp_path) as found:
        yield found


@pytest.fixture
def open_page(browser, shop):
    """Opens the first page as a browser of that kind, and sees to it that nothing was complained of."""
    contexts, complaints = [], []

    def opened(**device):
        context = browser.new_context(**{"locale": "fr-FR", **chromium.WIDE, **device})
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: complaints.append(message.text))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        page.goto(shop.handle.url)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert complaints == []


def be(page, name):
    page.get_by_label("Je suis").select_option(name)
    page.get_by_role("button", name="Changer").click()


def events(shop):
    shop.clock.advance(dt.timedelta(minutes=1))
    shop.observe()
    return shop.app.services.store.entry(PARCELS).events


@pytest.mark.parametrize("javascript", [True, False], ids=["", "no-javascript"])
def test_a_teammate_ticks_a_card_and_our_ledger_says_who_and_when(shop, open_page, javascript):
    page = open_page(java_script_enabled=javascript)
    page.get_by_role("link", name="Suivi quotidien").click()
    be(page, "Karim Tazi")
    at_half_past_three = dt.datetime.combine(THURSDAY.date(), dt.time(15, 30), CASABLANCA)
    shop.go_to(at_half_past_three)
    page.get_by_role("button", name=re.compile(f"Marquer.*{TITLE}")).click()
    page.get_by_role("button", name=re.compile(f"Rouvrir.*{TITLE}")).wait_for()
    (done,) = events(shop)
    assert (done.kind, done.by.username, done.approximate) == (EventKind.DONE, "karim_zina", False)
    assert dt.timedelta(0) <= done.at - at_half_past_three < dt.timedelta(minutes=1)


def test_moving_a_card_to_the_done_list_is_doing_it(shop, open_page):
    page = open_page()
    be(page, "Youssef El Idrissi")
    page.get_by_role("link", name="Suivi quotidien").click()
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_label("Déplacer vers").select_option("Terminé")
    page.get_by_role("button", name="Déplacer", exact=True).click()
    page.get_by_text("Dans la liste Terminé").wait_for()
    (done,) = events(shop)
    assert (done.kind, done.by.username) == (EventKind.DONE, "youssef_zina")


def test_a_card_is_worked_on_from_a_phone(shop, open_page):
    page = open_page(**chromium.PHONE)
    page.get_by_role("link", name="Suivi quotidien").tap()
    page.get_by_role("link", name=TITLE).first.tap()
    page.get_by_role("checkbox").nth(1).tap()
    page.get_by_role("checkbox", checked=True).wait_for()
    page.get_by_label("Écrire un commentaire").fill("Plus de cartons <b>moyens</b>")
    page.get_by_role("button", name="Commenter").tap()
    page.get_by_text("Plus de cartons <b>moyens</b>").wait_for()
    page.get_by_text("Mettre une étiquette").tap()
    page.get_by_role("button", name="Excusé").tap()
    page.get_by_role("button", name="Retirer l’étiquette « Excusé »").wait_for()
    page.get_by_role("button", name="Archiver").tap()
    page.get_by_text("Cette carte est archivée.").wait_for()
    page.get_by_role("button", name="Sortir des archives").tap()
    page.get_by_text("Cette carte est archivée.").wait_for(state="hidden")


@pytest.mark.parametrize("device", [chromium.WIDE, chromium.PHONE], ids=["wide", "phone"])
def test_no_page_is_wider_than_the_screen_whatever_people_write(shop, open_page, device):
    page = open_page(**device)
    page.get_by_role("link", name="Suivi quotidien").click()
    board = page.url
    page.get_by_role("link", name=TITLE).first.click()
    page.get_by_label("Écrire un commentaire").fill("long" * 300 + " <script>alert(1)</script> `" + "x" * 900)
    page.get_by_role("button", name="Commenter").click()
    page.get_by_text("longlong").wait_for()
    for address in (shop.handle.url, board, f"{board}?list=archive", page.url):
        page.goto(address)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width == device["viewport"]["width"], address
