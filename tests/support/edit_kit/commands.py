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

_BROKEN = 2


class Commands:
    """Each act is a process of its own, at the story's time."""

    def __init__(self, trello: Live, folder: Path) -> None:
        trello.reset()
        self._trello, self._folder = trello, folder
        self.side = SandboxSide(trello)
        self._environment = {**os.environ, **trello.environment(folder, lang="en")}

    def go_to(self, moment: dt.datetime) -> None:
        self._now = moment
        self._trello.set_clock(moment)

    def tick(self) -> str:
        """Broken files are told by the exit code, while all is done by what is in force."""
        done = self._run("tick", "--at", self._now.isoformat())
        all_done = "done" in done.stdout and "failed" not in done.stdout
        return "" if all_done and done.returncode in (0, _BROKEN) else done.stdout + done.stderr

    def apply(self) -> str:
        done = self._run("apply", "--force")
        return done.stderr.strip() if done.returncode else ""

    def restart(self) -> None:
        """Every command is a new process."""

    def reports(self) -> list[Json]:
        weeks = (self._now - dt.timedelta(days=7 * back) for back in range(1, 5))
        texts = [self._run("report", "--format", "json", "--week", f"{week:%G-W%V}").stdout for week in weeks]
        return [report for text in texts if (report := json.loads(text))["frozen_at"]]

    def _run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "trello_ops", *command],
            env=self._environment | environment_at(self._now),
            cwd=self._folder,
            capture_output=True,
            text=True,
            check=False,
        )
