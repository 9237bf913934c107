"""Hostile files, templates, arguments, settings, answers and webhook calls, until time is up.

Prints each finding with what tells its story again, and at the end how much was told.
"""

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from random import SystemRandom

sys.path.insert(0, str(Path(__file__).with_name("support")))

from fuzz_kit.run import WEIGHTS, Figures, Finding, Teller, for_seconds, fuzz


def say(text: object) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def work(minutes: float, kinds: list[str], seed: int) -> Figures:
    """What one worker tells."""
    return fuzz(seed, for_seconds(minutes * 60, kinds), say)


def run(minutes: float, seed: int, workers: int, kinds: list[str]) -> int:
    """Everything, in so many workers; returns the exit code."""
    begun, seeds = time.monotonic(), range(seed, seed + workers)
    say(f"hostile stories for {minutes:g} minutes, seeds {', '.join(map(str, seeds))}")
    total = Figures()
    with ProcessPoolExecutor(workers, multiprocessing.get_context("spawn")) as pool:
        for figures in pool.map(partial(work, minutes, kinds), seeds):
            total.add(figures)
    say(f"{total}, {(time.monotonic() - begun) / 60:.1f} min")
    return bool(total.findings)


def again(kind: str, seed: int, number: int) -> int:
    """One story; returns the exit code."""
    teller = Teller()
    told = teller.tell(kind, seed, number)
    teller.close()
    say(Finding(kind, seed, number, tuple(told["wrong"])) if told["wrong"] else "nothing was wrong")
    return bool(told["wrong"])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=30, help="how long")
    parser.add_argument("--workers", type=int, default=2, help="how many at once")
    parser.add_argument("--seed", type=int, help="of the first worker; drawn when not given")
    parser.add_argument("--kind", choices=sorted(WEIGHTS), help="stories of this kind only")
    parser.add_argument("--story", type=int, help="this one story of a kind and a seed")
    given = parser.parse_args()
    seed = SystemRandom().randrange(10**6) if given.seed is None else given.seed
    if given.story is not None:
        sys.exit(again(given.kind, seed, given.story))
    sys.exit(run(given.minutes, seed, given.workers, [given.kind] if given.kind else sorted(WEIGHTS)))
