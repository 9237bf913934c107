"""Takes the pictures of the packs that the docs show. From the checkout, with Chromium:

PYTHONPATH=tests/support .venv/bin/python -m pack_shots docs/img [PACK …]
"""

import datetime as dt
import io
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import chromium
import structlog
from PIL import Image
from sandbox_shop import CASABLANCA, Shop, Visitor, open_shop

from trello_ops.demo.shop import shop_sandbox
from trello_sandbox.server import running

Json = dict[str, Any]

_EARLY = dt.timedelta(minutes=35)


@dataclass(frozen=True, slots=True)
class Shot:
    """A pack's board as it looks at the moment `until`, when its boards were made at `since`; perhaps a card.

    What was due by then is done, the first cards with these comments; what is due next is in hand.
    """

    pack: str
    board: str
    since: dt.datetime
    until: dt.datetime
    comments: tuple[str, ...]
    card: str = ""


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=CASABLANCA)


SHOTS = (
    Shot(
        "planned-week", "Semaine planifiée", at("2026-11-23T06:05"), at("2026-11-25T10:40"), (),
    ),
    Shot(
        "launch", "Lancement", at("2026-12-15T06:05"), at("2026-12-21T11:20"),
        ("Trois objectifs écrits, affichés dans la boutique.",),
    ),
    Shot(
        "health-check", "Contrôle de santé", at("2026-11-02T06:05"), at("2026-11-12T11:20"),
        (
            "Note A. Un script inconnu sur le panier : c’était l’ancien chat, retiré.",
            "LCP 3,1 s sur la catégorie « Huiles », le reste est bon. Trois photos à 900 ko, remplacées.",
            "Deux comptes d’anciens stagiaires retirés.",
        ),
        card="Mesurer la vitesse",
    ),
    Shot(
        "kpi", "Indicateurs de la semaine", at("2026-11-23T06:05"), at("2026-11-25T17:20"),
        (
            "64 commandes, 21 300 DH, panier 333 DH : dans la moyenne des quatre semaines.",
            "« Où est mon colis ? » : 19 messages sur 41. Je propose un e-mail de plus à l’expédition.",
            "Recherche : 31 % des visites, 44 % des ventes. Instagram : l’inverse.",
            "Les nouvelles achètent sur téléphone (71 %) ; les fidèles, les coffrets.",
        ),
    ),
)  # fmt: skip


def live(shop: Shop, shot: Shot) -> None:
    """Have the team do what is due on the board until the moment of the picture, and begin the next card."""
    comments = iter(shot.comments)
    *done, next_card = cards(shop.state(), shot)
    for card in done:
        shop.go_to(max(shop.clock.now(), due(card) - _EARLY))
        doer = work(shop, card, 2, len(items(shop.state(), card)))
        doer.send(f"/c/{card['shortLink']}/tick", done="true")
        if comment := next(comments, ""):
            doer.send(f"/c/{card['shortLink']}/comment", text=comment)
    shop.go_to(shot.until)
    work(shop, next_card, 1, len(items(shop.state(), next_card)) // 2)


def cards(state: Json, shot: Shot) -> list[Json]:
    """The board's cards that are due by the moment, in that order, and the one after them."""
    (board,) = (each["id"] for each in state["boards"] if each["name"] == shot.board)
    there = (each for each in state["cards"] if each["idBoard"] == board and not each["isTemplate"])
    ordered = sorted(there, key=lambda card: (due(card), card["pos"]))
    return ordered[: sum(due(card) <= shot.until for card in ordered) + 1]


def due(card: Json) -> dt.datetime:
    return dt.datetime.fromisoformat(card["due"])


def items(state: Json, card: Json) -> list[Json]:
    return [
        item for each in state["checklists"] if each["idCard"] == card["id"] for item in each["checkItems"]
    ]


def work(shop: Shop, card: Json, place: int, ticked: int) -> Visitor:
    """Have whoever it is assigned to move a card to the list at that place and tick its first items."""
    state = shop.state()
    names = {member["id"]: member["fullName"] for member in state["members"]}
    doer = shop.visitor(names[card["idMembers"][0]])
    lists = sorted(
        (each for each in state["lists"] if each["idBoard"] == card["idBoard"]), key=lambda each: each["pos"]
    )
    doer.send(f"/c/{card['shortLink']}/move", list=lists[place]["id"])
    for item in items(state, card)[:ticked]:
        doer.send(f"/c/{card['shortLink']}/item", item=f"{item['id']} complete")
    return doer


def take(shop: Shop, shot: Shot, folder: Path) -> Iterator[Path]:
    (board,) = (each["shortLink"] for each in shop.state()["boards"] if each["name"] == shot.board)
    pages = {f"pack-{shot.pack}": f"/b/{board}"}
    if shot.card:
        pages[f"pack-{shot.pack}-card"] = f"/c/{shop.link(shot.card)}"
    with chromium.browser() as browser:
        for name, address in pages.items():
            page = browser.new_page(locale="fr-FR", **chromium.WIDE)
            page.goto(shop.handle.url + address)
            yield keep(page.screenshot(), folder / f"{name}.png")


def keep(png: bytes, path: Path) -> Path:
    """Save a picture with few colours, in a third of the bytes."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    # By the median cut large areas keep their very colour.
    picture = picture.quantize(256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    return path


def main(folder: Path, packs: list[str]) -> None:
    if not chromium.find():
        sys.exit(f"Pictures need Chromium: none of {', '.join(chromium.NAMES)} is on the PATH.")
    folder.mkdir(parents=True, exist_ok=True)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    for shot in (each for each in SHOTS if each.pack in (packs or [each.pack])):
        config = shop_sandbox(port=0, rate_limit=False, zone=CASABLANCA)
        with (
            tempfile.TemporaryDirectory() as store,
            running(config) as handle,
            open_shop(handle, Path(store), shot.since, shot.pack) as shop,
        ):
            live(shop, shot)
            for path in take(shop, shot, folder):
                print(path)  # noqa: T201 - progress for whoever runs it


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
