"""Stories by number until time is up: tells each to a child process, which is killed when it hangs."""

import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from clock_kit import environment_at
from live_kit import CHECKOUT, MONDAY

_SUPPORT = Path(__file__).parents[1]
WEIGHTS: Mapping[str, float] = {
    "answers": 4, "templates": 3, "board-files": 3, "settings": 1, "arguments": 2, "webhook-calls": 1,
    "processes": 2,
}  # fmt: skip
"""How a run's time is shared out."""

_LONGEST = 10.0
"""Seconds that a step may take: a command, or a pass of the daemon."""
_START = 3.0
"""Seconds in which a child imports everything; where that takes longer, steps may too, in proportion."""


@dataclass(frozen=True)
class Finding:
    """What was wrong in a story, and what tells it again."""

    kind: str
    seed: int
    number: int
    wrong: tuple[str, ...]

    def __str__(self) -> str:
        again = f"python tests/fuzz.py --seed {self.seed} --kind {self.kind} --story {self.number}"
        return f"FOUND by {again}\n" + "\n".join(f"  {each}" for each in self.wrong)


@dataclass
class Figures:
    """What a run did."""

    stories: Counter[str] = field(default_factory=Counter)
    commands: int = 0
    seconds: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)

    def add(self, other: "Figures") -> None:
        """Take in those of another run."""
        self.stories += other.stories
        self.seconds += other.seconds
        self.commands += other.commands
        self.findings += other.findings

    def __str__(self) -> str:
        kinds = ", ".join(f"{count} of {kind}" for kind, count in sorted(self.stories.items()))
        spent = sum(self.seconds.values()) / 60
        total = f"{sum(self.stories.values())} stories ({kinds}), {self.commands} commands and passes"
        return f"{total}, {spent:.1f} min of processor time, {len(self.findings)} findings"


class Teller:
    """A child process that tells stories, started anew after each that hung."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._lines: queue.Queue[str] = queue.Queue()
        self._longest = _LONGEST
        self._reading = threading.Thread()
        self._scratch = ""

    def tell(self, kind: str, seed: int, number: int) -> Mapping[str, Any]:
        """Tell one story: `commands`, `wrong`, `cpu`. A hang is wrong only if it happens twice."""
        told = self._tell(kind, seed, number)
        return self._tell(kind, seed, number) if told.get("hung") else told

    def _tell(self, kind: str, seed: int, number: int) -> Mapping[str, Any]:
        child = self._child if self._child and self._child.poll() is None else self._start()
        assert child.stdin
        child.stdin.write(json.dumps({"kind": kind, "seed": seed, "number": number}) + "\n")
        child.stdin.flush()
        step, notes, longest = "its beginning", list[str](), self._longest
        while True:
            try:
                line = self._lines.get(timeout=longest)
            except queue.Empty:
                line = ""
            if not line:
                code = child.poll()
                self.close()
                why = f"longer than {longest:g} s" if code is None else f"died with {code}"
                wrong = [f"{step}: {why}", *notes]
                return {"commands": 0, "cpu": longest, "hung": code is None, "wrong": wrong}
            told: dict[str, Any] = json.loads(line)
            if "wrong" in told:
                return {**told, "wrong": [*told["wrong"], *notes] if told["wrong"] else []}
            if "note" in told:
                notes.append(f"note: {told['note']}")
            else:
                step = told["step"]

    def _start(self) -> "subprocess.Popen[str]":
        self._scratch = tempfile.mkdtemp(prefix="fuzz-")
        begun, child, lines = time.monotonic(), _start(self._scratch), queue.Queue[str]()
        self._child, self._lines = child, lines

        def read() -> None:
            for line in child.stdout or ():
                lines.put(line)
            child.wait()
            lines.put("")

        self._reading = threading.Thread(target=read, daemon=True)
        self._reading.start()
        lines.get()
        self._longest = _LONGEST * max(1, (time.monotonic() - begun) / _START)
        return child

    def close(self) -> None:
        """End the child."""
        if self._child:
            self._child.kill()
            self._reading.join()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe:
                    pipe.close()
            self._child = None
        shutil.rmtree(self._scratch, ignore_errors=True)


def _start(scratch: str) -> "subprocess.Popen[str]":
    there = environment_at(MONDAY)
    path = os.pathsep.join([str(_SUPPORT), str(CHECKOUT / "src"), there["PYTHONPATH"]])
    own = {name: text for name, text in os.environ.items() if not name.startswith("TRELLO_OPS_")}
    return subprocess.Popen(
        [sys.executable, "-m", "fuzz_kit.child", scratch], env={**own, **there, "PYTHONPATH": path,
        "TRELLO_OPS_LANG": "en"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, bufsize=1,
    )  # fmt: skip


def fuzz(
    seed: int, enough: Callable[[Figures], str | None], found: Callable[[Finding], None] = lambda _: None
) -> Figures:
    """Tell stories of the kinds that `enough` names in turn, until it names none."""
    figures, teller = Figures(), Teller()
    try:
        while kind := enough(figures):
            number = figures.stories[kind]
            told = teller.tell(kind, seed, number)
            figures.stories[kind] += 1
            figures.commands += told["commands"]
            figures.seconds[kind] += told["cpu"]
            if told["wrong"]:
                figures.findings.append(Finding(kind, seed, number, tuple(told["wrong"])))
                found(figures.findings[-1])
    finally:
        teller.close()
    return figures


def for_seconds(seconds: float, kinds: Collection[str] = tuple(WEIGHTS)) -> Callable[[Figures], str | None]:
    """Until time is up, whichever kind has had least of its share."""
    end = time.monotonic() + seconds

    def next_kind(figures: Figures) -> str | None:
        if time.monotonic() >= end:
            return None
        return min(kinds, key=lambda kind: (figures.seconds[kind] / WEIGHTS[kind], kind))

    return next_kind


def so_many(counts: Mapping[str, int]) -> Callable[[Figures], str | None]:
    """So many stories of each kind."""
    return lambda figures: next((kind for kind, most in counts.items() if figures.stories[kind] < most), None)
