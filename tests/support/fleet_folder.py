"""A fleet as people keep it: fleet.yaml, shops' folders, tokens in files; nodes by the command line."""

import datetime as dt
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from clock_kit import now
from fleet_kit import QUICK, Shops
from live_kit import Live

_FLEET = """\
defaults:
  token: {file: "secrets/{name}.token"}
shops:
"""


class FleetFolder(Shops):
    """Shops that `add` prepares and `declare` makes part of the fleet."""

    def __init__(self, trello: Live, folder: Path, address: str) -> None:
        super().__init__(trello, folder, address)
        self._here = folder / "fleet"
        for name in ("shops", "secrets"):
            (self._here / name).mkdir(parents=True)

    def declare(self, names: Iterable[str]) -> None:
        """Let the fleet consist of these shops, by fleet.yaml; folders of others stay where they are."""
        self.names = list(names)
        for name in self.names:
            if not self._shop(name).exists():
                made = json.loads(self.file.read_text("utf-8"))[name]
                self.give_token(name, made["TRELLO_OPS_TRELLO_TOKEN"])
                (self.folder / name).rename(self._shop(name))
        lines = "".join(f"  - shops/{name}\n" for name in self.names)
        (self._here / "fleet.yaml").write_text(_FLEET + lines, "utf-8")

    def give_token(self, name: str, token: str) -> None:
        """Let a shop have that token."""
        (self._here / "secrets" / f"{name}.token").write_text(token, "utf-8")

    def add_task(self, name: str, ahead: dt.timedelta) -> None:
        """One more task for a shop, whose first card appears so much later, to the minute."""
        boards = self._shop(name) / "boards"
        zone = next(
            line.partition(": ")[2]
            for line in (boards / "workspace.yaml").read_text("utf-8").splitlines()
            if line.startswith("timezone: ")
        )
        release = (now() + ahead).astimezone(ZoneInfo(zone)).strftime("%H:%M")
        task = f'  more: {{title: Encore, theme: data, template: news.md, release: "{release}"}}\n'
        with (boards / "daily.yaml").open("a", encoding="utf-8") as file:
            file.write(task)

    def _shop(self, name: str) -> Path:
        return self._here / "shops" / name

    def _command(self, term_seconds: float, bind: str) -> list[str]:
        command = [sys.executable, "-m", "trello_ops", "fleet", "run"]
        return ["env", *self._variables(), *command, "--file", str(self._here / "fleet.yaml")]

    def _variables(self) -> list[str]:
        given = {
            "trello_url": self.trello.url,
            "trello_key": self.trello.key,
            "database_url": self.address,
            "web_bind": "off",
        }
        return [f"TRELLO_OPS_{name.upper()}={value}" for name, value in {**given, **QUICK}.items()]
