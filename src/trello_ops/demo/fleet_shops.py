"""Many small shops in one local Trello: their files, and what their people do there."""

import datetime as dt
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import requests

from trello_ops.core.ledger import OccurrenceKey
from trello_ops.fleet.load import load_fleet
from trello_ops.fleet.tenant import Fleet
from trello_ops.settings import name_of
from trello_sandbox.server import Handle

Json = dict[str, Any]

_PEOPLE: Final = {"amal": ("amal_zina", "Amal Benali"), "karim": ("karim_zina", "Karim Tazi")}

_WORKSPACE: Final = """\
key: {name}
name: Boutique {name}
trello_workspace: zinaobeldi
locale: fr
timezone: Africa/Casablanca
people:
  amal: {{trello: amal_zina, name: Amal Benali}}
  karim: {{trello: karim_zina, name: Karim Tazi}}
themes:
  service: {{title: Service client, colour: orange}}
  stock: {{title: Stock et envois, colour: green_light}}
report: {{to: [gerante@{name}.example]}}
"""

_DAILY: Final = """\
title: Quotidien {name}
cadence: daily
on: mon-sat
release: "06:00"
due: "18:00"
lists: {{todo: À faire, doing: En cours, done: Terminé}}
tasks:
  emails: {{title: E-mails, theme: service, template: task.md, assign: amal}}
  parcels: {{title: Colis, theme: stock, template: task.md, assign: karim}}
  reviews: {{title: Avis, theme: service, template: task.md, assign: [amal, karim]}}
"""

_WEEKLY: Final = """\
title: Hebdomadaire {name}
cadence: weekly
on: fri
release: "06:00"
due: "18:00"
lists: {{todo: À faire, doing: En cours, done: Terminé}}
tasks:
  count: {{title: Inventaire, theme: stock, template: task.md, assign: karim}}
"""

_FLEET: Final = """\
defaults:
  token: TOKEN_{NAME}
  templates_from: templates
report: {to: agence@example.org, name: Agence Horizon}
shops:
  - shops/*/
"""

_MARKER: Final = re.compile(r"trello-ops:card:([a-z0-9-]+)/([a-z0-9-]+)/([a-z0-9-]+)/(\d{4}-\d{2}-\d{2})")

_TEMPLATE: Final = "---\n---\nComme d'habitude.\n"


def declare(folder: Path, names: tuple[str, ...], sandbox: Handle, database: str, **settings: object) -> None:
    """Write the files of a fleet, each shop with a token of its own, and its common settings."""
    cards = folder / "templates" / "cards"
    cards.mkdir(parents=True)
    (cards / "task.md").write_text(_TEMPLATE, "utf-8")
    (folder / "fleet.yaml").write_text(_FLEET, "utf-8")
    given = {
        "trello_url": sandbox.url,
        "trello_key": sandbox.key,
        "database_url": database,
        "mail_dir": folder / "mail",
        "web_bind": "off",  # nodes of one machine would all have the same port
        **settings,
    }
    lines = [f"{name_of(name)}={value}" for name, value in given.items()]
    for name in names:
        boards = folder / "shops" / name / "boards"
        boards.mkdir(parents=True)
        for file, text in (("workspace", _WORKSPACE), ("daily", _DAILY), ("weekly", _WEEKLY)):
            (boards / f"{file}.yaml").write_text(text.format(name=name), "utf-8")
        granted = requests.post(
            f"{sandbox.url}/sandbox/tokens", json={"scopes": ["read", "write"]}, timeout=20
        ).json()
        lines.append(f"TOKEN_{name.upper().replace('-', '_')}={granted['token']}")
    (folder / ".env").write_text("\n".join(lines) + "\n", "utf-8")


def read(folder: Path) -> Fleet:
    """The fleet of a folder; nothing comes from this process's environment."""
    return load_fleet(folder / "fleet.yaml", {}, folder / ".env")


# ---- people -----------------------------------------------------------------------------------------


class Deed(StrEnum):
    """What becomes of a card. It depends on the card alone, so that it is the same in every run."""

    AT_NOON = "at noon"
    NEXT_DAY = "the next day"
    NEVER = "never"


def deed(shop: str, key: OccurrenceKey) -> Deed:
    """Of a hundred cards some 82 are done in time, 10 late, 8 never."""
    lot = hashlib.sha256(f"{shop}/{key}".encode()).digest()[0]
    if lot < 20:
        return Deed.NEVER
    return Deed.NEXT_DAY if lot < 46 else Deed.AT_NOON


@dataclass(frozen=True, slots=True)
class Card:
    """A card that the robot made, and how it stands."""

    id: str
    shop: str
    key: OccurrenceKey
    done: bool


class People:
    """Everybody who works in the shops; they see Trello alone."""

    def __init__(self, sandbox: Handle) -> None:
        self._url, self._key = sandbox.url, sandbox.key
        self._http = requests.Session()
        self._http.trust_env = False  # no proxy lies between us and this machine
        username, name = _PEOPLE["amal"]
        self._token: str = self._ask("POST", "/sandbox/tokens", {"username": username, "name": name})["token"]

    def cards(self) -> tuple[Card, ...]:
        """All cards that bear an occurrence's marker."""
        return tuple(_cards(self._ask("GET", "/sandbox/state")["cards"]))

    def work(self, cards: tuple[Card, ...], deeds: dict[dt.date, Deed]) -> int:
        """Do the cards of these dates whose deed it is now. Returns how many."""
        mine = [
            each for each in cards if not each.done and deeds.get(each.key.date) == deed(each.shop, each.key)
        ]
        for each in mine:
            self._ask("PUT", f"/1/cards/{each.id}?key={self._key}&token={self._token}", {"dueComplete": True})
        return len(mine)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _ask(self, method: str, path: str, sent: Json | None = None) -> Any:
        answer = self._http.request(method, self._url + path, json=sent, timeout=60)
        if not answer.ok:  # its own text would name the token
            raise LookupError(f"the local Trello answered {answer.status_code}")
        return answer.json()


def _cards(state: list[Json]) -> Iterator[Card]:
    for card in state:
        found = _MARKER.search(card["desc"])
        if found and not card["isTemplate"]:
            shop, board, task, date = found.groups()
            key = OccurrenceKey(board, task, dt.date.fromisoformat(date))
            yield Card(card["id"], shop, key, bool(card["dueComplete"]))
