"""What the doctor examines in tests."""

from pathlib import Path

from shop_kit import MONDAY

from trello_ops.doctor.finding import Finding, Level, Patient
from trello_ops.settings import load
from trello_ops.testing import FakeTrello, FixedClock

WORKSPACE = """\
key: shop
name: The shop
trello_workspace: zinaobeldi
locale: en
timezone: UTC
people: {amal: {trello: amal_zina, name: Amal}}
themes: {operations: {title: Operations, colour: orange}}
report: {to: [manager@shop.example]}
"""
BOARD = """\
title: Every day
cadence: daily
due: "23:59"
tasks: {parcels: {title: Parcels, theme: operations, template: parcels.md, assign: amal}}
"""
PUBLIC = {"PUBLIC_URL": "https://robot.example.org", "TRELLO_SECRET": "ab" * 16}
CALLBACK = "https://robot.example.org/trello/webhook"


class Bench:
    """A patient with a folder of its own, and the Trello that it is connected to."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "boards").mkdir()
        (folder / "templates" / "cards").mkdir(parents=True)
        (folder / "templates" / "cards" / "parcels.md").write_text("Before noon, please.\n")
        (folder / "boards" / "workspace.yaml").write_text(WORKSPACE)
        (folder / "boards" / "daily.yaml").write_text(BOARD)
        self.clock = FixedClock(MONDAY)
        self.trello = FakeTrello(self.clock, ("amal_zina",), "zinaobeldi")
        self.store = f"sqlite:///{folder}/store.sqlite3"

    def patient(self, **settings: str) -> Patient:
        every = {
            "BOARDS_DIR": str(self.folder / "boards"),
            "TEMPLATES_DIR": str(self.folder / "templates"),
            "DATABASE_URL": self.store,
            **settings,
        }
        found = load({f"TRELLO_OPS_{name}": value for name, value in every.items()}, None)
        return Patient(found, self.clock, connect=lambda _: self.trello)


def told(found: Finding) -> tuple[Level, str]:
    """What is not fine comes with an advice."""
    assert found.advice or found.level is Level.FINE
    return found.level, found.message
