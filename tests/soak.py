"""Kill real processes at every boundary of two weeks, and in random stories.

Prints a count, and whatever was wrong with what tells that story again. What has not begun when time is up is
left out.
"""

import argparse
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).with_name("support")))

from crash_kit import Boundary, Chain, kill_at, processes
from rivals import rival_story

_AT_ONCE = 20
_DAYS = 8


@dataclass(frozen=True)
class Tale:
    """What a worker did: how often a process died, and whatever was wrong, by what repeats it."""

    killed: int
    wrong: dict[str, list[str]]


def kill_all(chain: Path, boundaries: list[Boundary]) -> Tale:
    """Some of the matrix, one boundary after the other."""
    killed, wrong = 0, {}
    with processes() as started, tempfile.TemporaryDirectory() as scratch:
        for boundary in boundaries:
            verdict = kill_at(boundary, chain / f"before-{boundary.moment}", Path(scratch), started)
            killed += verdict.killed
            if verdict.wrong:
                wrong[str(boundary)] = list(verdict.wrong)
    return Tale(killed, wrong)


def tell(seed: int) -> Tale:
    """One random story."""
    with processes() as started, tempfile.TemporaryDirectory() as scratch:
        found, tally = rival_story(seed, _DAYS, Path(scratch) / "story", started)
    return Tale(tally["killed"], {f"rival_story({seed}, {_DAYS})": found} if found else {})


def soak(points: int | None, stories: int, workers: int, minutes: float) -> int:
    """Everything, or `points` of the matrix, as far as it begins in time; returns the exit code."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, processes() as started:
        chain = Chain(Path(folder), started)
        matrix = Random(1).sample(chain.boundaries, min(points or 10**9, len(chain.boundaries)))  # noqa: S311
        say(f"two weeks have {len(chain.boundaries)} boundaries; killing at {len(matrix)} of them")
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, context) as pool:
            jobs: list[Future[Tale]] = [pool.submit(tell, seed) for seed in range(1, stories + 1)]
            jobs += [pool.submit(kill_all, chain.folder, some) for some in portions(matrix)]
            killed = wrong = left_out = 0
            for number, job in enumerate(as_completed(jobs), start=1):
                if job.cancelled():
                    left_out += 1
                    continue
                tale = job.result()
                killed, wrong = killed + tale.killed, wrong + len(tale.wrong)
                for where, what in tale.wrong.items():
                    say(f"WRONG {where}: {'; '.join(what)}")
                spent = (time.monotonic() - begun) / 60
                say(f"{number}/{len(jobs)}: {killed} killed, {wrong} wrong, {spent:.1f} min")
                if spent >= minutes:
                    for waiting in jobs:
                        waiting.cancel()
    say(f"{killed} processes were killed; {wrong} times something was wrong afterwards")
    say(f"{len(jobs) - left_out} of {len(jobs)} portions in {(time.monotonic() - begun) / 60:.1f} min")
    return bool(wrong)


def portions(matrix: list[Boundary]) -> Iterator[list[Boundary]]:
    for start in range(0, len(matrix), _AT_ONCE):
        yield matrix[start : start + _AT_ONCE]


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--points", type=int, help="how many boundaries of the matrix; all when not given")
    parser.add_argument("--stories", type=int, default=20, help="how many random stories")
    parser.add_argument("--workers", type=int, default=2, help="how many at once")
    parser.add_argument("--minutes", type=float, default=30, help="how long portions of it are begun")
    given = parser.parse_args()
    sys.exit(soak(given.points, given.stories, given.workers, given.minutes))
