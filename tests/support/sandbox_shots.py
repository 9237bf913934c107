"""Takes the pictures of the sandbox's daily board that the docs show. From the checkout, with Chromium:

PYTHONPATH=tests/support .venv/bin/python -m sandbox_shots docs/img
"""

import datetime as dt
import sys
import tempfile
from pathlib import Path

import chromium
import structlog
from sandbox_shop import CASABLANCA, FRIDAY, THURSDAY, Shop, open_shop

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import running

BOARD = "Suivi quotidien"
DONE = (
    (THURSDAY, "10:20", "Salma Berrada", "Suivre l’actualité"),
    (THURSDAY, "10:55", "Salma Berrada", "Suivre ce qui se dit"),
    (THURSDAY, "11:30", "Nadia Chraïbi", "Répondre aux e-mails"),
    (THURSDAY, "15:40", "Karim Tazi", "Préparer et envoyer"),
    (THURSDAY, "16:50", "Salma Berrada", "Publier sur les réseaux"),
    (FRIDAY, "09:50", "Salma Berrada", "Suivre l’actualité"),
    (FRIDAY, "11:40", "Nadia Chraïbi", "Répondre aux e-mails"),
)
IN_HAND = "Préparer et envoyer"


def live(shop: Shop) -> None:
    """A Thursday, and Friday until twenty past two: most of it done, three cards late, one in hand."""
    for day, clock, name, title in DONE:
        if day is FRIDAY and shop.clock.now() < FRIDAY:
            shop.go_to(FRIDAY)
            shop.issue()
        shop.go_to(at(day, clock))
        work(shop, name, title, "Terminé")
        shop.visitor(name).send(f"/c/{shop.link(title)}/tick", done="true")
    shop.go_to(at(FRIDAY, "13:45"))
    work(shop, "Youssef El Idrissi", IN_HAND, "En cours", items=5)
    say(shop, "Youssef El Idrissi", "**23 colis** aujourd’hui. Plus de cartons moyens : j’en commande.")
    say(shop, "Amal Benali", "Merci ! Prends-en pour deux semaines.")
    shop.go_to(at(FRIDAY, "14:20"))


def at(day: dt.datetime, clock: str) -> dt.datetime:
    return dt.datetime.combine(day.date(), dt.time.fromisoformat(clock), CASABLANCA)


def work(shop: Shop, name: str, title: str, list_title: str, items: int | None = None) -> None:
    """Move a card and tick its first items, or all of them."""
    visitor, link, state = shop.visitor(name), shop.link(title), shop.state()
    card = next(each for each in state["cards"] if each["shortLink"] == link)
    target = (card["idBoard"], list_title)
    (found,) = (each["id"] for each in state["lists"] if (each["idBoard"], each["name"]) == target)
    visitor.send(f"/c/{link}/move", list=found)
    for checklist in (each for each in state["checklists"] if each["idCard"] == card["id"]):
        for item in checklist["checkItems"][:items]:
            visitor.send(f"/c/{link}/item", item=f"{item['id']} complete")


def say(shop: Shop, name: str, text: str) -> None:
    shop.visitor(name).send(f"/c/{shop.link(IN_HAND)}/comment", text=text)


def take(shop: Shop, folder: Path) -> None:
    (board,) = (each["shortLink"] for each in shop.state()["boards"] if each["name"] == BOARD)
    with chromium.browser() as browser:
        for name, device in (("sandbox-board", chromium.WIDE), ("sandbox-board-phone", chromium.PHONE)):
            page = browser.new_page(locale="fr-FR", **device)
            page.goto(f"{shop.handle.url}/b/{board}")
            page.screenshot(path=folder / f"{name}.png")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    config = shop_sandbox(port=0, rate_limit=False, zone=CASABLANCA)
    with (
        tempfile.TemporaryDirectory() as store,
        running(config) as handle,
        open_shop(handle, Path(store)) as shop,
    ):
        live(shop)
        take(shop, folder)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
