"""The README's way: an own shop is rehearsed in a local Trello, then runs on the real one with nothing left.

The real one is a second sandbox at another port, which writes its links as Trello does.
"""

import datetime as dt
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests
from clock_kit import environment_at

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

Json = dict[str, Any]
COMMAND = (sys.executable, "-m", "trello_ops")
THURSDAY = dt.datetime(2026, 12, 3, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))

WORKSPACE = """\
key: gare
name: Boulangerie de la Gare
trello_workspace: boulangeriegare
locale: fr
timezone: Europe/Paris
people:
  ines: {trello: ines_gare, name: Inès Morel}
  margot: {trello: margot_gare, name: Margot Petit}
themes:
  ventes: {title: Ventes, colour: orange}
report:
  to: [patron@gare.example]
"""
DAILY = """\
title: Chaque jour
cadence: daily
on: [mon, tue, wed, thu, fri, sat, sun]
due: "18:00"
tasks:
  caisse: {title: Compter la caisse, theme: ventes, template: duty.md, assign: ines}
  vitrine: {title: Garnir la vitrine, theme: ventes, template: duty.md, assign: margot}
"""
WEEKLY = """\
title: Chaque semaine
cadence: weekly
on: fri
due: "17:00"
tasks:
  fournil: {title: Nettoyer le fournil, theme: ventes, template: duty.md, assign: ines}
  commande: {title: Commander la farine, theme: ventes, template: duty.md, assign: margot}
"""
TITLES = ["Commander la farine", "Compter la caisse", "Garnir la vitrine", "Nettoyer le fournil"]


class Shop:
    """A folder that `init` made, with boards of its own, and a terminal in it."""

    def __init__(self, tmp_path: Path) -> None:
        self.folder = tmp_path / "boulangerie"
        self.environment = {name: value for name, value in os.environ.items() if "TRELLO_OPS" not in name}
        self.environment |= environment_at(THURSDAY)
        self.run("init", str(self.folder), cwd=tmp_path)
        for file in (*self.folder.glob("boards/*.yaml"), *self.folder.glob("templates/cards/*.md")):
            file.unlink()
        for name, text in (("workspace", WORKSPACE), ("chaque-jour", DAILY), ("chaque-semaine", WEEKLY)):
            (self.folder / "boards" / f"{name}.yaml").write_text(text, "utf-8")
        (self.folder / "templates" / "cards" / "duty.md").write_text("Comme toujours.\n", "utf-8")

    def run(self, *words: str, cwd: Path | None = None) -> str:
        """A command that must succeed; all that it said."""
        done = subprocess.run(
            [*COMMAND, *words], cwd=cwd or self.folder, env=self.environment, capture_output=True, text=True,
            timeout=100, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    @contextmanager
    def sandbox(self, *options: str) -> Iterator[dict[str, str]]:
        """`trello-ops sandbox` in the folder; the settings that it prints."""
        process = subprocess.Popen(
            [*COMMAND, "sandbox", "--port", "0", *options], cwd=self.folder, env=self.environment,
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        try:
            assert process.stdout
            lines = [process.stdout.readline() for _ in range(8)]
            yield dict(line.strip().split("=", 1) for line in lines if line.startswith("TRELLO_OPS_"))
        finally:
            process.terminate()
            process.communicate(timeout=20)

    def use(self, settings: dict[str, str]) -> None:
        """Write three settings into `.env`, as a person does: in place of those that are there."""
        file = self.folder / ".env"
        text = re.sub(r"(?m)^TRELLO_OPS_TRELLO_(KEY|TOKEN|URL)=.*\n", "", file.read_text("utf-8"))
        file.write_text(text + "".join(f"{name}={value}\n" for name, value in settings.items()), "utf-8")

    def go(self) -> None:
        """What the README says to type; a pass in place of the daemon."""
        assert "Aucune erreur" in self.run("validate")
        self.run("plan")
        self.run("apply")
        self.run("tick")


@pytest.fixture
def shop(tmp_path: Path) -> Shop:
    return Shop(tmp_path)


def state(settings: dict[str, str]) -> Json:
    found: Json = requests.get(f"{settings['TRELLO_OPS_TRELLO_URL']}/sandbox/state", timeout=20).json()
    return found


def cards(settings: dict[str, str]) -> list[Json]:
    return [card for card in state(settings)["cards"] if not card["isTemplate"]]


def titles(settings: dict[str, str]) -> list[str]:
    return sorted(card["name"] for card in cards(settings))


def test_a_rehearsed_shop_runs_on_the_real_trello_as_if_nothing_had_been(shop: Shop) -> None:
    with shop.sandbox() as local, shop.sandbox("--links", "trello") as real:
        shop.use(local)
        shop.go()
        assert titles(local) == TITLES
        _check_whose_it_is(shop, local)
        # A whole week is lived, and nobody does anything.
        shop.run("tick", "--at", "2026-12-07T09:00")
        assert (shop.folder / "mail").is_dir()

        shop.use(real)
        shop.go()
        assert titles(real) == TITLES
        report = shop.run("report")
        assert "manquées 0" in report.lower()
        assert {card["shortUrl"].rpartition("/")[0] for card in cards(real)} == {"https://trello.com/c"}
        assert len(state(real)["boards"]) == len(state(local)["boards"]) == 2

        # Both go on, each with its own.
        shop.use(local)
        shop.run("tick", "--at", "2026-12-07T10:00")
        shop.use(real)
        shop.run("tick")
        assert titles(real) == TITLES
    stores = sorted(file.name for file in shop.folder.glob("*.sqlite3"))
    ports = (each["TRELLO_OPS_TRELLO_URL"].rpartition(":")[2] for each in (local, real))
    assert stores == sorted(f"trello-ops-127.0.0.1-{port}.sqlite3" for port in ports)


def _check_whose_it_is(shop: Shop, local: dict[str, str]) -> None:
    """The rehearsal knows the shop's own Workspace and people, and its links can be followed."""
    found = state(local)
    assert [(each["name"], each["displayName"]) for each in found["organizations"]] == [
        ("boulangeriegare", "Boulangerie de la Gare")
    ]
    people = {each["username"]: each["fullName"] for each in found["members"]}
    assert people == {"robot": "Trello Ops", "ines_gare": "Inès Morel", "margot_gare": "Margot Petit"}
    ids = {each["id"]: each["username"] for each in found["members"]}
    assert {card["name"]: [ids[each] for each in card["idMembers"]] for card in cards(local)} == {
        "Commander la farine": ["margot_gare"],
        "Compter la caisse": ["ines_gare"],
        "Garnir la vitrine": ["margot_gare"],
        "Nettoyer le fournil": ["ines_gare"],
    }
    told = re.findall(r"http://127\.0\.0\.1:\d+/b/\w+", shop.run("apply"))
    assert len(told) == 2
    for link in (*told, *(card["url"] for card in cards(local))):
        assert requests.get(link, timeout=20).status_code == 200
