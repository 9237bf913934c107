"""What the daemon keeps in memory after a simulated day of its jobs with so many boards.

    python benchmarks/memory.py [boards …]

Each number of boards is lived by a process of its own against a local Trello over HTTP: twenty passes, each
with all jobs. Three boards are the samples; more are daily ones with five tasks each. Figures are resident
megabytes, as Linux tells. The process that renders cards ends when it has been idle for a minute.
"""

import datetime as dt
import os
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

import requests

from trello_ops import daemon, starter
from trello_ops.app import open_app
from trello_ops.core.planning.changes import EVERY_RISK
from trello_ops.operations import reconcile
from trello_ops.render.card_process import shared
from trello_ops.settings import load
from trello_ops.telemetry import configure_logging
from trello_ops.testing import FixedClock

BOARDS = (3, 1000)
PASSES = 20
EVE = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


class SharedClock(FixedClock):
    """Simulated time, which the local Trello goes by too."""

    def __init__(self, now: dt.datetime, url: str) -> None:
        super().__init__(now)
        self._url = f"{url}/sandbox/clock"
        self.advance(dt.timedelta(0))

    def advance(self, by: dt.timedelta) -> None:
        super().advance(by)
        requests.post(self._url, json={"now": self.now().isoformat()}, timeout=60).raise_for_status()


def main(sizes: tuple[int, ...]) -> None:
    # Here alone, since the daemon has no local Trello in it.
    from trello_ops.demo.shop import shop_sandbox
    from trello_sandbox.server import running

    print("boards  daemon after a day, MB  its peak, MB  the process that renders, MB")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder, running(shop_sandbox(port=0, rate_limit=False)) as box:
            given = {"TRELLO_OPS_TRELLO_URL": box.url, "TRELLO_OPS_TRELLO_KEY": box.key}
            command = [sys.executable, __file__, "live", str(size)]
            environment = {**os.environ, **given, "TRELLO_OPS_TRELLO_TOKEN": box.token}
            # Compiling costs 6 MB that stay; an installed program has been compiled before.
            environment.pop("PYTHONDONTWRITEBYTECODE", None)
            subprocess.run(command, cwd=folder, env=environment, check=True)


def live(size: int) -> None:
    """A day of the daemon's jobs, in this process."""
    write_files(size)
    assert daemon.__name__ in sys.modules  # what it imports is counted too
    settings = load({**os.environ, "TRELLO_OPS_MAIL_DIR": "mail"}, None)
    clock = SharedClock(EVE, settings.trello_url)
    with closing(open_app(settings, clock)) as app:
        app.take_up(alarming=True)
        context = app.context()
        reconcile.apply(context, reconcile.plan(context).only(EVERY_RISK))
    # Like a start on the next day: what making the boards took is no part of a usual day.
    os.execv(sys.executable, [sys.executable, __file__, "day", str(size)])


def day(size: int) -> None:
    settings = load({**os.environ, "TRELLO_OPS_MAIL_DIR": "mail"}, None)
    clock = SharedClock(EVE + dt.timedelta(hours=12), settings.trello_url)
    with closing(open_app(settings, clock)) as app:
        for _ in range(PASSES):
            for job in app.jobs():
                if error := app.run(job):
                    raise error
            clock.advance(dt.timedelta(days=1) / PASSES)
        worker = shared()._worker  # noqa: SLF001 (nobody else asks for its number)
        rendering = resident(worker._process.pid) if worker and not worker.is_over else 0  # noqa: SLF001
        time.sleep(0.2)
        own, peak = resident(os.getpid()), resident(os.getpid(), "VmHWM")
    print(f"{size:6}  {own:22}  {peak:12}  {rendering:28}", flush=True)


def resident(pid: int, figure: str = "VmRSS") -> int:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(figure)) // 1024


def write_files(size: int) -> None:
    samples = starter.find()
    for name in ("boards", "templates/cards"):
        Path(name).mkdir(parents=True)
    for file in (samples.templates / "cards").rglob("*.md"):
        (Path("templates/cards") / file.name).write_text(file.read_text("utf-8"), "utf-8")
    for file in samples.boards.glob("*.yaml"):
        if size == 3 or file.name == "workspace.yaml":
            (Path("boards") / file.name).write_text(file.read_text("utf-8"), "utf-8")
    if size != 3:
        for number in range(size):
            (Path("boards") / f"b{number:04}.yaml").write_text(board(number), "utf-8")


def board(number: int) -> str:
    names = sorted(path.name for path in Path("templates/cards").glob("*.md") if path.name[0] != "_")[:5]
    tasks = "".join(
        f"  t{n}: {{title: Tâche {n}, theme: operations, template: {name}}}\n" for n, name in enumerate(names)
    )
    return f'title: Tableau {number}\ncadence: daily\ndue: "18:00"\ntasks:\n{tasks}'


if __name__ == "__main__":
    configure_logging("error", "json", str)
    match sys.argv[1:]:
        case ["live", size]:
            live(int(size))
        case ["day", size]:
            day(int(size))
        case sizes:
            main(tuple(map(int, sizes)) or BOARDS)
