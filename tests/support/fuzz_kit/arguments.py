"""Arguments that no help mentions, for every command."""

import os
import shutil
from functools import cache
from pathlib import Path
from random import Random

from inside import stays_inside

from fuzz_kit import hostile
from fuzz_kit.stage import Stage, fresh_shop, keep, trello

_OPTIONS = {
    "init": (), "validate": ("--format",), "preview": ("--date", "--format"), "plan": ("--out", "--format"),
    "apply": ("--force", "--rebind", "--format"), "tick": ("--at",), "run": (), "demo": ("--weeks", "--seed"),
    "report": ("--week", "--format", "--out"), "status": ("--format",), "history": ("--limit", "--format"),
    "export": ("--format", "--from", "--to", "--out"), "backup": (), "recover": ("--format",),
    "sandbox": ("--host", "--port", "--links", "--jitter"),
}  # fmt: skip
_GOOD = {
    "--format": ("text", "json", "html", "csv", "jsonl"), "--date": ("2026-11-17",),
    "--week": ("2026-W47", "last"),
    "--limit": ("3",), "--from": ("2026-11-16",), "--to": ("2026-11-20",), "--out": ("out.txt",),
    "--port": ("0",),
    "--at": ("2026-11-17T08:00:00Z",),
}  # fmt: skip
_PATHS = (
    "", ".", "..", "/", "/dev/full", "/dev/null", "/proc/self/mem", "a/b", "boards", "new", "x" * 300,
    "\x00", "\udc80",
    "-", "~", "ops.sqlite3", "é", "a\nb", "/etc/passwd/x",
)  # fmt: skip
_ENDLESS = {"run": ("--nonsense",), "demo": ("--weeks", "x"), "sandbox": ("--latency", "x")}
"""What keeps a command from starting, behind arguments that are read first."""


def story(stage: Stage, random: Random) -> None:
    """One command in a shop whose cards are out."""
    shutil.rmtree(stage.folder, ignore_errors=True)
    shutil.copytree(_shop(stage.folder.parent / "shop"), stage.folder)
    os.chdir(stage.folder)
    words = arguments(random)
    kept = () if "init" in words else ("boards", "templates")  # it may be told to make its folders in them
    with stage.untouched(*kept):
        stage.run(*words, env={"TRELLO_OPS_TRELLO_URL": _sandbox()})


def arguments(random: Random) -> list[str]:
    """A command and what was typed behind it."""
    command = random.choice(list(_OPTIONS))
    words = [_word(random) for _ in range(random.choice((0, 0, 1, 1, 1, 2)))]
    for option in random.sample(_OPTIONS[command], random.randrange(len(_OPTIONS[command]) + 1)):
        value = random.choice(_GOOD[option]) if option in _GOOD and random.random() < 0.4 else _word(random)
        path = random.choice(_PATHS) if option == "--out" and value not in _GOOD["--out"] else value
        words += (
            [option]
            if option in ("--force", "--rebind")
            else random.choice(([option, path], [f"{option}={path}"]))
        )
    if random.random() < 0.1:
        words += [random.choice(("--help", "-h", "--version", "--", "--send", "-x", "--out"))]
    if command in ("init", "backup", "apply"):  # nothing is written outside the folder
        paths = [path for path in _PATHS if stays_inside(path)]
        words = [word if word.startswith("-") else random.choice(paths) for word in words]
    random.shuffle(words)
    before = [random.choice(hostile.TEXTS)] if random.random() < 0.03 else []
    return [*before, command, *words, *_ENDLESS.get(command, ())]


def _word(random: Random) -> str:
    return random.choice(("daily/parcels", "daily", *hostile.TEXTS))


@cache
def _sandbox() -> str:
    """A sandbox for the life of this process."""
    return keep(trello()).url


@cache
def _shop(folder: Path) -> Path:
    """A shop with a store, whose boards and cards were made."""
    stage = Stage(folder, lambda _, __: None)
    fresh_shop(folder)
    for command in ("apply", "tick"):
        stage.run(command, env={"TRELLO_OPS_TRELLO_URL": _sandbox()})
    assert (folder / "ops.sqlite3").exists(), stage.wrong
    return folder
