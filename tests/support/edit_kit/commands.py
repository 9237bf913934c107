"""The program as its commands on a sandbox over HTTP: `tick` for a pass, `apply` for a person's look."""

import datetime as dt
import json
import os
import subprocess
import sys
from pathlib import Path

from clock_kit import environment_at
from live_kit import Live

from edit_kit.judge import Json
from edit_kit.trello_side import SandboxSide


class Commands:
    """Each act is a process of its own, at the story's time."""

    def __init__(self, trello: Live, folder: Path) -> None:
        trello.reset()
        self._trello, self._folder = trello, folder
        self.side = SandboxSide(trello)
        self._environment = {**os.environ, **trello.environment(folder)}

    def go_to(self, moment: dt.datetime) -> None:
        self._now = moment
        self._trello.set_clock(moment)

    def tick(self) -> str:
        return self._say("tick", "--at", self._now.isoformat())

    def apply(self) -> str:
        return self._say("apply", "--force")

    def restart(self) -> None:
        """Every command is a new process."""

    def reports(self) -> list[Json]:
        weeks = (self._now - dt.timedelta(days=7 * back) for back in range(1, 5))
        texts = [self._run("report", "--format", "json", "--week", f"{week:%G-W%V}").stdout for week in weeks]
        return [report for text in texts if (report := json.loads(text))["frozen_at"]]

    def _say(self, *command: str) -> str:
        """What went wrong."""
        done = self._run(*command)
        return done.stderr.strip() if done.returncode else ""

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "trello_ops", *command],
            env=self._environment | environment_at(self._now),
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
