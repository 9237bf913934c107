"""The same arguments and files for real processes, whose streams and signals are real too."""

import os
import signal
import subprocess
import sys
import time
from random import Random

from fuzz_kit import arguments, board_files, templates
from fuzz_kit.stage import Stage, fresh_shop

_ENCODINGS = ("utf-8", "ascii", "latin-1", "cp1252", "utf-16")
_STOP = 5.0
"""Seconds within which the daemon ends when it is told to."""


def story(stage: Stage, random: Random) -> None:
    """A command on broken files, or the daemon, which is told to stop."""
    fresh_shop(stage.folder)
    if random.random() < 0.7:
        file = stage.folder / "boards" / random.choice(("daily.yaml", "workspace.yaml"))
        file.write_bytes(board_files.broken(file, random))
    if random.random() < 0.4:
        card = templates.card(random).encode("utf-8", "surrogatepass")
        (stage.folder / "templates" / "cards" / "parcels.md").write_bytes(card)
    encoding = random.choice(_ENCODINGS)
    environment = {**os.environ, **stage.settings, "PYTHONIOENCODING": encoding, "TRELLO_OPS_LANG": "fr"}
    words = ["run"] if random.random() < 0.3 else _words(random)
    stage.step(f"python -m trello_ops {' '.join(map(ascii, words))[:300]} ({encoding})")
    stage.commands += 1
    with stage.untouched("boards", "templates"):
        process = subprocess.Popen(
            [sys.executable, "-m", "trello_ops", *words],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        if words == ["run"]:
            _stop(stage, process, random.uniform(0.5, 4))
        out, err = process.communicate()
    for stream in (out, err):
        stage.look(stream.decode(encoding if encoding != "utf-16" else "utf-8", "replace"))


def _words(random: Random) -> list[str]:
    words = arguments.arguments(random)
    if random.random() < 0.5 or words[0] in ("init", "backup", "plan", "apply", "tick", "recover"):
        words = random.choice((["validate"], ["status"], ["report"], ["preview", "daily/parcels"]))
    # No process is started with a NUL, which the system refuses.
    return [each.replace("\x00", "") for each in words if len(os.fsencode(each)) < 100_000]


def _stop(stage: Stage, process: subprocess.Popen[bytes], after: float) -> None:
    time.sleep(after)
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP)
    except subprocess.TimeoutExpired:
        process.kill()
        stage.wrong.append(f"the daemon went on {_STOP:g} s after SIGTERM")
